import Imaging

/// Labels and objects of an image while a gesture changes them, within one transaction.
///
/// Only tiles that are asked for are read, and only those that differ in the end are written.
final class Editor {
    let store: Store
    let image: ImageRecord
    /// The plane that masks refer to.
    private(set) var t: Int
    private(set) var z: Int
    private let plane: (t: Int, z: Int)
    /// The label that the next object gets.
    private(set) var nextLabel: UInt32
    var status: ImageStatus
    /// What is stored instead of the action of the gesture, where that leaves something open.
    var resolved: Gesture.Action?

    private var tiles: [TileAddress: EditedTile] = [:]
    private var parts: [TileAddress: [TilePart]] = [:]
    private var known: [UInt32: (id: Int64, record: ObjectRecord)?] = [:]
    /// What is said about objects, apart from their pixels.
    private var said: [UInt32: ObjectRecord] = [:]

    init(_ store: Store, _ image: ImageRecord, t: Int, z: Int) throws(ProjectError) {
        (self.store, self.image, self.t, self.z) = (store, image, t, z)
        plane = (t, z)
        nextLabel = image.nextLabel
        status = image.status
        try turn()
    }

    /// Turns to the plane of a mask, or back to that of the gesture.
    func turn(t: Int? = nil, z: Int? = nil) throws(ProjectError) {
        (self.t, self.z) = (t ?? plane.t, z ?? plane.z)
        guard (0..<image.shape.t).contains(self.t), (0..<image.shape.z).contains(self.z) else {
            throw .badGesture("the image has no plane t = \(self.t), z = \(self.z)")
        }
    }

    /// Forgets everything that was done.
    func reset() {
        tiles = [:]
        said = [:]
        nextLabel = image.nextLabel
        status = image.status
    }

    // MARK: - Objects

    /// An object as it is now, apart from its pixels; nil if there is none.
    func object(_ label: UInt32) throws -> ObjectRecord? {
        if let record = said[label] { return record }
        return try before(label)?.record
    }

    /// An object that a gesture names.
    func named(_ label: UInt32) throws -> ObjectRecord {
        guard label != 0, let record = try object(label) else {
            throw ProjectError.unknownObject(label)
        }
        return record
    }

    /// Whether only gestures that name the object may change it.
    func isLocked(_ label: UInt32) throws -> Bool { try object(label)?.isLocked == true }

    /// Says something about an object.
    func say(_ record: ObjectRecord) { said[record.label] = record }

    /// A label that no object has had, or the wished one.
    func newLabel(_ wish: UInt32? = nil) throws -> UInt32 {
        if let wish, wish > 0, wish < .max, try object(wish) == nil {
            nextLabel = max(nextLabel, wish + 1)
            return wish
        }
        guard nextLabel < .max else {
            throw ProjectError.badGesture("the image has no free label left")
        }
        defer { nextLabel += 1 }
        return nextLabel
    }

    /// An object before the gesture.
    func before(_ label: UInt32) throws -> (id: Int64, record: ObjectRecord)? {
        if let object = known[label] { return object }
        let object = try store.object(label, of: image.id)
        if let object, !object.record.extent.isInside(image.shape) {
            throw store.damaged("object \(label) reaches outside its image")
        }
        known[label] = .some(object)
        return object
    }

    // MARK: - Pixels

    /// A tile that can be changed.
    func tile(_ address: TileAddress) throws -> EditedTile {
        if let tile = tiles[address] { return tile }
        let blob = try store.blob(at: address, of: image.id)
        let tile = EditedTile(address, blob: blob, labels: try store.labels(blob))
        tiles[address] = tile
        return tile
    }

    /// What a tile held before the gesture.
    func partsBefore(_ address: TileAddress) throws -> [TilePart] {
        if let parts = parts[address] { return parts }
        let blob = try tiles[address].map(\.blob) ?? store.blob(at: address, of: image.id)
        let result = try store.parts(blob)
        parts[address] = result
        return result
    }

    /// Notes what a tile held before the gesture, where that was read anyway.
    func keep(_ parts: [TilePart], at address: TileAddress) { self.parts[address] = parts }

    /// The tiles that were written.
    var touchedTiles: [EditedTile] {
        tiles.values.filter(\.isTouched).sorted { $0.address < $1.address }
    }

    /// A tile, if it was written.
    func touchedTile(at address: TileAddress) -> EditedTile? {
        tiles[address].flatMap { $0.isTouched ? $0 : nil }
    }

    /// The smallest region of the plane around all tiles that were written, within the image; nil for none.
    var touchedRegion: Region? {
        let addresses = touchedTiles.map(\.address)
        guard let first = addresses.first, let last = addresses.last else { return nil }
        let side = TileCodec.side
        let columns = addresses.map(\.col)
        let left = (columns.min() ?? 0) * side
        let right = min((columns.max() ?? 0) * side + side, image.size.width)
        let bottom = min(last.row * side + side, image.size.height)
        return Region(
            x: left,
            y: first.row * side,
            width: right - left,
            height: bottom - first.row * side
        )
    }

    /// Calls a function with the pieces of pixels that lie in one tile, and where they lie there.
    func forEachPiece(
        of pixels: PixelSet,
        _ body: (EditedTile, Range<Int>) throws -> Void
    ) throws {
        let side = TileCodec.side
        var current: EditedTile?
        for run in pixels.runs {
            var x = run.start
            while x < run.end {
                let address = TileAddress(t: t, z: z, row: run.y / side, col: x / side)
                if current?.address != address { current = try tile(address) }
                let end = min(run.end, (address.col + 1) * side)
                let start = run.y % side * side + x % side
                if let current { try body(current, start..<start + end - x) }
                x = end
            }
        }
    }

    /// Gives pixels of the plane another label where a condition holds for theirs.
    ///
    /// - Returns: How many pixels got it.
    @discardableResult
    func write(_ label: UInt32, _ pixels: PixelSet, where holds: (UInt32) throws -> Bool) throws
        -> Int
    {
        var count = 0
        try forEachPiece(of: pixels) { count += try $0.write(label, $1, where: holds) }
        return count
    }

    /// How many of the pixels each object has.
    func overlaps(_ pixels: PixelSet) throws -> [UInt32: Int] {
        var result: [UInt32: Int] = [:]
        try forEachPiece(of: pixels) { tile, range in
            var position = range.lowerBound
            while position < range.upperBound {
                let value = tile.labels[position]
                let start = position
                repeat {
                    position += 1
                } while position < range.upperBound
                    && tile.labels[position] == value
                if value != 0 { result[value, default: 0] += position - start }
            }
        }
        return result
    }

    /// The labels of a region of the plane, row by row.
    func labels(in region: Region) throws -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(region.size.count)
        try forEachPiece(of: PixelSet(region)) { result += $0.labels[$1] }
        return result
    }

    /// The pixels of an object that was there before the gesture, tile by tile, in all planes.
    func tiles(of label: UInt32) throws -> [EditedTile] {
        let extent = try before(label)?.record.extent ?? ObjectExtent()
        return try extent.addresses(of: image, store).compactMap { address in
            try partsBefore(address).part(of: label) == nil ? nil : try tile(address)
        }
    }

    /// Gives all pixels of an object another label, in all planes.
    func replace(_ label: UInt32, with other: UInt32) throws {
        for tile in try tiles(of: label) {
            _ = tile.write(other, 0..<TileCodec.count) { $0 == label }
        }
    }

    // MARK: - The end

    /// The labels of objects about which something was said.
    var saidLabels: [UInt32] { said.keys.sorted() }
}
