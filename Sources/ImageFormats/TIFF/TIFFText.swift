/// The description of a page as text.
struct TIFFText {
    let text: String

    /// Whether the bytes were UTF-8, as the format wants them.
    let isUTF8: Bool

    /// Reads bytes; those that are no UTF-8 are taken as Latin-1, which old programs wrote.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Safe because the bytes are copied before this returns.
        if let text = String(validating: bytes, as: UTF8.self) {
            (self.text, isUTF8) = (text, true)
        } else {
            var text = String.UnicodeScalarView()
            for byte in bytes { text.append(Unicode.Scalar(byte)) }
            (self.text, isUTF8) = (String(text), false)
        }
    }
}
