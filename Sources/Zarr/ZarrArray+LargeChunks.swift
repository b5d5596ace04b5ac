import CImageCodecs
import Files

extension ZarrArray {
    /// Reads a part of a chunk without the chunk lying in memory as a whole.
    ///
    /// Relies on: the codec is sequential, the target has the size of the region, and the part lies in both.
    func readLarge(
        _ part: ZarrRegion,
        ofChunk index: [Int],
        covering chunk: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer,
        covering region: ZarrRegion
    ) throws(ZarrError) {
        // Safe because each row lies in the target, and the decoder checks what it gives.
        let path = path(ofChunk: index)
        guard let content = try content(of: path) else {
            fill(part, in: target, covering: region)
            return
        }
        defer { withExtendedLifetime(content.storage) {} }
        let stored = UnsafeRawBufferPointer(rebasing: content.storage.bytes[content.range])
        guard
            var window = ChunkWindow(stored, metadata.compression, count: chunkByteCount)
        else { throw .damaged(path, "the chunk cannot be decoded") }
        let size = metadata.dataType.byteCount
        try forEachRow(of: part) { row throws(ZarrError) in
            let start = offset(of: row, in: chunk) * size
            let count = row.count * size
            let place = offset(of: row, in: region) * size
            let elements = UnsafeMutableRawBufferPointer(rebasing: target[place..<place + count])
            guard window.copy(start..<start + count, to: elements) else {
                throw .damaged(path, "the chunk cannot be decoded")
            }
            if metadata.codec.isBigEndian { reverseBytes(of: elements, size: size) }
        }
    }

    /// The stored bytes of a chunk; nil if there are none.
    private func content(of path: String) throws(ZarrError) -> ZipArchive.Content? {
        if let files = store as? FileStore { return try files.map(path) }
        guard let bytes = try store.read(path, range: nil, limit: ZarrArray.maximumChunkBytes)
        else {
            return nil
        }
        let storage = ByteStorage(copying: bytes, name: path)
        return ZipArchive.Content(storage: storage, range: 0..<storage.count)
    }

    /// Calls `body` with the rows of a part along the last dimension, in C order.
    private func forEachRow(
        of part: ZarrRegion,
        _ body: (ZarrRegion) throws(ZarrError) -> Void
    ) throws(ZarrError) {
        let outer = max(0, part.shape.count - 1)
        var row = part
        for axis in 0..<outer { row.shape[axis] = 1 }
        var index = [Int](repeating: 0, count: part.shape.count)
        repeat {
            for axis in 0..<outer { row.start[axis] = part.start[axis] + index[axis] }
            try body(row)
        } while advance(&index, within: part.shape, dimensions: outer)
    }

    /// Elements before the first of a row in a block.
    private func offset(of row: ZarrRegion, in block: ZarrRegion) -> Int {
        zip(zip(row.start, block.start), strides(block.shape)).reduce(0) {
            $0 + ($1.0.0 - $1.0.1) * $1.1
        }
    }
}

/// The content of a large chunk, of which only a part is in memory at a time.
private struct ChunkWindow: ~Copyable {
    // Safe because the caller keeps the stored bytes alive for as long as the window, which alone owns
    // the decoder and gives it back.
    private let stored: UnsafeRawBufferPointer
    private let count: Int
    private let source: Source
    private let memory: TemporaryMemory
    private var held: Range<Int> = 0..<0

    private enum Source {
        case plain
        // Safe because the window alone owns it, and closes it once.
        case decoder(OpaquePointer)
        case blosc(element: Int)
    }

    private static let bytes = 4 << 20

    /// Begins with the content of a stream; nil if it does not hold so many bytes.
    init?(_ stored: UnsafeRawBufferPointer, _ compression: ZarrCompression, count: Int) {
        // Safe because the decoders are told how many bytes are stored.
        let start = stored.bindMemory(to: UInt8.self).baseAddress
        switch compression {
        case .none where stored.count == count: source = .plain
        case .blosc:
            let element = mic_blosc_element(start, stored.count, count)
            guard element > 0, count.isMultiple(of: element) else { return nil }
            source = .blosc(element: element)
        default:
            guard let kind = compression.streamKind,
                let decoder = mic_decoder_open(kind, start, stored.count)
            else { return nil }
            source = .decoder(decoder)
        }
        self.stored = stored
        self.count = count
        memory = TemporaryMemory(Self.bytes)
    }

    deinit {
        if case .decoder(let decoder) = source { mic_decoder_close(decoder) }
    }

    /// Copies bytes, which begin nowhere before those that were copied last; false if the stream is damaged.
    mutating func copy(_ range: Range<Int>, to target: UnsafeMutableRawBufferPointer) -> Bool {
        // Safe because both ranges were cut to what the window and the target hold.
        if case .plain = source {
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: stored[range]))
            return true
        }
        var position = range.lowerBound
        while position < range.upperBound {
            while !held.contains(position) {
                guard moveOn(to: position) else { return false }
            }
            let end = min(range.upperBound, held.upperBound)
            let offset = position - held.lowerBound
            UnsafeMutableRawBufferPointer(rebasing: target[(position - range.lowerBound)...])
                .copyMemory(
                    from: UnsafeRawBufferPointer(
                        rebasing: memory.bytes[offset..<offset + end - position]
                    )
                )
            position = end
        }
        return true
    }

    /// Decodes the next part, for a stream of Blosc that with a position.
    private mutating func moveOn(to position: Int) -> Bool {
        // Safe because the decoders are told how much room there is.
        let target = memory.bytes.bindMemory(to: UInt8.self).baseAddress
        let stream = stored.bindMemory(to: UInt8.self).baseAddress
        switch source {
        case .plain: return false
        case .decoder(let decoder):
            let start = held.upperBound
            let wanted = min(Self.bytes, count - start)
            guard wanted > 0, mic_decoder_next(decoder, target, wanted) == wanted else {
                return false
            }
            held = start..<start + wanted
            return true
        case .blosc(let element):
            let start = position / element * element
            let wanted = min(Self.bytes / element * element, count - start)
            guard wanted > 0, mic_blosc_part(stream, start, wanted, element, target) == 0 else {
                return false
            }
            held = start..<start + wanted
            return true
        }
    }
}

/// Memory that lives as long as this value.
private struct TemporaryMemory: ~Copyable {
    // Safe because this value owns the memory.
    let bytes: UnsafeMutableRawBufferPointer

    init(_ count: Int) { bytes = .allocate(byteCount: count, alignment: 16) }

    deinit { bytes.deallocate() }
}

extension ZarrCompression {
    /// The kind of stream that can be decoded in parts; nil for others.
    fileprivate var streamKind: mic_stream_kind? {
        switch self {
        case .gzip, .zlib: MIC_STREAM_DEFLATE
        case .zstd: MIC_STREAM_ZSTD
        case .bz2: MIC_STREAM_BZ2
        case .none, .blosc, .lz4, .lz4Java: nil
        }
    }

    fileprivate var isSequential: Bool {
        switch self {
        case .none, .blosc: true
        default: streamKind != nil
        }
    }
}

extension ChunkCodec {
    /// Whether the elements of a chunk lie in C order behind at most one compressor, so that they can be
    /// decoded from the first to the last.
    var isSequential: Bool {
        guard axisOrder == nil, filters.isEmpty, byteCodecs.count <= 1 else { return false }
        switch byteCodecs.first {
        case .compression(let compression): return compression.isSequential
        case nil: return true
        default: return false
        }
    }
}
