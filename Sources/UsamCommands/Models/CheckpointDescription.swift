import Checkpoints
import Files
import Foundation

/// What is known of a checkpoint without loading its weights.
struct CheckpointDescription: Encodable, Hashable, Sendable {
    /// Tells descriptions of different things apart.
    let kind = "checkpoint"

    /// The file.
    var file: String

    /// Bytes of the file.
    var byteCount: Int

    /// The kind of file: `safetensors`, `torchArchive`, `torchLegacy`.
    var format: String

    /// The form of the checkpoint, such as `combined`.
    var flavor: String

    /// The image encoder, such as `vit_b`.
    var architecture: String

    /// The measures of the image encoder.
    var encoder: EncoderArchitecture

    /// Whether points, boxes and masks can be used.
    var acceptsPrompts: Bool

    /// The decoder for automatic segmentation, if there is one.
    var decoder: DecoderDescription?

    /// Adapters of parameter-efficient fine-tuning, if there are any.
    var adapter: AdapterDescription?

    /// Numbers in the model, without the decoder.
    var parameterCount: Int

    /// Numbers in the decoder.
    var decoderParameterCount: Int

    /// The types of the stored numbers.
    var elementTypes: [String]

    /// Values beside the weights.
    var metadata: [String: String]

    /// What was left out or looks odd.
    var warnings: [String]

    /// Reads the directory of a checkpoint.
    init(contentsOf path: String, decoder decoderPath: String? = nil) throws {
        let file = try Checkpoint(contentsOf: URL(filePath: path))
        let decoderFile = try decoderPath.map { try Checkpoint(contentsOf: URL(filePath: $0)) }
        let checkpoint = try SAMCheckpoint(file, decoder: decoderFile)
        self.file = path
        byteCount = FileStatus(of: path)?.byteCount ?? 0
        format = file.format.rawValue
        flavor = checkpoint.flavor.rawValue
        architecture = checkpoint.architecture.modelType
        encoder = checkpoint.architecture
        acceptsPrompts = checkpoint.hasPromptPath
        decoder = checkpoint.decoderDescription
        adapter = checkpoint.adapter
        parameterCount = Self.count(checkpoint.model)
        decoderParameterCount = Self.count(checkpoint.decoder ?? [:])
        let entries = Array(checkpoint.model.values) + Array((checkpoint.decoder ?? [:]).values)
        elementTypes = Set(entries.map(\.elementType.rawValue)).sorted()
        metadata = checkpoint.metadata
        warnings = checkpoint.warnings
    }

    private static func count(_ tensors: [String: TensorEntry]) -> Int {
        tensors.values.filter(\.elementType.isFloatingPoint).reduce(0) { $0 + $1.elementCount }
    }

    /// Lines for a person.
    var text: String {
        var rows = [
            ["file", "\(file), \(Wording.byteCount(byteCount))"],
            ["kind", "checkpoint: \(formatText), \(flavorText)"],
            ["architecture", encoderText],
            ["prompts", acceptsPrompts ? "points, boxes, masks" : "no"],
            ["automatic", decoderText],
        ]
        if let adapter { rows.append(["adapters", Self.text(adapter)]) }
        rows.append(["parameters", parameterText])
        rows += metadata.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        rows += warnings.map { ["warning", $0] }
        return TextTable(rows: rows).text
    }
}

// MARK: - Wording

extension CheckpointDescription {
    private var formatText: String {
        switch format {
        case "safetensors": "safetensors"
        case "torchArchive": "PyTorch archive"
        default: "PyTorch file of the older form"
        }
    }

    private var flavorText: String {
        switch SAMCheckpoint.Flavor(rawValue: flavor) {
        case .plain: "the model alone"
        case .combined: "exported by micro-sam"
        case .training: "from a training run"
        case .unetr: "from a training run of encoder and decoder"
        case .converted: "converted by usam"
        case .decoder, nil: "a decoder alone"
        }
    }

    private var encoderText: String {
        switch encoder {
        case .tinyViT(let encoder):
            "\(architecture) (TinyViT, \(encoder.depths.reduce(0, +)) blocks)"
        case .viT(let encoder):
            "\(architecture) (ViT, \(encoder.depth) blocks of width \(encoder.width), "
                + "input of \(encoder.imageSize) pixels)"
        }
    }

    private var decoderText: String {
        guard let decoder else { return "no decoder" }
        return
            "decoder with \(decoder.outputChannels) maps, \(decoder.upsampling.rawValue) upsampling"
    }

    private var parameterText: String {
        let millions = { (count: Int) in String(format: "%.1f million", Double(count) / 1e6) }
        let decoder = decoderParameterCount > 0 ? " and \(millions(decoderParameterCount))" : ""
        let parts = decoderParameterCount > 0 ? " (model and decoder)" : ""
        return millions(parameterCount) + decoder + parts
            + ", stored as \(Wording.list(elementTypes))"
    }

    private static func text(_ adapter: AdapterDescription) -> String {
        let rank = adapter.rank.map { " of rank \($0)" } ?? ""
        return
            "\(adapter.method.rawValue)\(rank) in \(Wording.count(adapter.blocks.count, "block"))"
    }
}
