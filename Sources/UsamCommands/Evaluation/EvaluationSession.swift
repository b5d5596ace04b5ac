import Evaluation
import Files
import Foundation
import ImageFormats
import Imaging
import ModelZoo
import Prompting
import SegmentAnything
import Segmentation
import Torch

/// A model that is about to be judged; it is loaded when the first image needs it.
struct EvaluationSession {
    let source: ModelSource
    let device: Device

    /// Hashes of the weights, and how the networks behave.
    let fingerprint: String

    let console: Console

    /// Finds the model and the device.
    static func prepared(
        _ model: ModelOptions,
        _ machine: DeviceOptions,
        needsDecoder: Bool,
        _ console: Console
    ) async throws -> EvaluationSession {
        let device = try machine.prepare()
        let files = try await model.files(console)
        let source = try model.source(of: files)
        if needsDecoder { try source.requireDecoder(for: .instanceDecoder) }
        let behavior = String(describing: source.behavior)
        var parts = [try files.signature()]
        if let decoder = files.decoder {
            parts.append(try FileDigest(of: decoder, algorithm: .xxh128).description)
        }
        return EvaluationSession(
            source: source,
            device: device,
            fingerprint: (parts + [behavior]).joined(separator: "; "),
            console: console
        )
    }

    /// Loads the networks.
    func predictor() throws -> ImagePredictor { ImagePredictor(try source.model(on: device)) }
}
