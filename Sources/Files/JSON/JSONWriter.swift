extension JSONValue {
    /// The JSON text, indented by two spaces.
    public var text: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    private func write(to text: inout String, indentation: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += JSONValue.text(of: value)
        case .string(let value): JSONValue.write(value, to: &text)
        case .array(let values):
            // Lists of plain values, such as shapes, stay on one line.
            if values.allSatisfy(\.isPlain) {
                text += "["
                for (index, value) in values.enumerated() {
                    if index > 0 { text += ", " }
                    value.write(to: &text, indentation: 0)
                }
                text += "]"
            } else {
                JSONValue.write(values, "[", "]", &text, indentation) {
                    $0.write(to: &$1, indentation: $2)
                }
            }
        case .object(let object):
            guard !object.members.isEmpty else {
                text += "{}"
                return
            }
            JSONValue.write(object.members, "{", "}", &text, indentation) { member, text, level in
                JSONValue.write(member.name, to: &text)
                text += ": "
                member.value.write(to: &text, indentation: level)
            }
        }
    }

    private var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private static func write<Element>(
        _ elements: [Element],
        _ opening: String,
        _ closing: String,
        _ text: inout String,
        _ indentation: Int,
        by body: (Element, inout String, Int) -> Void
    ) {
        text += opening
        for (index, element) in elements.enumerated() {
            text += index > 0 ? ",\n" : "\n"
            text += String(repeating: "  ", count: indentation + 1)
            body(element, &text, indentation + 1)
        }
        text += "\n" + String(repeating: "  ", count: indentation) + closing
    }

    private static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return "\(number)"
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case ..<" ":
                let code = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
