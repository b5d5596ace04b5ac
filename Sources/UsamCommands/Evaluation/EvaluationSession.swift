import Jobs
import ModelZoo
import Prompting
import Segmentation
import Terminal
import Torch

/// A model that is about to be judged; it is loaded when the first image needs it.
struct EvaluationSession: Sendable {
    let weights: ModelWeights
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
        let weights = try await model.weights(console, on: device)
        if needsDecoder { try weights.requireDecoder(for: .instanceDecoder) }
        return EvaluationSession(
            weights: weights,
            device: device,
            fingerprint: try weights.fingerprint(),
            console: console
        )
    }

    /// Loads the model.
    @Sendable func model() throws -> Model { try weights.load(on: device) }
}
