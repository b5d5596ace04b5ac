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

    /// What suits an image where nobody asks for anything: tiles that the model sees at full
    /// resolution if its longest side exceeds ``longestUndividedSide``, otherwise none.
    ///
    /// The tiles are as few as ``standard`` allows, of about the same size, a multiple of 16, and square
    /// where that does no harm: the remainder of a division into tiles of 768 would be a strip, which
    /// the model sees badly.
    public static func automatic(for size: Size) -> TilingOptions? {
        guard size.longestSide > longestUndividedSide else { return nil }
        let (columns, rows) = (EvenDivision(size.width), EvenDivision(size.height))
        let side = max(columns.side, rows.side)
        let isSquare = columns.allows(side) && rows.allows(side)
        return TilingOptions(
            tileShape: Size(
                width: isSquare ? side : columns.side,
                height: isSquare ? side : rows.side
            ),
            halo: standard.halo
        )
    }

    /// A side of an image in as few parts as fit into the model's frame with their halos.
    private struct EvenDivision {
        let length: Int
        let count: Int
        let side: Int

        /// The longest part; the first and last have no halo on one side.
        private let limit: Int

        init(_ length: Int) {
            let (tile, halo) = (standard.tileShape.width, standard.halo.width)
            let frame = tile + 2 * halo
            self.length = length
            count = length <= frame ? 1 : length <= 2 * (frame - halo) ? 2 : (length - 1) / tile + 1
            limit = count == 1 ? frame : count == 2 ? frame - halo : tile
            side = ((length - 1) / count / 16 + 1) * 16
        }

        /// Whether parts of another length are as few, fit, and leave no narrow one.
        func allows(_ other: Int) -> Bool {
            count > 1 && other <= limit && 2 * (length - (count - 1) * other) >= other
        }
    }

    /// The tiles of an image.
    ///
    /// - Throws: `ImagingError` if a size is out of range.
    public func blocking(of size: Size) throws(ImagingError) -> Blocking {
        try Blocking(imageSize: size, blockSize: tileShape, halo: halo)
    }
}

extension TilingOptions {
    /// Sizes as `tiles 768 x 768, halo 128 x 128`, for messages.
    public var summary: String { "tiles \(tileShape), halo \(halo)" }
}

extension Blocking {
    /// The blocks whose outer part holds at least one true pixel, ascending.
    ///
    /// - Throws: `ImagingError/sizeMismatch(_:expected:found:)` if the mask has another size.
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
