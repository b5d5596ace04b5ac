public import Foundation

/// The place of a tile of labels in an image: 256 x 256 pixels of a plane.
public struct TileAddress: Hashable, Codable, Sendable, Comparable {
    /// Time point.
    public var t: Int
    /// Slice.
    public var z: Int
    /// Row of tiles.
    public var row: Int
    /// Column of tiles.
    public var col: Int

    /// Names a tile.
    public init(t: Int = 0, z: Int = 0, row: Int, col: Int) {
        (self.t, self.z, self.row, self.col) = (t, z, row, col)
    }

    /// Orders tiles by time, slice, row and column.
    public static func < (a: TileAddress, b: TileAddress) -> Bool {
        (a.t, a.z, a.row, a.col) < (b.t, b.z, b.row, b.col)
    }
}

/// A tile and what is in it.
public struct TileState: Hashable, Sendable {
    /// Its place.
    public var address: TileAddress
    /// The hash of its labels; `0` for background alone.
    public var hash: String

    /// Describes a tile.
    public init(address: TileAddress, hash: String) {
        self.address = address
        self.hash = hash
    }
}

extension TileState: Codable {
    private enum Key: String, CodingKey {
        case t, z, row, col, hash
    }

    /// Reads `{"t":0,"z":0,"row":1,"col":2,"hash":"…"}`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        address = try TileAddress(from: decoder)
        hash = try values.decode(String.self, forKey: .hash)
    }

    /// Writes the form that is read.
    public func encode(to encoder: any Encoder) throws {
        try address.encode(to: encoder)
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(hash, forKey: .hash)
    }
}

/// The labels of a tile.
public struct LabelTile: Hashable, Sendable {
    /// Rows and columns of a tile.
    public static let side = 256
    /// The hash of a tile of background alone.
    public static let emptyHash = "0"

    /// The hash of the labels.
    public var hash: String
    /// 256 x 256 labels row by row, 32 bits little endian; beyond the image 0.
    public var bytes: [UInt8]
}

/// What a gesture, an undo or a redo has changed.
public struct EditAnswer: Hashable, Codable, Sendable {
    /// The edit that is current now, 0 before the first.
    public var edit: Int64
    /// The edit that an undo would make current.
    public var parent: Int64
    /// The kind of gesture; `undo`, `redo` or `goto`.
    public var kind: String
    /// What was done, for people.
    public var words: String
    /// The tiles that differ, as they are now.
    public var tiles: [TileState]
    /// The objects that differ, as they are now.
    public var objects: [AnnotatedObject]
    /// Labels of objects that are gone.
    public var removed: [UInt32]
    /// Labels of objects that are new.
    public var created: [UInt32]
    /// How far the work on the image is.
    public var status: ImageStatus
    /// Whether there is something to undo.
    public var canUndo: Bool
    /// Whether there is something to redo.
    public var canRedo: Bool
    /// Whether the same request was answered before; `canUndo`, `canRedo` and `status` are those of now.
    public var repeated: Bool
}

/// What somebody else changed since the edit that a gesture builds on.
public struct EditConflict: Hashable, Codable, Sendable {
    /// The edit that is current.
    public var current: Int64
    /// The tiles that differ, as they are now.
    public var tiles: [TileState]
    /// The objects that differ, as they are now.
    public var objects: [AnnotatedObject]
    /// Labels of objects that are gone.
    public var removed: [UInt32]
}

/// An edit in the list of the history.
public struct EditSummary: Hashable, Codable, Sendable {
    /// Its number.
    public var edit: Int64
    /// The edit that it was made on, 0 for none.
    public var parent: Int64
    /// When, in ISO 8601.
    public var time: String
    /// Who.
    public var client: UUID
    /// The kind of gesture.
    public var kind: String
    /// What was done, for people.
    public var words: String
    /// Whether it is not part of the present state: undone, or on another branch.
    public var undone: Bool
}
