/// The crops and point grids that automatic mask generation works through.
///
/// - Source: `generate_crop_boxes`, `build_all_layer_point_grids` and `is_box_near_crop_edge` in
///   segment-anything, `utils/amg.py`.
public struct CropLayers: Hashable, Codable, Sendable {
    /// The part of the image that overlapping crops share, relative to the shorter side, in SAM.
    public static let samOverlapRatio = 512.0 / 1500

    /// A part of the image in which objects are sought.
    public struct Crop: Hashable, Codable, Sendable {
        /// Pixels of the image.
        public let region: Region

        /// 0 for the whole image; layer n has 2^n crops along each side.
        public let layer: Int
    }

    /// The whole image, then the crops of each layer, column by column.
    public let crops: [Crop]

    /// Divides an image.
    ///
    /// - Parameters:
    ///   - size: Size of the image.
    ///   - layers: Number of layers beyond the whole image, 0...10.
    ///   - overlapRatio: Overlap of crops in the first layer, relative to the shorter side of the
    ///     image, 0...1; halved with every layer.
    /// - Throws: ``ImagingError`` if an argument is out of range.
    public init(
        of size: Size,
        layers: Int = 0,
        overlapRatio: Double = samOverlapRatio
    ) throws(ImagingError) {
        guard size.width > 0, size.height > 0 else { throw .invalidSize("image", size) }
        guard (0...10).contains(layers) else {
            throw .invalidParameter("crop layers", reason: "must be in 0...10, but is \(layers)")
        }
        guard overlapRatio >= 0, overlapRatio <= 1 else {
            throw .invalidParameter(
                "crop overlap",
                reason: "must be in 0...1, but is \(overlapRatio)"
            )
        }
        var crops = [Crop(region: Region(size), layer: 0)]
        for layer in 0..<layers {
            let count = 2 << layer
            let shorter = Double(min(size.width, size.height))
            let overlap = Int(overlapRatio * shorter * (2 / Double(count)))
            let columns = Self.divided(size.width, count, overlap)
            let rows = Self.divided(size.height, count, overlap)
            for column in columns {
                for row in rows {
                    let region = Region(
                        x: column.lowerBound,
                        y: row.lowerBound,
                        width: column.count,
                        height: row.count
                    )
                    crops.append(Crop(region: region, layer: layer + 1))
                }
            }
        }
        self.crops = crops
    }

    private static func divided(_ length: Int, _ count: Int, _ overlap: Int) -> [Range<Int>] {
        let part = (overlap * (count - 1) + length + count - 1) / count
        return (0..<count).compactMap { index in
            let start = max(part - overlap, 0) * index
            let end = min(start + part, length)
            return start < end ? start..<end : nil
        }
    }

    /// A regular grid of `perSide * perSide` points over `region`, x running fastest.
    ///
    /// Points lie in the middle of equal cells. Coordinates are those of the region, whose first
    /// pixel begins at (0, 0).
    public static func pointGrid(
        perSide: Int,
        over region: Region
    ) -> [Point<TilePixels>] {
        precondition(perSide > 0, "a grid needs points")
        func position(_ index: Int, _ length: Int) -> Double {
            (Double(index) + 0.5) / Double(perSide) * Double(length)
        }
        return (0..<perSide * perSide).map { index in
            Point(
                x: position(index % perSide, region.width),
                y: position(index / perSide, region.height)
            )
        }
    }

    /// Whether a box ends close to an edge of its crop that is not an edge of the image, so that
    /// its object is probably cut off.
    ///
    /// - Parameters:
    ///   - box: The box in the coordinates of the image.
    ///   - crop: The crop the box was found in.
    ///   - size: Size of the image.
    ///   - tolerance: Distance in pixels that counts as close; SAM uses 20.
    public static func isCutOff(
        _ box: Box<OriginalPixels>,
        by crop: Region,
        of size: Size,
        tolerance: Double = 20
    ) -> Bool {
        let edges = [
            (box.minX, Double(crop.x), 0), (box.minY, Double(crop.y), 0),
            (box.maxX, Double(crop.endX), Double(size.width)),
            (box.maxY, Double(crop.endY), Double(size.height)),
        ]
        return edges.contains { side, cropEdge, imageEdge in
            abs(side - cropEdge) <= tolerance && abs(side - imageEdge) > tolerance
        }
    }
}
