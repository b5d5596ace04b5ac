public import Foundation

extension PromptDocument {
    /// The largest file that is read, in bytes.
    public static let maximumByteCount = 256 << 20

    /// Reads the JSON form.
    ///
    /// - Parameters:
    ///   - json: The bytes of the file.
    ///   - file: Its name, for messages.
    /// - Throws: ``PromptError`` that names the key and what stands there.
    public init(json: Data, file: String) throws(PromptError) {
        guard json.count <= Self.maximumByteCount else { throw .tooLarge(json.count, file: file) }
        do {
            self = try JSONDecoder().decode(PromptDocument.self, from: json)
        } catch let error as DecodingError {
            throw PromptError(error, in: json, file: file)
        } catch {
            throw PromptError(
                .malformed,
                file: file,
                "this is no JSON: \(error)",
                advice: "see docs/prompts.md for the form"
            )
        }
    }

    /// The JSON form, indented, with sorted keys.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
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

    /// What the decoder found, with the key and the value.
    fileprivate init(_ error: DecodingError, in json: Data, file: String) {
        let advice = "see docs/prompts.md for the form"
        switch error {
        case .keyNotFound(let key, let context):
            self.init(
                .missing,
                file: file,
                place: Self.place(context.codingPath),
                "the key '\(key.stringValue)' is missing",
                advice: advice
            )
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self.init(
                .badValue,
                file: file,
                place: Self.place(context.codingPath),
                value: Self.value(at: context.codingPath, in: json),
                Self.sentence(context.debugDescription),
                advice: advice
            )
        case .dataCorrupted(let context):
            let syntax = context.codingPath.isEmpty ? Self.syntaxError(in: json) : nil
            self.init(
                syntax == nil ? .badValue : .malformed,
                file: file,
                place: Self.place(context.codingPath),
                value: syntax == nil ? Self.value(at: context.codingPath, in: json) : nil,
                syntax ?? Self.sentence(context.debugDescription),
                advice: advice
            )
        @unknown default:
            self.init(.malformed, file: file, "this is no JSON that is known", advice: advice)
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
        guard var value = try? JSONSerialization.jsonObject(with: json) else { return nil }
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

    /// What breaks the rules of JSON, with line and column; nil if nothing does.
    private static func syntaxError(in json: Data) -> String? {
        do {
            _ = try JSONSerialization.jsonObject(with: json, options: .fragmentsAllowed)
            return nil
        } catch {
            let reason = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
            return "this is no JSON: " + sentence(reason ?? "\(error)")
        }
    }

    private static func sentence(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}
