/// The extent of an image along its axes.
///
/// Axes that a file does not have count 1.
public struct ImageAxes: Hashable, Codable, Sendable {
    /// Number of time points.
    public var t: Int

    /// Number of separately stored channels.
    ///
    /// The colours of an RGB pixel are not an axis: they come
    /// as the channels of the raster.
    public var c: Int

    /// Number of slices in depth.
    public var z: Int

    /// Height of a plane in pixels.
    public var y: Int

    /// Width of a plane in pixels.
    public var x: Int

    /// Creates axes from their extents.
    public init(t: Int = 1, c: Int = 1, z: Int = 1, y: Int, x: Int) {
        self.t = t
        self.c = c
        self.z = z
        self.y = y
        self.x = x
    }

    /// Width and height of one plane.
    public var planeSize: (width: Int, height: Int) { (x, y) }

    /// Whether the image has a plane of this index.
    public func contains(_ plane: PlaneIndex) -> Bool {
        (0..<t).contains(plane.t) && (0..<c).contains(plane.c) && (0..<z).contains(plane.z)
    }
}

/// The place of one plane in an image of up to five axes; all indices begin at 0.
public struct PlaneIndex: Hashable, Codable, Sendable {
    /// Time point.
    public var t: Int

    /// Channel.
    public var c: Int

    /// Slice in depth.
    public var z: Int

    /// Creates an index; what is left out is 0.
    public init(t: Int = 0, c: Int = 0, z: Int = 0) {
        self.t = t
        self.c = c
        self.z = z
    }
}

/// The physical extent of one voxel, as far as the file tells.
public struct PhysicalSize: Hashable, Codable, Sendable {
    /// Width of a pixel in `unit`.
    public var x: Double?

    /// Height of a pixel in `unit`.
    public var y: Double?

    /// Distance of two slices in `unit`.
    public var z: Double?

    /// Unit of length, as the file names it with the micro sign written `µm`.
    public var unit: String?

    /// Time between two time points in `timeUnit`.
    public var t: Double?

    /// Unit of time, as the file names it.
    public var timeUnit: String?

    /// Creates a physical size; what is not known is left out.
    public init(
        x: Double? = nil,
        y: Double? = nil,
        z: Double? = nil,
        unit: String? = nil,
        t: Double? = nil,
        timeUnit: String? = nil
    ) {
        self.x = x
        self.y = y
        self.z = z
        self.unit = unit
        self.t = t
        self.timeUnit = timeUnit
    }

    /// Whether nothing at all is known.
    public var isEmpty: Bool { x == nil && y == nil && z == nil && t == nil }
}
