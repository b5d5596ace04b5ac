/// What can go wrong with a zip archive: which file, what was expected and found, what to do.
public enum ZipError: Error, Hashable, Sendable {
    /// The archive ends before what it announces.
    case truncated(file: String, what: String, needed: Int, available: Int)
    /// The archive breaks the rules of the format.
    case malformed(file: String, what: String)
    /// An entry is encrypted.
    case encrypted(file: String, entry: String)
    /// An entry is compressed in a way that is not read here.
    case unknownMethod(file: String, entry: String, method: Int)
    /// A bound on memory or size is exceeded.
    case limitExceeded(file: String, what: String, limit: Int, found: Int)
    /// The archive cannot be read or written at all.
    case file(FileError)

    /// The archive, as the caller named it.
    public var path: String {
        switch self {
        case .truncated(let file, _, _, _), .malformed(let file, _), .encrypted(let file, _),
            .unknownMethod(let file, _, _), .limitExceeded(let file, _, _, _):
            file
        case .file(let error): error.path
        }
    }

    /// What was wrong, with the values found; begins in lower case, without a final full stop.
    public var problem: String {
        switch self {
        case .truncated(_, let what, let needed, let available):
            "the archive is cut off: \(what) needs \(needed) bytes, but \(available) are there"
        case .malformed(_, let what): what
        case .encrypted(_, let entry): "'\(entry)' is encrypted"
        case .unknownMethod(_, let entry, let method):
            "compression method \(method) of '\(entry)' is not supported"
        case .limitExceeded(_, let what, let limit, let found):
            "\(what) is \(found), more than the limit of \(limit)"
        case .file(let error): error.problem
        }
    }

    /// What the user can do about it; empty where nothing sensible can be said.
    public var advice: String {
        switch self {
        case .truncated, .malformed: "download or copy it again"
        case .encrypted: "unpack it and zip the files again without a password"
        case .unknownMethod: "zip the files without compression"
        case .limitExceeded: ""
        case .file(let error): error.advice
        }
    }
}

extension ZipError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        advice.isEmpty ? "\(path): \(problem)" : "\(path): \(problem); \(advice)"
    }
}
