/// The diameter of objects that a model segments best, in pixels of its frame, carried in its file.
///
/// Of long objects, the width counts: the diameter of the largest disc in them.
///
/// A model that was trained briefly finds objects of the size that it saw often; an image in which objects are
/// smaller is shown to it enlarged, part by part.
public struct ObjectDiameter: Hashable, Sendable {
    /// What suits models that say nothing, where the diameter of the objects is known.
    public static let standard = ObjectDiameter(framePixels: 60)

    /// What makes sense, in pixels of the frame.
    public static let range = 8.0...512.0

    /// Pixels of the frame, whose side is 1024.
    public let framePixels: Double

    /// Wraps a diameter.
    public init(framePixels: Double) { self.framePixels = framePixels }

    /// Reads a number of pixels; nil if it is none, or outside of ``range``.
    init?(text: String) {
        guard let value = Double(text), Self.range.contains(value) else { return nil }
        self.init(framePixels: value)
    }
}

extension ObjectDiameter: Codable {
    /// Reads a number of pixels.
    public init(from decoder: any Decoder) throws {
        self.init(framePixels: try decoder.singleValueContainer().decode(Double.self))
    }

    /// Writes the number of pixels.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(framePixels)
    }
}
