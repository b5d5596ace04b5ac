/// Why a finished result did not get its name.
public enum StagingError: Error, Hashable, Sendable {
    /// The system refused to rename the file.
    case unnamed(file: String, reason: String)
}

extension StagingError: CustomStringConvertible {
    /// What is wrong; one line.
    public var description: String {
        switch self {
        case .unnamed(let file, let reason): "\(file): cannot be written: \(reason)"
        }
    }
}
