public import Files

/// Everything that the metadata of an array says.
public struct ZarrArrayMetadata: Hashable, Sendable {
    /// The version of the format.
    public let format: ZarrFormat

    /// Number of elements along each dimension.
    public let shape: [Int]

    /// Shape of the blocks that are files of their own: chunks, or shards.
    public let chunkShape: [Int]

    /// Shape of the blocks inside a shard; nil without sharding.
    public let innerChunkShape: [Int]?

    /// The type of the elements.
    public let dataType: ZarrDataType

    /// The value of elements that were never written.
    public let fillValue: JSONValue

    /// Names of the dimensions, where all have one (Zarr v3).
    public let dimensionNames: [String]?

    /// The first compressor of the chunks.
    public var compression: ZarrCompression {
        for case .compression(let compression) in codec.byteCodecs { return compression }
        return .none
    }

    let keys: ChunkKeys

    /// How chunks, or the chunks inside shards, are stored.
    let codec: ChunkCodec
    let sharding: Sharding?

    /// The bytes of the fill value in native order.
    let fillBytes: [UInt8]

    /// How the index of a shard is stored.
    struct Sharding: Hashable, Sendable {
        var indexHasChecksum = true
        var isIndexAtEnd = true
    }

    /// How the index of a chunk becomes the name of its file.
    enum ChunkKeys: Hashable, Sendable {
        /// `0.1.2`, or with another separator.
        case plain(String)
        /// `c/0/1/2`, or with another separator.
        case prefixed(String)

        func name(_ index: [Int]) -> String {
            switch self {
            case .plain(let separator):
                index.isEmpty ? "0" : index.map(String.init).joined(separator: separator)
            case .prefixed(let separator):
                (["c"] + index.map(String.init)).joined(separator: separator)
            }
        }
    }

    /// Checks everything that the rest relies on; `path` is for messages.
    init(
        format: ZarrFormat,
        shape: [Int],
        chunkShape: [Int],
        innerChunkShape: [Int]? = nil,
        dataType: ZarrDataType,
        fillValue: JSONValue,
        dimensionNames: [String]? = nil,
        keys: ChunkKeys,
        codec: ChunkCodec,
        sharding: Sharding? = nil,
        path: String
    ) throws(ZarrError) {
        guard shape.count <= 32, chunkShape.count == shape.count else {
            throw .damaged(path, "\(shape.count) dimensions, chunks of \(chunkShape.count)")
        }
        guard ZarrRegion.isCountable(shape, limit: 1 << 56), shape.allSatisfy({ $0 >= 0 }) else {
            throw .damaged(path, "the shape \(shape)")
        }
        guard chunkShape.allSatisfy({ $0 > 0 }), ZarrRegion.isCountable(chunkShape, limit: 1 << 36)
        else {
            throw .damaged(path, "chunks of the shape \(chunkShape)")
        }
        if let innerChunkShape {
            guard innerChunkShape.count == shape.count,
                zip(chunkShape, innerChunkShape).allSatisfy({ $1 > 0 && $0.isMultiple(of: $1) })
            else {
                throw .damaged(path, "shards of \(chunkShape) with chunks of \(innerChunkShape)")
            }
        }
        guard let fillBytes = dataType.bytes(of: fillValue) else {
            throw .damaged(path, "the fill value \(fillValue.text) of type \(dataType)")
        }
        self.format = format
        self.shape = shape
        self.chunkShape = chunkShape
        self.innerChunkShape = innerChunkShape
        self.dataType = dataType
        self.fillValue = fillValue
        self.dimensionNames = dimensionNames
        self.keys = keys
        self.codec = codec
        self.sharding = sharding
        self.fillBytes = fillBytes
    }
}

/// The version of the Zarr format.
public enum ZarrFormat: Int, Hashable, Codable, Sendable {
    /// `.zarray`, `.zgroup` and `.zattrs`.
    case v2 = 2
    /// `zarr.json`.
    case v3 = 3
}

extension ZarrDataType {
    /// The native bytes of a fill value; nil if it is none of this type.
    func bytes(of value: JSONValue) -> [UInt8]? {
        func bytes<Value: BitwiseCopyable>(_ value: Value?) -> [UInt8]? {
            value.map { withUnsafeBytes(of: $0, Array.init) }
        }
        func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> [UInt8]? {
            if let integer = value.integer { return bytes(Value(exactly: integer)) }
            return bytes(value.number.flatMap { Value(exactly: $0) })
        }
        if value == .null { return [UInt8](repeating: 0, count: byteCount) }
        if let text = value.string, text.hasPrefix("0x") {
            guard text.utf8.count == 2 + 2 * byteCount,
                let bits = UInt64(text.dropFirst(2), radix: 16)
            else { return nil }
            return (0..<byteCount).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
        }
        return switch self {
        case .bool:
            bytes(value.bool.map { $0 ? UInt8(1) : 0 } ?? value.integer.map { $0 == 0 ? 0 : 1 })
        case .int8: integer(Int8.self)
        case .int16: integer(Int16.self)
        case .int32: integer(Int32.self)
        case .int64: integer(Int64.self)
        case .uint8: integer(UInt8.self)
        case .uint16: integer(UInt16.self)
        case .uint32: integer(UInt32.self)
        case .uint64:
            value.number.map { $0 >= 0x1p64 } == true ? bytes(UInt64.max) : integer(UInt64.self)
        case .float16: bytes(value.real.map { HalfPrecision.bits(of: Float($0)) })
        case .float32: bytes(value.real.map { Float($0) })
        case .float64: bytes(value.real)
        }
    }
}

extension JSONValue {
    /// The number, also of the names that Zarr gives to numbers that JSON lacks.
    fileprivate var real: Double? {
        switch string {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: number
        }
    }
}
