import Files

extension ZarrArrayMetadata {
    /// Reads the content of the `zarr.json` of an array.
    init(v3 json: JSONValue, path: String) throws(ZarrError) {
        guard let shape = json["shape"]?.integers else { throw .damaged(path, "no shape") }
        guard let name = json["data_type"]?.string, let type = ZarrDataType(rawValue: name) else {
            throw .unsupported(
                path,
                "the data type \(json["data_type"]?.text ?? "none") is not read",
                advice: "use numbers or bool"
            )
        }
        if let transformers = json["storage_transformers"]?.array, !transformers.isEmpty {
            throw .unsupported(path, "storage transformers are not read")
        }
        let grid = json["chunk_grid"]
        guard grid?["name"]?.string == "regular",
            let chunks = grid?["configuration"]?["chunk_shape"]?.integers
        else { throw .unsupported(path, "the chunk grid \(grid?.text ?? "none") is not read") }
        let codecs = try CodecList(
            json["codecs"],
            rank: shape.count,
            elementSize: type.byteCount,
            allowsShards: true,
            path
        )
        try self.init(
            format: .v3,
            shape: shape,
            chunkShape: chunks,
            innerChunkShape: codecs.innerShape,
            dataType: type,
            fillValue: json["fill_value"] ?? .null,
            dimensionNames: names(json["dimension_names"], rank: shape.count),
            keys: try ChunkKeys(json["chunk_key_encoding"], path),
            codec: codecs.codec,
            sharding: codecs.sharding,
            path: path
        )
    }

    /// The content of `zarr.json`, with these attributes.
    func v3(attributes: JSONObject) -> JSONValue {
        var json: JSONObject = [
            "zarr_format": 3, "node_type": "array",
            "shape": .array(shape.map { .integer($0) }), "data_type": .string(dataType.rawValue),
            "chunk_grid": [
                "name": "regular",
                "configuration": ["chunk_shape": .array(chunkShape.map { .integer($0) })],
            ],
            "chunk_key_encoding": keys.v3,
            "fill_value": (fillValue == .null ? dataType.zero : fillValue).named,
            "codecs": codecs, "attributes": .object(attributes), "storage_transformers": [],
        ]
        if let dimensionNames {
            json["dimension_names"] = .array(dimensionNames.map { .string($0) })
        }
        return .object(json)
    }

    private var codecs: JSONValue {
        var codecs: [JSONValue] = [
            dataType.byteCount == 1
                ? ["name": "bytes"] : ["name": "bytes", "configuration": ["endian": "little"]]
        ]
        codecs += self.codec.byteCodecs.compactMap { $0.v3(elementSize: dataType.byteCount) }
        guard let innerChunkShape, let sharding else { return .array(codecs) }
        var index: [JSONValue] = [["name": "bytes", "configuration": ["endian": "little"]]]
        if sharding.indexHasChecksum { index.append(["name": "crc32c"]) }
        return [
            [
                "name": "sharding_indexed",
                "configuration": [
                    "chunk_shape": .array(innerChunkShape.map { .integer($0) }),
                    "codecs": .array(codecs), "index_codecs": .array(index),
                    "index_location": sharding.isIndexAtEnd ? "end" : "start",
                ],
            ]
        ]
    }
}

private func names(_ json: JSONValue?, rank: Int) -> [String]? {
    let names = json?.array?.compactMap(\.string)
    return names?.count == rank ? names : nil
}

extension ZarrDataType {
    fileprivate var zero: JSONValue { self == .bool ? false : 0 }
}

extension ZarrArrayMetadata.ChunkKeys {
    fileprivate init(_ json: JSONValue?, _ path: String) throws(ZarrError) {
        let separator = json?["configuration"]?["separator"]?.string
        switch json?["name"]?.string {
        case "default": self = .prefixed(separator ?? "/")
        case "v2": self = .plain(separator ?? ".")
        default: throw .unsupported(path, "the chunk keys \(json?.text ?? "none") are not read")
        }
        guard separator == nil || separator == "/" || separator == "." else {
            throw .damaged(path, "the separator \(separator ?? "") of chunk keys")
        }
    }

    fileprivate var v3: JSONValue {
        switch self {
        case .plain(let separator):
            ["name": "v2", "configuration": ["separator": .string(separator)]]
        case .prefixed(let separator):
            ["name": "default", "configuration": ["separator": .string(separator)]]
        }
    }
}

extension ByteCodec {
    fileprivate func v3(elementSize: Int) -> JSONValue? {
        switch self {
        case .crc32c: ["name": "crc32c"]
        case .compression(.none), .compression(.zlib), .compression(.bz2), .compression(.lz4),
            .compression(.lz4Java), .shuffle, .packBits:
            nil
        case .compression(.gzip(let level)):
            ["name": "gzip", "configuration": ["level": .integer(level)]]
        case .compression(.zstd(let level, let hasChecksum)):
            [
                "name": "zstd",
                "configuration": ["level": .integer(level), "checksum": .bool(hasChecksum)],
            ]
        case .compression(.blosc(let blosc)):
            [
                "name": "blosc",
                "configuration": [
                    "cname": .string(blosc.compressor), "clevel": .integer(blosc.level),
                    "shuffle": .string(
                        ["noshuffle", "shuffle", "bitshuffle"][Int(blosc.shuffle.rawValue)]
                    ),
                    "typesize": .integer(elementSize), "blocksize": 0,
                ],
            ]
        }
    }
}
