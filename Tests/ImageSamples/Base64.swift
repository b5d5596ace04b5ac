/// Base64 (RFC 4648) for bytes that are written down in source files.
enum Base64 {
    /// The bytes that text stands for; characters that are no digits are skipped.
    static func decoded(_ text: String) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        )
        var bytes: [UInt8] = []
        var window = 0
        var available = 0
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { continue }
            window = (window << 6 | value) & 0xFFFF
            available += 6
            if available >= 8 {
                available -= 8
                bytes.append(UInt8(truncatingIfNeeded: window >> available))
            }
        }
        return bytes
    }
}
