import Files
public import Foundation
import Imaging

extension PromptDocument {
    /// The largest file that is read, in bytes.
    public static let maximumByteCount = 256 << 20

    /// The most objects of one file.
    public static let maximumObjectCount = 100_000

    /// The most prompts of all objects of one file together.
    public static let maximumPromptCount = 1_000_000

    /// The most points and corners of all objects of one file together.
    public static let maximumPositionCount = 20_000_000

    /// The most rows of pixels that the edges of all outlines of one file cross together.
    ///
    /// What an outline costs to fill; an outline of a million corners that goes up and down across the
    /// whole image is nothing that anybody has drawn.
    public static let maximumRowCount = 500_000_000

    /// Reads the JSON form.
    ///
    /// Objects are decoded one after the other, so a long list needs little more memory than what it holds.
    ///
    /// - Parameters:
    ///   - json: The bytes of the file.
    ///   - file: Its name, for messages.
    ///   - joinsPlanes: Whether objects of the same number may lie in different planes.
    /// - Throws: ``PromptError`` that names the key and what stands there.
    public init(
        json: Data,
        file: String,
        joinsPlanes: Bool = false
    ) throws(PromptError) {
        guard json.count <= Self.maximumByteCount else { throw .tooLarge(json.count, file: file) }
        let text = try PromptText(json, file: file)
        self = try text.decoded(PromptDocument.self, from: text.header, at: [])
        struct Key: Hashable {
            let id: UInt32
            let place: ObjectPlace?
        }
        var seen = Set(objects.map { Key(id: $0.id, place: joinsPlanes ? $0.place : nil) })
        objects.reserveCapacity(text.objects.count)
        for (index, range) in text.objects.enumerated() {
            let place: [any CodingKey] = [PlaceKey(name: "objects"), PlaceKey(index: index)]
            let object = try text.decoded(
                PromptedObject.self,
                from: Data(text.bytes[range]),
                at: place
            )
            let key = Key(id: object.id, place: joinsPlanes ? object.place : nil)
            guard seen.insert(key).inserted else {
                throw PromptError(
                    .badValue,
                    file: file,
                    place: "objects",
                    "two objects have the id \(object.id)"
                        + (joinsPlanes ? " and lie on \(object.place)" : ""),
                    advice: PromptText.advice
                )
            }
            objects.append(object)
        }
        var counts = text.counts
        for case .polygon(let outline) in objects.lazy.flatMap(\.prompts) {
            counts.addRows(of: outline)
        }
        try counts.check(file)
    }

    /// The JSON form, indented, with sorted keys.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

/// A text in the JSON form, cut into its objects and the rest.
private struct PromptText {
    static let advice = "see docs/prompts.md for the form"

    let bytes: [UInt8]
    let file: String

    /// The text without its objects.
    private(set) var header = Data("{".utf8)

    /// Where the objects stand.
    private(set) var objects: [Range<Int>] = []

    /// What they hold.
    private(set) var counts = PromptCounts()

    /// The members beside the objects that are used; others are passed over.
    private static let headerNames: Set<String> = [
        "format", "version", "image", "options", "objects",
    ]

    /// More bytes of one of them are no header.
    private static let maximumHeaderBytes = 1 << 20

    init(_ json: Data, file: String) throws(PromptError) {
        bytes = Array(json)
        self.file = file
        do {
            try cut()
        } catch let error as PromptError {
            throw error
        } catch let error as JSONError {
            let line = bytes.prefix(error.position).count { $0 == UInt8(ascii: "\n") } + 1
            throw PromptError(
                .malformed,
                file: file,
                place: "line \(line)",
                "this is not JSON: \(error.problem)",
                advice: Self.advice
            )
        } catch {
            throw PromptError(.malformed, file: file, "this is not JSON", advice: Self.advice)
        }
    }

    private mutating func cut() throws {
        var reader = JSONReader(bytes)
        guard reader.kind() == .object else {
            header = Data(bytes.prefix(Self.maximumHeaderBytes))
            return
        }
        try reader.eachMember { reader, name in
            guard Self.headerNames.contains(name) else {
                try reader.skipValue()
                return
            }
            let isList = reader.kind() == .array
            header.append(contentsOf: (JSONValue.string(name).text + ":").utf8)
            guard name == "objects", isList else {
                let start = reader.position
                try reader.skipValue()
                let range = start..<reader.position
                guard range.count <= Self.maximumHeaderBytes else {
                    throw PromptError.tooLarge(range.count, file: file)
                }
                header.append(contentsOf: bytes[range])
                header.append(UInt8(ascii: ","))
                return
            }
            try reader.eachElement { try cutObject(&$0) }
            header.append(contentsOf: "[],".utf8)
        }
        try reader.finish()
        if header.last == UInt8(ascii: ",") { header.removeLast() }
        header.append(UInt8(ascii: "}"))
    }

    /// Notes where an object stands, and how much it holds.
    private mutating func cutObject(_ reader: inout JSONReader) throws {
        let kind = reader.kind()
        let start = reader.position
        var (prompts, values) = (0, 0)
        if kind == .object {
            try reader.eachMember { reader, name in
                guard name == "prompts", reader.kind() == .array else {
                    values += try reader.skipValue()
                    return
                }
                try reader.eachElement { reader in
                    prompts += 1
                    values += try reader.skipValue()
                }
            }
        } else {
            values = try reader.skipValue()
        }
        try PromptCounts.check(
            prompts: prompts,
            positions: values / 2,
            of: "objects[\(objects.count)]",
            file: file
        )
        objects.append(start..<reader.position)
        counts.objects += 1
        counts.prompts += prompts
        counts.positions += values / 2
        try counts.check(file)
    }

    func decoded<Value: Decodable>(
        _ type: Value.Type,
        from json: Data,
        at prefix: [any CodingKey]
    ) throws(PromptError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: json)
        } catch let error as DecodingError {
            throw PromptError(error, in: json, at: prefix, file: file)
        } catch {
            throw PromptError(
                .malformed,
                file: file,
                "this is not JSON: \(error)",
                advice: Self.advice
            )
        }
    }
}

/// A place on the way to a value.
private struct PlaceKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(name: String) { (stringValue, intValue) = (name, nil) }
    init(index: Int) { (stringValue, intValue) = ("\(index)", index) }
    init?(stringValue: String) { self.init(name: stringValue) }
    init?(intValue: Int) { self.init(index: intValue) }
}

extension PromptError {
    static func tooLarge(_ count: Int, file: String) -> PromptError {
        PromptError(
            .tooLarge,
            file: file,
            "\(count) bytes of prompts",
            advice: "split the file; \(PromptDocument.maximumByteCount) bytes are read at most"
        )
    }

    /// What the decoder found in a part of a file, with the key and the value.
    fileprivate init(
        _ error: DecodingError,
        in json: Data,
        at prefix: [any CodingKey],
        file: String
    ) {
        let advice = PromptText.advice
        switch error {
        case .keyNotFound(let key, let context):
            self.init(
                .missing,
                file: file,
                place: Self.place(prefix + context.codingPath),
                "the key '\(key.stringValue)' is missing",
                advice: advice
            )
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self.init(
                .badValue,
                file: file,
                place: Self.place(prefix + context.codingPath),
                value: Self.value(at: context.codingPath, in: json),
                Self.sentence(context.debugDescription),
                advice: advice
            )
        case .dataCorrupted(let context):
            let syntax = context.codingPath.isEmpty ? Self.syntaxError(in: json) : nil
            self.init(
                syntax == nil ? .badValue : .malformed,
                file: file,
                place: Self.place(prefix + context.codingPath),
                value: syntax == nil ? Self.value(at: context.codingPath, in: json) : nil,
                syntax ?? Self.sentence(context.debugDescription),
                advice: advice
            )
        @unknown default:
            self.init(.malformed, file: file, "this form of JSON is not known", advice: advice)
        }
    }

    /// A path such as `objects[2].prompts[0].x`.
    private static func place(_ path: [any CodingKey]) -> String? {
        let text = path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return text.isEmpty ? nil : text
    }

    /// What stands at a place; read once more because the decoder does not tell.
    private static func value(at path: [any CodingKey], in json: Data) -> String? {
        guard json.count <= maximumBytesToSearch,
            var value = try? JSONSerialization.jsonObject(with: json)
        else { return nil }
        for key in path {
            if let index = key.intValue, let list = value as? [Any], list.indices.contains(index) {
                value = list[index]
            } else if let entries = value as? [String: Any], let entry = entries[key.stringValue] {
                value = entry
            } else {
                return nil
            }
        }
        switch value {
        case let text as String: return "'\(text)'"
        case let number as NSNumber: return "\(number)"
        case is NSNull: return "null"
        case is [Any]: return "a list"
        default: return "an object"
        }
    }

    /// Larger texts are not read once more for the sake of a message.
    private static let maximumBytesToSearch = 1 << 20

    /// What breaks the rules of JSON, with line and column; nil if nothing does.
    private static func syntaxError(in json: Data) -> String? {
        guard json.count <= maximumBytesToSearch else { return nil }
        do {
            _ = try JSONSerialization.jsonObject(with: json, options: .fragmentsAllowed)
            return nil
        } catch {
            let reason = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
            return "this is not JSON: " + sentence(reason ?? "\(error)")
        }
    }

    private static func sentence(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}
