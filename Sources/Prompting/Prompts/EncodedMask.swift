public import Imaging

/// A mask in the compressed run-length form of COCO, for files and messages.
///
/// Its JSON form is `{"size": [height, width], "counts": "…"}`, as pycocotools reads and writes it. The
/// text is unpacked by ``decoded()``, after its size was compared with that of the image, so that a
/// few bytes from elsewhere never claim a large memory.
public struct EncodedMask: Hashable, Sendable {
    /// Size of the image.
    public let size: Size

    /// Run lengths down the columns, see `RunLengthMask/cocoString()`.
    public let counts: String

    /// Wraps a text from elsewhere.
    public init(size: Size, counts: String) {
        self.size = size
        self.counts = counts
    }

    /// Packs a mask.
    public init(_ mask: RunLengthMask) {
        size = mask.size
        counts = mask.cocoString()
    }

    /// The mask.
    ///
    /// - Throws: `ImagingError` if the text is malformed or does not fit the size.
    public func decoded() throws(ImagingError) -> RunLengthMask {
        try RunLengthMask(cocoString: counts, size: size)
    }
}

extension EncodedMask: Codable {
    private enum Key: String, CodingKey {
        case size, counts
    }

    /// Reads the JSON form.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let sides = try values.decode([Int].self, forKey: .size)
        guard sides.count == 2, sides.allSatisfy({ (1...1 << 24).contains($0) }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .size,
                in: values,
                debugDescription: "a size is [height, width] in pixels"
            )
        }
        counts = try values.decode(String.self, forKey: .counts)
        size = Size(width: sides[1], height: sides[0])
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode([size.height, size.width], forKey: .size)
        try values.encode(counts, forKey: .counts)
    }
}
