/// What the tag `CZ_LSMINFO` (34412) of Zeiss LSM says: extents and the size of a voxel.
struct LSMMetadata {
    let z: Int
    let c: Int
    let t: Int
    let physicalSize: PhysicalSize
    let channelNames: [String]

    /// Reads the tag; nil if the page does not have it, or it is something else.
    init?(_ tags: TIFFTags, _ raw: borrowing RawFile) throws(ImageFormatError) {
        guard let entry = tags[34412], entry.count >= 128 else { return nil }
        let bytes = try raw.bytes(at: entry.offset, count: entry.count)
        func long(_ offset: Int) -> Int { Int(tags.number(bytes[offset..<offset + 4])) }
        func double(_ offset: Int) -> Double? {
            let value = tags.double(bytes[offset..<offset + 8])
            return value.isFinite && value > 0 ? value : nil
        }
        guard long(0) == 0x0040_0494 || long(0) == 0x0030_0494 else { return nil }
        (z, c, t) = (max(1, long(16)), max(1, long(20)), max(1, long(24)))
        var size = PhysicalSize()
        if let x = double(40), let y = double(48) {
            // Stored in metres.
            (size.x, size.y, size.unit) = (x * 1e6, y * 1e6, "\u{B5}m")
            size.z = z > 1 ? double(56).map { $0 * 1e6 } : nil
        }
        if t > 1, let interval = double(112) { (size.t, size.timeUnit) = (interval, "s") }
        physicalSize = size
        channelNames = try Self.names(at: UInt64(long(108)), tags, raw)
    }

    /// The names in the block of channel colours: each with its length before it.
    private static func names(
        at offset: UInt64,
        _ tags: TIFFTags,
        _ raw: borrowing RawFile
    ) throws(ImageFormatError) -> [String] {
        guard offset > 0 else { return [] }
        let head = try tags.longs(raw, at: offset, count: 6)
        let (size, count, start) = (Int(head[0]), Int(head[2]), Int(head[4]))
        guard size < 1 << 16, count < 256, start < size else { return [] }
        let bytes = try raw.bytes(at: offset + UInt64(start), count: size - start)
        var rest = bytes[...]
        var names: [String] = []
        while names.count < count, rest.count > 4 {
            let length = Int(tags.number(rest.prefix(4)))
            rest = rest.dropFirst(4)
            names.append(String(decoding: rest.prefix(length).prefix { $0 != 0 }, as: UTF8.self))
            rest = rest.dropFirst(length)
        }
        return names
    }
}
