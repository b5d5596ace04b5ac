/// Why a file or folder could not be read or written: where, what was wrong, what to do.
public struct FileError: Error, Hashable, Sendable {
    /// The kind of failure, for callers that decide by it.
    public enum Kind: String, Hashable, Sendable {
        /// Nothing is there.
        case notFound
        /// It is there, but cannot be opened or read.
        case cannotRead
        /// It cannot be made, written or named: full disk, missing permission, failing device.
        case cannotWrite
        /// A folder lies where a file was to be written.
        case isFolder
        /// Another program has its lock.
        case isLocked
    }

    /// The kind of failure.
    public let kind: Kind

    /// The file or folder concerned, as the caller named it.
    public let path: String

    /// What was wrong; begins in lower case, without a final full stop.
    public let problem: String

    /// What the user can do about it; empty where nothing sensible can be said.
    public let advice: String

    /// The cause alone, often in the words of the system, for callers that word the problem themselves.
    public let reason: String

    /// Creates an error about one file or folder.
    ///
    /// - Parameter reason: The cause alone; the whole problem if nil.
    public init(
        _ kind: Kind,
        path: String,
        _ problem: String,
        advice: String = "",
        reason: String? = nil
    ) {
        self.kind = kind
        self.path = path
        self.problem = problem
        self.advice = advice
        self.reason = reason ?? problem
    }
}

extension FileError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        advice.isEmpty ? "\(path): \(problem)" : "\(path): \(problem); \(advice)"
    }
}

extension FileError {
    /// A failure to write, with the number that the system gave it (`errno`).
    public static func cannotWrite(_ path: String, code: Int32) -> FileError {
        let reason = SystemMessage.text(of: code)
        return FileError(
            .cannotWrite,
            path: path,
            "cannot be written: \(reason.lowercased())",
            advice: "check free space and the permissions of the folder",
            reason: reason
        )
    }

    /// A failure to read, with the number that the system gave it (`errno`).
    public static func cannotRead(_ path: String, code: Int32) -> FileError {
        let reason = SystemMessage.text(of: code)
        return FileError(
            .cannotRead,
            path: path,
            "cannot be read: \(reason.lowercased())",
            advice: "check its permissions",
            reason: reason
        )
    }

    /// A folder that cannot be listed.
    public static func cannotList(_ folder: String) -> FileError {
        FileError(
            .cannotRead,
            path: folder,
            "the folder cannot be read",
            advice: "check its permissions"
        )
    }
}
