/// Prompts that cannot be read: which file, where in it, what stands there, and what to write.
public struct PromptError: Error, Hashable, Sendable {
    /// What is wrong in general.
    public enum Kind: Hashable, Sendable {
        /// The text does not follow the rules of JSON or CSV.
        case malformed
        /// A key or a column is missing.
        case missing
        /// A value cannot be used.
        case badValue
        /// There is nothing in it.
        case empty
        /// The file is larger than any sensible list of prompts.
        case tooLarge
        /// Coordinates may be in another unit than pixels, which has to be said.
        case unitUnknown
        /// The file cannot be read, or is of no kind that is known.
        case unreadable
    }

    /// What is wrong in general.
    public let kind: Kind

    /// The file.
    public let file: String

    /// Where in the file: a line, a key such as `objects[2].prompts[0].x`, or a region of ImageJ.
    public let place: String?

    /// What stands there, shortened.
    public let value: String?

    /// What is wrong with it.
    public let problem: String

    /// What to do.
    public let advice: String

    /// Describes what is wrong.
    public init(
        _ kind: Kind,
        file: String,
        place: String? = nil,
        value: String? = nil,
        _ problem: String,
        advice: String
    ) {
        self.kind = kind
        self.file = file
        self.place = place
        self.value = value.map { $0.count > 80 ? $0.prefix(77) + "…" : $0 }
        self.problem = problem
        self.advice = advice
    }
}

extension PromptError: CustomStringConvertible {
    /// The message for the user.
    public var description: String {
        let place = place.map { ", \($0)" } ?? ""
        let value = value.map { " (found \($0))" } ?? ""
        return "\(file)\(place): \(problem)\(value); \(advice)"
    }
}
