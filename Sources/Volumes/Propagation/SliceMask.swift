public import Imaging

/// The part of an object of a volume that lies in one slice.
public struct SliceMask: Hashable, Sendable {
    /// Where a mask comes from.
    public enum Origin: String, Hashable, Codable, Sendable, CaseIterable {
        /// The prompts of this slice.
        case prompts
        /// The mask of a neighbouring slice, which was shown to the model.
        case projection
        /// The masks on both sides, without the model.
        case shape
    }

    /// The number of the object.
    public var object: UInt32

    /// The slice, counted from 0.
    public var slice: Int

    /// The pixels of the object; empty if an earlier mask of the slice does not belong to the object any more.
    public var pixels: RunLengthMask

    /// The IoU that the model expects of the mask; 0 for shapes.
    public var score: Double

    /// How little the mask depends on its threshold, 0...1; 0 for shapes.
    public var stability: Double

    /// Where the mask comes from.
    public var origin: Origin

    /// Creates a part.
    public init(
        object: UInt32,
        slice: Int,
        pixels: RunLengthMask,
        score: Double = 0,
        stability: Double = 0,
        origin: Origin
    ) {
        (self.object, self.slice, self.pixels) = (object, slice, pixels)
        (self.score, self.stability, self.origin) = (score, stability, origin)
    }
}
