/// Why an image file could not be read or written: which file, what was wrong, what to do.
public struct ImageFormatError: Error, Hashable, Sendable {
    /// The kind of failure, for callers that decide by it.
    public enum Kind: String, Hashable, Sendable {
        /// The file is missing or may not be opened.
        case cannotOpen
        /// The content is of no format that is known here.
        case unknownFormat
        /// A valid file that uses something this library does not read.
        case unsupported
        /// The file ends early, contradicts itself or holds data that cannot be decoded.
        case damaged
        /// The file claims more pixels than its size makes believable, or than the limit allows.
        case tooLarge
        /// A plane, region, level, series or data set that the image does not have.
        case outOfRange
        /// The result could not be written: full disk, missing permission, failing device.
        case cannotWrite
        /// The pixels given to a writer do not fit the file.
        case invalidPixels
    }

    /// The kind of failure.
    public let kind: Kind

    /// The file concerned, as the caller named it.
    public let path: String

    /// What was wrong, with the values found; begins in lower case, without a final full stop.
    public let problem: String

    /// What the user can do about it; empty where nothing sensible can be said.
    public let advice: String

    /// Creates an error about one file.
    public init(_ kind: Kind, path: String, _ problem: String, advice: String = "") {
        self.kind = kind
        self.path = path
        self.problem = problem
        self.advice = advice
    }
}

extension ImageFormatError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        advice.isEmpty ? "\(path): \(problem)" : "\(path): \(problem); \(advice)"
    }
}
