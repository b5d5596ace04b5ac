public import Imaging
public import Prompting

/// How far the work on an image is.
public enum ImageStatus: String, Hashable, Codable, Sendable, CaseIterable {
    /// Nobody has begun.
    case new
    /// Somebody works on it.
    case work
    /// It is finished.
    case done
    /// It is left out.
    case skipped
}

/// How many pixels an image has along its axes.
public struct ImageShape: Hashable, Codable, Sendable {
    /// Time points.
    public var t: Int
    /// Slices.
    public var z: Int
    /// Rows.
    public var y: Int
    /// Columns.
    public var x: Int
    /// Channels.
    public var c: Int

    /// Describes a shape.
    public init(t: Int = 1, z: Int = 1, y: Int, x: Int, c: Int = 1) {
        (self.t, self.z, self.y, self.x, self.c) = (t, z, y, x, c)
    }

    /// Width and height of a plane.
    public var size: Size { Size(width: x, height: y) }

    /// Time points times slices.
    public var planeCount: Int { t * z }

    /// Whether images of this shape can be annotated.
    var isUsable: Bool {
        let limit = 1...BoxMask.coordinateLimit
        return [t, z, y, x, c].allSatisfy(limit.contains)
    }
}

/// How large a pixel is.
public struct PhysicalPixelSize: Hashable, Codable, Sendable {
    /// Height.
    public var y: Double
    /// Width.
    public var x: Double
    /// Distance of slices, if it is known.
    public var z: Double?
    /// The unit, such as `µm`.
    public var unit: String

    /// Describes a size.
    public init(y: Double, x: Double, z: Double? = nil, unit: String) {
        (self.y, self.x, self.z, self.unit) = (y, x, z, unit)
    }
}

/// An image that is to be part of a project.
public struct ImageEntry: Hashable, Sendable {
    /// The name that people see.
    public var name: String
    /// Where the image, or the folder of a movie's frames, lies: relative to the folder of the project, or absolute.
    public var path: String
    /// Which planes and channels of the file are meant, and where the frames of a movie lie.
    public var selection: PlaneSelection
    /// Its shape.
    public var shape: ImageShape
    /// How large its pixels are, if that is known.
    public var pixelSize: PhysicalPixelSize?
    /// A hash of its content, by which it is recognised, if it was computed.
    public var contentHash: String?

    /// Describes an image.
    public init(
        name: String,
        path: String,
        selection: PlaneSelection = PlaneSelection(),
        shape: ImageShape,
        pixelSize: PhysicalPixelSize? = nil,
        contentHash: String? = nil
    ) {
        self.name = name
        self.path = path
        self.selection = selection
        self.shape = shape
        self.pixelSize = pixelSize
        self.contentHash = contentHash
    }
}

/// An image of a project.
public struct ProjectImage: Hashable, Sendable {
    /// Its number in the project, from 1.
    public var id: Int64
    /// What it is.
    public var entry: ImageEntry
    /// How far the work on it is.
    public var status: ImageStatus
    /// How many objects it has.
    public var objectCount: Int
    /// The edit that is current, 0 before the first.
    public var edit: Int64
    /// Whether there is something to undo.
    public var canUndo: Bool
    /// Whether there is something to redo.
    public var canRedo: Bool
}
