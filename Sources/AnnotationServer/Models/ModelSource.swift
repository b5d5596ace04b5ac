public import Prompting

/// Where the server takes its models from.
public protocol ModelSource: Sendable {
    /// The models that there are, the one of the start among them.
    func choices() async throws -> [ModelChoice]

    /// Loads a model; this may download it.
    ///
    /// - Throws: An error whose description is a sentence for people.
    func load(_ name: String, _ work: Work) async throws -> any InteractiveSegmenter
}

/// A model that can be chosen.
public struct ModelChoice: Hashable, Codable, Sendable {
    /// The name by which it is loaded.
    public var name: String

    /// What people should know of it.
    public var words: String?

    /// Its score on images that were kept out of its training, 0...1, higher is better.
    public var score: Double?

    /// Describes a model.
    public init(name: String, words: String? = nil, score: Double? = nil) {
        self.name = name
        self.words = words
        self.score = score
    }
}
