package import Checkpoints
package import Foundation
import Prompting
package import SegmentAnything
package import Torch
package import TorchNN

/// The values of a model in training, by name.
///
/// They are changed in place, by the optimiser and by batch normalisations, and by nothing else.
/// Parameters of the decoder for automatic segmentation have `decoder.` before their name.
package final class ModelParameters {
    /// Which networks the values are for.
    let architecture: Architecture

    /// All values.
    package private(set) var values: [String: Tensor]

    /// Names of what the optimiser changes, sorted.
    package let trained: [String]

    /// Where the values are.
    let device: Device

    /// Whether there is a decoder for automatic segmentation that is trained or kept.
    let hasDecoder: Bool

    /// What lies beside images that are not square, now and when the model will be used.
    let padding: FramePadding

    private let description: EncoderArchitecture

    /// Copies the values of a start model, and adds what it lacks.
    ///
    /// - Throws: ``TrainerError``, `ParameterError` or `TensorError`.
    package init(_ start: SAMCheckpoint, _ options: TrainingOptions, on device: Device) throws {
        guard start.hasPromptPath else {
            throw TrainerError.unusableModel(
                file: start.file,
                reason: "has no prompt encoder and mask decoder; give a complete model"
            )
        }
        architecture = try Architecture(start.architecture, file: start.file)
        // Crops of the frame hardly ever show what lies beside an image.
        padding =
            options.frameSide < ModelFrame.side
            ? .mirror : ModelTraits(metadata: start.metadata).padding
        description = start.architecture
        let source = CheckpointParameters(start.model, name: start.file)
        var values: [String: Tensor] = [:]
        for name in source.parameterNames where !SegmentAnythingModel.isWithoutUse(name) {
            values[name] = try source.values(of: name)
        }
        if let adapter = options.adapter {
            switch architecture {
            case .plain(let configuration):
                try adapter.validate(depth: configuration.depth)
                try AdapterInsertion(adapter, seed: options.seed).apply(
                    to: &values,
                    depth: configuration.depth
                )
            case .tiny: try TinyViTLoRA.add(adapter, to: &values, seed: options.seed)
            }
        }
        for (name, value) in try Self.decoder(of: start, options) {
            values[ParameterSelection.decoderPrefix + name] = value
        }
        hasDecoder = values.keys.contains { $0.hasPrefix(ParameterSelection.decoderPrefix) }
        // The decoder is not there when prompts alone are trained.
        let names = Array(values.keys) + [ParameterSelection.decoderPrefix]
        for part in options.frozen where !names.contains(where: { $0.hasPrefix(part) }) {
            throw TrainerError.invalidOption(
                name: "frozen",
                reason: "no parameter of the model begins with \"\(part)\""
            )
        }
        let selection = ParameterSelection(options)
        trained = values.keys.filter(selection.contains).sorted()
        guard !trained.isEmpty else {
            throw TrainerError.invalidOption(name: "frozen", reason: "leaves nothing to be trained")
        }
        self.device = device
        // Copies, because the originals may lie in the file itself.
        self.values = try values.mapValues { try $0.moved(to: device).copied().contiguous() }
        for name in trained { try self.values[name]?.setRequiresGradient(true) }
    }

    /// The decoder to be trained, or the one to be kept because its encoder does not change.
    private static func decoder(
        of start: SAMCheckpoint,
        _ options: TrainingOptions
    ) throws -> [String: Tensor] {
        var values = try plainDecoder(of: start, options)
        if let widths = options.detailWidths, !values.keys.contains(where: Self.isDetail) {
            let joined = widths.indices.map { stage in
                values["deconv\(4 - stage).block.1.block.weight"]?.size(0) ?? 64 << stage
            }
            let path = try InitialValues(seed: options.seed).detailPath(widths, joining: joined)
            values.merge(path) { old, _ in old }
        }
        return values
    }

    private static func isDetail(_ name: String) -> Bool { name.hasPrefix("detail.") }

    private static func plainDecoder(
        of start: SAMCheckpoint,
        _ options: TrainingOptions
    ) throws -> [String: Tensor] {
        let isKept = options.frozen.contains { ParameterSelection.encoderPrefix.hasPrefix($0) }
        guard options.parts != .promptable || isKept else { return [:] }
        if let entries = start.decoder {
            let source = CheckpointParameters(entries, name: start.file)
            var values: [String: Tensor] = [:]
            for name in source.parameterNames where !SegmentAnythingModel.isWithoutUse(name) {
                values[name] = try source.values(of: name)
            }
            guard values["out_conv.weight"]?.size(0) == InstanceDecoder.outputChannels else {
                throw TrainerError.unusableModel(
                    file: start.file,
                    reason: "has a decoder for something else than instance segmentation"
                )
            }
            return values
        }
        guard options.parts != .promptable else { return [:] }
        return try InitialValues(seed: options.seed).instanceDecoder()
    }

    /// Number of numbers that are trained.
    package var trainedValueCount: Int { trained.reduce(0) { $0 + (values[$1]?.count ?? 0) } }

    /// Number of numbers in all.
    package var valueCount: Int { values.values.reduce(0) { $0 + $1.count } }

    /// Whether any parameter whose name begins so is trained.
    package func isTrained(_ prefix: String) -> Bool { trained.contains { $0.hasPrefix(prefix) } }

    /// Forgets all gradients.
    package func removeGradients() throws(TensorError) {
        for name in trained { try values[name]?.setGradient(nil) }
    }

    /// Copies of the running statistics of batch normalisations, which predictions alone change.
    func runningStatistics() throws(TensorError) -> [String: Tensor] {
        var statistics: [String: Tensor] = [:]
        for (name, value) in values
        where name.hasSuffix(".running_mean") || name.hasSuffix(".running_var") {
            statistics[name] = try value.copied()
        }
        return statistics
    }

    /// The networks over the values as they are now.
    package func networks(
        encoderStatistics: TrainableNetworks.Statistics,
        decoderStatistics: TrainableNetworks.Statistics
    ) throws(ParameterError) -> TrainableNetworks {
        try TrainableNetworks(
            parameters: ValueSource(values.filter { !isDecoder($0.key) }),
            decoderParameters: hasDecoder ? ValueSource(decoderValues) : nil,
            architecture: architecture,
            encoderStatistics: encoderStatistics,
            decoderStatistics: decoderStatistics,
            on: device
        )
    }

    private func isDecoder(_ name: String) -> Bool {
        name.hasPrefix(ParameterSelection.decoderPrefix)
    }

    private var decoderValues: [String: Tensor] {
        var result: [String: Tensor] = [:]
        for (name, value) in values where isDecoder(name) {
            result[String(name.dropFirst(ParameterSelection.decoderPrefix.count))] = value
        }
        return result
    }

    /// Puts stored numbers in the place of the values.
    ///
    /// - Throws: `TensorError` if shapes differ.
    package func restore(_ name: String, _ stored: Tensor) throws(TensorError) {
        try withoutGradients { () throws(TensorError) in
            try values[name]?.copyInPlace(stored.moved(to: device))
        }
    }

    /// Writes the model as a checkpoint that every command reads.
    package func write(to url: URL, metadata: [String: String]) throws {
        let isTransposed = values.keys.contains { $0.hasPrefix("decoder.deconv_out.block.") }
        let texts = SAMCheckpoint.headerTexts(
            description,
            upsampling: hasDecoder ? (isTransposed ? .transposed : .bilinear) : nil
        )
        var writer = SafetensorsWriter(metadata: metadata.merging(texts) { _, own in own })
        for (name, value) in try TinyViTLoRA.merged(values) {
            let isOfDecoder = isDecoder(name)
            let local =
                isOfDecoder ? String(name.dropFirst(ParameterSelection.decoderPrefix.count)) : name
            try writer.add(
                value,
                named: SAMCheckpoint.storedName(local, ofDecoder: isOfDecoder)
            )
        }
        try writer.write(to: url)
    }
}

/// Serves values as they are, so that gradients reach them.
private struct ValueSource: ParameterSource {
    let name = "the model in training"
    private let values: [String: Tensor]

    init(_ values: [String: Tensor]) { self.values = values }

    var parameterNames: [String] { values.keys.sorted() }

    func shape(of parameter: String) -> [Int]? { values[parameter]?.shape }

    func values(of parameter: String) throws(ParameterError) -> Tensor {
        guard let value = values[parameter] else { throw .missing(parameter, source: name) }
        return value
    }
}

extension SafetensorsWriter {
    /// Adds a tensor of single precision.
    mutating func add(_ tensor: Tensor, named name: String) throws {
        let bytes = try tensor.detached().moved(to: .cpu).contiguous().elements(as: Float.self)
            .withUnsafeBytes { Array($0) }
        try add(name, elementType: .float32, shape: tensor.shape, bytes: bytes)
    }
}

extension AdapterOptions {
    /// Checks the ranges.
    func validate(depth: Int) throws(TrainerError) {
        for (name, value) in [("rank", rank), ("bottleneck", bottleneck)] where value < 1 {
            throw .invalidOption(name: name, reason: "must be positive, but is \(value)")
        }
        if kind == .lora, layers.isEmpty {
            throw .invalidOption(name: "layers", reason: "LoRA needs at least one layer to add to")
        }
        if let blocks, blocks.isEmpty || !blocks.allSatisfy((0..<depth).contains) {
            throw .invalidOption(
                name: "blocks",
                reason: "must be some of 0...\(depth - 1), but are \(blocks)"
            )
        }
    }
}
