/// The description of a page as text.
struct TIFFText {
    let text: String

    /// Whether the bytes were taken as Latin-1, because they are in no encoding that could be told.
    let isLatin1: Bool

    /// Whether the bytes are the beginning of UTF-16 up to its first zero, which ends no text there.
    let isCutUTF16: Bool

    /// Reads bytes: UTF-8, as the format wants them; UTF-16, if they begin with its mark of the byte order;
    /// otherwise Latin-1, which old programs wrote.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Safe because the bytes are copied before this returns.
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            text = Self.utf16(bytes, isBigEndian: bytes[0] == 0xFE)
            (isLatin1, isCutUTF16) = (false, bytes.count < 4)
        } else if let text = String(validating: bytes, as: UTF8.self) {
            (self.text, isLatin1, isCutUTF16) = (text, false, false)
        } else {
            var text = String.UnicodeScalarView()
            for byte in bytes { text.append(Unicode.Scalar(byte)) }
            (self.text, isLatin1, isCutUTF16) = (String(text), true, false)
        }
    }

    /// The text behind the mark of the byte order, up to a zero.
    private static func utf16(_ bytes: UnsafeBufferPointer<UInt8>, isBigEndian: Bool) -> String {
        // Safe because both bytes of each place are within the buffer.
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }
}
