import Files

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
            return result + (try JSONDifference.all(old, new).map(\.description))
        }
    }
}
