/// Ways to train with less memory.
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

    /// What would fit, in terms of the command's options.
    static func advice(
        _ options: TrainingOptions,
        _ subject: TrainingSubject,
        limit: Int
    ) -> String {
        let open = TrainingSavings(TrainingChoices(), subject)
        if let fitting = open.fitting(options, into: limit) {
            return "what would fit: " + differences(options, fitting).joined(separator: ", ")
        }
        var smaller = options
        smaller.batchSize = 1
        if options.batchSize > 1, let fitting = open.fitting(smaller, into: limit) {
            return "what would fit: " + differences(options, fitting).joined(separator: ", ")
        }
        smaller.parts = .promptable
        smaller.frozen = ["image_encoder"]
        smaller.adapter = nil
        if let fitting = open.fitting(smaller, into: limit) {
            return "what would fit: --parts promptable --freeze image_encoder"
                + differences(smaller, fitting).map { ", " + $0 }.joined()
        }
        return "choose a smaller model such as usam-tiny, or a machine with more memory"
    }

    /// What differs, in terms of the command's options.
    static func differences(_ old: TrainingOptions, _ new: TrainingOptions) -> [String] {
        var result: [String] = []
        if new.batchSize != old.batchSize { result.append("--batch-size \(new.batchSize)") }
        if new.objectsPerImage != old.objectsPerImage {
            result.append("--objects \(new.objectsPerImage)")
        }
        if new.usesCheckpointing, !old.usesCheckpointing { result.append("--checkpointing") }
        if new.frameSide != old.frameSide { result.append("--crop-side \(new.frameSide)") }
        return result
    }
}
