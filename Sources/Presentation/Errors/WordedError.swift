import Jobs

/// An error of a library that has words of its own on the command line, such as the names of options.
public protocol WordedError: Error {
    /// What is said to the user.
    var words: String { get }

    /// Whether the command was not understood, which has an exit status of its own.
    var isMisuse: Bool { get }
}

extension WordedError {
    /// False: most errors are failures.
    public var isMisuse: Bool { false }
}

extension WordedError where Self: CustomStringConvertible {
    /// A description as the sentence that misuse is answered with.
    public var sentence: String {
        description.prefix(1).uppercased() + description.dropFirst() + "."
    }
}
