import Jobs
import Prompting

extension OutputPlanError: WordedError {
    var words: String {
        switch self {
        case .otherFormat(let output, let named, let wanted):
            "The output '\(output)' is named as \(named.rawValue), but --format asks for "
                + "\(wanted.map(\.rawValue).joined(separator: ","))."
        case .existing: "\(description); --force replaces it"
        default: isMisuse ? sentence : description
        }
    }
}

extension EmbeddingPlanError: WordedError {
    var words: String { isMisuse ? sentence : description }
}

extension ManifestError: WordedError {
    var words: String {
        if case .otherSettings = self { "\(description) with --force" } else { description }
    }
}

extension RerunError: WordedError {
    var words: String {
        switch self {
        case .unreadImage(let reason, folder: nil):
            "\(reason); name the folder it is in now with --images"
        default: description
        }
    }
}
