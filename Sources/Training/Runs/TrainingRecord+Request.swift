import Files
import Foundation

extension TrainingRecord {
    /// What was asked for, by which a run is recognised when it goes on.
    public struct Request: Codable, Hashable, Sendable {
        /// All image files, from the root.
        public var images: [String] = []
        /// All label files.
        public var labels: [String] = []
        /// Image files for validation.
        public var validationImages: [String] = []
        /// Label files for validation.
        public var validationLabels: [String] = []
        /// The text of the recipe, if there is one.
        public var recipe: String?
        /// The hash of the start model.
        public var modelHash: String
        /// The hash of its own decoder file.
        public var decoderHash: String?
        /// The preset.
        public var preset: TrainingPreset
        /// What the user decided, without limits.
        public var choices: TrainingChoices

        /// What differs in another request, a few words each; what may differ is left out.
        func changes(in other: Request) throws -> [String] {
            func lists(_ name: String, _ old: [String], _ new: [String]) -> [String] {
                guard old != new else { return [] }
                return [
                    old.count == new.count
                        ? "other \(name)" : "\(name): \(old.count) files, now \(new.count)"
                ]
            }
            var result =
                lists("images", images, other.images) + lists("labels", labels, other.labels)
                + lists("validation images", validationImages, other.validationImages)
                + lists("validation labels", validationLabels, other.validationLabels)
            if recipe != other.recipe { result.append("another recipe") }
            if modelHash != other.modelHash || decoderHash != other.decoderHash {
                result.append("another start model")
            }
            if preset != other.preset {
                result.append("preset: \(preset.rawValue), now \(other.preset.rawValue)")
            }
            var (old, new) = (choices, other.choices)
            old.limits = TrainingChoices.Limits()
            new.limits = old.limits
            return result + (try ValueDifferences.texts(old, new))
        }
    }
}

/// What differs between two values of a type, by their names in JSON.
private enum ValueDifferences {
    /// Such as `seed: 0, now 5`.
    static func texts(_ old: some Encodable, _ new: some Encodable) throws -> [String] {
        let (old, new) = (try flattened(old), try flattened(new))
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            let (before, after) = (old[key] ?? "none", new[key] ?? "none")
            return before == after ? nil : "\(key): \(before), now \(after)"
        }
    }

    /// The values of nested objects by their paths.
    private static func flattened(_ value: some Encodable) throws -> [String: String] {
        let data = Data(try JSONText.encodeLine(value).utf8)
        let json = try JSONSerialization.jsonObject(with: data)
        var result: [String: String] = [:]
        func add(_ json: Any, _ path: String) {
            switch json {
            case let object as [String: Any]:
                for (key, value) in object { add(value, path.isEmpty ? key : "\(path).\(key)") }
            case let list as [Any]:
                result[path] = list.map { "\($0)" }.joined(separator: ",")
            default:
                result[path] = "\(json)"
            }
        }
        add(json, "")
        return result
    }
}
