public import Checkpoints
import Files
import Foundation
import Segmentation

/// What is known of a checkpoint without loading its weights.
public struct CheckpointDescription: Encodable, Hashable, Sendable {
    /// Tells descriptions of different things apart.
    public let kind = "checkpoint"

    /// The file.
    public let file: String

    /// Bytes of the file.
    public let byteCount: Int

    /// The kind of file: `safetensors`, `torchArchive`, `torchLegacy`.
    public let format: String

    /// The form of the checkpoint, such as `combined`.
    public let flavor: String

    /// The image encoder, such as `vit_b`.
    public let architecture: String

    /// The measures of the image encoder.
    public let encoder: EncoderArchitecture

    /// Whether points, boxes and masks can be used.
    public let acceptsPrompts: Bool

    /// The decoder for automatic segmentation, if there is one.
    public let decoder: DecoderDescription?

    /// Adapters of parameter-efficient fine-tuning, if there are any.
    public let adapter: AdapterDescription?

    /// Numbers in the model, without the decoder.
    public let parameterCount: Int

    /// Numbers in the decoder.
    public let decoderParameterCount: Int

    /// The types of the stored numbers.
    public let elementTypes: [String]

    /// Values beside the weights.
    public let metadata: [String: String]

    /// What was left out or looks odd.
    public let warnings: [String]

    /// Reads the directory of a checkpoint.
    public init(contentsOf path: String, decoder decoderPath: String? = nil) throws {
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
        warnings = checkpoint.allWarnings
    }

    private static func count(_ tensors: [String: TensorEntry]) -> Int {
        tensors.values.filter(\.elementType.isFloatingPoint).reduce(0) { $0 + $1.elementCount }
    }
}
