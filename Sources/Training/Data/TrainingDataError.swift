/// What can be wrong with the images and labels of a training.
public enum TrainingDataError: Error, Hashable, Sendable {
    /// Intensities that can not be used.
    case unusableImage(file: String, reason: String, advice: String)
    /// Labels that can not be used.
    case unusableLabels(file: String, reason: String, advice: String)
    /// No patch with enough objects was found.
    case noObjects(file: String, attempts: Int, minimumSize: Int)
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
}
