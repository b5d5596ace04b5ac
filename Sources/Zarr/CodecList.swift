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
            case "transpose" where !hasBytes:
                try transpose(configuration, rank: rank, path)
            case "bytes" where !hasBytes:
                codec.isBigEndian = configuration?["endian"]?.string == "big"
                hasBytes = true
            case "sharding_indexed" where !hasBytes && allowsShards && list.count == 1:
                try shard(configuration, rank: rank, elementSize: elementSize, path)
                return
            default:
                guard hasBytes else {
                    throw .unsupported(path, "the codec \(name) at this place is not read")
                }
                codec.byteCodecs.append(try ByteCodec(name, configuration, path))
            }
        }
        guard hasBytes else { throw .damaged(path, "no codec from elements to bytes") }
        // In between two compressors nothing says how many bytes to expect.
        guard codec.byteCodecs.count(where: { $0 != .crc32c }) <= 1 else {
            throw .unsupported(path, "several compressors in a row are not read")
        }
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

extension ByteCodec {
    fileprivate init(
        _ name: String,
        _ configuration: JSONValue?,
        _ path: String
    ) throws(ZarrError) {
        let level = configuration?["level"]?.integer ?? 0
        switch name {
        case "crc32c": self = .crc32c
        case "gzip": self = .compression(.gzip(level: level))
        case "zstd":
            let hasChecksum = configuration?["checksum"]?.bool ?? false
            self = .compression(.zstd(level: level, hasChecksum: hasChecksum))
        case "blosc":
            let shuffles: [String: ZarrCompression.Blosc.Shuffle] = [
                "noshuffle": .none, "shuffle": .bytes, "bitshuffle": .bits,
            ]
            self = .compression(
                .blosc(
                    ZarrCompression.Blosc(
                        compressor: configuration?["cname"]?.string ?? "lz4",
                        level: configuration?["clevel"]?.integer ?? 5,
                        shuffle: shuffles[configuration?["shuffle"]?.string ?? ""] ?? .none
                    )
                )
            )
        default:
            throw .unsupported(
                path,
                "the codec \(name) is not read",
                advice: "bytes, transpose, gzip, zstd, blosc, crc32c and sharding_indexed are"
            )
        }
    }
}
