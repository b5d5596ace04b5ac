public import Imaging

/// Why there is no plan.
public enum TrainingPlanError: Error, Hashable, Sendable {
    /// Options that are out of range, or do not go with each other or with the model.
    case options(TrainerError)
    /// The step size is to fall to zero at the end, but the number of iterations is left open.
    case openEnd
    /// Objects are to be enlarged where images are learned in their own pixels.
    case enlargingPatches(largestSize: Size)
    /// The training does not fit into memory.
    ///
    /// `savings` are what would fit, for users who can do with it; empty if nothing does.
    case tooLittleMemory(needed: Int, available: Int, isGPU: Bool, savings: [TrainingSaving])
}

extension TrainingPlanError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .openEnd:
            "the learning rate falls to zero at the end, so the length must be given as a number of "
                + "iterations"
        case .enlargingPatches(let size):
            "objects are enlarged only in the model's frame, but these images, of up to "
                + "\(size) pixels, are learned in patches; leave the diameter out, or choose "
                + "the frame"
        case .tooLittleMemory(_, _, _, let savings):
            "\(problem ?? ""); "
                + (savings.isEmpty
                    ? Self.smallerModel
                    : "these settings would fit: "
                        + savings.map(\.description).joined(separator: ", "))
        }
    }

    /// How much memory is needed and there, without what to do; nil for other errors.
    public var problem: String? {
        guard case .tooLittleMemory(let needed, let available, let isGPU, _) = self else {
            return nil
        }
        return "this training needs about \(needed.gigabytes) of memory, but "
            + "\(isGPU ? "the GPU" : "this machine") has only \(available.gigabytes) available"
    }

    /// What to do where no saving is enough.
    public static let smallerModel =
        "choose a smaller model such as usam-tiny, or a machine with more memory"
}
