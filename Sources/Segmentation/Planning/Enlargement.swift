import Imaging
import Prompting

/// The tiles that enlarge small objects, where a first look found them and nobody asked for tiles.
///
/// They cost no more than ``FirstLook/mostCost`` times what the plane costs without them; objects that would
/// need more tiles are shown as large as that allows.
struct Enlargement {
    let tiling: TilingOptions

    /// The numbers of the tiles that are looked at, ascending; nil for all.
    let tiles: [Int]?

    /// Whether tiles that suit the objects better would cost too much.
    let isBounded: Bool

    /// Decides about the tiles.
    ///
    /// - Parameters:
    ///   - size: Of the plane.
    ///   - diameter: Of the objects, in pixels of the plane.
    ///   - suited: What suits the model.
    ///   - parts: The most parts that the longest side is divided into.
    ///   - baseCost: Looks that the plane costs without being enlarged.
    ///   - choosing: Gives the tiles that are looked at; nil for all.
    /// - Returns: Nil if the objects are large enough.
    init?(
        _ size: Size,
        objectsOf diameter: Double,
        to suited: ObjectDiameter,
        parts: Int,
        baseCost: Int,
        choosing: (Blocking) throws -> [Int]?
    ) throws {
        var isBounded = false
        for limit in stride(from: parts, through: 2, by: -1) {
            guard
                let tiling = TilingOptions.enlarging(
                    size,
                    objectsOf: diameter,
                    to: suited,
                    limit: limit
                )
            else { return nil }
            let blocking = try tiling.blocking(of: size)
            let tiles = try choosing(blocking)
            if (tiles?.count ?? blocking.count) <= FirstLook.mostCost * baseCost {
                (self.tiling, self.tiles, self.isBounded) = (tiling, tiles, isBounded)
                return
            }
            isBounded = true
        }
        return nil
    }
}
