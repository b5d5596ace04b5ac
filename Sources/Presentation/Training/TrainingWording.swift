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
            "\(finding); give --connected-components if that is meant, or label each object"
        case .smallObjects: "\(finding); --min-size changes that"
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
            "the step size is to fall to zero at the end (--cooldown), so --iterations must say where "
                + "the end is"
        case .enlargingPatches(let size):
            "objects can be enlarged (--suited-diameter) where images are learned in the model's frame, but "
                + "these, of up to \(size) pixels, are learned in their own pixels; leave "
                + "--suited-diameter out, or choose --framing frame"
        case .tooLittleMemory(_, _, _, let savings):
            "\(problem ?? ""); "
                + (savings.isEmpty ? Self.smallerModel : "what would fit: \(savings.options)")
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
            "\(problem); let the intensities be stretched, for example with --intensities image"
        case .objectsTooSmall: "\(problem); lower --min-size, or check the labels"
        default: description
        }
    }
}

extension TrainingRunError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .unreadableRecord, .unreadableState: "\(problem); --force begins anew"
        case .otherTraining: "\(problem); name another folder, or begin anew with --force"
        case .fixedLength(_, let model):
            "\(problem); go on without --iterations and --epochs, or begin another training with "
                + "--model \(model)"
        case .otherModel:
            "\(problem); bring the old file back to go on, or begin anew with --force"
        case .outOfMemory:
            "\(problem); begin anew with less at a time: --batch-size 1, --checkpointing, a smaller "
                + "--crop-side or --parts promptable"
        default: description
        }
    }
}
