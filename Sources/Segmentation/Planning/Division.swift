public import Imaging
public import Prompting

/// How a plane is shown to a model: as a whole or in tiles, which may enlarge small objects.
///
/// ``Planner`` decides it from the size of the plane, the model, the wish of the user and the memory. All
/// that segments the plane follows it, whether pixels and embeddings come from files, from memory or are
/// computed.
public struct Division: Hashable, Codable, Sendable {
    /// What the intensities of a tile are stretched by.
    public enum Intensities: String, Hashable, Codable, Sendable {
        /// The range of the tile itself, as the reference does.
        case tile
        /// The range of the whole plane.
        case plane
    }

    /// The tiles; nil for the plane as a whole.
    public var tiling: TilingOptions?

    /// What the intensities of a tile are stretched by.
    public var intensities: Intensities

    /// How wide objects are in pixels of the plane, where it is enlarged because of that.
    public var objectDiameter: Double?

    /// Whether each tile is segmented for itself and objects are joined afterwards, because the maps of the
    /// whole plane would not fit into memory.
    public var joinsTiles: Bool

    /// The plane as a whole.
    public static let whole = Division(tiling: nil, intensities: .plane)

    /// Divides a plane.
    public init(
        tiling: TilingOptions?,
        intensities: Intensities = .tile,
        objectDiameter: Double? = nil,
        joinsTiles: Bool = false
    ) {
        self.tiling = tiling
        self.intensities = intensities
        self.objectDiameter = objectDiameter
        self.joinsTiles = joinsTiles
    }

    /// Whether objects are shown larger than in the plane as a whole.
    public var isEnlarging: Bool { objectDiameter != nil }

    /// The tiles of a plane of this size; nil for the plane as a whole.
    ///
    /// - Throws: `ImagingError` if a size is out of range.
    public func blocking(of size: Size) throws(ImagingError) -> Blocking? {
        try tiling.map { (tiling) throws(ImagingError) in try tiling.blocking(of: size) }
    }

    /// What was decided, and why, in one sentence; nil for the plane as a whole.
    ///
    /// - Parameters:
    ///   - size: Of the plane.
    ///   - tileCount: The tiles that are looked at.
    func summary(of size: Size, tileCount: Int) -> String? {
        guard let tiling else { return nil }
        if let objectDiameter {
            return "objects are about \(Int(objectDiameter.rounded())) pixels in diameter, so the "
                + "model sees the image enlarged, in \(tileCount) tiles"
                + (joinsTiles ? "; their objects are joined tile by tile" : "")
        }
        return "\(size) pixels are divided into \(tileCount) tiles of \(tiling.tileShape) pixels "
            + "with a halo of \(tiling.halo.width) pixels"
            + (joinsTiles ? "; their objects are joined tile by tile" : "")
    }
}
