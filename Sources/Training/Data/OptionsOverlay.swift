import Files
import Foundation

/// Options of which a file gives only some values; the others keep their defaults.
enum OptionsOverlay {
    /// The defaults with the values of a JSON object put in their place.
    ///
    /// - Parameter path: Where in the file the object is, for messages.
    /// - Throws: ``TrainingRecipeError`` for a name that is no option, or a value of the wrong type.
    static func options<Options: Codable>(
        _ defaults: Options,
        changedBy changes: [String: Any],
        at path: String
    ) throws -> Options {
        let start = try object(defaults)
        let merged = merge(start, changes)
        let options: Options
        do {
            options = try JSONText.decode(
                Options.self,
                from: JSONSerialization.data(withJSONObject: merged),
                keys: .asDeclared
            )
        } catch let error as DecodingError {
            throw TrainingRecipeError(path: path, reason: reason(error))
        }
        // What the options do not know is gone when they are written again.
        if let name = unknown(in: changes, known: try object(options), "") {
            throw TrainingRecipeError(
                path: path,
                reason: "there is no option '\(name)'; the options are "
                    + start.keys.sorted().joined(separator: ", ")
            )
        }
        return options
    }

    private static func object(_ value: some Encodable) throws -> [String: Any] {
        let text = try JSONText.encodeLine(value, keys: .asDeclared)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return object as? [String: Any] ?? [:]
    }

    private static func merge(_ base: [String: Any], _ changes: [String: Any]) -> [String: Any] {
        base.merging(changes) { old, new in
            guard let old = old as? [String: Any], let new = new as? [String: Any] else {
                return new
            }
            return merge(old, new)
        }
    }

    private static func unknown(
        in changes: [String: Any],
        known: [String: Any],
        _ prefix: String
    ) -> String? {
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) where !(value is NSNull) {
            guard let counterpart = known[name] else { return prefix + name }
            if let value = value as? [String: Any],
                let found = unknown(
                    in: value,
                    known: counterpart as? [String: Any] ?? [:],
                    "\(prefix)\(name)."
                )
            {
                return found
            }
        }
        return nil
    }

    static func reason(_ error: DecodingError) -> String {
        func name(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
            return path.isEmpty ? "the value" : "'\(path.joined(separator: "."))'"
        }
        return switch error {
        case .typeMismatch(let type, let context): "\(name(context)) must be a \(type)"
        case .valueNotFound(_, let context): "\(name(context)) has no value"
        case .keyNotFound(let key, let context):
            "'\(key.stringValue)' is missing in \(name(context))"
        case .dataCorrupted(let context): "\(name(context)): \(context.debugDescription)"
        @unknown default: "it cannot be read"
        }
    }
}

/// What is wrong with a recipe file.
public struct TrainingRecipeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, and the place in it.
    public let path: String

    /// What is wrong there.
    public let reason: String

    /// One line for the user.
    public var description: String { "\(path): \(reason)" }
}
