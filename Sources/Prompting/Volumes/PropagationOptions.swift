/// How an object goes from the slices with prompts to the others.
public struct PropagationOptions: Hashable, Sendable {
    /// What fills the slices between two slices with prompts.
    public enum Filling: String, Hashable, Codable, Sendable, CaseIterable {
        /// The model, from both sides to the middle; shapes between both sides where it loses the object.
        case project
        /// Shapes between both masks, without the model.
        case interpolate
        /// The model in the middle, from the shape between both masks; then in the middle of each half.
        case bisect
    }

    /// How the mask of a slice is shown to the model in the next one.
    public var projection = MaskProjection.singlePoint

    /// The least intersection over union of a mask and that of the slice before, 0...1.
    public var overlapThreshold = 0.5

    /// Margin around boxes of masks: below 1 a share of the side, from 1 on pixels.
    public var boxExtension = 0.05

    /// The slices to which objects are limited; nil for all.
    public var slices: ClosedRange<Int>?

    /// Number of slices without the object, one after the other, after which it ends.
    ///
    /// If it is found again before, the slices between are filled with shapes.
    public var stopAfterEmpty = 1

    /// What fills the slices between two slices with prompts.
    public var filling = Filling.project

    /// The weight of earlier moves in what is expected of an object of a movie, 0...1: with 0 it moves as it did last, with 1 as it did
    /// first; volumes take no notice of it.
    public var motionSmoothing = 0.5

    /// Whether the rules of micro-sam 1.8 apply where they are doubtful.
    ///
    /// There is no test of the overlap between slices with prompts, a slice with nothing but a negative point is ignored
    /// between others, and `singlePoint` becomes several points in the middle.
    public var followsReference = false

    /// The defaults of micro-sam's annotator.
    public init() {}

    /// What cannot be done, `nil` if nothing is wrong.
    public var defect: String? {
        if !projection.usesBox, !projection.usesMask, projection.points == .none {
            return "the projection uses neither box, mask nor points"
        }
        if !(0...1).contains(overlapThreshold) {
            return "the overlap threshold is \(overlapThreshold); it must be between 0 and 1"
        }
        if !(boxExtension >= 0 && boxExtension <= Prompt.coordinateLimit) {
            return "the box extension is \(boxExtension); it must be 0 or more"
        }
        if !(0...1).contains(motionSmoothing) {
            return "the motion smoothing is \(motionSmoothing); it must be between 0 and 1"
        }
        if stopAfterEmpty < 1 {
            return "stop after \(stopAfterEmpty) empty slices; it must be at least 1"
        }
        return nil
    }
}
