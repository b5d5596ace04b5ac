/// What a reader of JSON text accepts.
public struct JSONRules: Hashable, Sendable {
    /// Deeper nesting is refused, so that no text can exhaust the stack.
    public let maximumDepth: Int

    /// Whether everything that RFC 8259 leaves open is refused.
    public let isStrict: Bool

    /// For texts that other programs write, Python's `NaN`, `Infinity` and `-Infinity` among them.
    ///
    /// The last of repeated names counts, and what is no character becomes the replacement character.
    public static let lenient = JSONRules(maximumDepth: 128, isStrict: false)

    /// For headers that decide about the bytes behind them.
    ///
    /// A repeated name is refused, because readers that take one or the other would see different
    /// things; so is a text that is not UTF-8, half of a character, and a number that JSON lacks.
    public static func strict(maximumDepth: Int) -> JSONRules {
        JSONRules(maximumDepth: maximumDepth, isStrict: true)
    }
}

/// Why a text is no JSON.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong; begins in lower case, without a final full stop.
    public let problem: String

    /// Where, in bytes from the beginning.
    public let position: Int

    /// One line for the user, which lacks the name of the file.
    public var description: String { "invalid JSON at byte \(position): \(problem)" }
}

extension JSONValue {
    /// Reads JSON text (RFC 8259) that fills the bytes, except for white space.
    public init(parsing bytes: [UInt8], _ rules: JSONRules = .lenient) throws(JSONError) {
        var parser = JSONParser(bytes, rules)
        self = try parser.value(depth: 0)
        try parser.finish()
    }
}

/// The rules of JSON text, applied from a position on.
struct JSONParser {
    let bytes: [UInt8]
    private let rules: JSONRules
    private(set) var position = 0

    /// How many values may still be read.
    var budget = Int.max

    init(_ bytes: [UInt8], _ rules: JSONRules) {
        (self.bytes, self.rules) = (bytes, rules)
        if !rules.isStrict, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Makes sure that only white space is left.
    mutating func finish() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw failure("text after the end") }
    }

    func failure(_ problem: String) -> JSONError {
        JSONError(problem: problem, position: position)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    mutating func skip(_ word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let isThere = word.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
        if isThere { position = end }
        return isThere
    }

    mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        try require(depth: depth)
        guard budget > 0 else { throw failure("a value with too many others inside") }
        budget -= 1
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
        if !rules.isStrict {
            if skip("NaN") { return .number(.nan) }
            if skip("Infinity") { return .number(.infinity) }
            if skip("-Infinity") { return .number(-.infinity) }
        }
        return try number()
    }

    func require(depth: Int) throws(JSONError) {
        guard depth < rules.maximumDepth else { throw failure("too deeply nested") }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        position += 1
        var members: [(String, JSONValue)] = []
        var names: Set<String> = []
        skipSpace()
        if skip("}") { return JSONObject() }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a name was expected") }
            let name = try string()
            if rules.isStrict, !names.insert(name).inserted {
                throw failure("'\(name)' appears twice")
            }
            skipSpace()
            guard skip(":") else { throw failure("a colon was expected") }
            members.append((name, try value(depth: depth + 1)))
            skipSpace()
            if skip("}") { return JSONObject(members) }
            guard skip(",") else { throw failure("a comma or brace was expected") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
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

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let isNumber = text.first != "+" && !(rules.isStrict && text.first == ".")
        if isNumber, let integer = Int(text) { return .integer(integer) }
        guard isNumber, let number = Double(text) else {
            position = start
            throw failure("a value was expected")
        }
        return .number(number)
    }

    mutating func string() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard rules.isStrict else { return String(decoding: text, as: UTF8.self) }
                guard let result = String(validating: text, as: UTF8.self) else {
                    throw failure("text that is not UTF-8")
                }
                return result
            case UInt8(ascii: "\\"): try escape(into: &text)
            case ..<0x20: throw failure("a control character in text")
            default: text.append(byte)
            }
        }
        throw failure("text without an end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
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
                    ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : 0xD800
            }
            let scalar = Unicode.Scalar(code)
            if rules.isStrict, scalar == nil { throw failure("half a character") }
            text.append(contentsOf: String(scalar ?? "\u{FFFD}").utf8)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure("text without an end") }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16) else {
            throw failure("four hexadecimal digits were expected")
        }
        position += 4
        return code
    }
}
