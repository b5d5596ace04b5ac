import Imaging

/// The square tiles of one resolution level.
struct TileGrid: Hashable, Sendable {
    /// Side of the tiles of pixels.
    static let pixelSide = 512

    /// Side of the tiles of labels.
    static let labelSide = 256

    /// Width and height of the level.
    let size: Size
    let side: Int

    init(_ size: Size, side: Int = pixelSide) {
        self.size = size
        self.side = side
    }

    var rows: Int { (size.height + side - 1) / side }
    var columns: Int { (size.width + side - 1) / side }

    /// The pixels of a tile, cut at the edge of the level; nil for a tile that there is not.
    func region(row: Int, column: Int) -> Region? {
        guard (0..<rows).contains(row), (0..<columns).contains(column) else { return nil }
        return Region(
            x: column * side,
            y: row * side,
            width: min(side, size.width - column * side),
            height: min(side, size.height - row * side)
        )
    }
}
