/// The small part of YAML that the files of models consist of: lines `key: value`, with texts, numbers and nothing nested.
///
/// Comments, blank lines and lines that belong to an entry that is not a plain value, which are indented or start with `-`, are skipped;
/// such an entry counts as absent. Anything else is refused.
struct FlatYAML {
    /// The file, for messages.
    let file: String

    private var values: [String: String] = [:]

    init(_ text: String, file: String) throws(TrackastraError) {
        self.file = file
        for (number, line) in text.split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        ).enumerated() {
            let content = Self.withoutComment(line)
            if content.isEmpty || line.first == " " || line.first == "\t" || content.first == "-" {
                continue
            }
            guard let colon = content.firstIndex(of: ":"), colon != content.startIndex else {
                throw problem("line \(number + 1) is not of the form 'key: value'")
            }
            let key = String(content[..<colon])
            let value = Self.trimmed(content[content.index(after: colon)...])
            guard values[key] == nil else { throw problem("line \(number + 1) repeats '\(key)'") }
            // Lists and tables in one line, and values of more lines, are not plain values.
            if value.isEmpty || "[{|>&*!".contains(value.first ?? " ") { continue }
            values[key] = Self.unquoted(value)
        }
    }

    /// The value of a key; nil if it is absent, null or not a plain value.
    subscript(key: String) -> String? {
        values[key].flatMap { ["null", "~"].contains($0) ? nil : $0 }
    }

    /// An error about this file.
    func problem(_ text: String) -> TrackastraError {
        .invalidConfiguration(file: file, problem: text)
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var previous: Character = " "
        for index in line.indices {
            if line[index] == "#", previous == " " { return trimmed(line[..<index]) }
            previous = line[index]
        }
        return trimmed(line)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...last]
    }

    private static func unquoted(_ value: Substring) -> String {
        for quote in ["'", "\""]
        where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
            return String(value.dropFirst().dropLast())
        }
        return String(value)
    }
}
