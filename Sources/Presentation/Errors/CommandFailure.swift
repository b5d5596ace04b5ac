import Jobs

/// A failure that a command explains itself.
public struct CommandFailure: Error, CustomStringConvertible, Sendable {
    /// What went wrong, and what to do about it.
    public let description: String

    /// Describes a failure.
    public init(_ description: String) { self.description = description }
}

/// What an error says to the user, on one line wherever it comes from.
public func describe(_ error: any Error) -> String {
    guard let worded = error as? any WordedError else { return ErrorText.line(error) }
    return ErrorText.oneLine(worded.words)
}

/// What an error says to the user, with the names of files as the user wrote them.
public func describe(_ error: any Error, naming paths: [String]) -> String {
    ErrorText.naming(paths, in: describe(error))
}
