import ImageFormats
import Imaging

/// Which resolution levels an image has for the page, and which of them its file has itself.
struct LevelPlan: Hashable, Sendable {
    /// Sizes of all levels, full resolution first; the last one fits into a tile.
    let sizes: [Size]

    /// How many of them are read from the image; the others are made.
    let stored: Int

    /// Blocks of more pixels are not decoded again for every tile.
    private static let largestBlock = 1 << 22

    /// - Parameter description: What is known of the image.
    init(_ description: ImageDescription) {
        var sizes = description.levels
        while let last = sizes.last, last.longestSide > TileGrid.pixelSide {
            sizes.append(Size(width: (last.width + 1) / 2, height: (last.height + 1) / 2))
        }
        self.sizes = sizes
        // A file that is decoded as a whole for every region is copied once, the first level included.
        let isDecodedAsWhole =
            ["PNG", "JPEG"].contains(description.format)
            || description.blockSize.count > Self.largestBlock
        let copies =
            isDecodedAsWhole && description.levels.count == 1
            && description.levels[0].count > TileGrid.pixelSide * TileGrid.pixelSide
        stored = copies ? 0 : description.levels.count
    }

    /// The sizes of the levels that are made.
    var made: [Size] { Array(sizes[stored...]) }

    /// The size of the level that the made ones are made from.
    var source: Size { sizes[max(stored - 1, 0)] }
}
