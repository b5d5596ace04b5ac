public import Prompting

/// What a batch tells while it works.
public enum BatchEvent: Sendable {
    /// A step of one image began.
    case began(WorkStage, item: Int)
    /// Something that was decided for an image, and that the user may want otherwise.
    case decided(WorkDecision, item: Int)
    /// So many parts of the present step are done, of so many.
    case advanced(item: Int, done: Int, of: Int)
    /// The work on one image ended, well or not.
    case finished(FileReport)
    /// The model cannot be used: no image can be segmented.
    case modelFailed(String)
}

/// What became of one image.
@dynamicMemberLookup
public struct FileReport: Hashable, Sendable {
    /// The image.
    public let input: String

    /// All results; empty if there is none.
    public let outputs: [String]

    /// The picture with contours; nil if there is none.
    public let overlay: String?

    /// How it ended.
    public let outcome: ImageOutcome

    init(_ item: BatchItem, _ outcome: ImageOutcome) {
        let hasResults = outcome.status != .failed
        input = item.input
        outputs = hasResults ? item.results.map(\.path) : []
        overlay = hasResults ? item.overlay : nil
        self.outcome = outcome
    }

    /// The first result, by default the label image; nil if there is none.
    public var output: String? { outputs.first }

    /// A part of ``outcome``.
    public subscript<Value>(dynamicMember part: KeyPath<ImageOutcome, Value>) -> Value {
        outcome[keyPath: part]
    }
}

extension FileReport: Encodable {
    private enum CodingKeys: String, CodingKey { case input, output, outputs, overlay }

    /// The parts of the outcome stand beside the names of the files.
    public func encode(to encoder: any Encoder) throws {
        try outcome.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(input, forKey: .input)
        try container.encodeIfPresent(output, forKey: .output)
        try container.encode(outputs, forKey: .outputs)
        try container.encodeIfPresent(overlay, forKey: .overlay)
    }
}
