public import Jobs
public import Segmentation
public import Terminal
public import Torch

/// A model that is about to be judged; it is loaded when the first image needs it.
public struct EvaluationSession: Sendable {
    /// The weights.
    public let weights: ModelWeights

    /// Where the model runs.
    public let device: Device

    /// Hashes of the weights, and how the networks behave.
    public let fingerprint: String

    /// Where progress is shown.
    public let console: Console

    /// Describes a model.
    ///
    /// - Throws: An error of a file that cannot be read.
    public init(_ weights: ModelWeights, on device: Device, _ console: Console) throws {
        self.weights = weights
        self.device = device
        self.console = console
        fingerprint = try weights.fingerprint()
    }

    /// Loads the model.
    @Sendable public func model() throws -> Model { try weights.load(on: device) }
}
