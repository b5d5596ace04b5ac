import Imaging
import Prompting

/// The tiles in which a model sees the objects of an image enlarged.
struct EnlargedTiles {
    /// How the image is divided.
    let blocking: Blocking

    /// Numbers of the tiles in which a first look saw something, ascending; all without one.
    let withObjects: [Int]

    private let image: Raster<UInt8>

    /// Divides an image.
    ///
    /// - Parameters:
    ///   - image: Three channels, normalised.
    ///   - seen: The foreground that a first look gave.
    init(of image: Raster<UInt8>, _ tiling: TilingOptions, seen: Raster<Float>? = nil) throws {
        self.image = image
        blocking = try tiling.blocking(of: image.size)
        guard let seen else {
            withObjects = Array(0..<blocking.count)
            return
        }
        withObjects = try blocking.blocks(touching: seen.map { $0 > Self.leastForeground })
    }

    /// The pixels of a tile with its halo.
    func image(of tile: Int) throws -> Raster<UInt8> { try image.cropped(to: blocking[tile].outer) }

    /// Less foreground than this is nothing, even where objects are too small to be seen well.
    private static let leastForeground: Float = 0.15
}
