public import Files
public import Foundation

/// A group of a Zarr container (v2 or v3) in the local file system or in memory.
///
/// ```swift
/// let group = try ZarrGroup.create(at: url, format: .v2)
/// let array = try group.createArray("features", shape: [1, 256, 64, 64], dataType: .float32)
/// try group.setAttributes(["model": "vit_t"])
/// ```
public struct ZarrGroup: Sendable {
    /// The folder of the group.
    public let url: URL

    /// Where its files lie.
    let store: any ZarrStore

    /// The version of the format.
    public let format: ZarrFormat

    /// Opens an existing group of either version.
    public init(
        opening url: URL,
        in store: any ZarrStore = FileStore()
    ) throws(ZarrError) {
        let path = url.appending(path: "zarr.json").path
        if let json = try store.readJSON(path) {
            guard json["node_type"]?.string == "group" else {
                throw ZarrError(.cannotOpen, path: path, "an array, not a group")
            }
            format = .v3
        } else if store.size(of: url.appending(path: ".zgroup").path) != nil {
            format = .v2
        } else {
            throw ZarrError(
                .cannotOpen,
                path: url.path,
                "no Zarr group (neither zarr.json nor .zgroup)",
                advice: "name the folder of a Zarr container"
            )
        }
        self.url = url
        self.store = store
    }

    private init(url: URL, store: any ZarrStore, format: ZarrFormat) {
        self.url = url
        self.store = store
        self.format = format
    }

    /// Creates a group in a folder that may exist but holds no group or array.
    public static func create(
        at url: URL,
        in store: any ZarrStore = FileStore(),
        format: ZarrFormat,
        attributes: JSONObject = [:]
    ) throws(ZarrError) -> ZarrGroup {
        try checkFree(url, in: store)
        switch format {
        case .v2:
            if !attributes.members.isEmpty {
                try store.writeJSON(
                    .object(attributes),
                    to: url.appending(path: ".zattrs").path
                )
            }
            try store.writeJSON(["zarr_format": 2], to: url.appending(path: ".zgroup").path)
        case .v3:
            let json: JSONValue = [
                "zarr_format": 3, "node_type": "group", "attributes": .object(attributes),
            ]
            try store.writeJSON(json, to: url.appending(path: "zarr.json").path)
        }
        return ZarrGroup(url: url, store: store, format: format)
    }

    /// The attributes, as they are stored now.
    public func attributes() throws(ZarrError) -> JSONObject {
        try Attributes(folder: url, store: store, format: format).read()
    }

    /// Replaces all attributes; a reader sees the old ones or the new ones.
    public func setAttributes(_ attributes: JSONObject) throws(ZarrError) {
        try Attributes(folder: url, store: store, format: format).write(attributes)
    }

    /// The names of the groups and arrays in this group, sorted.
    public func children() throws(ZarrError) -> [String] {
        try store.names(in: url.path)
            .filter { ZarrGroup.holdsNode(url.appending(path: $0), in: store) }
            .sorted()
    }

    /// The names of all folders in a folder, sorted; none where it cannot be listed.
    ///
    /// A zip archive counts as the folder of what is in it.
    public static func folders(in folder: URL) -> [String] {
        let store = FileStore()
        do throws(ZarrError) {
            return try store.names(in: folder.path).filter {
                store.isFolder(folder.appending(path: $0).path)
            }.sorted()
        } catch {
            return []
        }
    }

    /// Whether there is a group or array of this name.
    public func contains(_ name: String) -> Bool {
        do throws(ZarrError) {
            return ZarrGroup.holdsNode(try child(name), in: store)
        } catch {
            return false
        }
    }

    /// Opens a group inside; names may have several parts, `labels/cells`.
    public func group(_ name: String) throws(ZarrError) -> ZarrGroup {
        try ZarrGroup(opening: child(name), in: store)
    }

    /// Opens an array inside; names may have several parts, `labels/cells/0`.
    public func array(_ name: String) throws(ZarrError) -> ZarrArray {
        try ZarrArray(opening: child(name), in: store)
    }

    /// Creates a group inside, of the same version.
    public func createGroup(
        _ name: String,
        attributes: JSONObject = [:]
    ) throws(ZarrError) -> ZarrGroup {
        try ZarrGroup.create(at: child(name), in: store, format: format, attributes: attributes)
    }

    /// The folder of a name; names that lead out of the group are refused.
    func child(_ name: String) throws(ZarrError) -> URL {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
            !name.utf8.contains(0)
        else {
            throw ZarrError(
                .outOfRange,
                path: url.path,
                "the name '\(name)' of a group or array",
                advice: "use names separated by single slashes"
            )
        }
        return url.appending(path: name)
    }

    /// Whether a folder, or a folder in a zip archive, is a group or an array.
    public static func holdsNode(_ url: URL, in store: any ZarrStore = FileStore()) -> Bool {
        ["zarr.json", ".zgroup", ".zarray"].contains {
            store.size(of: url.appending(path: $0).path) != nil
        }
    }

    static func checkFree(_ url: URL, in store: any ZarrStore) throws(ZarrError) {
        guard !holdsNode(url, in: store) else {
            throw ZarrError(
                .exists,
                path: url.path,
                "a Zarr group or array exists already",
                advice: "open it, or remove it first"
            )
        }
    }
}

extension ZarrGroup {
    /// How an array is stored.
    public struct ArrayOptions: Hashable, Sendable {
        /// Shape of the chunks, or of the shards; nil for one chunk that is the whole array.
        public var chunkShape: [Int]?

        /// Shape of the chunks inside shards; nil for no sharding (which needs v3).
        public var innerChunkShape: [Int]?

        /// The compression of the chunks.
        public var compression: ZarrCompression

        /// The value of elements that were never written.
        public var fillValue: JSONValue

        /// Names of the dimensions (v3).
        public var dimensionNames: [String]?

        /// What separates the parts of the name of a chunk: `.` or `/`; nil for the default of the
        /// version, `.` in v2 and `/` in v3.
        public var separator: String?

        /// Creates options; the default compression is that of zarr-python 3.
        public init(
            chunkShape: [Int]? = nil,
            innerChunkShape: [Int]? = nil,
            compression: ZarrCompression = .zstd(level: 0),
            fillValue: JSONValue = 0,
            dimensionNames: [String]? = nil,
            separator: String? = nil
        ) {
            self.chunkShape = chunkShape
            self.innerChunkShape = innerChunkShape
            self.compression = compression
            self.fillValue = fillValue
            self.dimensionNames = dimensionNames
            self.separator = separator
        }
    }

    /// Creates an array inside, of the same version as the group.
    ///
    /// - Throws: ``ZarrError`` if something of this name exists, or the options do not fit.
    public func createArray(
        _ name: String,
        shape: [Int],
        dataType: ZarrDataType,
        options: ArrayOptions = ArrayOptions(),
        attributes: JSONObject = [:]
    ) throws(ZarrError) -> ZarrArray {
        let url = try child(name)
        try ZarrGroup.checkFree(url, in: store)
        let metadata = try ZarrArrayMetadata(
            format: format,
            shape: shape,
            dataType: dataType,
            options: options,
            path: url.path
        )
        switch format {
        case .v2:
            if !attributes.members.isEmpty {
                try store.writeJSON(
                    .object(attributes),
                    to: url.appending(path: ".zattrs").path
                )
            }
            try store.writeJSON(metadata.v2, to: url.appending(path: ".zarray").path)
        case .v3:
            try store.writeJSON(
                metadata.v3(attributes: attributes),
                to: url.appending(path: "zarr.json").path
            )
        }
        return ZarrArray(url: url, store: store, metadata: metadata)
    }
}

extension ZarrArrayMetadata {
    fileprivate init(
        format: ZarrFormat,
        shape: [Int],
        dataType: ZarrDataType,
        options: ZarrGroup.ArrayOptions,
        path: String
    ) throws(ZarrError) {
        let isSharded = options.innerChunkShape != nil
        switch options.compression {
        case .zlib where format == .v3, .bz2 where format == .v3:
            throw .unsupported(path, "Zarr v3 has no zlib and no bz2", advice: "use gzip or zstd")
        case .lz4, .lz4Java:
            throw .unsupported(path, "arrays of LZ4 are only read", advice: "use Blosc with lz4")
        default: break
        }
        guard !isSharded || format == .v3 else {
            throw .unsupported(path, "Zarr v2 has no shards", advice: "use v3")
        }
        let separator = options.separator ?? (format == .v2 ? "." : "/")
        try self.init(
            format: format,
            shape: shape,
            chunkShape: options.chunkShape ?? shape.map { max($0, 1) },
            innerChunkShape: options.innerChunkShape,
            dataType: dataType,
            fillValue: options.fillValue,
            dimensionNames: options.dimensionNames,
            keys: format == .v2 ? .plain(separator) : .prefixed(separator),
            codec: ChunkCodec(
                byteCodecs: options.compression == .none
                    ? [] : [.compression(options.compression)]
            ),
            sharding: isSharded ? Sharding() : nil,
            path: path
        )
    }
}
