import Prompting

/// Why a training cannot begin or go on.
public enum TrainingRunError: Error, Hashable, Sendable {
    /// A file lies where the folder of the run should be.
    case notAFolder(String)
    /// A file or folder of the run cannot be made, read, written or removed.
    case inaccessible(path: String, reason: String)
    /// Another program, or another run of this one, trains in the folder.
    case inUse(folder: String)
    /// The folder holds files that are not of a run.
    case otherFiles(folder: String, example: String)
    /// The record of the run is damaged.
    case unreadableRecord(file: String)
    /// The folder holds no run to go on with.
    case nothingToResume(folder: String)
    /// The folder holds a run that differs in this.
    case otherTraining(folder: String, changes: [String])
    /// The length of the run cannot change, because the step size depends on it.
    case fixedLength(folder: String, newestModel: String)
    /// The start model is not the one that the run began with.
    case otherModel(name: String, folder: String)
    /// What the run left cannot be taken up.
    case unreadableState(folder: String, reason: String)
    /// An image or label file is not there.
    case missingFile(String)
    /// A file of the run that is to go on is not there.
    case missingFileOfRun(String)
    /// The label files are the image files.
    case labelsAreImages(example: String)
    /// Nothing is left of the images of a data set.
    case nothingLeft(example: String, count: Int, skipped: Int)
    /// An iteration needed more memory than there is.
    case outOfMemory(operation: String)
}

/// What can be done about a ``TrainingRunError``.
public enum TrainingRemedy: Hashable, Sendable {
    /// Give the program the right to read and write there.
    case checkPermissions(String)
    /// Wait until the other training ends.
    case wait
    /// Name another folder for the run.
    case chooseFolder
    /// Begin anew in the folder; what is there is lost.
    case beginAnew
    /// Go on without another number of iterations or epochs.
    case keepLength
    /// Begin another training from this model.
    case startFrom(model: String)
    /// Bring this file back.
    case bringBack(String)
    /// Name the files with the objects.
    case nameLabels
    /// Begin anew with less at a time.
    case save([TrainingSaving])
}

extension TrainingRunError {
    /// The file or folder that the error is about.
    public var path: String? {
        switch self {
        case .notAFolder(let path), .inaccessible(let path, _), .inUse(let path),
            .otherFiles(let path, _), .unreadableRecord(let path), .nothingToResume(let path),
            .otherTraining(let path, _), .fixedLength(let path, _), .otherModel(_, let path),
            .unreadableState(let path, _), .missingFile(let path), .missingFileOfRun(let path),
            .labelsAreImages(let path), .nothingLeft(let path, _, _):
            path
        case .outOfMemory: nil
        }
    }

    /// What helps, the best first.
    public var remedies: [TrainingRemedy] {
        switch self {
        case .notAFolder, .otherFiles: [.chooseFolder]
        case .inaccessible(let path, _): [.checkPermissions(path)]
        case .inUse: [.wait, .chooseFolder]
        case .unreadableRecord, .unreadableState: [.beginAnew]
        case .otherTraining: [.chooseFolder, .beginAnew]
        case .fixedLength(_, let model): [.keepLength, .startFrom(model: model)]
        case .otherModel(let name, _): [.bringBack(name), .beginAnew]
        case .missingFile, .nothingToResume, .nothingLeft: []
        case .missingFileOfRun(let file): [.bringBack(file)]
        case .labelsAreImages: [.nameLabels]
        case .outOfMemory:
            [
                .save([.batchSize(1), .recomputing, .frameSide(256), .promptsAlone])
            ]
        }
    }

    /// What is wrong, without what to do; for words of a user interface's own.
    public var problem: String {
        switch self {
        case .notAFolder(let path): "\(path): is a file"
        case .inaccessible(let path, let reason): "\(path): \(reason)"
        case .inUse(let folder): "\(folder): another program trains in this folder"
        case .otherFiles(let folder, let example):
            "\(folder): the folder holds other files, for example \(example)"
        case .unreadableRecord(let file): "\(file): the record of the run cannot be read"
        case .nothingToResume(let folder): "\(folder): there is no run to continue"
        case .otherTraining(let folder, let changes):
            "\(folder): the folder holds another training (\(changes.joined(separator: "; ")))"
        case .fixedLength(let folder, _):
            "the learning rate of the run in \(folder) falls to zero at its end, so its length cannot change"
        case .otherModel(let name, let folder):
            "the model '\(name)' is no longer that of the run in \(folder)"
        case .unreadableState(let folder, let reason):
            "\(folder): the run cannot continue: \(reason)"
        case .missingFile(let file): "\(file): there is no such file"
        case .missingFileOfRun(let file): "\(file): the run needs this file, which is not there"
        case .labelsAreImages(let file): "\(file): the label images are the images themselves"
        case .nothingLeft(let example, let count, let skipped):
            "\(example): nothing is left of \(count) images after 'skip' \(skipped)"
        case .outOfMemory(let operation): "there was not enough memory (\(operation))"
        }
    }
}

extension TrainingRunError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        let advice: String? =
            switch self {
            case .notAFolder: "name a folder for the run"
            case .inUse: "wait until it ends, or name another folder"
            case .otherFiles: "name a new folder"
            case .unreadableRecord, .unreadableState: "start again"
            case .otherTraining: "name another folder, or start again"
            case .fixedLength(_, let model):
                "continue without changing the length, or start another training with \(model)"
            case .otherModel: "restore the old file to continue, or start again"
            case .labelsAreImages: "name the files with the objects"
            case .outOfMemory:
                "start again with less at a time: a smaller batch, encoder blocks computed twice, "
                    + "smaller crops, or masks from prompts alone"
            case .inaccessible, .nothingToResume, .missingFile, .missingFileOfRun, .nothingLeft: nil
            }
        return advice.map { "\(problem); \($0)" } ?? problem
    }
}
