public import Prompting

/// Trains models on what was annotated, in a process of its own.
public protocol ModelTrainer: Sendable {
    /// Trains a model.
    ///
    /// - Parameters:
    ///   - data: Images and labels in files.
    ///   - model: The name of the model to begin with.
    ///   - work: The training ends soon after it is cancelled.
    ///   - report: Told how far the training is.
    /// - Returns: The new model and what it is worth.
    /// - Throws: An error whose description is a sentence for people; `CancellationError`.
    func train(
        on data: TrainingData,
        from model: String,
        _ work: Work,
        report: @escaping @Sendable (TrainingState) -> Void
    ) async throws -> TrainedModel
}

/// What a model is trained on: pairs of files of the same names.
public struct TrainingData: Hashable, Sendable {
    /// The folder of the images.
    public var images: String

    /// The folder of the label images.
    public var labels: String

    /// How many pairs there are.
    public var count: Int

    /// How long the training lasts; nil leaves it to the training.
    public var length: TrainingLength?

    /// Describes pairs `1.tif`, `2.tif` and so on in two folders.
    public init(images: String, labels: String, count: Int, length: TrainingLength? = nil) {
        self.images = images
        self.labels = labels
        self.count = count
        self.length = length
    }
}

/// How long a training lasts.
public enum TrainingLength: Hashable, Sendable {
    /// So many times all pairs are seen.
    case epochs(Int)
    /// So many iterations.
    case iterations(Int)
}

/// How far a training is.
public struct TrainingState: Hashable, Sendable {
    /// Iterations that are done.
    public var done: Int

    /// Iterations that are planned.
    public var total: Int

    /// What is going on.
    public var words: String

    /// Losses and scores so far.
    public var curves: [CurvePoint]

    /// Describes a state.
    public init(done: Int, total: Int, words: String, curves: [CurvePoint]) {
        self.done = done
        self.total = total
        self.words = words
        self.curves = curves
    }
}

/// A model that was trained.
public struct TrainedModel: Hashable, Sendable {
    /// The name by which it is loaded.
    public var name: String

    /// The score of the model before, on images that were kept out.
    public var before: Double?

    /// The score of the new model on the same images.
    public var after: Double?

    /// Describes a model.
    public init(name: String, before: Double?, after: Double?) {
        self.name = name
        self.before = before
        self.after = after
    }
}
