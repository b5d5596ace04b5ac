/// Why the annotator cannot do what was asked for.
public enum AnnotatorError: Error, Hashable, Sendable {
    /// None of the images can be opened, and the project has none.
    case noImages
    /// The program that trains or measures failed.
    case programFailed(reason: String)
}

extension AnnotatorError: CustomStringConvertible {
    /// What is wrong.
    public var description: String {
        switch self {
        case .noImages: "there is no image that can be opened"
        case .programFailed(let reason): reason
        }
    }
}
