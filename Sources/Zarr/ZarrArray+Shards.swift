import Foundation

extension ZarrArray {
    /// Offset and length of each chunk inside a shard, in C order; nil for chunks that are not there.
    typealias ShardIndex = [Range<Int>?]

    /// Reads a part of a shard: its index, and those chunks that the part touches.
    func readShard(
        _ part: ZarrRegion,
        of shard: [Int],
        covering shardRegion: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer,
        covering region: ZarrRegion
    ) throws(ZarrError) {
        // Safe because callers have checked the size of the target, and the part lies in the chunk
        // and in the region.
        let path = path(ofChunk: shard)
        guard let index = try readShardIndex(path) else {
            fill(part, in: target, covering: region)
            return
        }
        try forEachInnerChunk(of: shardRegion) { number, chunk throws(ZarrError) in
            guard let inner = chunk.intersection(part) else { return }
            guard let range = index[number] else {
                fill(inner, in: target, covering: region)
                return
            }
            let elements = try readInnerChunk(path, range)
            elements.withUnsafeBytes { source in
                copy(
                    inner,
                    from: source,
                    of: chunk,
                    to: target,
                    of: region,
                    size: metadata.dataType.byteCount
                )
            }
        }
    }

    private func readInnerChunk(_ path: String, _ range: Range<Int>) throws(ZarrError) -> [UInt8] {
        let shape = metadata.innerChunkShape ?? metadata.chunkShape
        guard shape.reduce(metadata.dataType.byteCount, *) <= ZarrArray.maximumChunkBytes else {
            throw .unsupported(
                path,
                "chunks of \(shape) in a shard are too large to be decoded as a whole",
                advice: "copy the array with smaller chunks, of some megabytes each"
            )
        }
        guard
            let bytes = try store.read(path, range: range, limit: ZarrArray.maximumChunkBytes)
        else { throw .damaged(path, "the shard disappeared while it was read") }
        guard
            let elements = metadata.codec.decoded(
                bytes,
                shape: shape,
                elementSize: metadata.dataType.byteCount
            )
        else { throw .damaged(path, "a chunk of the shard cannot be decoded") }
        return elements
    }

    /// The index of a shard; nil if the shard was never written.
    func readShardIndex(_ path: String) throws(ZarrError) -> ShardIndex? {
        guard let size = store.size(of: path) else { return nil }
        let sharding = metadata.sharding ?? ZarrArrayMetadata.Sharding()
        let count = innerChunkCount
        let bytes = count * 16 + (sharding.indexHasChecksum ? 4 : 0)
        guard bytes <= size else { throw .damaged(path, "the shard is shorter than its index") }
        let range = sharding.isIndexAtEnd ? size - bytes..<size : 0..<bytes
        guard var stored = try store.read(path, range: range, limit: bytes) else { return nil }
        if sharding.indexHasChecksum {
            guard let checked = [ByteCodec.crc32c].decoded(stored, count: bytes - 4) else {
                throw .damaged(path, "the index of the shard does not fit its checksum")
            }
            stored = checked
        }
        var index: ShardIndex = []
        index.reserveCapacity(count)
        for position in stride(from: 0, to: count * 16, by: 16) {
            index.append(
                try entry(number(stored, position), number(stored, position + 8), size, path)
            )
        }
        return index
    }

    private func entry(
        _ offset: UInt64,
        _ length: UInt64,
        _ size: Int,
        _ path: String
    ) throws(ZarrError) -> Range<Int>? {
        if offset == .max, length == .max { return nil }
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard !overflow, end <= UInt64(size) else {
            throw .damaged(path, "a chunk of the shard lies beyond its end")
        }
        return Int(offset)..<Int(end)
    }

    private func number(_ bytes: [UInt8], _ position: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
    }

    /// Number of chunks in a shard.
    private var innerChunkCount: Int {
        zip(metadata.chunkShape, metadata.innerChunkShape ?? metadata.chunkShape)
            .reduce(1) { $0 * ($1.0 / $1.1) }
    }

    /// Calls `body` with the number and region of each chunk of a shard, in C order.
    func forEachInnerChunk(
        of shard: ZarrRegion,
        _ body: (Int, ZarrRegion) throws(ZarrError) -> Void
    ) throws(ZarrError) {
        let inner = metadata.innerChunkShape ?? metadata.chunkShape
        let counts = zip(metadata.chunkShape, inner).map { $0 / $1 }
        var index = [Int](repeating: 0, count: counts.count)
        var number = 0
        repeat {
            let start = index.indices.map { shard.start[$0] + index[$0] * inner[$0] }
            try body(number, ZarrRegion(start: start, shape: inner))
            number += 1
        } while advance(&index, within: counts, dimensions: counts.count)
    }

    /// The bytes of a shard whose elements are given; chunks of nothing but the fill value are left out.
    func encodedShard(_ elements: [UInt8]) throws(ZarrError) -> [UInt8] {
        let sharding = metadata.sharding ?? ZarrArrayMetadata.Sharding()
        let size = metadata.dataType.byteCount
        let inner = metadata.innerChunkShape ?? metadata.chunkShape
        let origin = ZarrRegion(
            start: metadata.chunkShape.map { _ in 0 },
            shape: metadata.chunkShape
        )
        let indexBytes = innerChunkCount * 16 + (sharding.indexHasChecksum ? 4 : 0)
        var content = [UInt8](repeating: 0, count: sharding.isIndexAtEnd ? 0 : indexBytes)
        var index: [UInt8] = []
        let empty = [UInt8](repeatedly: metadata.fillBytes, count: inner.reduce(1, *))
        try forEachInnerChunk(of: origin) { _, chunk throws(ZarrError) in
            let values = block(chunk, of: elements, covering: origin)
            guard values != empty else {
                index += [UInt8](repeating: 0xFF, count: 16)
                return
            }
            guard let bytes = metadata.codec.encoded(values, shape: inner, elementSize: size) else {
                throw ZarrError(.cannotWrite, path: url.path, "a chunk cannot be compressed")
            }
            for number in [content.count, bytes.count] {
                index += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            }
            content += bytes
        }
        if sharding.indexHasChecksum,
            let checked = [ByteCodec.crc32c].encoded(index, elementSize: 8)
        {
            index = checked
        }
        if sharding.isIndexAtEnd { return content + index }
        content.replaceSubrange(..<indexBytes, with: index)
        return content
    }

    /// The elements of a part of a block.
    func block(_ part: ZarrRegion, of elements: [UInt8], covering region: ZarrRegion) -> [UInt8] {
        // Safe because the elements are those of the region, in which the part lies, and the
        // result has its size.
        let size = metadata.dataType.byteCount
        var result = [UInt8](repeating: 0, count: part.count * size)
        elements.withUnsafeBytes { source in
            result.withUnsafeMutableBytes { target in
                copy(part, from: source, of: region, to: target, of: part, size: size)
            }
        }
        return result
    }
}
