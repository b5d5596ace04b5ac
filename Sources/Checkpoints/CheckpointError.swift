public import Foundation

/// What can go wrong with a file of weights: reading, understanding or writing it.
///
/// Every case carries the file, and where it applies the key, what was expected and what was found.
/// ``description`` says all of this in one sentence and adds what to do.
public enum CheckpointError: Error, Hashable, Sendable {
    /// The file cannot be opened, mapped or read.
    case unreadable(file: String, reason: String)
    /// The file ends before the data that it announces.
    case truncated(file: String, what: String, needed: Int, available: Int)
    /// The file breaks the rules of its format.
    case malformed(file: String, what: String)
    /// The file is well formed, but uses something that is not supported.
    case unsupported(file: String, what: String, advice: String)
    /// A Python class or function stands where weights are needed; it is never executed.
    case refusedGlobal(file: String, key: String, global: String)
    /// A bound on memory or size is exceeded.
    case limitExceeded(file: String, what: String, limit: Int, found: Int)
    /// An entry that must be there is not.
    case missingKey(file: String, key: String, advice: String)
    /// Entries are there that nothing asked for.
    case unexpectedKeys(file: String, keys: [String])
    /// A tensor has another shape than the model needs.
    case shapeMismatch(file: String, key: String, expected: [Int], found: [Int])
    /// A tensor has an element type that cannot be used at this place.
    case typeMismatch(file: String, key: String, expected: String, found: String)
    /// The file cannot be written.
    case unwritable(file: String, reason: String)
}

extension CheckpointError: CustomStringConvertible {
    /// One sentence for the user: which file, which key, what was expected and found, what to do.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file): cannot be read: \(reason)."
        case .truncated(let file, let what, let needed, let available):
            "\(file): the file is cut off: \(what) needs \(needed) bytes, but \(available) are there. "
                + "Download or copy it again."
        case .malformed(let file, let what):
            "\(file): not a valid checkpoint: \(what). The file may be damaged; download or copy it again."
        case .unsupported(let file, let what, let advice):
            "\(file): \(what) is not supported. \(advice)"
        case .refusedGlobal(let file, let key, let global):
            "\(file): '\(key)' is a Python object of '\(global)', which is not among the objects that can be "
                + "loaded. Nothing was executed. Save the plain state_dict() and load that file."
        case .limitExceeded(let file, let what, let limit, let found):
            "\(file): \(what) is \(found), more than the limit of \(limit); the file is refused to "
                + "protect the memory of this machine."
        case .missingKey(let file, let key, let advice):
            "\(file): there is no '\(key)'. \(advice)"
        case .unexpectedKeys(let file, let keys):
            "\(file): \(keys.count) entries belong to no part of the model, for example "
                + "\(keys.prefix(3).map { "'\($0)'" }.joined(separator: ", ")). "
                + "Check that the file fits the model type."
        case .shapeMismatch(let file, let key, let expected, let found):
            "\(file): '\(key)' has shape \(found), but the model needs \(expected). "
                + "Check that the file fits the model type."
        case .typeMismatch(let file, let key, let expected, let found):
            "\(file): '\(key)' holds \(found), but \(expected) is needed here."
        case .unwritable(let file, let reason):
            "\(file): cannot be written: \(reason)."
        }
    }
}

extension CheckpointError: LocalizedError {
    /// The same text as ``description``.
    public var errorDescription: String? { description }
}
