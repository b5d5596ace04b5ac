import Imaging

/// The prompts of an object, as one tile sees them.
public struct RoutedPrompts: Sendable {
    /// The tile.
    public let tile: Int

    /// The prompts in pixels of the tile with its halo.
    public let prompts: TilePrompts

    /// How many points were left out because they lie outside of the tile.
    public let droppedPoints: Int
}

extension TiledEmbedding {
    /// The tile that the prompts of an object belong to, and the prompts in its coordinates.
    ///
    /// It is the tile of the middle of all points, or of the middle of the box, rounded to whole
    /// pixels (halves to even). What reaches beyond the tile and its halo is cut off: points are
    /// dropped, the box is clipped. Prompts that name their tile (``SpatialPrompts/tile``) go there.
    ///
    /// - Parameter object: By what messages name the object: its id if it has one, else its position
    ///   among all objects.
    /// - Throws: ``TilingError`` if the prompts lie outside of the image or contradict each other.
    /// - Source: `prompt_based_segmentation.py` in micro-sam, the functions `*_to_tile`.
    public func route(_ prompts: ObjectPrompts, object: Int = 0) throws(TilingError)
        -> RoutedPrompts
    {
        let tile = try tile(of: prompts, object)
        guard hasTile(tile) else { throw .tileNotEmbedded(tile) }
        let outer = blocking[tile].outer
        var inside = prompts
        inside.points = prompts.points.filter { outer.contains($0.position) }
        if !prompts.points.isEmpty, inside.points.isEmpty {
            throw .promptOutside(.points, object: object, tile: tile)
        }
        inside.box = try prompts.box.map { (box) throws(TilingError) in
            guard let clipped = box.clipped(to: outer) else {
                throw .promptOutside(.box, object: object, tile: tile)
            }
            return clipped
        }
        return RoutedPrompts(
            tile: tile,
            prompts: inside.seen(in: outer),
            droppedPoints: prompts.points.count - inside.points.count
        )
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
            throw .promptOutside(.points, object: object, tile: nil)
        }
        if let box, box.clipped(to: Region(imageSize)) == nil {
            throw .promptOutside(.box, object: object, tile: nil)
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
