import Files

/// The codecs of a Zarr v3 array, in the order in which they encode.
struct CodecList {
    var codec = ChunkCodec()
    var innerShape: [Int]?
    var sharding: ZarrArrayMetadata.Sharding?

    init(
        _ json: JSONValue?,
        rank: Int,
        elementSize: Int,
        allowsShards: Bool,
        _ path: String
    ) throws(ZarrError) {
        guard let list = json?.array, !list.isEmpty else { throw .damaged(path, "no codecs") }
        var hasBytes = false
        for item in list {
            // A codec without configuration may be written as its name alone.
            let name = item["name"]?.string ?? item.string ?? ""
            let configuration = item["configuration"]
            switch name {
            case "transpose" where !hasBytes && codec.filters.isEmpty:
                try transpose(configuration, rank: rank, path)
            case "bytes" where !hasBytes:
                codec.isBigEndian = configuration?["endian"]?.string == "big"
                hasBytes = true
            case "sharding_indexed" where !hasBytes && allowsShards && list.count == 1:
                try shard(configuration, rank: rank, elementSize: elementSize, path)
                return
            default:
                if !hasBytes, name == "numcodecs.packbits" {
                    codec.byteCodecs.append(.packBits)
                    continue
                }
                if !hasBytes, codec.byteCodecs.isEmpty,
                    let filter = ElementFilter(ZarrCompression.plainName(name), configuration)
                {
                    codec.filters.append(filter)
                    continue
                }
                guard hasBytes else { throw .codec("the codec \(name) at this place", path) }
                codec.byteCodecs.append(try ByteCodec(name, configuration, path))
            }
        }
        guard hasBytes else { throw .damaged(path, "no codec from elements to bytes") }
        settleByteOrder()
        // In between two compressors nothing says how many bytes to expect.
        guard codec.byteCodecs.count(where: \.changesCount) <= 1 else {
            throw .unsupported(path, "several compressors in a row are not read")
        }
    }

    /// Only what the last filter gives lies in the order of the file; what is between filters is nowhere
    /// stored.
    private mutating func settleByteOrder() {
        guard let last = codec.filters.indices.last else { return }
        for index in codec.filters.indices {
            codec.filters[index].type.isBigEndian = false
            codec.filters[index].stored.isBigEndian = index == last && codec.isBigEndian
        }
        codec.isBigEndian = false
    }

    private mutating func transpose(
        _ configuration: JSONValue?,
        rank: Int,
        _ path: String
    ) throws(ZarrError) {
        guard codec.axisOrder == nil, let order = configuration?["order"]?.integers,
            order.sorted() == Array(0..<rank)
        else { throw .damaged(path, "the transposition \(configuration?.text ?? "none")") }
        codec.axisOrder = order
    }

    private mutating func shard(
        _ configuration: JSONValue?,
        rank: Int,
        elementSize: Int,
        _ path: String
    ) throws(ZarrError) {
        guard let shape = configuration?["chunk_shape"]?.integers else {
            throw .damaged(path, "shards without the shape of their chunks")
        }
        let inner = try CodecList(
            configuration?["codecs"],
            rank: rank,
            elementSize: elementSize,
            allowsShards: false,
            path
        )
        let index = try CodecList(
            configuration?["index_codecs"],
            rank: rank + 1,
            elementSize: 8,
            allowsShards: false,
            path
        )
        guard index.codec.axisOrder == nil, !index.codec.isBigEndian,
            index.codec.byteCodecs == [] || index.codec.byteCodecs == [.crc32c]
        else { throw .unsupported(path, "compressed indices of shards are not read") }
        let location = configuration?["index_location"]?.string ?? "end"
        guard location == "end" || location == "start" else {
            throw .damaged(path, "the place \(location) of the index of shards")
        }
        codec = inner.codec
        innerShape = shape
        sharding = ZarrArrayMetadata.Sharding(
            indexHasChecksum: !index.codec.byteCodecs.isEmpty,
            isIndexAtEnd: location == "end"
        )
    }
}

extension ZarrCompression {
    /// The name of a codec of Zarr v3 without the mark of those that numcodecs adds.
    static func plainName(_ name: String) -> String {
        name.hasPrefix("numcodecs.") ? String(name.dropFirst("numcodecs.".count)) : name
    }
}

extension ByteCodec {
    /// Whether the codec decides how many bytes there are, so that nobody else can know.
    fileprivate var changesCount: Bool {
        if case .compression = self { true } else { false }
    }

    /// A filter of Zarr v2 that works on bytes; nil for others.
    init?(filter name: String, _ json: JSONValue?, elementSize: Int) {
        if name == "packbits", elementSize == 1 {
            self = .packBits
            return
        }
        guard name == "shuffle" else { return nil }
        let size = json?["elementsize"]?.integer ?? elementSize
        guard (1...64).contains(size) else { return nil }
        self = .shuffle(elementSize: size)
    }

    fileprivate init(
        _ name: String,
        _ configuration: JSONValue?,
        _ path: String
    ) throws(ZarrError) {
        let level = configuration?["level"]?.integer ?? 0
        let isNumcodecs = name.hasPrefix("numcodecs.")
        switch ZarrCompression.plainName(name) {
        case "crc32c" where !isNumcodecs: self = .crc32c
        case "gzip": self = .compression(.gzip(level: level))
        case "zlib" where isNumcodecs: self = .compression(.zlib(level: level))
        case "bz2" where isNumcodecs: self = .compression(.bz2(level: level))
        case "lz4" where isNumcodecs: self = .compression(.lz4)
        case "shuffle" where isNumcodecs:
            guard let step = ByteCodec(filter: "shuffle", configuration, elementSize: 4) else {
                throw .codec("the codec \(name)", path)
            }
            self = step
        case "zstd":
            let hasChecksum = configuration?["checksum"]?.bool ?? false
            self = .compression(.zstd(level: level, hasChecksum: hasChecksum))
        case "blosc": self = .compression(.blosc(.init(v3: configuration)))
        default: throw .codec("the codec \(name)", path)
        }
    }
}

extension ZarrCompression.Blosc {
    fileprivate init(v3 configuration: JSONValue?) {
        let shuffles: [String: Shuffle] = [
            "noshuffle": .none, "shuffle": .bytes, "bitshuffle": .bits,
        ]
        self.init(
            compressor: configuration?["cname"]?.string ?? "lz4",
            level: configuration?["clevel"]?.integer ?? 5,
            shuffle: shuffles[configuration?["shuffle"]?.string ?? ""] ?? .none
        )
    }
}
