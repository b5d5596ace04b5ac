/// What a training run reports while it goes on.
public enum TrainingEvent: Sendable {
    /// An iteration is done.
    case iteration(IterationReport)
    /// The validation data have been seen.
    case validation(ValidationReport)
    /// A checkpoint has been written to this path.
    case checkpoint(path: String, isBest: Bool)
    /// The run is over.
    case finished(TrainingEnd)
}

/// The losses of one iteration.
public struct IterationReport: Codable, Hashable, Sendable {
    /// Counted from 0 over the whole training.
    public var iteration: Int
    /// Counted from 0.
    public var epoch: Int
    /// Iterations that the epoch has.
    public var iterationsPerEpoch: Int
    /// Mask and IoU loss together, or nil without prompts.
    public var loss: Double?
    /// Part of ``loss``: one minus Dice.
    public var maskLoss: Double?
    /// Part of ``loss``: error of the predicted IoU.
    public var iouLoss: Double?
    /// The mean IoU that the model predicts.
    public var modelIoU: Double?
    /// Loss of the instance decoder, or nil without it.
    public var decoderLoss: Double?
    /// The step size.
    public var learningRate: Double
    /// Seconds that the iteration took.
    public var seconds: Double
}

/// The metric at the end of an epoch.
public struct ValidationReport: Codable, Hashable, Sendable {
    /// Iterations done so far.
    public var iteration: Int
    /// Counted from 0.
    public var epoch: Int
    /// What decides which checkpoint is best; lower is better.
    public var metric: Double
    /// Mean of one minus Dice over the prompted masks, or nil without prompts.
    public var maskLoss: Double?
    /// Error of the predicted IoU.
    public var iouLoss: Double?
    /// Loss of the instance decoder, or nil without it.
    public var decoderLoss: Double?
    /// Whether it is the best so far.
    public var isBest: Bool
    /// Seconds that the validation took.
    public var seconds: Double
}

/// Why a run ended.
public enum TrainingEnd: String, Codable, Hashable, Sendable {
    /// All epochs or iterations are done.
    case completed
    /// The metric has not improved for too long.
    case stoppedEarly
    /// The time is up; the state is saved.
    case outOfTime
    /// The work was cancelled; the state is saved.
    case cancelled
}
