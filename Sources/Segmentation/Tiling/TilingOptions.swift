public import Imaging

/// Size of the tiles that large images are divided into, and how far they reach into each other.
public struct TilingOptions: Hashable, Codable, Sendable {
    /// Size of a tile without halo.
    public var tileShape: Size

    /// How far a tile reaches into its neighbours, horizontally and vertically.
    public var halo: Size

    /// Tiles that the model sees at full resolution: 768 pixels and a halo of 128, together the 1024
    /// of its input.
    public static let standard = TilingOptions(
        tileShape: Size(width: 768, height: 768),
        halo: Size(width: 128, height: 128)
    )

    /// The longest side of images that are not divided unless asked for.
    ///
    /// Beyond, the model would see the image reduced to less than two thirds.
    public static let longestUndividedSide = 1536

    /// Creates any division.
    public init(tileShape: Size, halo: Size) {
        self.tileShape = tileShape
        self.halo = halo
    }

    /// What suits an image where nobody asks for anything: ``standard`` tiles if its longest side
    /// exceeds ``longestUndividedSide``, otherwise none.
    public static func automatic(for size: Size) -> TilingOptions? {
        size.longestSide > longestUndividedSide ? standard : nil
    }

    /// The tiles of an image.
    ///
    /// - Throws: ``ImagingError`` if a size is out of range.
    public func blocking(of size: Size) throws(ImagingError) -> Blocking {
        try Blocking(imageSize: size, blockSize: tileShape, halo: halo)
    }
}

extension Blocking {
    /// The blocks whose outer part holds at least one true pixel, ascending.
    ///
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` if the mask has another size.
    public func blocks(touching mask: Raster<Bool>) throws(ImagingError) -> [Int] {
        guard mask.size == imageSize, mask.channels == 1 else {
            throw .sizeMismatch("mask", expected: imageSize, found: mask.size)
        }
        return (0..<count).filter { index in
            let region = self[index].outer
            return (region.y..<region.endY).contains { y in
                let start = mask.size.index(x: region.x, y: y)
                return mask.samples[start..<start + region.width].contains(true)
            }
        }
    }
}
