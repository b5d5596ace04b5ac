/// Reads the elements and attributes of XML, and goes on where the text is not well-formed.
///
/// Programs write names of samples into attributes without escaping them, and files are cut in the
/// middle of their description. What a parser would refuse is noted in ``problem``, and the rest is
/// read. Text between elements, comments, instructions and namespaces are passed over.
package struct MarkupScanner {
    /// What happens in the text.
    package enum Event {
        /// An element begins; its name has no namespace prefix.
        case start(String, attributes: [String: String])
        /// An element ends.
        case end(String)
    }

    /// Why the text is not well-formed; nil if nothing was found wrong so far.
    package private(set) var problem: String?

    /// More elements inside of each other are in no description.
    private static let deepest = 256

    private let bytes: [UInt8]
    private var position = 0
    private var open: [String] = []
    private var pending: [Event] = []

    package init(_ text: String) { bytes = Array(text.utf8) }

    /// The next event; nil at the end.
    package mutating func next() -> Event? {
        while pending.isEmpty {
            guard let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) else {
                if !open.isEmpty { note("it ends before its elements do") }
                return nil
            }
            position = start + 1
            readMarkup()
        }
        return pending.removeFirst()
    }

    /// The text from here to the next element, without space around it.
    package func text() -> String {
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        let trimmed = bytes[position..<end].drop(while: isSpace).reversed().drop(while: isSpace)
        return String(decoding: trimmed.reversed(), as: UTF8.self)
    }

    /// The text from here to the next element, with the characters that references stand for.
    mutating func unescapedText() -> String { unescaped(Array(text().utf8)[...]) }

    private mutating func note(_ text: String) { problem = problem ?? text }

    private mutating func readMarkup() {
        if skip("!--", to: "-->") || skip("![CDATA[", to: "]]>") || skip("?", to: "?>")
            || skip("!", to: ">")
        {
            return
        }
        let isEnd = byte == UInt8(ascii: "/")
        if isEnd { position += 1 }
        let name = readName()
        guard !name.isEmpty else { return note("a '<' is not escaped") }
        if isEnd {
            _ = skip("", to: ">")
            close(name)
        } else {
            readElement(name)
        }
    }

    private mutating func readElement(_ name: String) {
        var attributes: [String: String] = [:]
        while true {
            skipSpace()
            guard let byte else { return note("it ends within an element") }
            switch byte {
            case UInt8(ascii: ">"):
                position += 1
                return begin(name, attributes)
            case UInt8(ascii: "/"):
                position += 1
                if self.byte == UInt8(ascii: ">") {
                    position += 1
                    return pending += [.start(name, attributes: attributes), .end(name)]
                }
            case UInt8(ascii: "<"):
                note("an element is not closed")
                return begin(name, attributes)
            default:
                let key = readName()
                guard !key.isEmpty else {
                    note("an attribute has no name")
                    // A prefix without a name may have been passed over up to the end.
                    position = min(position + 1, bytes.count)
                    continue
                }
                guard let value = readValue() else {
                    note("the attribute \(key) has no value")
                    continue
                }
                attributes[key] = value
            }
        }
    }

    /// Begins an element that has others inside; ends the text where they lie too deep.
    private mutating func begin(_ name: String, _ attributes: [String: String]) {
        guard open.count < Self.deepest else {
            note("its elements are nested too deeply")
            position = bytes.count
            return
        }
        open.append(name)
        pending.append(.start(name, attributes: attributes))
    }

    /// The value behind an equals sign, in quotation marks.
    private mutating func readValue() -> String? {
        skipSpace()
        guard byte == UInt8(ascii: "=") else { return nil }
        position += 1
        skipSpace()
        guard let quote = byte, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return nil
        }
        position += 1
        guard let end = bytes[position...].firstIndex(of: quote) else {
            position = bytes.count
            return nil
        }
        defer { position = end + 1 }
        return unescaped(bytes[position..<end])
    }

    /// Ends the innermost element of this name, and those within it.
    private mutating func close(_ name: String) {
        guard let place = open.lastIndex(of: name) else {
            return note("the element \(name) ends without a beginning")
        }
        if place != open.count - 1 { note("the element \(open[open.count - 1]) has no end") }
        for name in open[place...].reversed() { pending.append(.end(name)) }
        open.removeSubrange(place...)
    }

    // MARK: - Characters

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    /// Passes over `start` and everything to `end`, if `start` is here.
    private mutating func skip(_ start: String, to end: String) -> Bool {
        guard bytes[position...].starts(with: start.utf8) else { return false }
        position += start.utf8.count
        let mark = Array(end.utf8)
        while position < bytes.count {
            guard let next = bytes[position...].firstIndex(of: mark[0]) else { break }
            if bytes[next...].starts(with: mark) {
                position = next + mark.count
                return true
            }
            position = next + 1
        }
        position = bytes.count
        note("it ends within a comment or an instruction")
        return true
    }

    /// A name without its prefix.
    private mutating func readName() -> String {
        let start = position
        while let byte, Self.isNameByte(byte) { position += 1 }
        let name = bytes[start..<position]
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        return String(decoding: local, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    /// The characters that references stand for; what is no reference stays as it is.
    private mutating func unescaped(_ value: ArraySlice<UInt8>) -> String {
        guard value.contains(UInt8(ascii: "&")) else {
            return String(decoding: value, as: UTF8.self)
        }
        var result: [UInt8] = []
        var rest = value
        while let first = rest.popFirst() {
            guard first == UInt8(ascii: "&") else {
                result.append(first)
                continue
            }
            if let end = rest.prefix(10).firstIndex(of: UInt8(ascii: ";")),
                let character = Self.character(String(decoding: rest[..<end], as: UTF8.self))
            {
                result += Array(String(character).utf8)
                rest = rest[(end + 1)...]
            } else {
                note("an '&' is not escaped")
                result.append(first)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func character(_ reference: String) -> Character? {
        let named: [String: Character] = [
            "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'",
        ]
        if let character = named[reference] { return character }
        guard reference.hasPrefix("#") else { return nil }
        let digits = reference.dropFirst()
        let code =
            digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return code.flatMap(Unicode.Scalar.init).map(Character.init)
    }
}
