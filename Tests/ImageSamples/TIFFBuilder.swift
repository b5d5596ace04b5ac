/// Builds TIFF files byte by byte, so that tests can make any file, valid or not.
package struct TIFFBuilder {
    /// The value of a tag.
    package enum Value {
        case short([UInt16])
        case long([UInt32])
        case long8([UInt64])
        case rational([(UInt32, UInt32)])
        case text(String)
        /// Text in bytes of any encoding, without the zero at its end.
        case ascii([UInt8])
        /// Bytes that only one program understands.
        case bytes([UInt8])
        /// A rational of this count, although its bytes are more, as MetaMorph writes them.
        case planes(Int, [UInt32])
        /// Longs of this count, although their bytes are more, as MetaMorph writes pairs of them.
        case pairs(Int, [UInt32])
    }

    /// One page: tags, and the bytes of its strips or tiles, whose offsets are filled in.
    package struct Page {
        package var tags: [UInt16: Value]
        package var blocks: [[UInt8]]
        package var subPages: [Page]

        package init(_ tags: [UInt16: Value], blocks: [[UInt8]], subPages: [Page] = []) {
            self.tags = tags
            self.blocks = blocks
            self.subPages = subPages
        }

        /// A grey page in one strip.
        package init(
            width: Int,
            height: Int,
            bits: Int,
            samples: Int = 1,
            photometric: UInt16 = 1,
            format: UInt16 = 1,
            compression: UInt16 = 1,
            planar: UInt16 = 1,
            strips: [[UInt8]]
        ) {
            self.init(
                [
                    256: .long([UInt32(width)]), 257: .long([UInt32(height)]),
                    258: .short(Array(repeating: UInt16(bits), count: samples)),
                    259: .short([compression]), 262: .short([photometric]),
                    277: .short([UInt16(samples)]), 278: .long([UInt32(height)]),
                    284: .short([planar]),
                    339: .short(Array(repeating: format, count: samples)),
                ],
                blocks: strips
            )
        }
    }

    package var isBigEndian: Bool
    package var isBig: Bool

    package init(isBigEndian: Bool = false, isBig: Bool = false) {
        self.isBigEndian = isBigEndian
        self.isBig = isBig
    }

    /// The whole file.
    package func file(_ pages: [Page]) -> [UInt8] {
        var bytes: [UInt8] = isBigEndian ? [0x4D, 0x4D] : [0x49, 0x49]
        append(UInt16(isBig ? 43 : 42), to: &bytes)
        if isBig {
            append(UInt16(8), to: &bytes)
            append(UInt16(0), to: &bytes)
        }
        var link = bytes.count
        appendOffset(0, to: &bytes)
        for page in pages {
            let directory = append(page, to: &bytes)
            store(UInt64(directory.start), at: link, in: &bytes)
            link = directory.link
        }
        return bytes
    }

    private func append(_ page: Page, to bytes: inout [UInt8]) -> (start: Int, link: Int) {
        var tags = page.tags
        let offsets = page.blocks.map { block in
            defer { bytes += block }
            return UInt32(bytes.count)
        }
        let isTiled = tags[322] != nil
        if !offsets.isEmpty {
            let lengths = page.blocks.map { UInt32($0.count) }
            tags[isTiled ? 324 : 273] = tags[isTiled ? 324 : 273] ?? .long(offsets)
            tags[isTiled ? 325 : 279] = tags[isTiled ? 325 : 279] ?? .long(lengths)
        }
        if !page.subPages.isEmpty {
            tags[330] = .long(page.subPages.map { UInt32(append($0, to: &bytes).start) })
        }
        var entries: [UInt8] = []
        for (tag, value) in tags.sorted(by: { $0.key < $1.key }) {
            appendEntry(tag, value, to: &entries, bytes: &bytes)
        }
        if !bytes.count.isMultiple(of: 2) { bytes.append(0) }
        let start = bytes.count
        if isBig {
            append(UInt64(tags.count), to: &bytes)
        } else {
            append(UInt16(tags.count), to: &bytes)
        }
        bytes += entries
        let link = bytes.count
        appendOffset(0, to: &bytes)
        return (start, link)
    }

    private func appendEntry(
        _ tag: UInt16,
        _ value: Value,
        to entries: inout [UInt8],
        bytes: inout [UInt8]
    ) {
        var payload: [UInt8] = []
        let (type, count): (UInt16, Int)
        switch value {
        case .short(let values):
            (type, count) = (3, values.count)
            for value in values { append(value, to: &payload) }
        case .long(let values):
            (type, count) = (4, values.count)
            for value in values { append(value, to: &payload) }
        case .long8(let values):
            (type, count) = (16, values.count)
            for value in values { append(value, to: &payload) }
        case .rational(let values):
            (type, count) = (5, values.count)
            for (numerator, denominator) in values {
                append(numerator, to: &payload)
                append(denominator, to: &payload)
            }
        case .text(let text):
            payload = Array(text.utf8) + [0]
            (type, count) = (2, payload.count)
        case .ascii(let text):
            payload = text + [0]
            (type, count) = (2, payload.count)
        case .bytes(let bytes):
            payload = bytes
            (type, count) = (1, payload.count)
        case .planes(let planes, let values):
            (type, count) = (5, planes)
            for value in values { append(value, to: &payload) }
        case .pairs(let pairs, let values):
            (type, count) = (4, pairs)
            for value in values { append(value, to: &payload) }
        }
        append(tag, to: &entries)
        append(type, to: &entries)
        if isBig {
            append(UInt64(count), to: &entries)
        } else {
            append(UInt32(count), to: &entries)
        }
        let room = isBig ? 8 : 4
        if payload.count <= room {
            entries += payload + [UInt8](repeating: 0, count: room - payload.count)
        } else {
            if !bytes.count.isMultiple(of: 2) { bytes.append(0) }
            appendOffset(bytes.count, to: &entries)
            bytes += payload
        }
    }

    private func appendOffset(_ offset: Int, to bytes: inout [UInt8]) {
        if isBig { append(UInt64(offset), to: &bytes) } else { append(UInt32(offset), to: &bytes) }
    }

    private func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        let ordered = isBigEndian ? value.bigEndian : value.littleEndian
        withUnsafeBytes(of: ordered) { bytes.append(contentsOf: $0) }
    }

    private func store(_ value: UInt64, at position: Int, in bytes: inout [UInt8]) {
        var encoded: [UInt8] = []
        appendOffset(Int(value), to: &encoded)
        bytes.replaceSubrange(position..<position + encoded.count, with: encoded)
    }
}
