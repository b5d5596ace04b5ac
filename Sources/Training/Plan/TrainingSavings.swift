import Files

/// A way to train with less memory.
public enum TrainingSaving: Hashable, Codable, Sendable {
    /// So many images per batch.
    case batchSize(Int)
    /// So many objects per image and iteration.
    case objectsPerImage(Int)
    /// Encoder blocks are computed again in the backward pass.
    case recomputing
    /// Networks see squares of this side.
    case frameSide(Int)
    /// Masks from prompts are trained alone, with the image encoder as it is.
    case promptsAlone
}

extension TrainingSaving: CustomStringConvertible {
    /// A few words, without a verb.
    public var description: String {
        switch self {
        case .batchSize(let count): Wording.count(count, "image") + " at a time"
        case .objectsPerImage(let count): Wording.count(count, "object") + " per image"
        case .recomputing: "encoder blocks computed twice instead of kept"
        case .frameSide(let side): "squares of \(side) pixels"
        case .promptsAlone: "masks from prompts alone, with the image encoder as it is"
        }
    }
}

/// Finds out with how little saving a training fits into memory.
struct TrainingSavings {
    private let choices: TrainingChoices
    private let subject: TrainingSubject

    /// What the user has chosen is left as it is.
    init(_ choices: TrainingChoices, _ subject: TrainingSubject) {
        self.choices = choices
        self.subject = subject
    }

    /// The options with as few savings as needed, those that cost least first; nil if all are too few.
    func fitting(_ options: TrainingOptions, into limit: Int) -> TrainingOptions? {
        func needed(_ options: TrainingOptions) -> Int { TrainingMemory(options, subject).total }
        var options = options
        /// Takes a saving that helps, as often as it helps.
        func save(_ isOpen: Bool, _ change: (inout TrainingOptions) -> Void) {
            while isOpen, needed(options) > limit {
                var saving = options
                change(&saving)
                guard needed(saving) < needed(options) else { return }
                options = saving
            }
        }
        let areObjectsOpen = choices.objectsPerImage == nil
        save(areObjectsOpen) { $0.objectsPerImage = max($0.objectsPerImage - 1, 8) }
        save(choices.usesCheckpointing == nil) { $0.usesCheckpointing = true }
        save(areObjectsOpen) { $0.objectsPerImage = max($0.objectsPerImage - 1, 2) }
        save(choices.cropSide == nil && subject.acceptsSmallFrames) {
            $0.frameSide = max($0.frameSide - 128, 256)
        }
        return needed(options) <= limit ? options : nil
    }

    /// What would fit; empty if nothing does.
    static func advice(
        _ options: TrainingOptions,
        _ subject: TrainingSubject,
        limit: Int
    ) -> [TrainingSaving] {
        let open = TrainingSavings(TrainingChoices(), subject)
        if let fitting = open.fitting(options, into: limit) {
            return differences(options, fitting)
        }
        var smaller = options
        smaller.batchSize = 1
        if options.batchSize > 1, let fitting = open.fitting(smaller, into: limit) {
            return differences(options, fitting)
        }
        smaller.parts = .promptable
        smaller.frozen = ["image_encoder"]
        smaller.adapter = nil
        if let fitting = open.fitting(smaller, into: limit) {
            return [.promptsAlone] + differences(smaller, fitting)
        }
        return []
    }

    /// What differs.
    static func differences(_ old: TrainingOptions, _ new: TrainingOptions) -> [TrainingSaving] {
        var result: [TrainingSaving] = []
        if new.batchSize != old.batchSize { result.append(.batchSize(new.batchSize)) }
        if new.objectsPerImage != old.objectsPerImage {
            result.append(.objectsPerImage(new.objectsPerImage))
        }
        if new.usesCheckpointing, !old.usesCheckpointing { result.append(.recomputing) }
        if new.frameSide != old.frameSide { result.append(.frameSide(new.frameSide)) }
        return result
    }
}
