/// How the results of two runs compare.
public struct RunComparison: Encodable, Sendable {
    /// How the results of an image compare.
    public enum Outcome: String, Encodable, Sendable {
        /// Byte by byte equal.
        case identical
        /// At least one file differs.
        case different
        /// The first run had a result, the second has none.
        case missing
        /// The first run had no result, the second has one.
        case new
        /// Neither has a result.
        case failedAgain = "failed_again"
    }

    /// An image.
    public struct Image: Encodable, Sendable {
        /// The file.
        public let input: String
        /// How its results compare.
        public let outcome: Outcome
        /// The results of the second run that are not those of the first.
        public let differing: [String]
    }

    /// The manifest of the first run.
    public let manifest: String

    /// The images of both runs.
    public internal(set) var images: [Image] = []

    /// Why images could not be compared.
    public var problems: [String] = []

    init(manifest: String) { self.manifest = manifest }

    /// Whether nothing differs.
    public var isEqual: Bool {
        images.allSatisfy { [.identical, .failedAgain].contains($0.outcome) }
    }
}
