import Foundation

/// The rows of a text whose fields are separated by commas, semicolons or tabs (RFC 4180).
///
/// Fields may be in quotation marks, which hide separators and line ends; white space around fields and
/// empty lines are dropped. The separator is the one that occurs most in the first line.
struct DelimitedText {
    /// One line.
    struct Row {
        /// The number of its first line in the file, from 1.
        let number: Int
        let fields: [String]
    }

    private let bytes: [UInt8]
    private let file: String
    private let separator: UInt8
    private var position: Int
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(_ text: Data, file: String) throws(PromptError) {
        bytes = Array(text)
        self.file = file
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw PromptError(
                .malformed,
                file: file,
                "this is no text",
                advice: "give a table as UTF-8 text, as spreadsheets export CSV"
            )
        }
        let first = bytes.prefix { $0 != Self.newline }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        let counts = candidates.map { candidate in first.count { $0 == candidate } }
        separator = counts.max().flatMap(counts.firstIndex).map { candidates[$0] } ?? candidates[0]
    }

    /// The next line that is not empty.
    mutating func next() throws(PromptError) -> Row? {
        while position < bytes.count {
            let row = try nextLine()
            if row.fields.contains(where: { !$0.isEmpty }) { return row }
        }
        return nil
    }

    private mutating func nextLine() throws(PromptError) -> Row {
        let number = line
        var fields: [String] = []
        while true {
            fields.append(try nextField(of: number))
            guard position < bytes.count else { return Row(number: number, fields: fields) }
            let end = bytes[position]
            position += 1
            if end == separator { continue }
            line += 1
            return Row(number: number, fields: fields)
        }
    }

    /// A field; the position is then at a separator, at a line end, or at the end.
    private mutating func nextField(of number: Int) throws(PromptError) -> String {
        while position < bytes.count, Self.isBlank(bytes[position]), bytes[position] != separator {
            position += 1
        }
        guard position < bytes.count, bytes[position] == Self.quote else {
            let start = position
            while position < bytes.count, bytes[position] != separator,
                bytes[position] != Self.newline
            {
                position += 1
            }
            return Self.trimmed(bytes[start..<position])
        }
        return try quotedField(of: number)
    }

    private mutating func quotedField(of number: Int) throws(PromptError) -> String {
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == Self.newline { line += 1 }
            guard byte == Self.quote else {
                content.append(byte)
                continue
            }
            if position < bytes.count, bytes[position] == Self.quote {
                content.append(Self.quote)
                position += 1
                continue
            }
            while position < bytes.count, bytes[position] != separator,
                bytes[position] != Self.newline
            {
                guard Self.isBlank(bytes[position]) else { throw strayQuote(number) }
                position += 1
            }
            return Self.trimmed(content[...])
        }
        throw strayQuote(number)
    }

    private func strayQuote(_ number: Int) -> PromptError {
        PromptError(
            .malformed,
            file: file,
            place: "line \(number)",
            "a quotation mark does not fit",
            advice: "enclose whole fields in quotation marks, and double those inside"
        )
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == carriageReturn
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
