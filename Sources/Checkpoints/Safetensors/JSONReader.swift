/// A JSON value with the order of its members kept.
enum JSONValue {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One name and value of a JSON object.
struct JSONMember {
    let name: String
    let value: JSONValue
}

/// A strict JSON reader for headers of files: bounded depth, no repeated names, nothing after the end.
///
/// It exists because the usual decoders keep the last of repeated names silently, and a header that
/// names a tensor twice must be refused.
struct JSONReader {
    private let bytes: UnsafeRawBufferPointer
    private let file: String
    private var position = 0
    private static let maximumDepth = 8

    /// Reads one value that fills `bytes`, except for white space.
    static func read(_ bytes: UnsafeRawBufferPointer, file: String) throws(CheckpointError)
        -> JSONValue
    {
        var reader = JSONReader(bytes: bytes, file: file)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else {
            throw reader.malformed("something follows the JSON text")
        }
        return value
    }

    private init(bytes: UnsafeRawBufferPointer, file: String) {
        self.bytes = bytes
        self.file = file
    }

    private func malformed(_ what: String) -> CheckpointError {
        .malformed(file: file, what: "the JSON header is wrong at byte \(position): \(what)")
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
            position += 1
        }
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(CheckpointError) {
        guard peek() == UInt8(ascii: character) else {
            throw malformed("'\(character)' is missing")
        }
        position += 1
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        for index in 0..<length where word.utf8Start[index] != bytes[position + index] {
            return false
        }
        position += length
        return true
    }

    private mutating func value(depth: Int) throws(CheckpointError) -> JSONValue {
        guard depth < JSONReader.maximumDepth else { throw malformed("it is nested too deeply") }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case .some(let digit) where digit == 0x2D || (0x30...0x39).contains(digit):
            return try number()
        default:
            if takeWord("true") { return .bool(true) }
            if takeWord("false") { return .bool(false) }
            if takeWord("null") { return .null }
            throw malformed("a value is missing")
        }
    }

    private mutating func object(depth: Int) throws(CheckpointError) -> [JSONMember] {
        try expect("{")
        var members: [JSONMember] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            let name = try string()
            guard names.insert(name).inserted else { throw malformed("'\(name)' appears twice") }
            skipSpace()
            try expect(":")
            members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        try expect("}")
        return members
    }

    private mutating func array(depth: Int) throws(CheckpointError) -> [JSONValue] {
        try expect("[")
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return values }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        try expect("]")
        return values
    }

    private mutating func number() throws(CheckpointError) -> JSONValue {
        let start = position
        while let byte = peek(),
            (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
        {
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text) else {
            throw malformed("'\(text.prefix(40))' is no number")
        }
        return .number(number)
    }

    private mutating func string() throws(CheckpointError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = String(validating: text, as: UTF8.self) else {
                    throw malformed("a text is not valid UTF-8")
                }
                return result
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw malformed("a control character stands in a text")
            default: text.append(byte)
            }
        }
        throw malformed("a text does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(CheckpointError) {
        guard let code = peek() else { throw malformed("a text does not end") }
        position += 1
        switch code {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(code)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = try hexadecimal()
            if (0xD800..<0xDC00).contains(scalar), take("\\"), take("u") {
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw malformed("half a character") }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let character = Unicode.Scalar(scalar) else {
                throw malformed("half a character")
            }
            text.append(contentsOf: Array(String(Character(character)).utf8))
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(
                String(decoding: bytes[position..<(position + 4)], as: UTF8.self),
                radix: 16
            )
        else { throw malformed("an escape needs four hexadecimal digits") }
        position += 4
        return value
    }
}
