import Foundation
import ImageFormats
import Imaging
import Jobs
package import Training

/// The images and labels that a command or a recipe names, found and looked at, but not yet divided.
package struct TrainingInput {
    /// One data set.
    struct Part {
        var entry: TrainingRecipe.Entry
        var pairs: [TrainingPair]
    }

    let training: [Part]
    let validation: [Part]

    /// What looks odd, a sentence each.
    package private(set) var warnings: [String] = []

    /// What was found out of the training data; nil if all are simulated.
    package let data: TrainingPlan.Data?

    /// A sentence on the training data.
    package let summary: String

    /// Finds, pairs and checks all files.
    ///
    /// - Parameters:
    ///   - acceptsClasses: Whether labels that look like classes are meant.
    ///   - progress: Called with the number of pairs that are done.
    /// - Throws: ``CommandFailure``, `TrainingDataError` or `ImageFormatError` for the first that is
    ///   wrong.
    package init(
        _ recipe: TrainingRecipe,
        acceptsClasses: Bool = false,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        var warnings: [String] = []
        training = try recipe.data.map { try Self.found($0, recipe.folder, &warnings) }
        validation = try recipe.validation.map { try Self.found($0, recipe.folder, &warnings) }
        var checks: [TrainingDataCheck] = []
        var done = 0
        for (index, part) in (training + validation).enumerated() where !part.pairs.isEmpty {
            let check = try TrainingDataCheck(
                part.pairs,
                part.entry.sampling,
                acceptsClasses: acceptsClasses
            ) { count in
                try progress(done + count)
            }
            done += part.pairs.count
            if index < training.count { checks.append(check) }
            let name = index < training.count ? "" : "validation: "
            warnings += check.warnings.map { name + $0 }
        }
        self.warnings = warnings
        data = checks.isEmpty ? nil : TrainingPlan.Data(checks)
        summary = Self.summary(checks, validation.map(\.pairs.count).reduce(0, +))
    }

    private static func found(
        _ entry: TrainingRecipe.Entry,
        _ folder: URL,
        _ warnings: inout [String]
    ) throws -> Part {
        guard entry.simulated == nil else { return Part(entry: entry, pairs: []) }
        func files(_ names: [String]) throws -> [String] {
            let base = folder.relativePath
            let paths = names.map { name in
                name.hasPrefix("/") || name.hasPrefix("~") || base == "." ? name : "\(base)/\(name)"
            }
            return try InputList(paths).paths.sorted { $0.naturallyPrecedes($1) }
        }
        let (images, labels) = (try files(entry.images), try files(entry.labels))
        for file in images + labels where FileStatus(of: ContentDigest.container(of: file)) == nil {
            throw CommandFailure("\(file): there is no such file")
        }
        if entry.reading.imageKey == entry.reading.labelKey, images == labels {
            throw CommandFailure(
                "\(labels[0]): the label images are the images themselves; name the files with the "
                    + "objects"
            )
        }
        let found = try TrainingPair.match(images: images, labels: labels, reading: entry.reading)
        if found.matching == .order, let first = found.pairs.first {
            warnings.append(
                "images and labels have no names in common and are paired by their order, for example "
                    + "\(first.image) with \(first.labels)"
            )
        }
        let pairs = found.pairs.dropFirst(entry.skip).prefix(entry.take ?? .max)
        guard !pairs.isEmpty else {
            throw CommandFailure(
                "\(entry.images[0]): nothing is left of \(found.pairs.count) images after "
                    + "'skip' \(entry.skip)"
            )
        }
        return Part(entry: entry, pairs: Array(pairs))
    }

    private static func summary(_ checks: [TrainingDataCheck], _ validationCount: Int) -> String {
        guard let data = checks.isEmpty ? nil : TrainingPlan.Data(checks) else {
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
    package func files(
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
        _ pairs: [TrainingPair],
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
    /// What several data sets are together; nil-safe for none is the caller's duty.
    fileprivate init(_ checks: [TrainingDataCheck]) {
        self.init(checks[0])
        for check in checks.dropFirst() {
            let other = TrainingPlan.Data(check)
            planeCount += other.planeCount
            largestObjectCount = max(largestObjectCount, other.largestObjectCount)
            if other.largestSize.count > largestSize.count { largestSize = other.largestSize }
        }
    }
}
