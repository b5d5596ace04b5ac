/// The diameter of objects that a model segments best, in pixels of its frame, carried in its file.
///
/// Of long objects, the width counts: the diameter of the largest disc in them.
///
/// A model that was trained briefly finds objects of the size that it saw often; an image in which objects are
/// smaller is shown to it enlarged, part by part.
public struct ObjectDiameter: Hashable, Sendable {
    /// The entry of a checkpoint's metadata that holds it.
    public static let key = "usam.object_diameter"

    /// What suits models that say nothing, where the diameter of the objects is known.
    public static let standard = ObjectDiameter(framePixels: 60)

    /// What makes sense, in pixels of the frame.
    public static let range = 8.0...512.0

    /// Pixels of the frame, whose side is 1024.
    public let framePixels: Double

    /// Wraps a diameter.
    public init(framePixels: Double) { self.framePixels = framePixels }

    /// Reads it from the metadata of a checkpoint; nil if there is none, or none that makes sense.
    public init?(metadata: [String: String]) {
        guard let value = metadata[Self.key].flatMap(Double.init), Self.range.contains(value) else {
            return nil
        }
        self.init(framePixels: value)
    }

    /// The text for the metadata.
    public var text: String { "\(framePixels)" }
}
