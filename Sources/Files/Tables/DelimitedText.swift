/// The rows of a text whose fields are separated by commas, semicolons or tabs (RFC 4180).
///
/// Fields may be in quotation marks, which hide separators and line ends; white space around fields and
/// empty lines are dropped. The separator is the one that occurs most in the first line.
public struct DelimitedText {
    /// One line.
    public struct Row: Hashable, Sendable {
        /// The number of its first line in the file, from 1.
        public let number: Int
        /// The values, without quotation marks.
        public let fields: [String]
    }

    private let bytes: [UInt8]
    private let file: String
    private let separator: UInt8
    private var position: Int
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Begins to read a table.
    ///
    /// - Parameters:
    ///   - text: The bytes of the file; a mark of the byte order is skipped.
    ///   - file: Its name, for messages.
    /// - Throws: ``DelimitedTextError`` if this is no text.
    public init(_ text: some Sequence<UInt8>, file: String) throws(DelimitedTextError) {
        bytes = Array(text)
        self.file = file
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw DelimitedTextError(
                file: file,
                line: nil,
                "this is not text",
                advice: "give a table as UTF-8 text, such as the CSV export of a spreadsheet"
            )
        }
        let first = bytes.prefix { $0 != Self.newline }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        let counts = candidates.map { candidate in first.count { $0 == candidate } }
        separator = counts.max().flatMap(counts.firstIndex).map { candidates[$0] } ?? candidates[0]
    }

    /// The next line that is not empty; nil at the end.
    ///
    /// - Throws: ``DelimitedTextError`` if a quotation mark does not fit.
    public mutating func next() throws(DelimitedTextError) -> Row? {
        while position < bytes.count {
            let row = try nextLine()
            if row.fields.contains(where: { !$0.isEmpty }) { return row }
        }
        return nil
    }

    private mutating func nextLine() throws(DelimitedTextError) -> Row {
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
    private mutating func nextField(of number: Int) throws(DelimitedTextError) -> String {
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

    private mutating func quotedField(of number: Int) throws(DelimitedTextError) -> String {
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

    private func strayQuote(_ number: Int) -> DelimitedTextError {
        DelimitedTextError(
            file: file,
            line: number,
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

/// Why a text is no table: which file, which line, what was wrong, what to do.
public struct DelimitedTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, as the caller named it.
    public let file: String

    /// The line, from 1, that the row begins in; nil for the whole file.
    public let line: Int?

    /// What was wrong; begins in lower case, without a final full stop.
    public let problem: String

    /// What the user can do about it.
    public let advice: String

    init(file: String, line: Int?, _ problem: String, advice: String) {
        self.file = file
        self.line = line
        self.problem = problem
        self.advice = advice
    }

    /// One line for the user.
    public var description: String {
        "\(file)\(line.map { ", line \($0)" } ?? ""): \(problem); \(advice)"
    }
}
