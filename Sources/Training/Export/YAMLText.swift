/// A value of a YAML file, written in block style with quoted texts.
indirect enum YAMLText {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case list([YAMLText])
    case mapping([(key: String, value: YAMLText)])

    /// The value as a document.
    var document: String { lines(indent: 0).joined(separator: "\n") + "\n" }

    private func lines(indent: Int) -> [String] {
        let space = String(repeating: " ", count: indent)
        switch self {
        case .text, .integer, .boolean: return [space + inline]
        case .list(let values):
            return values.flatMap { value -> [String] in
                var lines = value.lines(indent: indent + 2)
                lines[0] = space + "- " + lines[0].dropFirst(indent + 2)
                return lines
            }
        case .mapping(let entries):
            return entries.flatMap { key, value -> [String] in
                if value.isInline { return ["\(space)\(key): \(value.inline)"] }
                return ["\(space)\(key):"] + value.lines(indent: indent + 2)
            }
        }
    }

    private var isInline: Bool {
        switch self {
        case .text, .integer, .boolean: true
        case .list(let values): values.allSatisfy(\.isScalar)
        case .mapping(let entries): entries.isEmpty
        }
    }

    private var isScalar: Bool {
        switch self {
        case .text, .integer, .boolean: true
        case .list, .mapping: false
        }
    }

    private var inline: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .integer(let number): "\(number)"
        case .boolean(let value): value ? "true" : "false"
        case .list(let values): "[" + values.map(\.inline).joined(separator: ", ") + "]"
        case .mapping: "{}"
        }
    }

    /// Double quotes, in which every text can be written.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
