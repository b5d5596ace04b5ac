public import Evaluation

/// How well prompted masks of an image fit, round by round.
public struct PromptedScore: Hashable, Codable, Sendable {
    /// What happened in one round.
    public struct Round: Hashable, Codable, Sendable {
        /// Mean over the objects of the IoU of mask and truth.
        public var meanOverlap: Double

        /// Scores of all masks painted into one label image; nil if not all objects were prompted.
        public var segmentation: SegmentationScore?
    }

    /// The first prompt, `point` or `box`, or the name of a setting such as `points/p2-n4`.
    public let start: String

    /// Number of objects that were prompted.
    public var objects = 0

    /// One entry for each round.
    public var rounds: [Round] = []
}

/// Everything that was measured of one image.
public struct ImageJudgement: Hashable, Codable, Sendable {
    /// Name of the image.
    public let name: String

    /// Scores of the automatic segmentation.
    public var automatic: ImageScore?

    /// Scores of prompted masks, one for each first prompt or setting.
    public var prompted: [PromptedScore] = []

    /// Wall time.
    public var seconds = 0.0
}

extension Duration {
    /// In seconds, to a tenth of a millisecond.
    var secondsForJSON: Double { (self / .seconds(1) * 10_000).rounded() / 10_000 }
}

extension Double {
    /// To a tenth of a millisecond.
    var roundedForJSON: Double { (self * 10_000).rounded() / 10_000 }
}
