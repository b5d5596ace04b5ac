public import Imaging

/// The prompts of an object, as one tile sees them.
public struct RoutedPrompts: Sendable {
    /// The tile.
    public let tile: Int

    /// The prompts in the coordinates of the tile's outer part.
    public let prompts: ObjectPrompts

    /// How many points were left out because they lie outside of the tile.
    public let droppedPoints: Int
}

extension TiledEmbedding {
    /// The tile that the prompts of an object belong to, and the prompts in its coordinates.
    ///
    /// It is the tile of the middle of all points, or of the middle of the box, rounded to whole
    /// pixels (halves to even). What reaches beyond the tile and its halo is cut off: points are
    /// dropped, the box is clipped. Prompts that name their tile (``ObjectPrompts/tile``) go there.
    ///
    /// - Parameter object: Number of the object, for messages.
    /// - Throws: ``TilingError`` if the prompts lie outside of the image or contradict each other.
    /// - Source: `prompt_based_segmentation.py` in micro-sam, the functions `*_to_tile`.
    public func route(_ prompts: ObjectPrompts, object: Int = 0) throws(TilingError)
        -> RoutedPrompts
    {
        let tile = try tile(of: prompts, object)
        guard hasTile(tile) else { throw .tileNotEmbedded(tile) }
        let outer = blocking[tile].outer
        let (x, y) = (Double(outer.x), Double(outer.y))
        var local = prompts
        local.tile = nil
        local.points = prompts.points.compactMap { point in
            let position = Point<OriginalPixels>(x: point.position.x - x, y: point.position.y - y)
            guard position.x >= 0, position.y >= 0, position.x < Double(outer.width),
                position.y < Double(outer.height)
            else { return nil }
            return .init(position, isInside: point.isInside)
        }
        if !prompts.points.isEmpty, local.points.isEmpty {
            throw .promptOutside(object: object, what: "all points lie", tile: tile)
        }
        if let box = prompts.box {
            guard let inside = box.clipped(to: outer) else {
                throw .promptOutside(object: object, what: "the box lies", tile: tile)
            }
            local.box = Box(
                minX: inside.minX - x,
                minY: inside.minY - y,
                maxX: inside.maxX - x,
                maxY: inside.maxY - y
            )
        }
        return RoutedPrompts(
            tile: tile,
            prompts: local,
            droppedPoints: prompts.points.count - local.points.count
        )
    }

    /// The tile that a mask belongs to: that of its centre of mass.
    ///
    /// To derive prompts from the mask, crop it to the outer part of the tile (`blocking[tile].outer`).
    ///
    /// - Throws: ``TilingError/emptyMask`` if no pixel is set, ``ImagingError`` if the mask has
    ///   another size than the image.
    public func tile(ofMask mask: Raster<Bool>) throws -> Int {
        guard mask.size == imageSize else {
            throw ImagingError.sizeMismatch("mask", expected: imageSize, found: mask.size)
        }
        let runs = try RunLengthMask(mask).runs
        var (sumX, sumY, count) = (0.0, 0.0, 0.0)
        let width = mask.size.width
        for run in runs {
            for pixel in run.start..<run.end {
                sumX += Double(pixel % width)
                sumY += Double(pixel / width)
            }
            count += Double(run.end - run.start)
        }
        guard count > 0 else { throw TilingError.emptyMask }
        let tile = nearestTile(Point(x: sumX / count, y: sumY / count))
        guard hasTile(tile) else { throw TilingError.tileNotEmbedded(tile) }
        return tile
    }

    private func tile(of prompts: ObjectPrompts, _ object: Int) throws(TilingError) -> Int {
        let box = prompts.box
        let corners = box.map { [$0.minX, $0.minY, $0.maxX, $0.maxY] } ?? []
        let coordinates = corners + prompts.points.flatMap { [$0.position.x, $0.position.y] }
        guard coordinates.allSatisfy(\.isFinite) else { throw .promptNotFinite(object: object) }
        if let tile = prompts.tile {
            guard (0..<blocking.count).contains(tile) else {
                throw .noSuchTile(tile, count: blocking.count)
            }
            return tile
        }
        let points = prompts.points.map(\.position)
        let ofPoints = points.isEmpty ? nil : nearestTile(mean(points))
        let ofBox = box.map { nearestTile($0.center) }
        if !points.isEmpty, !points.contains(where: isInside) {
            throw .promptOutside(object: object, what: "all points lie", tile: nil)
        }
        if let box, box.clipped(to: Region(imageSize)) == nil {
            throw .promptOutside(object: object, what: "the box lies", tile: nil)
        }
        if let ofPoints, let ofBox, ofPoints != ofBox {
            throw .promptsInDifferentTiles(object: object, points: ofPoints, box: ofBox)
        }
        guard let tile = ofPoints ?? ofBox else { throw .logitsWithoutPlace(object: object) }
        return tile
    }

    private func isInside(_ point: Point<OriginalPixels>) -> Bool {
        blocking.index(containing: point) != nil
    }

    private func mean(_ points: [Point<OriginalPixels>]) -> Point<OriginalPixels> {
        let count = Double(points.count)
        return Point(
            x: points.reduce(0) { $0 + $1.x } / count,
            y: points.reduce(0) { $0 + $1.y } / count
        )
    }

    /// The tile of a position, rounded to a pixel; positions outside belong to the nearest pixel.
    private func nearestTile(_ point: Point<OriginalPixels>) -> Int {
        func pixel(_ value: Double, _ count: Int) -> Int {
            Int(min(max(value.rounded(.toNearestOrEven), 0), Double(count - 1)))
        }
        let x = pixel(point.x, imageSize.width) / blocking.blockSize.width
        let y = pixel(point.y, imageSize.height) / blocking.blockSize.height
        return y * blocking.columns + x
    }
}

extension Box where Space == OriginalPixels {
    /// The part inside a region, which may be empty; `nil` if the box lies beside the region.
    fileprivate func clipped(to region: Region) -> Box? {
        let bounds = Box(region)
        guard maxX >= bounds.minX, minX <= bounds.maxX, maxY >= bounds.minY, minY <= bounds.maxY
        else { return nil }
        return Box(
            minX: max(minX, bounds.minX),
            minY: max(minY, bounds.minY),
            maxX: min(maxX, bounds.maxX),
            maxY: min(maxY, bounds.maxY)
        )
    }
}
