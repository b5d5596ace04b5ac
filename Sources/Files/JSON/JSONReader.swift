/// Reads JSON text from the beginning to the end, value by value, for texts too large to be held as one
/// ``JSONValue``.
///
/// ```swift
/// var reader = JSONReader(bytes)
/// try reader.eachMember { reader, name throws(JSONError) in
///     if name == "objects" { try reader.eachElement { … } } else { try reader.skipValue() }
/// }
/// ```
///
/// Every body reads or skips exactly one value.
public struct JSONReader {
    private var parser: JSONParser
    private var depth = 0

    /// What a value is, by its first byte.
    public enum Kind: Hashable, Sendable {
        /// Members in braces.
        case object
        /// Elements in brackets.
        case array
        /// Text in quotation marks.
        case string
        /// A number, `true`, `false` or `null`, or no JSON.
        case other
    }

    /// Begins to read a text.
    public init(_ bytes: [UInt8], _ rules: JSONRules = .lenient) {
        parser = JSONParser(bytes, rules)
    }

    /// The place of the next byte, counted from the beginning of the text.
    public var position: Int { parser.position }

    /// What the next value is; nil at the end of the text.
    public mutating func kind() -> Kind? {
        parser.skipSpace()
        return parser.next.map { byte in
            switch byte {
            case UInt8(ascii: "{"): .object
            case UInt8(ascii: "["): .array
            case UInt8(ascii: "\""): .string
            default: .other
            }
        }
    }

    /// More values inside of another are not held at once.
    private static let maximumValueCount = 4_000_000

    /// Reads a value as a whole.
    ///
    /// - Throws: ``JSONError``, also if it holds more than 4 million others.
    public mutating func value() throws(JSONError) -> JSONValue {
        parser.budget = Self.maximumValueCount
        return try parser.value(depth: depth)
    }

    /// Reads the members of an object one after the other.
    ///
    /// - Parameter body: Is given the name, and reads the value.
    /// - Throws: ``JSONError`` if this is no object, and what the body throws.
    public mutating func eachMember(
        _ body: (inout JSONReader, String) throws -> Void
    ) throws {
        try enter("{", "an object")
        if leave("}") { return }
        while true {
            parser.skipSpace()
            guard parser.next == UInt8(ascii: "\"") else {
                throw parser.failure("a name was expected")
            }
            let name = try parser.string()
            parser.skipSpace()
            guard parser.skip(":") else { throw parser.failure("a colon was expected") }
            try body(&self, name)
            if leave("}") { return }
            guard parser.skip(",") else { throw parser.failure("a comma or brace was expected") }
        }
    }

    /// Reads the elements of a list one after the other.
    ///
    /// - Throws: ``JSONError`` if this is no list, and what the body throws.
    public mutating func eachElement(_ body: (inout JSONReader) throws -> Void) throws {
        try enter("[", "a list")
        if leave("]") { return }
        while true {
            try body(&self)
            if leave("]") { return }
            guard parser.skip(",") else { throw parser.failure("a comma or bracket was expected") }
        }
    }

    /// Reads past a value.
    ///
    /// - Returns: How many numbers, texts and other single values it holds.
    @discardableResult
    public mutating func skipValue() throws -> Int {
        var count = 0
        switch kind() {
        case .object: try eachMember { reader, _ in count += try reader.skipValue() }
        case .array: try eachElement { reader in count += try reader.skipValue() }
        default:
            _ = try value()
            count = 1
        }
        return count
    }

    /// Makes sure that nothing follows but white space.
    public mutating func finish() throws(JSONError) { try parser.finish() }

    private mutating func enter(_ sign: StaticString, _ what: String) throws(JSONError) {
        parser.skipSpace()
        try parser.require(depth: depth)
        guard parser.skip(sign) else { throw parser.failure(what + " was expected") }
        depth += 1
    }

    private mutating func leave(_ sign: StaticString) -> Bool {
        parser.skipSpace()
        guard parser.skip(sign) else { return false }
        depth -= 1
        return true
    }
}
