public import Prompting

/// Why results cannot be named or placed as asked for.
public enum OutputPlanError: Error, Hashable, Sendable {
    /// The name of the output is empty.
    case emptyName
    /// The name of the output is that of a form that holds no labels.
    case noLabelFormat(output: String)
    /// The output is a file, but several results need a folder.
    case fileInPlaceOfFolder(output: String)
    /// Several images were to go to one file.
    case severalImages(count: Int, output: String)
    /// The name of the output is that of another form than those asked for.
    case otherFormat(output: String, named: ResultKind, wanted: [ResultKind])
    /// Meshes were asked for, but not objects of volumes.
    case noVolume(ResultKind)
    /// Two images would have the same result.
    case sameResult(first: String, second: String, result: String)
    /// A result would replace one of the images.
    case replacedImage(result: String, image: String)
    /// A result would replace a folder that holds something else than labels.
    case replacedContainer(result: String)
    /// A single result would replace what it is made from.
    case isInput(output: String, input: String)
    /// A folder cannot be made because a file is in its way.
    case blockedFolder(folder: String, file: String)
    /// A folder cannot be written to.
    case lockedFolder(folder: String)
    /// The system refused to make a folder.
    case unmadeFolder(folder: String)
    /// A folder has the name of a result.
    case folderInPlaceOfFile(output: String)
    /// A result is there already, and was not to be replaced.
    case existing(output: String)

    /// A result is there already, of another image.
    case ofOtherImage(result: String, image: String)

    /// Whether the request contradicts itself, whatever lies on the disk.
    public var isMisuse: Bool {
        switch self {
        case .emptyName, .noLabelFormat, .fileInPlaceOfFolder, .severalImages, .otherFormat,
            .noVolume:
            true
        default: false
        }
    }
}

extension OutputPlanError: CustomStringConvertible {
    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .emptyName:
            "the output has an empty name"
        case .noLabelFormat(let output):
            "label images are written as TIFF or OME-Zarr; "
                + "give a name that ends in .tif, or a folder, instead of '\(output)'"
        case .fileInPlaceOfFolder(let output):
            "the output '\(output)' is a file, but a folder is needed"
        case .severalImages(let count, let output):
            "\(count) images cannot go to one file; "
                + "give a folder as output instead of '\(output)'"
        case .otherFormat(let output, let named, let wanted):
            "the output '\(output)' is named as \(named.rawValue), but the formats asked for are "
                + wanted.map(\.rawValue).joined(separator: ",")
        case .noVolume(let kind):
            "meshes (\(kind.rawValue)) are surfaces of the objects of a volume; join the slices to a volume"
        case .sameResult(let first, let second, let result):
            "'\(first)' and '\(second)' would both be written to '\(result)'; "
                + "rename one, or segment them into different folders"
        case .replacedImage(let result, let image):
            "the result '\(result)' would replace the image '\(image)'; choose another output"
        case .replacedContainer(let result):
            "the result '\(result)' would replace a folder that holds no labels, but an image or "
                + "other files; choose another output, or move the folder away"
        case .isInput(let output, let input):
            "\(output): the result would replace the input '\(input)'; choose another name"
        case .blockedFolder(let folder, let file):
            "\(folder): no folder can be made here, because '\(file)' is a file"
        case .lockedFolder(let folder):
            "\(folder): the folder cannot be written to; "
                + "check its permissions or choose another output"
        case .unmadeFolder(let folder):
            "\(folder): the folder cannot be made; check permissions and space"
        case .folderInPlaceOfFile(let output):
            "\(output): a folder of this name exists"
        case .existing(let output):
            "\(output): the file exists"
        case .ofOtherImage(let result, let image):
            "\(result): the file holds the result of another image, \(image)"
        }
    }
}
