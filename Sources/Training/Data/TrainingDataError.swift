/// What can be wrong with the images and labels of a training.
public enum TrainingDataError: Error, Hashable, Sendable {
    /// Intensities that cannot be used.
    case unusableImage(file: String, reason: String, advice: String)
    /// Channels that are stored separately, of which none was chosen.
    case separateChannels(file: String, count: Int)
    /// Intensities beyond 8 bits that are to stay as they are.
    case intensitiesOutOfRange(file: String, low: Float, high: Float)
    /// Labels that cannot be used.
    case unusableLabels(file: String, reason: String, advice: String)
    /// No patch with enough objects was found.
    case noObjects(file: String, attempts: Int, minimumSize: Int)
    /// All objects that were seen have fewer pixels than are asked for.
    case objectsTooSmall(file: String, count: Int, minimumSize: Int)
    /// No object in any label image.
    case allEmpty(files: Int, example: String)
    /// An option outside of its range.
    case invalidOption(name: String, reason: String)
}

extension TrainingDataError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        switch self {
        case .unusableImage(let file, let reason, let advice),
            .unusableLabels(let file, let reason, let advice):
            "\(file): \(reason); \(advice)"
        case .separateChannels: "\(problem ?? "")"
        case .intensitiesOutOfRange: "\(problem ?? ""); normalise the intensities"
        case .objectsTooSmall: "\(problem ?? ""); lower the minimum size, or check the labels"
        case .noObjects(let file, let attempts, let minimumSize):
            "\(file): none of \(attempts) random patches had an object of at least \(minimumSize) pixels "
                + "beside something else; leave out images without objects, take larger patches, or "
                + "lower the minimum size"
        case .allEmpty(let files, let example):
            "none of the \(files) label images, for example \(example), has an object: every pixel is 0. "
                + "Check that these are the labels, and which data set, channel or series is read"
        case .invalidOption(let name, let reason):
            "\(name): \(reason)"
        }
    }

    /// What is wrong, without what to do, where that depends on how options are given; else nil.
    public var problem: String? {
        switch self {
        case .separateChannels(let file, let count):
            "\(file): it has \(count) separate channels; choose one, or up to three as "
                + "colours, of 0...\(count - 1)"
        case .intensitiesOutOfRange(let file, let low, let high):
            "\(file): values reach from \(low) to \(high), but unchanged intensities must be in "
                + "0...255"
        case .objectsTooSmall(let file, let count, let minimumSize):
            "\(file): all \(count) objects seen have fewer than \(minimumSize) pixels"
        default: nil
        }
    }
}
