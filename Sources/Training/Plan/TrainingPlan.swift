import Checkpoints
import Files
public import Imaging

/// How a model is trained: what the user decided, completed by one look at the data and the machine.
///
/// The same look gives the same plan. ``reasons`` says in a few sentences what was chosen and why.
public struct TrainingPlan: Codable, Hashable, Sendable {
    /// What the plan has to know of the data.
    public struct Data: Codable, Hashable, Sendable {
        /// Planes of all images.
        public var planeCount: Int
        /// The largest plane.
        public var largestSize: Size
        /// Median diameter of the objects in pixels.
        public var medianDiameter: Double?
        /// Most objects in one plane.
        public var largestObjectCount: Int

        /// Describes data.
        public init(
            planeCount: Int,
            largestSize: Size,
            medianDiameter: Double?,
            largestObjectCount: Int
        ) {
            self.planeCount = planeCount
            self.largestSize = largestSize
            self.medianDiameter = medianDiameter
            self.largestObjectCount = largestObjectCount
        }

        /// Takes what was found out.
        public init(_ check: TrainingDataCheck) {
            self.init(
                planeCount: check.planeCount,
                largestSize: check.sizes.last ?? Size(width: 1, height: 1),
                medianDiameter: check.medianDiameter,
                largestObjectCount: check.largestObjectCount
            )
        }
    }

    /// The preset that the values come from; never ``TrainingPreset/auto``.
    public private(set) var preset: TrainingPreset

    /// How is trained.
    public private(set) var training = TrainingOptions()

    /// How patches are taken.
    public private(set) var sampling = SamplingOptions()

    /// Share of the data kept for validation.
    public private(set) var validationFraction: Double

    /// What was chosen and why, a sentence each.
    public private(set) var reasons: [TrainingReason] = []

    /// Planes up to which data count as few.
    private static let fewPlanes = 20

    /// Longest side up to which inference takes images whole; larger ones are divided into tiles.
    private static let longestWhole = 1536

    /// Makes a plan.
    ///
    /// - Throws: ``TrainingPlanError`` if choices contradict each other, or the memory is too little for
    ///   what was chosen.
    public init(
        _ choices: TrainingChoices,
        preset: TrainingPreset = .auto,
        data: Data,
        subject: TrainingSubject,
        machine: MachineResources
    ) throws(TrainingPlanError) {
        self.preset = preset == .auto ? .suggested(for: machine) : preset
        validationFraction =
            choices.validationFraction ?? (data.planeCount <= Self.fewPlanes ? 0.2 : 0.1)
        takeBasics(choices, subject)
        takeLimits(choices)
        try takePatches(choices, data, subject)
        takeObjects(choices, data)
        takeSpeed(choices, data, subject, machine)
        if choices.cooldownIterations != nil, choices.limits.iterations == nil {
            throw .openEnd
        }
        try Self.validate(training, subject)
        try fit(choices, subject, machine)
        describe(preset, data, machine)
    }

    /// Checks options that are not of a plan, such as those of a recipe.
    ///
    /// - Throws: ``TrainingPlanError``.
    public static func check(
        _ training: TrainingOptions,
        subject: TrainingSubject,
        machine: MachineResources
    ) throws(TrainingPlanError) {
        try validate(training, subject)
        let needed = TrainingMemory(training, subject).total
        guard needed > machine.usableMemory else { return }
        throw .tooLittleMemory(
            needed: needed,
            available: machine.usableMemory,
            isGPU: machine.gpuMemory != nil,
            savings: TrainingSavings.advice(training, subject, limit: machine.usableMemory)
        )
    }

    // MARK: - Choices

    private mutating func takeBasics(_ choices: TrainingChoices, _ subject: TrainingSubject) {
        training.parts = choices.parts ?? .joint
        training.jointSteps = choices.jointSteps ?? (preset.combinesSteps ? .combined : .separate)
        training.adapter = choices.adapter
        training.frozen = choices.frozen
        training.seed = choices.seed
        training.batchSize = choices.batchSize ?? 1
        training.gradientAccumulation = choices.gradientAccumulation ?? 1
        sampling.hasTargets = training.parts != .promptable
        sampling.allowsEmptyPatches = training.parts == .decoder
        sampling.intensities = choices.intensities ?? .image
        let normalization = choices.normalization ?? subject.normalization
        sampling.normalization = normalization == .minmax ? nil : normalization
        if let size = choices.minimumSize { sampling.minimumSize = size }
    }

    private mutating func takeLimits(_ choices: TrainingChoices) {
        let limits = choices.limits
        training.iterations = limits.iterations
        training.keepsEveryEpochs = limits.keepsEveryEpochs
        sampling.samplesPerEpoch = choices.samplesPerEpoch
        let perIteration = training.batchSize * training.gradientAccumulation
        sampling.minimumSamplesPerEpoch = preset.samplesPerEpoch * perIteration
        if limits.minutes != nil {
            // Time ends the training; passes are short, so that some are complete by then.
            training.epochs = limits.epochs ?? 1_000_000
            training.earlyStopping = nil
            sampling.samplesPerEpoch =
                choices.samplesPerEpoch ?? preset.samplesPerEpoch / 2 * perIteration
        } else if let epochs = limits.epochs {
            training.epochs = epochs
        }
        if let patience = limits.earlyStopping {
            training.earlyStopping = patience > 0 ? patience : nil
        }
        training.checkpointInterval = 300
    }

    private mutating func takePatches(
        _ choices: TrainingChoices,
        _ data: Data,
        _ subject: TrainingSubject
    ) throws(TrainingPlanError) {
        let isLarge = data.largestSize.longestSide > Self.longestWhole
        let framing =
            choices.framing
            ?? (choices.patchSize != nil || preset == .reference || isLarge ? .patch : .frame)
        sampling.framing = framing
        if framing == .frame {
            let suited = preset == .reference ? nil : subject.objectDiameter
            let diameter = choices.objectDiameter ?? suited
            sampling.objectDiameter = diameter == 0 ? nil : diameter
            if sampling.objectDiameter != nil, choices.objectDiameter == nil {
                sampling.decoderDiameter = subject.decoderDiameter
            }
        } else if let diameter = choices.objectDiameter, diameter != 0 {
            throw .enlargingPatches(largestSize: data.largestSize)
        }
        var side = choices.cropSide ?? 1024
        if choices.cropSide == nil, subject.acceptsSmallFrames {
            // Objects should fit several times, in the size that they have in the model's frame.
            let scale =
                framing == .frame ? 1024 / Double(max(data.largestSize.longestSide, 1)) : 1
            let diameter = max((data.medianDiameter ?? 0) * scale, sampling.objectDiameter ?? 0)
            let wanted = 4 * diameter
            side = preset.cropSides.first { Double($0) >= wanted } ?? preset.cropSides.last ?? 1024
        }
        training.frameSide = side
        sampling.cropSide = min(max(side, 64), 1024)
        // Tiles of large images are seen pixel by pixel, so patches are, too.
        let isReference = preset == .reference && choices.cropSide == nil
        let patch = isReference ? 512 : side
        sampling.patchSize = choices.patchSize ?? Size(width: patch, height: patch)
        let changes: TrainingChoices.Augmentation =
            preset != .reference && data.planeCount <= Self.fewPlanes ? .strong : .flips
        sampling.augmentation = (choices.augmentation ?? changes).options
    }

    private mutating func takeObjects(_ choices: TrainingChoices, _ data: Data) {
        let most = preset == .reference ? preset.objects : max(data.largestObjectCount, 1)
        training.objectsPerImage = choices.objectsPerImage ?? min(preset.objects, most)
        training.subIterations = choices.subIterations ?? preset.subIterations
    }

    private mutating func takeSpeed(
        _ choices: TrainingChoices,
        _ data: Data,
        _ subject: TrainingSubject,
        _ machine: MachineResources
    ) {
        let isFast = preset != .reference && (subject.acceptsSmallFrames || choices.adapter != nil)
        training.optimizer.learningRate = choices.learningRate ?? (isFast ? 1e-4 : 1e-5)
        training.optimizer.cooldownIterations = choices.cooldownIterations ?? 0
        training.optimizer.warmupIterations = isFast ? 20 : 0
        training.precision =
            choices.precision
            ?? (machine.gpuMemory != nil && preset != .reference ? .bfloat16 : .float32)
        training.usesCheckpointing = choices.usesCheckpointing ?? (preset == .minimal)
        // Those of one image are poor; a new decoder has none yet.
        let keepsStatistics = preset != .reference
        training.freezesEncoderStatistics = keepsStatistics
        training.freezesDecoderStatistics = keepsStatistics && subject.decoderValues > 0
    }

    // MARK: - Memory

    /// Reduces what the user left open until the training fits into memory.
    private mutating func fit(
        _ choices: TrainingChoices,
        _ subject: TrainingSubject,
        _ machine: MachineResources
    ) throws(TrainingPlanError) {
        let limit = machine.usableMemory
        let wish = training
        let savings = TrainingSavings(choices, subject)
        guard let fitting = savings.fitting(training, into: limit) else {
            throw .tooLittleMemory(
                needed: TrainingMemory(wish, subject).total,
                available: limit,
                isGPU: machine.gpuMemory != nil,
                savings: TrainingSavings.advice(wish, subject, limit: limit)
            )
        }
        training = fitting
        if sampling.cropSide != training.frameSide, choices.cropSide == nil {
            sampling.cropSide = training.frameSide
            if choices.patchSize == nil, preset != .reference {
                sampling.patchSize = Size(width: training.frameSide, height: training.frameSide)
            }
        }
        let changes = TrainingSavings.differences(wish, fitting)
        if !changes.isEmpty { reasons.append(.savings(changes)) }
    }

    private static func validate(
        _ training: TrainingOptions,
        _ subject: TrainingSubject
    ) throws(TrainingPlanError) {
        do {
            try training.validate(for: subject.architecture)
        } catch {
            throw .options(error)
        }
    }

    // MARK: - Words

    private mutating func describe(
        _ asked: TrainingPreset,
        _ data: Data,
        _ machine: MachineResources
    ) {
        let why = asked == .auto ? " (chosen for this machine: \(machine.summary))" : ""
        var steps = ["Preset \(preset.rawValue)\(why)"]
        switch sampling.framing {
        case .frame where training.frameSide == 1024: steps.append("whole images")
        case .frame:
            steps.append("crops of \(training.frameSide) pixels of the model's frame of 1024")
        case .patch: steps.append("patches of \(sampling.patchSize) pixels")
        case .whole: steps.append("whole images")
        }
        if let diameter = sampling.objectDiameter {
            let some = sampling.decoderDiameter == nil ? "" : "in every other crop, "
            steps.append(
                "\(some)smaller objects enlarged to \(Int(diameter.rounded())) pixels of the frame"
            )
        }
        if training.parts != .decoder {
            steps.append(
                "\(training.objectsPerImage) objects with \(training.subIterations) predictions each"
            )
        }
        reasons.insert(.sentence(steps.joined(separator: ", ") + "."), at: 0)
        if sampling.augmentation == .strong, preset != .reference {
            reasons.append(
                .sentence(
                    "Strong augmentation, because there \(data.planeCount == 1 ? "is" : "are") only "
                        + "\(Wording.count(data.planeCount, "image")) to learn from."
                )
            )
        }
    }
}

extension MachineResources {
    /// What a training may use; the rest is for the system and for what an estimate misses.
    var usableMemory: Int { Int(0.92 * Double(gpuMemory ?? freeMemory)) }

    /// `2 cores, 20.1 GB free memory, no GPU`.
    public var summary: String {
        let gpu = gpuMemory.map { "GPU with \($0.gigabytes) free" } ?? "no GPU"
        return
            "\(cores) \(cores == 1 ? "core" : "cores"), \(freeMemory.gigabytes) free memory, \(gpu)"
    }
}

extension Int {
    /// A number of bytes, such as `11.9 GB`.
    var gigabytes: String {
        let tenths = (self + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10) GB"
    }
}
