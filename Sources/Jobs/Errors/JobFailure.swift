/// A failure that explains itself in one sentence.
public struct JobFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, and what to do about it.
    public let message: String

    /// Wraps a sentence.
    public init(_ message: String) { self.message = message }

    /// The sentence.
    public var description: String { message }
}
