import Foundation
import GRDB
public import Imaging
import Synchronization

/// States of the history that were looked at last.
struct HistoryViews {
    struct View: Hashable {
        let image: Int64
        let edit: Int64
        let current: Int64
    }

    private var views: [(View, [TileAddress: Int64?])] = []

    subscript(view: View) -> [TileAddress: Int64?]? {
        get { views.first { $0.0 == view }?.1 }
        set {
            views.removeAll { $0.0 == view }
            if let newValue { views.append((view, newValue)) }
            if views.count > 4 { views.removeFirst() }
        }
    }
}

extension Project {
    /// The edit that is current, 0 before the first.
    public func current(image: Int64) throws(ProjectError) -> Int64 {
        try read { try $0.image(image).current }
    }

    /// The labels of a tile.
    ///
    /// - Parameter edit: Nil for the present state; looking at another one changes nothing.
    /// - Throws: ``ProjectError/unknownImage(_:)``, ``ProjectError/unknownEdit(_:)``,
    ///   ``ProjectError/badGesture(_:)`` for a tile outside of the image.
    public func labels(
        image: Int64,
        t: Int = 0,
        z: Int = 0,
        row: Int,
        col: Int,
        at edit: Int64? = nil
    ) throws(ProjectError) -> LabelTile {
        let address = TileAddress(t: t, z: z, row: row, col: col)
        let content = try read { store in
            try blob(address, image, edit, store).map { ($0, try store.content($0)) }
        }
        guard let (blob, content) = content else {
            let zeros = [UInt8](repeating: 0, count: TileCodec.byteCount)
            return LabelTile(hash: LabelTile.emptyHash, bytes: zeros)
        }
        let bytes = TileCodec.decompress(content.stream, count: TileCodec.byteCount)
        guard let bytes else {
            throw .damaged(url.path, detail: "the labels \(blob) cannot be unpacked")
        }
        return LabelTile(hash: content.hash, bytes: bytes)
    }

    /// The hash of the labels of a tile, which is quicker than the labels.
    ///
    /// - Throws: As ``labels(image:t:z:row:col:at:)``.
    public func labelHash(
        image: Int64,
        t: Int = 0,
        z: Int = 0,
        row: Int,
        col: Int,
        at edit: Int64? = nil
    ) throws(ProjectError) -> String {
        let address = TileAddress(t: t, z: z, row: row, col: col)
        return try read { try $0.hash(blob(address, image, edit, $0)) }
    }

    /// All tiles that are not background alone.
    ///
    /// - Parameter edit: Nil for the present state; looking at another one changes nothing.
    public func tiles(image: Int64, at edit: Int64? = nil) throws(ProjectError) -> [TileState] {
        try read { store in
            try tiles(try store.image(image), edit, store).sorted { $0.key < $1.key }
                .map { TileState(address: $0.key, hash: try store.hash($0.value)) }
        }
    }

    /// The labels of a plane.
    ///
    /// - Parameter edit: Nil for the present state; looking at another one changes nothing.
    public func labelImage(
        image: Int64,
        t: Int = 0,
        z: Int = 0,
        at edit: Int64? = nil
    ) throws(ProjectError) -> LabelImage {
        try read { store in
            let record = try store.image(image)
            try record.require(TileAddress(t: t, z: z, row: 0, col: 0))
            guard record.size.fitsMemory() else {
                throw ProjectError.badGesture("a plane of \(record.size) pixels is too large")
            }
            var result = LabelImage(size: record.size)
            let tiles =
                try edit == nil
                ? store.tiles(of: image, t: t, z: z) : tiles(record, edit, store)
            for (address, blob) in tiles where address.t == t && address.z == z {
                try record.require(address, store)
                result.place(try store.labels(blob), at: address)
            }
            return result
        }
    }

    /// What a tile holds, now or after another edit; nil for background alone.
    func blob(_ address: TileAddress, _ id: Int64, _ edit: Int64?, _ store: Store) throws
        -> Int64?
    {
        let image = try store.image(id)
        try image.require(address)
        if let edit, let change = try changes(image, to: edit, store)[address] { return change }
        return try store.blob(at: address, of: id)
    }

    private func tiles(_ image: ImageRecord, _ edit: Int64?, _ store: Store) throws
        -> [TileAddress: Int64]
    {
        var tiles = try store.tiles(of: image.id)
        guard let edit else { return tiles }
        for (address, blob) in try changes(image, to: edit, store) { tiles[address] = blob }
        return tiles
    }

    /// The tiles that differ between now and the state after an edit.
    private func changes(_ image: ImageRecord, to edit: Int64, _ store: Store) throws
        -> [TileAddress: Int64?]
    {
        let view = HistoryViews.View(image: image.id, edit: edit, current: image.current)
        if let known = views.withLock({ $0[view] }) { return known }
        let way = try Transition(from: image.current, to: edit, of: image.id, store)
        let changes = way.tiles.mapValues(\.after)
        views.withLock { $0[view] = changes }
        return changes
    }
}

extension ImageRecord {
    /// Throws if there is no such tile.
    func require(_ address: TileAddress) throws(ProjectError) {
        guard has(address) else {
            throw .badGesture(
                "the image has no tile t = \(address.t), z = \(address.z), row \(address.row), "
                    + "column \(address.col)"
            )
        }
    }

    /// Throws if the file has a tile that cannot be there.
    func require(_ address: TileAddress, _ store: Store) throws(ProjectError) {
        guard has(address) else { throw store.damaged("a tile lies outside its image") }
    }

    /// Whether a tile lies in the image.
    func has(_ address: TileAddress) -> Bool {
        let side = TileCodec.side
        return (0..<shape.t).contains(address.t) && (0..<shape.z).contains(address.z)
            && (0...(shape.y - 1) / side).contains(address.row)
            && (0...(shape.x - 1) / side).contains(address.col)
    }
}

extension LabelImage {
    /// Sets the labels of a tile, as far as it lies in the image.
    mutating func place(_ tile: [UInt32], at address: TileAddress) {
        let side = TileCodec.side
        let (top, left) = (address.row * side, address.col * side)
        let width = min(side, size.width - left)
        for y in 0..<min(side, size.height - top) {
            let start = size.index(x: left, y: top + y)
            labels.replaceSubrange(
                start..<start + width,
                with: tile[y * side..<y * side + width]
            )
        }
    }
}
