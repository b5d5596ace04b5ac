public import Files

/// What a body of a request may hold, as the document of the contract says it.
///
/// Every number has a range, and a name that nobody knows is refused, because a request that is misunderstood
/// must not be carried out. Members that are not required may be null, which means the same as leaving them out.
public indirect enum BodyForm: Hashable, Sendable {
    /// A whole number of a range.
    case integer(ClosedRange<Int>)
    /// A number of a range.
    case number(ClosedRange<Double>)
    /// `true` or `false`.
    case truth
    /// A number of a range, or `true` or `false`.
    case numberOrTruth(ClosedRange<Double>)
    /// Text.
    case text
    /// A UUID.
    case identifier
    /// One of some words.
    case word([String])
    /// A list of so many equal forms.
    case list(BodyForm, count: ClosedRange<Int> = 0...Int.max)
    /// An object with these members; others are refused, or passed over as in files of prompts.
    case object(required: [String: BodyForm], optional: [String: BodyForm], passesOver: Bool)
}

extension BodyForm {
    /// The form in JSON Schema, without descriptions.
    public var schema: JSONValue {
        switch self {
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .number(let range):
            [
                "type": "number", "minimum": .number(range.lowerBound),
                "maximum": .number(range.upperBound),
            ]
        case .truth: ["type": "boolean"]
        case .numberOrTruth(let range):
            [
                "type": ["number", "boolean"], "minimum": .number(range.lowerBound),
                "maximum": .number(range.upperBound),
            ]
        case .text: ["type": "string"]
        case .identifier: ["type": "string", "format": "uuid"]
        case .word(let words): ["enum": .array(words.map { .string($0) })]
        case .list(let form, let count): Self.schema(listOf: form, count)
        case .object(let required, let optional, let passesOver):
            Self.schema(required, optional, passesOver)
        }
    }

    private static func schema(listOf form: BodyForm, _ count: ClosedRange<Int>) -> JSONValue {
        var schema: JSONObject = ["type": "array", "items": form.schema]
        if count.lowerBound > 0 { schema["minItems"] = .integer(count.lowerBound) }
        if count.upperBound < .max { schema["maxItems"] = .integer(count.upperBound) }
        return .object(schema)
    }

    private static func schema(
        _ required: [String: BodyForm],
        _ optional: [String: BodyForm],
        _ passesOver: Bool
    ) -> JSONValue {
        var properties = required.mapValues(\.schema)
        for (name, form) in optional { properties[name] = form.schema.orNull }
        var members = JSONObject()
        for (name, schema) in properties.sorted(by: { $0.key < $1.key }) {
            members[name] = schema
        }
        var schema: JSONObject = ["type": "object", "properties": .object(members)]
        if !required.isEmpty {
            schema["required"] = .array(required.keys.sorted().map { .string($0) })
        }
        if !passesOver { schema["additionalProperties"] = false }
        return .object(schema)
    }
}

extension JSONValue {
    /// A schema that allows null as well.
    fileprivate var orNull: JSONValue {
        guard var schema = object else { return self }
        if let type = schema["type"] { schema["type"] = .array((type.array ?? [type]) + ["null"]) }
        if let words = schema["enum"]?.array { schema["enum"] = .array(words + [.null]) }
        return .object(schema)
    }
}
