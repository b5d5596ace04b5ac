/// What a run tells, in this order.
public enum TrainingRunEvent: Sendable {
    /// Model and data are ready.
    case began(TrainingBeginning)
    /// An iteration, validation or checkpoint.
    case training(TrainingEvent)
    /// So many sets of parameters of automatic segmentation were tried, of so many.
    case searching(Int, of: Int)
    /// These parameters suit the model, and are now in its file; found on so many validation images.
    case suited(ParameterSearch.Result, images: Int)
    /// A picture of the report is drawn, counted from 1, of so many.
    case drawing(Int, of: Int)
    /// The run has ended; the last event.
    case ended(TrainingSummary)
}

/// What a run begins with.
public struct TrainingBeginning: Sendable {
    /// Numbers that are trained.
    public let trainedValueCount: Int
    /// Numbers that the model has.
    public let valueCount: Int
    /// Whether there were iterations before, in an earlier part of the run.
    public let isContinued: Bool
    /// How many.
    public let iteration: Int
    /// How is trained.
    public let options: TrainingOptions
    /// The time that counts for the limit.
    public let clock: TrainingClock
    /// What earlier parts of the run have logged.
    public let history: TrainingLog.History
}
