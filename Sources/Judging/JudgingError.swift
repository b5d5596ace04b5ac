import Foundation

/// Why a model could not be judged.
public enum JudgingError: Error, Hashable, Sendable {
    /// What a folder of measurements holds.
    public enum Measurements: String, Hashable, Sendable {
        /// Judgements of images.
        case judgements
        /// Tables of a search for parameters.
        case search
    }

    /// There is no image to search with.
    case noImages
    /// An image with several slices or time points, of which a model sees one plane at a time.
    case imageIsStack(image: String, timePoints: Int, slices: Int)
    /// Pixels that cannot be stretched to 8 bits.
    case unusableImage(image: String, reason: String)
    /// Labels of several planes, which cannot be split into connected parts.
    case labelsAreStack(labels: String)
    /// Predicted labels of another shape than the annotated ones.
    case labelsDiffer(prediction: String, labels: String, reason: String)
    /// The folder for results cannot be made.
    case folderNotMade(folder: String)
    /// A file of results cannot be written.
    case notWritten(file: String)
    /// The folder holds measurements of another model or of other settings.
    case otherConditions(folder: String, Measurements)
    /// The folder holds measurements, but not what they depend on.
    case conditionsUnreadable(folder: String, Measurements)
    /// The parameters that a search found cannot be read.
    case parametersUnreadable(file: String)
    /// A file that does not hold the parameters that a search found.
    case noParameters(file: String)
    /// The list of data sets cannot be read.
    case listUnreadable(file: String)
    /// A file that is no list of data sets.
    case noList(file: String)
    /// A data set has a name that cannot be that of a folder.
    case nameUnusable(file: String, name: String)
    /// Two data sets of a list have the same name.
    case namesEqual(file: String)

    /// What helps.
    public enum Remedy: Hashable, Sendable {
        /// Name annotated images.
        case nameImages
        /// Store each plane in a file of its own.
        case storePlanes
        /// Check values that are not finite.
        case checkPixels
        /// Leave the splitting of labels out.
        case keepLabels
        /// Give the labels that belong together.
        case fitLabels
        /// Check space and permissions.
        case checkFolder
        /// Choose another folder, or replace what is there.
        case chooseFolderOrReplace
        /// Give a file of the kind that is expected, or mend it.
        case mendFile
    }

    /// The file or folder concerned, as the user named it; nil if it is none.
    public var file: String? {
        switch self {
        case .noImages: nil
        case .imageIsStack(let file, _, _), .unusableImage(let file, _), .labelsAreStack(let file),
            .labelsDiffer(let file, _, _), .folderNotMade(let file), .notWritten(let file),
            .otherConditions(let file, _), .conditionsUnreadable(let file, _),
            .parametersUnreadable(let file), .noParameters(let file), .listUnreadable(let file),
            .noList(let file), .nameUnusable(let file, _), .namesEqual(let file):
            file
        }
    }

    /// What helps.
    public var remedy: Remedy {
        switch self {
        case .noImages: .nameImages
        case .imageIsStack: .storePlanes
        case .unusableImage: .checkPixels
        case .labelsAreStack: .keepLabels
        case .labelsDiffer: .fitLabels
        case .folderNotMade, .notWritten: .checkFolder
        case .otherConditions, .conditionsUnreadable: .chooseFolderOrReplace
        case .parametersUnreadable, .noParameters, .listUnreadable, .noList, .nameUnusable,
            .namesEqual:
            .mendFile
        }
    }
}

extension JudgingError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        switch self {
        case .noImages: "there are no images to search with"
        case .imageIsStack(let image, let timePoints, let slices):
            "\(image): the image has \(timePoints) time points and \(slices) slices; models are "
                + "evaluated on single planes, so store each plane in its own file"
        case .unusableImage(let image, let reason): "\(image): \(reason)"
        case .labelsAreStack(let labels):
            "\(labels): only labels of single planes can be split into connected parts"
        case .labelsDiffer(let prediction, let labels, let reason):
            "\(prediction): does not fit the labels \(labels): \(reason)"
        case .folderNotMade(let folder): "\(folder): the folder for results cannot be made"
        case .notWritten(let file): "\(file): cannot be written; check space and permissions"
        case .otherConditions, .conditionsUnreadable:
            "\(problem ?? ""); choose another folder, or replace them"
        case .parametersUnreadable(let file): "\(file): the parameters cannot be read"
        case .noParameters(let file):
            "\(file): this is not a parameter file of a parameter search"
        case .listUnreadable(let file): "\(file): the list of data sets cannot be read"
        case .noList(let file):
            "\(file): this is not a list of data sets; expected JSON such as "
                + #"[{"name": "nuclei", "images": ["images"], "labels": ["labels"]}]"#
        case .nameUnusable(let file, let name):
            "\(file): '\(name)' cannot be the name of a data set"
        case .namesEqual(let file): "\(file): two data sets have the same name"
        }
    }

    /// What is wrong with a folder of measurements, without what helps; nil for every other error.
    public var problem: String? {
        switch self {
        case .otherConditions(let folder, let kind):
            "\(folder): the folder holds \(Self.other(kind)) (settings.json)"
        case .conditionsUnreadable(let folder, let kind):
            "\(folder): the folder holds \(Self.unknown(kind)) (settings.json)"
        default: nil
        }
    }

    /// Measurements that must not be mixed with others, as a noun.
    private static func other(_ kind: Measurements) -> String {
        switch kind {
        case .judgements: "results of another model or of other settings"
        case .search: "a search with another model or other settings"
        }
    }

    private static func unknown(_ kind: Measurements) -> String {
        switch kind {
        case .judgements: "results of an unknown model, because their settings cannot be read"
        case .search: "a search with an unknown model, because its settings cannot be read"
        }
    }
}
