import Files

extension ZarrArrayMetadata {
    /// Reads the content of `.zarray`.
    init(v2 json: JSONValue, path: String) throws(ZarrError) {
        guard let shape = json["shape"]?.integers, let chunks = json["chunks"]?.integers else {
            throw .damaged(path, "no shape or chunks")
        }
        guard let name = json["dtype"]?.string, let (type, isBigEndian) = ZarrDataType.numpy(name)
        else {
            let name = json["dtype"]?.text ?? "none"
            throw .unsupported(
                path,
                "the data type \(name) is not read",
                advice: "use numbers or bool"
            )
        }
        var codec = ChunkCodec(isBigEndian: isBigEndian)
        var stored = type
        var steps: [ByteCodec] = []
        for filter in json["filters"]?.array ?? [] {
            let name = filter["id"]?.string ?? "?"
            if let read = ElementFilter(name, filter), steps.isEmpty, read.type.type == stored {
                codec.filters.append(read)
                stored = read.stored.type
            } else if name != "packbits" || stored == .bool && steps.isEmpty,
                let step = ByteCodec(filter: name, filter, elementSize: stored.byteCount)
            {
                steps.append(step)
            } else {
                throw .codec("the filter \(filter.text)", path)
            }
        }
        switch json["order"]?.string {
        case "C", nil: break
        case "F": codec.axisOrder = Array(shape.indices.reversed())
        default: throw .damaged(path, "the order \(json["order"]?.text ?? "")")
        }
        if let compressor = json["compressor"], compressor != .null {
            let compression = try ZarrCompression(
                v2: compressor,
                elementSize: stored.byteCount,
                path
            )
            steps.append(.compression(compression))
        }
        codec.byteCodecs = steps
        let separator = json["dimension_separator"]?.string ?? "."
        guard separator == "." || separator == "/" else {
            throw .damaged(path, "the dimension separator \(separator)")
        }
        try self.init(
            format: .v2,
            shape: shape,
            chunkShape: chunks,
            dataType: type,
            fillValue: json["fill_value"] ?? .null,
            keys: .plain(separator),
            codec: codec,
            path: path
        )
    }

    /// The content of `.zarray`.
    var v2: JSONValue {
        var json: JSONObject = [
            "zarr_format": 2, "shape": .array(shape.map { .integer($0) }),
            "chunks": .array(chunkShape.map { .integer($0) }),
            "dtype": .string(dataType.numpyName), "compressor": compression.v2,
            "fill_value": fillValue.named, "order": "C", "filters": nil,
        ]
        if case .plain(let separator) = keys { json["dimension_separator"] = .string(separator) }
        return .object(json)
    }
}

extension JSONValue {
    /// Numbers that JSON lacks by their names, as both versions of Zarr write fill values.
    var named: JSONValue {
        guard case .number(let value) = self else { return self }
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return self
    }
}

extension ZarrCompression {
    fileprivate init(v2 json: JSONValue, elementSize: Int, _ path: String) throws(ZarrError) {
        let level = json["level"]?.integer ?? 1
        switch json["id"]?.string {
        case "zlib": self = .zlib(level: level)
        case "gzip": self = .gzip(level: level)
        case "zstd":
            self = .zstd(level: level, hasChecksum: json["checksum"]?.bool ?? false)
        case "blosc":
            let stored = json["shuffle"]?.integer ?? 1
            // -1 lets the compressor choose by the size of the elements.
            let automatic: Blosc.Shuffle = elementSize == 1 ? .bits : .bytes
            self = .blosc(
                Blosc(
                    compressor: json["cname"]?.string ?? "lz4",
                    level: json["clevel"]?.integer ?? 5,
                    shuffle: Int32(exactly: stored).flatMap(Blosc.Shuffle.init) ?? automatic
                )
            )
        case "bz2": self = .bz2(level: level)
        case "lz4": self = .lz4
        default: throw .codec("the compressor \(json["id"]?.text ?? json.text)", path)
        }
    }

    fileprivate var v2: JSONValue {
        switch self {
        case .none: nil
        case .gzip(let level): ["id": "gzip", "level": .integer(level)]
        case .zlib(let level): ["id": "zlib", "level": .integer(level)]
        case .bz2(let level): ["id": "bz2", "level": .integer(level)]
        case .lz4, .lz4Java: ["id": "lz4"]
        case .zstd(let level, let hasChecksum):
            ["id": "zstd", "level": .integer(level), "checksum": .bool(hasChecksum)]
        case .blosc(let blosc):
            [
                "id": "blosc", "cname": .string(blosc.compressor), "clevel": .integer(blosc.level),
                "shuffle": .integer(Int(blosc.shuffle.rawValue)), "blocksize": 0,
            ]
        }
    }
}
