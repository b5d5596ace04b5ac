public import ImageFormats

/// How the work on an image ended, and what it took: what reports and manifests have in common.
public struct ImageOutcome: Codable, Hashable, Sendable {
    /// How the work on an image ended.
    public enum Status: String, Codable, Sendable {
        /// The result was written.
        case segmented
        /// The result was there already.
        case skipped
        /// There is no result; the error says why.
        case failed
    }

    /// How it ended.
    public var status: Status

    /// Number of objects found.
    public var objects: Int?

    /// Width of the image in pixels.
    public var width: Int?

    /// Height of the image in pixels.
    public var height: Int?

    /// Number of planes, each of which was segmented for itself; nil for one.
    public var planes: Int?

    /// Number of tiles, where objects were found tile by tile and joined; nil otherwise.
    public var tiles: Int?

    /// Those of them that an earlier run had segmented.
    public var reusedTiles: Int?

    /// The size of a pixel that results have, and where it comes from; nil if it is not known.
    public var pixelSize: KnownPixelSize?

    /// How long each step took.
    public var seconds = StageTimes()

    /// What looks odd, but did not prevent a result.
    public var warnings: [String] = []

    /// Why there is no result.
    public var error: String?

    /// Begins with how it ended alone.
    public init(_ status: Status) { self.status = status }
}

/// The size of a pixel, and where it comes from.
public struct KnownPixelSize: Codable, Hashable, Sendable {
    /// Width.
    public let x: Double
    /// Height.
    public let y: Double
    /// Distance of two slices; nil if it is not known.
    public let z: Double?
    /// Unit of length; nil if the file names none.
    public let unit: String?
    /// Where the size comes from.
    public let source: PixelSizeSource

    /// The size of the pixels of a plane; nil if it is not known.
    init?(of plane: PlaneSource) {
        let size = plane.physicalSize
        guard let x = size.x, let y = size.y, let source = plane.pixelSizeSource else { return nil }
        (self.x, self.y, z, unit, self.source) = (x, y, size.z, size.unit, source)
    }
}
