/// Something in a project file that contradicts something else.
public struct ProjectProblem: Hashable, Codable, Sendable, CustomStringConvertible {
    /// What was found.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// SQLite finds its own structures damaged.
        case storage
        /// Labels or prompts that something refers to are missing, or are not what their hash says.
        case content
        /// An object's pixels, box or area differ from what is said of it.
        case object
        /// An edit does not fit the state that it was made on.
        case history
        /// The edits do not give the present state.
        case state
    }

    /// What was found.
    public let kind: Kind
    /// The image; nil where the whole file is concerned.
    public let image: Int64?
    /// What was found, in a sentence without a full stop.
    public let description: String

    init(_ kind: Kind, image: Int64? = nil, _ description: String) {
        self.kind = kind
        self.image = image
        self.description = description
    }
}
