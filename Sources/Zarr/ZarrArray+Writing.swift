import Files
import Foundation

extension ZarrArray {
    /// Writes a region.
    ///
    /// Each chunk becomes visible as a whole: a process that is killed leaves every chunk either old or
    /// new. Chunks of which only a part is written are read first; regions that consist of whole
    /// chunks cost no reading.
    ///
    /// - Parameters:
    ///   - elements: The elements in C order, native bytes.
    ///   - region: Where they go; the whole array by default.
    /// - Throws: ``ZarrError`` if the region is not in the array, the number of bytes does not fit, or
    ///   a file cannot be written.
    public func write(_ elements: [UInt8], to region: ZarrRegion? = nil) throws(ZarrError) {
        // Safe because the number of elements was checked, and the part lies in the chunk and in
        // the region.
        let region = region ?? wholeRegion
        guard !shape.contains(0) else { return }
        let count = try checkedByteCount(region)
        guard elements.count == count else {
            throw ZarrError(
                .outOfRange,
                path: url.path,
                "\(elements.count) bytes for a region of \(count)"
            )
        }
        try forEachChunk(in: region) { index throws(ZarrError) in
            let chunk = self.region(ofChunk: index)
            guard let part = chunk.intersection(region) else { return }
            var values = try startingValues(of: index, covering: chunk, for: part)
            elements.withUnsafeBytes { source in
                values.withUnsafeMutableBytes { target in
                    copy(
                        part,
                        from: source,
                        of: region,
                        to: target,
                        of: chunk,
                        size: metadata.dataType.byteCount
                    )
                }
            }
            try writeChunk(index, values)
        }
    }

    /// Whether the file of a chunk (or shard) exists, so that interrupted work can be resumed.
    public func hasChunk(_ index: [Int]) -> Bool {
        store.size(of: path(ofChunk: index)) != nil
    }

    /// What a chunk holds before a part of it is written.
    private func startingValues(
        of index: [Int],
        covering chunk: ZarrRegion,
        for part: ZarrRegion
    ) throws(ZarrError) -> [UInt8] {
        let limit = ZarrArray.maximumChunkBytes
        guard chunk.shape.reduce(metadata.dataType.byteCount, *) <= limit else {
            throw .unsupported(url.path, "chunks of more than \(limit) bytes are not written")
        }
        let inside = chunk.intersection(wholeRegion)
        if part != inside, hasChunk(index) {
            if metadata.innerChunkShape == nil, let stored = try readChunk(index) { return stored }
            var values = [UInt8](
                repeating: 0,
                count: chunk.count * metadata.dataType.byteCount
            )
            try readWhole(shard: index, covering: chunk, into: &values)
            return values
        }
        return [UInt8](repeatedly: metadata.fillBytes, count: chunk.count)
    }

    private func readWhole(
        shard index: [Int],
        covering region: ZarrRegion,
        into values: inout [UInt8]
    ) throws(ZarrError) {
        // Safe because the values have the size of the region.
        var failure: ZarrError?
        values.withUnsafeMutableBytes { target in
            do throws(ZarrError) {
                try readShard(region, of: index, covering: region, into: target, covering: region)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func writeChunk(_ index: [Int], _ values: [UInt8]) throws(ZarrError) {
        let path = path(ofChunk: index)
        if metadata.innerChunkShape != nil {
            try store.replace(path, with: try encodedShard(values), .atomic)
            return
        }
        guard
            let bytes = metadata.codec.encoded(
                values,
                shape: metadata.chunkShape,
                elementSize: metadata.dataType.byteCount
            )
        else { throw ZarrError(.cannotWrite, path: path, "the chunk cannot be compressed") }
        try store.replace(path, with: bytes, .atomic)
    }
}

// MARK: - Typed access

extension ZarrArray {
    /// Reads a region of floating-point numbers of any precision as single-precision numbers.
    ///
    /// - Throws: ``ZarrError`` of kind `unsupported` if the array holds integers.
    public func readFloats(_ region: ZarrRegion? = nil) throws(ZarrError) -> [Float] {
        // Safe because every number is read within the count.
        let type = metadata.dataType
        guard type == .float16 || type == .float32 || type == .float64 else {
            throw .unsupported(url.path, "the array holds \(type), not floating-point numbers")
        }
        let bytes = try read(region)
        return bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / type.byteCount).map { index in
                switch type {
                case .float16:
                    HalfPrecision.value(
                        of: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                    )
                case .float32: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
                default: Float(bytes.loadUnaligned(fromByteOffset: 8 * index, as: Double.self))
                }
            }
        }
    }

    /// Writes single-precision numbers to a region of an array of `float32` or `float16`.
    ///
    /// - Throws: ``ZarrError`` of kind `unsupported` if the array has another type.
    public func write(
        floats: [Float],
        to region: ZarrRegion? = nil
    ) throws(ZarrError) {
        switch metadata.dataType {
        case .float32: try write(floats.withUnsafeBytes(Array.init), to: region)
        case .float16:
            try write(floats.map(HalfPrecision.bits).withUnsafeBytes(Array.init), to: region)
        default:
            throw .unsupported(
                url.path,
                "the array holds \(metadata.dataType), not float32 or float16"
            )
        }
    }
}
