import Files
import Tracking

/// Why a file of tracks could not be read or written: where, what was wrong, what to do.
public struct TrackFileError: Error, Hashable, Sendable {
    /// The kind of failure, for callers that decide by it.
    public enum Kind: String, Hashable, Sendable {
        /// The file or folder, or a part of it that must be there, is missing or may not be opened.
        case cannotOpen
        /// A table, a list or a description that is not what it should be, or contradicts itself.
        case damaged
        /// More than this library takes in.
        case tooLarge
        /// A valid file that uses something this library does not read.
        case unsupported
        /// A number of a track or an object that occurs twice.
        case usedTwice
        /// A link to something that does not exist.
        case unknownParent
        /// A link that does not go forward in time, also from something to itself.
        case notForward
        /// An object with several parents.
        case severalParents
        /// Label images and table do not fit together.
        case mismatch
        /// A frame that does not exist.
        case outOfRange
        /// The result could not be written.
        case cannotWrite
    }

    /// The kind of failure.
    public let kind: Kind

    /// The file or folder concerned, as the caller named it.
    public let path: String

    /// The line of a text file, from 1; nil where there is none.
    public let line: Int?

    /// What was wrong, with the values found; begins in lower case, without a final full stop.
    public let problem: String

    /// What the user can do about it; empty where nothing sensible can be said.
    public let advice: String

    /// Creates an error about one file.
    public init(
        _ kind: Kind,
        path: String,
        line: Int? = nil,
        _ problem: String,
        advice: String = ""
    ) {
        self.kind = kind
        self.path = path
        self.line = line
        self.problem = problem
        self.advice = advice
    }

    /// A failure to write.
    init(writing error: FileError) {
        self.init(.cannotWrite, path: error.path, error.problem, advice: error.advice)
    }
}

extension TrackFileError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        let place = line.map { "\(path), line \($0)" } ?? path
        return advice.isEmpty ? "\(place): \(problem)" : "\(place): \(problem); \(advice)"
    }
}

extension TrackFileError {
    /// A file whose content is no lineage.
    init(_ error: LineageError, path: String) {
        let kind: Kind =
            switch error {
            case .nodeExists, .labelInUse, .numberInUse, .trackTwice: .usedTwice
            case .unknownNode, .unknownDetection, .unknownParent: .unknownParent
            case .notForward, .parentNotBefore: .notForward
            case .hasParent: .severalParents
            case .objectWithoutTrack, .trackWithoutObject: .mismatch
            case .noNumberLeft: .tooLarge
            default: .damaged
            }
        let advice =
            switch error {
            case .hasParent:
                "an object comes from one other at most; merges of objects are not read"
            default: ""
            }
        self.init(kind, path: path, error.description, advice: advice)
    }
}
