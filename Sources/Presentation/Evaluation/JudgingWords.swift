public import ImageFormats
import Imaging
public import Judging

extension JudgingError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .otherConditions, .conditionsUnreadable:
            "\(problem ?? ""); choose another folder, or give --force\(forceEffect)"
        case .noParameters(let file):
            "\(file): this is not a parameter file of 'usam evaluate grid-search'"
        default: description
        }
    }

    private var forceEffect: String {
        switch self {
        case .otherConditions(_, .search): ""
        default: " to replace them"
        }
    }
}

extension DataSetError: WordedError {
    /// What the error says where a model is trained.
    public var words: String {
        switch self {
        case .channelsUndecided: "\(self) with --channels"
        case .planesTooNarrow, .labelsNotGrey: "\(self) with --axes"
        default: description
        }
    }

    /// What the error says where labels are scored.
    public var evaluationText: String {
        switch self {
        case .channelsUndecided(let image, let count):
            "\(image): the image has \(count) channels; choose one with --channel"
        case .channelsMissing(let image, let channels, let count) where channels.count == 1:
            "\(image): --channel \(channels[0]) does not exist; the image has \(count) channels, "
                + "counted from 0"
        case .labelsNotGrey(let labels, let channels, _) where channels > 1:
            "\(labels): a label image has one channel, but this has \(channels)"
        case .labelsNotGrey(let labels, _, let samples):
            "\(labels): a label image has one channel, but this one has \(samples); give the label image, "
                + "not a picture of it; if these are slices, name the axes with --axes zyx"
        case .shapesDiffer(let image, let imageAxes, let labels, let labelAxes):
            "\(labels): the labels have \(labelAxes.size) pixels\(labelAxes.depthText), but the image "
                + "\(image) has \(imageAxes.size); check that they belong together"
        default: words
        }
    }
}

extension ImageAxes {
    fileprivate var size: Size { Size(width: x, height: y) }

    fileprivate var depthText: String { t * z == 1 ? "" : " in \(t * z) slices" }
}

extension PromptedScore {
    /// What a table of scores has to explain.
    public static let note =
        "mSA, SA50 and SA75 count every connected part of a mask as an object, as micro-sam does; "
        + "the mean IoU compares whole masks."
}
