import Files
public import Prompting

/// What looks odd about a training, but does not prevent it.
///
/// In a file it is its ``description``, so that people can read it; what is read back is a ``note(_:)``.
public indirect enum TrainingWarning: Hashable, Sendable {
    /// The names of images and labels have nothing in common; `image` and `labels` are one of the pairs.
    case pairedByOrder(image: String, labels: String)
    /// The labels look like classes instead of objects: many separate `parts` carry few `labels`.
    case looksLikeClasses(parts: Int, labels: Int, planes: Int, largestLabel: UInt32)
    /// Label images without an object, of so many that were looked at.
    case withoutObjects(Int, of: Int, example: String)
    /// Images with the same value everywhere, of so many that were looked at.
    case constant(Int, of: Int, example: String)
    /// Most objects have fewer pixels than are asked for, and become background.
    case smallObjects(Int, of: Int, minimumSize: Int)
    /// Crops have another side than the networks' input, and are resized a second time.
    case resizedTwice(frameSide: Int)
    /// The parameters of automatic segmentation could not be searched for.
    case defaultParameters(reason: String)
    /// The report has no pictures.
    case noPictures(reason: String)
    /// What a reader noticed about a file, and about so many others.
    case file(FileNote, others: Int)
    /// Anything else, in a sentence.
    case note(String)
    /// The same of the validation data.
    case validation(TrainingWarning)
}

extension TrainingWarning: CustomStringConvertible {
    /// A sentence that begins in lower case, without a final full stop.
    public var description: String {
        switch self {
        case .pairedByOrder(let image, let labels):
            "images and labels have no names in common and are paired by their order, for example "
                + "\(image) with \(labels)"
        case .looksLikeClasses:
            "\(finding); confirm this if it is intended, or number each object"
        case .withoutObjects(let count, let planes, let example):
            "\(count) of \(planes) label images have no object, for example \(example); no patches are "
                + "taken from them"
        case .constant(let count, let planes, let example):
            "\(count) of \(planes) images have the same value everywhere, for example \(example)"
        case .smallObjects:
            "\(finding); a lower minimum size changes that"
        case .resizedTwice(let side):
            "'frameSide' in 'training' is \(side), but 'cropSide' in 'sampling' differs: crops are "
                + "resized a second time, so objects have a different size than in segmentation"
        case .defaultParameters(let reason):
            "the parameters of automatic segmentation are the defaults: \(reason)"
        case .noPictures(let reason): "the report has no pictures: \(reason)"
        case .file(let note, let others):
            others == 0
                ? "\(note)" : "\(note); the same for \(Wording.count(others, "other file"))"
        case .note(let text): text
        case .validation(let warning): "validation: \(warning)"
        }
    }

    /// What was found, without what to do about it; for words of a user interface's own.
    public var finding: String {
        switch self {
        case .looksLikeClasses(let parts, let labels, let planes, let largest):
            "the labels look like classes instead of objects: \(parts) separate objects carry only "
                + "\(labels) different labels in \(planes) planes (largest label \(largest)). They are "
                + "split into connected components, so objects that touch become one"
        case .smallObjects(let count, let all, let minimumSize):
            "\(count) of \(all) objects have fewer than \(minimumSize) pixels and become background"
        default: description
        }
    }
}

extension TrainingWarning: Codable {
    /// Reads a sentence.
    public init(from decoder: any Decoder) throws {
        self = .note(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the sentence.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
