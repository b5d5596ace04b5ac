public import ImageFormats
public import Prompting

extension PromptError: WordedError {
    /// What the command line says.
    public var words: String {
        kind == .unitUnknown ? "\(description) (--prompt-unit)" : description
    }
}

extension PromptPlaceError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .severalPlanes(_, let axis, _), .noneOnPlane(_, let axis, _, _):
            "\(description) (\(axis.option); --all-prompts uses all)"
        case .noSlice: description
        case .noSuchPlane, .imageIsNoStack: "\(description), or use all with --all-prompts"
        }
    }
}
