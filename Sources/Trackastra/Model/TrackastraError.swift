public import Checkpoints
public import Files
public import Imaging
public import Torch
public import TorchNN
public import Tracking

/// Why a model of Trackastra cannot be used, or a movie not be linked with it.
public enum TrackastraError: Error, Sendable {
    /// A folder or an archive lacks a file of a model.
    case missingFile(String, place: String)

    /// A file of settings holds what cannot be used.
    case invalidConfiguration(file: String, problem: String)

    /// The model needs features that are not computed here.
    case unknownFeatures(String, file: String)

    /// The model is made for volumes.
    case volumes(file: String)

    /// A file cannot be read.
    case file(FileError)

    /// The archive cannot be read.
    case archive(ZipError)

    /// The weights cannot be read.
    case checkpoint(CheckpointError)

    /// The weights do not fit the settings.
    case parameters(ParameterError)

    /// libtorch failed.
    case tensor(TensorError)

    /// A frame has colours or several channels.
    case severalChannels(frame: Int, channels: Int)

    /// A frame has another size than its labels, or than the frames before.
    case sizeMismatch(frame: Int, expected: Size, found: Size)

    /// The integer programme was not solved.
    case solver(SolverError)
}

extension TrackastraError: CustomStringConvertible {
    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missingFile(let name, let place):
            "\(place) has no \(name). A model of Trackastra is a folder, or a zip of one, with config.yaml, train_config.yaml and model.pt"
        case .invalidConfiguration(let file, let problem):
            "\(file): \(problem)"
        case .unknownFeatures(let features, let file):
            "\(file): the model needs the features '\(features)'; only 'wrfeat' and 'none' can be computed here"
        case .volumes(let file):
            "\(file): the model links objects of volumes; movies of planes need a model for two dimensions"
        case .file(let error): "\(error)"
        case .archive(let error): "\(error)"
        case .checkpoint(let error): "\(error)"
        case .parameters(let error): "\(error)"
        case .tensor(let error): "\(error)"
        case .severalChannels(let frame, let channels):
            "frame \(frame) has \(channels) channels; choose one of them, because objects are linked by one intensity"
        case .sizeMismatch(let frame, let expected, let found):
            "frame \(frame) has \(found) pixels where \(expected) are expected; images and labels of a movie must have one size"
        case .solver(let error): "\(error)"
        }
    }
}
