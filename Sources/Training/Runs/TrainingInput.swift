import Files
import ImageFormats
import Imaging
import Prompting

/// The images and labels of a training, found and looked at, but not yet divided.
struct TrainingInput {
    /// One data set.
    struct Part {
        var entry: TrainingRecipe.Entry
        var pairs: [AnnotatedImage]
    }

    let training: [Part]
    let validation: [Part]

    /// What looks odd.
    let warnings: [TrainingWarning]

    /// What was found out of the training data; nil if all are simulated.
    let data: TrainingPlan.Data?

    /// A sentence on the training data.
    let summary: String

    /// Pairs and checks all files.
    ///
    /// - Parameters:
    ///   - recipe: The data sets; every name is that of a file.
    ///   - acceptsClasses: Whether labels that look like classes are meant.
    ///   - work: Told of the pairs that are done.
    /// - Throws: ``TrainingRunError``, ``TrainingDataError`` or `ImageFormatError` for the first that is
    ///   wrong; `CancellationError`.
    init(_ recipe: TrainingRecipe, acceptsClasses: Bool, _ work: Work) throws {
        var warnings: [TrainingWarning] = []
        training = try recipe.data.map { try Self.found($0, &warnings) }
        validation = try recipe.validation.map { try Self.found($0, &warnings) }
        let parts = training + validation
        let total = parts.map(\.pairs.count).reduce(0, +)
        var checks: [TrainingDataCheck] = []
        var done = 0
        for (index, part) in parts.enumerated() where !part.pairs.isEmpty {
            let check = try TrainingDataCheck(
                part.pairs,
                part.entry.sampling,
                acceptsClasses,
                after: done,
                of: total,
                work
            )
            done += part.pairs.count
            let isTraining = index < training.count
            if isTraining { checks.append(check) }
            warnings += check.warnings.map { isTraining ? $0 : .validation($0) }
        }
        self.warnings = warnings
        data = TrainingPlan.Data(checks)
        summary = Self.summary(checks, validation.map(\.pairs.count).reduce(0, +))
    }

    private static func found(
        _ entry: TrainingRecipe.Entry,
        _ warnings: inout [TrainingWarning]
    ) throws -> Part {
        guard entry.simulated == nil else { return Part(entry: entry, pairs: []) }
        let (images, labels) = (entry.images, entry.labels)
        for file in images + labels where FileStatus(of: FileName.container(of: file)) == nil {
            throw TrainingRunError.missingFile(file)
        }
        if entry.reading.imageKey == entry.reading.labelKey, images == labels,
            let example = labels.first
        {
            throw TrainingRunError.labelsAreImages(example: example)
        }
        let found = try AnnotatedImage.match(images: images, labels: labels, reading: entry.reading)
        if found.matching == .order, let first = found.pairs.first {
            warnings.append(.pairedByOrder(image: first.image, labels: first.labels))
        }
        let pairs = found.pairs.dropFirst(entry.skip).prefix(entry.take ?? .max)
        guard !pairs.isEmpty else {
            throw TrainingRunError.nothingLeft(
                example: images[0],
                count: found.pairs.count,
                skipped: entry.skip
            )
        }
        return Part(entry: entry, pairs: Array(pairs))
    }

    private static func summary(_ checks: [TrainingDataCheck], _ validationCount: Int) -> String {
        guard let data = TrainingPlan.Data(checks) else {
            return "Simulated images."
        }
        let images = checks.map(\.pairCount).reduce(0, +)
        var text = Wording.count(images, "image")
        if data.planeCount > images { text += " with \(data.planeCount) planes" }
        let smallest = checks.map { $0.sizes[0] }.min { $0.count < $1.count } ?? data.largestSize
        text +=
            smallest == data.largestSize
            ? " of \(smallest) pixels" : " of \(smallest) to \(data.largestSize) pixels"
        let inspected = checks.map(\.inspectedPlanes).reduce(0, +)
        let objects = checks.map(\.objectCount).reduce(0, +)
        text += ", \(Wording.count(objects, "object"))"
        if inspected < data.planeCount { text += " in \(inspected) of them" }
        if let diameter = data.medianDiameter {
            text += ", typically \(Int(diameter.rounded())) pixels wide"
        }
        if validationCount > 0 { text += "; \(validationCount) more for validation" }
        return text + "."
    }

    // MARK: - Dividing

    /// Divides the data for a plan; validation patches are not changed at random.
    func files(
        validationFraction: Double,
        samplesPerEpoch: Int?,
        sampling: (SamplingOptions) -> SamplingOptions,
        seed: UInt64
    ) throws -> TrainingFiles {
        var files = TrainingFiles(training: [], validation: [], samplesPerEpoch: samplesPerEpoch)
        for part in training {
            var trained = TrainingFiles.Part(
                pairs: part.pairs,
                simulated: part.entry.simulated,
                sampling: sampling(part.entry.sampling),
                weight: part.entry.weight
            )
            if validation.isEmpty, !part.pairs.isEmpty {
                let split = try DataSplit(part.pairs, fraction: validationFraction, seed: seed)
                trained.pairs = split.training
                files.validation.append(Self.validation(split.validation, trained.sampling))
            }
            files.training.append(trained)
        }
        files.validation += validation.map { part in
            var kept = Self.validation(part.pairs, sampling(part.entry.sampling))
            kept.simulated = part.entry.simulated
            return kept
        }
        return files
    }

    private static func validation(
        _ pairs: [AnnotatedImage],
        _ sampling: SamplingOptions
    ) -> TrainingFiles.Part {
        var sampling = sampling
        sampling.augmentation = .none
        sampling.samplesPerEpoch = nil
        sampling.minimumSamplesPerEpoch = TrainingFiles.validationSamples
        return TrainingFiles.Part(pairs: pairs, simulated: nil, sampling: sampling)
    }
}

extension TrainingPlan.Data {
    /// What several data sets are together; nil for none.
    fileprivate init?(_ checks: [TrainingDataCheck]) {
        guard let first = checks.first else { return nil }
        self.init(first)
        for check in checks.dropFirst() {
            let other = TrainingPlan.Data(check)
            planeCount += other.planeCount
            largestObjectCount = max(largestObjectCount, other.largestObjectCount)
            if other.largestSize.count > largestSize.count { largestSize = other.largestSize }
        }
    }
}
