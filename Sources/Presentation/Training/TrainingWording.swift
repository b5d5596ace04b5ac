import Files
import Prompting
public import Training

extension TrainingSaving {
    /// The options that save so.
    public var options: String {
        switch self {
        case .batchSize(let count): "--batch-size \(count)"
        case .objectsPerImage(let count): "--objects \(count)"
        case .recomputing: "--checkpointing"
        case .frameSide(let side): "--crop-side \(side)"
        case .promptsAlone: "--parts promptable --freeze image_encoder"
        }
    }
}

extension [TrainingSaving] {
    fileprivate var options: String { map(\.options).joined(separator: ", ") }
}

extension TrainingReason {
    /// A sentence that names options.
    public var words: String {
        switch self {
        case .sentence(let text): text
        case .savings(let savings): "To fit into memory: \(savings.options)."
        }
    }
}

extension TrainingWarning {
    /// A sentence that names options.
    public var words: String {
        switch self {
        case .looksLikeClasses:
            "\(finding); give --connected-components if this is intended, or number each object"
        case .smallObjects: "\(finding); --min-size changes that"
        case .file(let note, let others):
            note.words
                + (others == 0 ? "" : "; the same for \(Wording.count(others, "other file"))")
        case .validation(let warning): "validation: \(warning.words)"
        default: description
        }
    }
}

extension TrainingPlanError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .options(let error): error.words
        case .openEnd:
            "--cooldown lowers the learning rate to zero at the end, so --iterations must give the "
                + "length of the training"
        case .enlargingPatches(let size):
            "--suited-diameter enlarges objects only with --framing frame, but these images, of up to "
                + "\(size) pixels, are learned in patches; leave "
                + "--suited-diameter out, or choose --framing frame"
        case .tooLittleMemory(_, _, _, let savings):
            "\(problem ?? ""); "
                + (savings.isEmpty
                    ? Self.smallerModel : "these options would fit: \(savings.options)")
        }
    }
}

extension TrainerError: WordedError {
    /// What the command line says.
    public var words: String {
        guard case .fixedFrameSide = self, let problem else { return description }
        return "\(problem); leave out --crop-side, or train a ViT-T such as usam-tiny"
    }
}

extension TrainingDataError: WordedError {
    /// What the command line says.
    public var words: String {
        guard let problem else { return description }
        return switch self {
        case .separateChannels: "\(problem) with --channels"
        case .intensitiesOutOfRange:
            "\(problem); normalise the intensities, for example with --intensities image"
        case .objectsTooSmall: "\(problem); lower --min-size, or check the labels"
        default: description
        }
    }
}

extension TrainingRunError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .unreadableRecord, .unreadableState: "\(problem); --force starts again"
        case .otherTraining: "\(problem); name another folder, or start again with --force"
        case .fixedLength(_, let model):
            "\(problem); continue without --iterations and --epochs, or start another training with "
                + "--model \(model)"
        case .otherModel:
            "\(problem); restore the old file to continue, or start again with --force"
        case .outOfMemory:
            "\(problem); start again with less at a time: --batch-size 1, --checkpointing, a smaller "
                + "--crop-side or --parts promptable"
        default: description
        }
    }
}
