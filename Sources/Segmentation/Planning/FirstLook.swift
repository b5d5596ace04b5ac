import Imaging
import Prompting

/// Finds out how wide objects are, before a plane is divided.
struct FirstLook {
    private let predictor: ImagePredictor
    private let options: WatershedOptions
    private let work: Work

    init(_ model: Model, _ work: Work) {
        predictor = model.predictor
        options = model.traits.watershed
        self.work = work
    }

    /// The longest side is divided into so many parts at most where nobody asked for it: time grows with the
    /// square.
    static let mostEnlargedParts = 4

    /// Enlarging a plane costs so many times as much as showing it at its size, at most.
    static let mostCost = 4

    /// What is narrower, in pixels of the plane, is texture or noise and no object.
    static let leastDiameter = 3.0

    /// Less foreground than this is nothing, even where objects are too small to be seen well.
    static let leastForeground: Float = 0.15

    /// Tiles with contrast of a large plane that are looked at before it counts as empty.
    private static let mostTiles = 3

    /// After so many tiles without contrast, all are read in their order: files such as PNG can only be
    /// decoded from the top, again for every tile that lies above the one before.
    private static let mostBlankTiles = 4

    /// Objects that are rounder have been told apart.
    private static let leastRoundness = 0.67

    /// The second look decides if objects have less than this share of the width that the first look saw.
    private static let decisiveShare = 0.5

    /// How wide the objects in some maps are; nil if there are none.
    ///
    /// Long objects side by side can look like one wide object. Therefore, where objects do not seem to be
    /// round, a part of the image is looked at enlarged twice.
    ///
    /// - Parameter embedding: Gives the embedding of a piece of the image of the maps.
    func widths(
        _ maps: InstanceMaps,
        embedding: (TileRegion) throws -> ImageEmbedding
    ) throws -> ObjectWidths? {
        guard let first = try maps.typicalWidths(options) else { return nil }
        guard first.roundness < Self.leastRoundness else { return first }
        let part = maps.foreground.middlePart(
            Size(width: (maps.size.width + 1) / 2, height: (maps.size.height + 1) / 2)
        )
        let second = try predictor.instanceMaps(of: embedding(part), work).typicalWidths(options)
        guard let second, second.diameter < Self.decisiveShare * first.diameter else {
            return first
        }
        return second
    }

    /// How wide the objects of a large plane are; nil if the tiles that were looked at have none.
    ///
    /// Tiles without contrast have no objects and say nothing of the others, so the next ones are looked
    /// at.
    ///
    /// - Parameter looking: Gives the widths in a tile.
    func widths(
        of pixels: PlanePixels,
        in blocking: Blocking,
        looking: (Int) throws -> ObjectWidths?
    ) throws -> ObjectWidths? {
        var (looks, blank) = (0, 0)
        var filled: Set<Int>?
        for tile in blocking.fromTheMiddle where looks < Self.mostTiles {
            try work.checkpoint()
            if let filled {
                guard filled.contains(tile) else { continue }
            } else if try pixels.isBlank(blocking[tile].outer) {
                blank += 1
                if blank == Self.mostBlankTiles { filled = try filledTiles(of: pixels, blocking) }
                continue
            }
            looks += 1
            if let widths = try looking(tile) { return widths }
        }
        return nil
    }

    /// The tiles with contrast.
    private func filledTiles(of pixels: PlanePixels, _ blocking: Blocking) throws -> Set<Int> {
        var filled: Set<Int> = []
        for tile in 0..<blocking.count {
            try work.checkpoint()
            if try !pixels.isBlank(blocking[tile].outer) { filled.insert(tile) }
        }
        return filled
    }
}

extension Raster where Sample == Float {
    /// The part of a size around the centre of gravity.
    fileprivate func middlePart(_ part: Size) -> TileRegion {
        var (sum, x, y) = (0.0, 0.0, 0.0)
        for (pixel, value) in samples.enumerated() {
            sum += Double(value)
            x += Double(value) * Double(pixel % size.width)
            y += Double(value) * Double(pixel / size.width)
        }
        func start(_ center: Double, _ length: Int, _ whole: Int) -> Int {
            guard sum > 0 else { return (whole - length) / 2 }
            return min(max(Int(center / sum) - length / 2, 0), whole - length)
        }
        return TileRegion(
            x: start(x, part.width, size.width),
            y: start(y, part.height, size.height),
            width: part.width,
            height: part.height
        )
    }
}

extension Blocking {
    /// The numbers of all blocks, those in the middle of the image first.
    var fromTheMiddle: [Int] {
        func distance(_ block: Int) -> Int {
            let region = self[block].inner
            let (x, y) = (2 * region.x + region.width, 2 * region.y + region.height)
            let (dx, dy) = (x - imageSize.width, y - imageSize.height)
            return dx * dx + dy * dy
        }
        return (0..<count).sorted { (distance($0), $0) < (distance($1), $1) }
    }
}
