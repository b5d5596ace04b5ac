public import Files
public import Foundation

/// An array of a Zarr container (v2 or v3) in the local file system or in memory.
///
/// Elements are addressed by regions and come in C order, in the byte order of the machine. Chunks
/// that were never written hold the fill value. Several threads may read, and may write regions that
/// have no chunk in common.
///
/// ```swift
/// let array = try ZarrGroup(opening: url).array("features")
/// let all = try array.read()
/// let row = try array.read(ZarrRegion(start: [3, 0], shape: [1, 256]))
/// ```
public struct ZarrArray: Sendable {
    /// The folder of the array.
    public let url: URL

    /// Where its files lie.
    let store: any ZarrStore

    /// Shape, type, chunks and compression.
    public let metadata: ZarrArrayMetadata

    /// The most bytes of one chunk that are decoded into memory as a whole.
    static let maximumChunkBytes = 1 << 30

    /// Chunks of more bytes are decoded in parts where their codec allows it, so that a small region needs
    /// little memory.
    static let largeChunkBytes = 64 << 20

    /// Opens an existing array of either version.
    public init(
        opening url: URL,
        in store: any ZarrStore = FileStore()
    ) throws(ZarrError) {
        let v3 = url.appending(path: "zarr.json").path
        let v2 = url.appending(path: ".zarray").path
        if let json = try store.readJSON(v3) {
            guard json["node_type"]?.string == "array" else {
                throw ZarrError(.cannotOpen, path: v3, "a group, not an array")
            }
            metadata = try ZarrArrayMetadata(v3: json, path: v3)
        } else if let json = try store.readJSON(v2) {
            metadata = try ZarrArrayMetadata(v2: json, path: v2)
        } else {
            throw ZarrError(
                .cannotOpen,
                path: url.path,
                "no Zarr array (neither zarr.json nor .zarray)",
                advice: "name the folder of an array"
            )
        }
        self.url = url
        self.store = store
    }

    /// For arrays whose metadata has just been written.
    init(url: URL, store: any ZarrStore, metadata: ZarrArrayMetadata) {
        self.url = url
        self.store = store
        self.metadata = metadata
    }

    /// Number of elements along each dimension.
    public var shape: [Int] { metadata.shape }

    /// The attributes of the array, as they are stored now.
    public func attributes() throws(ZarrError) -> JSONObject {
        try Attributes(folder: url, store: store, format: metadata.format).read()
    }

    /// Replaces all attributes.
    public func setAttributes(_ attributes: JSONObject) throws(ZarrError) {
        try Attributes(folder: url, store: store, format: metadata.format).write(attributes)
    }

    /// The whole array as a region.
    public var wholeRegion: ZarrRegion {
        ZarrRegion(start: shape.map { _ in 0 }, shape: shape)
    }

    /// The region of the file of a chunk (or shard); it may reach beyond the array.
    func region(ofChunk index: [Int]) -> ZarrRegion {
        ZarrRegion(
            start: zip(index, metadata.chunkShape).map { $0 * $1 },
            shape: metadata.chunkShape
        )
    }

    /// The file of a chunk (or shard).
    func path(ofChunk index: [Int]) -> String {
        url.appending(path: metadata.keys.name(index)).path
    }

    /// Bytes of all elements of a chunk.
    var chunkByteCount: Int { metadata.chunkShape.reduce(metadata.dataType.byteCount, *) }

    /// Calls `body` with the index of each chunk that a region touches, in C order, as long as it gives true.
    ///
    /// - Returns: Whether all chunks were visited.
    @discardableResult
    func visitChunks<Failure: Error>(
        in region: ZarrRegion,
        _ body: ([Int]) throws(Failure) -> Bool
    ) throws(Failure) -> Bool {
        let first = zip(region.start, metadata.chunkShape).map { $0 / $1 }
        let counts = region.start.indices.map { axis in
            (region.start[axis] + region.shape[axis] - 1) / metadata.chunkShape[axis]
                - first[axis] + 1
        }
        var index = [Int](repeating: 0, count: counts.count)
        repeat {
            guard try body(zip(first, index).map { $0 + $1 }) else { return false }
        } while advance(&index, within: counts, dimensions: counts.count)
        return true
    }

    /// Calls `body` with the index of each chunk that a region touches, in C order.
    func forEachChunk(
        in region: ZarrRegion,
        _ body: ([Int]) throws(ZarrError) -> Void
    ) throws(ZarrError) {
        try visitChunks(in: region) { index throws(ZarrError) in
            try body(index)
            return true
        }
    }

    /// Checks that a region is in the array, and gives its size in bytes.
    func checkedByteCount(_ region: ZarrRegion) throws(ZarrError) -> Int {
        guard region.isInside(shape) else {
            throw ZarrError(
                .outOfRange,
                path: url.path,
                "the region of shape \(region.shape) at \(region.start)",
                advice: "the array has the shape \(shape)"
            )
        }
        return region.count * metadata.dataType.byteCount
    }
}

// MARK: - Reading

extension ZarrArray {
    /// Reads a region, or the whole array.
    ///
    /// - Parameters:
    ///   - region: Which elements; all by default.
    ///   - limit: The most bytes to read at once, so that a lying shape cannot take all memory.
    /// - Returns: The elements in C order, native bytes.
    /// - Throws: ``ZarrError`` if the region is not in the array or too large, or a chunk is damaged.
    public func read(
        _ region: ZarrRegion? = nil,
        limit: Int = 16 << 30
    ) throws(ZarrError) -> [UInt8] {
        // Safe because the bytes count as initialized only after all of them were read.
        let region = region ?? wholeRegion
        guard !shape.contains(0) else { return [] }
        let count = try checkedByteCount(region)
        guard count <= limit else {
            throw ZarrError(
                .outOfRange,
                path: url.path,
                "\(count) bytes at once, but the limit is \(limit)",
                advice: "read smaller regions, or raise the limit"
            )
        }
        var failure: ZarrError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(ZarrError) {
                try read(
                    region,
                    into: UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]
                    )
                )
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads a region into memory of exactly its size.
    ///
    /// - Throws: ``ZarrError`` if the region is not in the array, the memory has another size, or a
    ///   chunk is damaged.
    public func read(
        _ region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ZarrError) {
        // Safe because the size of the target was checked, and the part lies in the chunk and in
        // the region.
        let count = try checkedByteCount(region)
        guard target.count == count else {
            throw ZarrError(
                .outOfRange,
                path: url.path,
                "\(target.count) bytes for a region of \(count)"
            )
        }
        try forEachChunk(in: region) { index throws(ZarrError) in
            let chunk = self.region(ofChunk: index)
            guard let part = chunk.intersection(region) else { return }
            try read(part, ofChunk: index, covering: chunk, into: target, covering: region)
        }
    }

    private func read(
        _ part: ZarrRegion,
        ofChunk index: [Int],
        covering chunk: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer,
        covering region: ZarrRegion
    ) throws(ZarrError) {
        // Safe because callers have checked the size of the target, and the part lies in the chunk
        // and in the region.
        if metadata.innerChunkShape != nil {
            try readShard(part, of: index, covering: chunk, into: target, covering: region)
        } else if chunkByteCount > ZarrArray.largeChunkBytes, metadata.codec.isSequential {
            try readLarge(part, ofChunk: index, covering: chunk, into: target, covering: region)
        } else if let elements = try readChunk(index) {
            elements.withUnsafeBytes { source in
                copy(
                    part,
                    from: source,
                    of: chunk,
                    to: target,
                    of: region,
                    size: metadata.dataType.byteCount
                )
            }
        } else {
            fill(part, in: target, covering: region)
        }
    }

    /// The elements of a whole chunk; nil if it was never written.
    func readChunk(_ index: [Int]) throws(ZarrError) -> [UInt8]? {
        let path = path(ofChunk: index)
        let limit = ZarrArray.maximumChunkBytes
        let size = metadata.dataType.byteCount
        guard chunkByteCount <= limit else {
            throw .unsupported(
                path,
                "a chunk of \(chunkByteCount) bytes, which can only be decoded as a whole; this is done for "
                    + "at most \(limit) bytes",
                advice: "copy the array with smaller chunks, of some megabytes each"
            )
        }
        guard let bytes = try store.read(path, range: nil, limit: limit) else { return nil }
        guard
            let elements = metadata.codec.decoded(
                bytes,
                shape: metadata.chunkShape,
                elementSize: size
            )
        else { throw .damaged(path, "the chunk cannot be decoded") }
        return elements
    }

    /// Sets a part of the target to the fill value.
    func fill(
        _ part: ZarrRegion,
        in target: UnsafeMutableRawBufferPointer,
        covering region: ZarrRegion
    ) {
        // Safe because the row lies in the part, and the part in the region that the target holds.
        let size = metadata.dataType.byteCount
        // One row of the part, copied to every row of the target.
        var row = part
        for axis in 0..<max(0, part.shape.count - 1) { row.shape[axis] = 1 }
        let values = [UInt8](repeatedly: metadata.fillBytes, count: row.count)
        var index = [Int](repeating: 0, count: part.shape.count)
        repeat {
            for axis in index.indices.dropLast() {
                row.start[axis] = part.start[axis] + index[axis]
            }
            values.withUnsafeBytes { source in
                copy(row, from: source, of: row, to: target, of: region, size: size)
            }
        } while advance(&index, within: part.shape, dimensions: max(0, part.shape.count - 1))
    }
}

extension [UInt8] {
    /// The same bytes again and again.
    init(repeatedly element: [UInt8], count: Int) {
        self.init()
        reserveCapacity(element.count * count)
        for _ in 0..<count { append(contentsOf: element) }
    }
}
