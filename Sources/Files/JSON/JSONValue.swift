/// A JSON value.
///
/// Objects keep the order of their keys. `NaN`, `Infinity` and `-Infinity`, which Python writes
/// although JSON has no such numbers, are read and written as numbers.
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// Text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Names and their values.
    case object(JSONObject)
}

/// The members of a JSON object in their order.
public struct JSONObject: Hashable, Sendable {
    /// Names and values; each name occurs once.
    public private(set) var members: [Member]

    /// One name and its value.
    public struct Member: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The value.
        public var value: JSONValue
    }

    /// Creates an object without members.
    public init() { members = [] }

    /// The value of a name; setting nil removes the member.
    public subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            if let index = members.firstIndex(where: { $0.name == name }) {
                if let newValue {
                    members[index].value = newValue
                } else {
                    members.remove(at: index)
                }
            } else if let newValue {
                members.append(Member(name: name, value: newValue))
            }
        }
    }

    /// For the parser, which has many members to add; a repeated name replaces the earlier value.
    init(_ pairs: [(String, JSONValue)]) {
        var places: [String: Int] = [:]
        members = []
        for (name, value) in pairs {
            if let place = places[name] {
                members[place].value = value
            } else {
                places[name] = members.count
                members.append(Member(name: name, value: value))
            }
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object from names and values.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Creates text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Creates an integer.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// Creates a number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Creates a list.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Creates an object.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements))
    }
    /// Creates `null`.
    public init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
    /// The text, if this is text.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The truth value, if this is one.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The members, if this is an object.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The elements, if this is a list.
    public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

    /// The integer, if this is a number without fraction that fits.
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number, if this is one.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The integers of a list; nil if this is no list of integers.
    public var integers: [Int]? {
        guard let array else { return nil }
        let values = array.compactMap(\.integer)
        return values.count == array.count ? values : nil
    }

    /// The member of an object; nil if this is no object or has no such member.
    public subscript(name: String) -> JSONValue? { object?[name] }
}
