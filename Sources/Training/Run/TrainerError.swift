import Prompting

/// What can go wrong in a training run, apart from its data.
public enum TrainerError: Error, Hashable, Sendable {
    /// An option is out of its range, or does not go with another.
    case invalidOption(name: String, reason: String)

    /// The networks of a model with absolute positions see whole frames only.
    case fixedFrameSide(modelType: String)

    /// The start model lacks something that training needs.
    case unusableModel(file: String, reason: String)

    /// The folder holds the state of a training that this one cannot continue.
    case otherTraining(file: String, reason: String)

    /// A loss is not a number any more.
    case diverged(iteration: Int, learningRate: Double)
}

extension TrainerError: CustomStringConvertible {
    /// One line for the user, with what to do.
    public var description: String {
        switch self {
        case .invalidOption(let name, let reason): "\(name): \(reason)"
        case .fixedFrameSide: "\(problem ?? ""); leave it out, or train a ViT-T such as usam-tiny"
        case .unusableModel(let file, let reason): "\(file): \(reason)"
        case .otherTraining(let file, let reason):
            "\(file): belongs to another training (\(reason)); choose another folder for this one"
        case .diverged(let iteration, let learningRate):
            "the loss of iteration \(iteration + 1) is not a number; the last checkpoint is older. "
                + "A learning rate below \(learningRate) may help"
        }
    }
    /// What is wrong, without what to do, where that depends on how options are given; else nil.
    public var problem: String? {
        guard case .fixedFrameSide(let type) = self else { return nil }
        return "frame side: must be \(ModelFrame.side) for a \(type), whose positions are absolute"
    }
}
