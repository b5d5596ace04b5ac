/// Reads JSON text (RFC 8259, and Python's `NaN`, `Infinity`, `-Infinity`).
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0

    /// Deeper nesting is refused, so that no text can exhaust the stack.
    private static let maximumDepth = 128

    /// Why text is no JSON.
    struct Failure: Error {
        let problem: String
        let position: Int
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(Failure) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("text after the end") }
        return value
    }

    private func failure(_ problem: String) -> Failure {
        Failure(problem: problem, position: position)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let isThere = word.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
        if isThere { position = end }
        return isThere
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        guard depth < JSONParser.maximumDepth else { throw failure("too deeply nested") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case .none: throw failure("the text ends early")
        default: break
        }
        if skip("true") { return .bool(true) }
        if skip("false") { return .bool(false) }
        if skip("null") { return .null }
        if skip("NaN") { return .number(.nan) }
        if skip("Infinity") { return .number(.infinity) }
        if skip("-Infinity") { return .number(-.infinity) }
        return try number()
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONObject {
        position += 1
        var members: [(String, JSONValue)] = []
        skipSpace()
        if skip("}") { return JSONObject() }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a name was expected") }
            let name = try string()
            skipSpace()
            guard skip(":") else { throw failure("a colon was expected") }
            members.append((name, try value(depth: depth + 1)))
            skipSpace()
            if skip("}") { return JSONObject(members) }
            guard skip(",") else { throw failure("a comma or brace was expected") }
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> [JSONValue] {
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if skip("]") { return values }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if skip("]") { return values }
            guard skip(",") else { throw failure("a comma or bracket was expected") }
        }
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int(text), text.first != "+" { return .integer(integer) }
        guard let number = Double(text), text.first != "+" else {
            position = start
            throw failure("a value was expected")
        }
        return .number(number)
    }

    private mutating func string() throws(Failure) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case ..<0x20: throw failure("a control character in text")
            default: text.append(byte)
            }
        }
        throw failure("text without an end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        guard let byte = next else { throw failure("text without an end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            // A surrogate pair is one character; half of one becomes the replacement character.
            if (0xD800..<0xDC00).contains(code), skip("\\u") {
                let low = try hexadecimal()
                code =
                    (0xDC00..<0xE000).contains(low)
                    ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : 0xFFFD
            }
            text.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure("text without an end") }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16) else {
            throw failure("four hexadecimal digits were expected")
        }
        position += 4
        return code
    }
}
