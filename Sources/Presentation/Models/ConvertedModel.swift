public import Checkpoints
import Evaluation
import Files
import Foundation
import Judging
public import Prompting
import Segmentation
public import Terminal

/// A checkpoint in one safetensors file, with other settings than before where some were given.
public struct ConvertedModel: Sendable {
    private let checkpoint: SAMCheckpoint

    /// The settings that go with the weights.
    public var traits: ModelTraits

    /// Takes a checkpoint with the settings that it has.
    public init(_ checkpoint: SAMCheckpoint) {
        self.checkpoint = checkpoint
        traits = ModelTraits(metadata: checkpoint.metadata)
    }

    /// Stores parameters of a search in place of those that are there.
    ///
    /// - Throws: ``CommandFailure`` if they are of another mode, or the model has no decoder; what reading the file throws.
    public mutating func take(parameters file: String) throws {
        let best = try BestParameters(reading: file)
        guard best.mode == .instanceDecoder, checkpoint.decoder != nil else {
            throw CommandFailure(
                "\(file): only parameters of the mode ais can be stored, in a model with a decoder"
            )
        }
        traits.parameters = best.parameters.mapValues(\.number)
    }

    /// Stores diameters of objects, in pixels of the frame, where they are given.
    public mutating func take(_ suited: Double?, _ decoder: Double?) {
        if let suited { traits.objectDiameter = ObjectDiameter(framePixels: suited) }
        if let decoder { traits.decoderDiameter = ObjectDiameter(framePixels: decoder) }
    }

    /// Writes the file, and says what was written.
    ///
    /// - Throws: An error that names the file that cannot be written.
    public func write(
        to output: String,
        _ precision: SAMCheckpoint.StoredPrecision,
        _ console: Console
    ) throws {
        let kept = try checkpoint.write(
            to: URL(filePath: output),
            options: SAMCheckpoint.ConversionOptions(
                precision: precision,
                metadata: traits.replacing(in: checkpoint.origin)
            )
        )
        for warning in checkpoint.allWarnings { console.printError("usam: \(warning)") }
        if !kept.isEmpty {
            console.printError(
                "usam: values too large for half precision were kept as they are: "
                    + Wording.list(kept)
            )
        }
        let size = Wording.byteCount(FileStatus(of: output)?.byteCount ?? 0)
        let parts = checkpoint.decoder == nil ? "without decoder" : "with decoder"
        console.print("\(output): \(checkpoint.architecture.modelType) \(parts), \(size)")
    }
}
