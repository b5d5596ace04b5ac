public import AnnotationServer
import Files
public import Foundation

/// The program that trains and measures models, and how it is asked to.
public struct TrainingProgram: Sendable {
    /// The file of the program.
    public let executable: URL

    /// The arguments that train a model.
    ///
    /// They are given the pairs, the model to begin with, how long the training lasts, if that is asked for, and
    /// the folder of the run.
    public let train: @Sendable (TrainingSplit, String, TrainingLength?, String) -> [String]

    /// The arguments that measure a model on the pairs that are kept out, with JSON on standard output.
    public let evaluate: @Sendable (TrainingSplit, String) -> [String]

    /// Told what went wrong beside the training.
    public let notice: @Sendable (String) -> Void

    /// Describes a program.
    public init(
        _ executable: URL,
        train: @escaping @Sendable (TrainingSplit, String, TrainingLength?, String) -> [String],
        evaluate: @escaping @Sendable (TrainingSplit, String) -> [String],
        notice: @escaping @Sendable (String) -> Void
    ) {
        self.executable = executable
        self.train = train
        self.evaluate = evaluate
        self.notice = notice
    }

    func process(_ arguments: [String]) -> ChildProgram { ChildProgram(executable, arguments) }
}

/// The pairs that are learned from, and those that are kept out to say what the model is worth.
public struct TrainingSplit: Hashable, Sendable {
    /// Files of images and their labels.
    public struct Pairs: Hashable, Sendable {
        /// The images.
        public internal(set) var images: [String] = []

        /// The label image of each.
        public internal(set) var labels: [String] = []

        /// Whether there are none.
        public var isEmpty: Bool { images.isEmpty }
    }

    /// What is learned from.
    public private(set) var learned = Pairs()

    /// What is kept out; empty where there are too few images.
    public private(set) var keptOut = Pairs()

    /// Divides the pairs, evenly over all.
    ///
    /// - Parameters:
    ///   - share: Of so many pairs one is kept out.
    ///   - enough: With fewer pairs none is kept out.
    public init(_ data: TrainingData, keptOutOf share: Int = 5, enough: Int = 3) {
        for number in 1...max(data.count, 1) {
            let isKeptOut =
                data.count >= enough && number % share == min(share, data.count) - 1
            let place = isKeptOut ? \TrainingSplit.keptOut : \TrainingSplit.learned
            self[keyPath: place].images.append(FileName.join(data.images, "\(number).tif"))
            self[keyPath: place].labels.append(FileName.join(data.labels, "\(number).tif"))
        }
    }
}
