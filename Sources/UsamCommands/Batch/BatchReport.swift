package import Prompting

/// What became of a whole batch; printed by `usam segment --json`.
package struct BatchReport: Encodable, Sendable {
    /// Which weights were used.
    package struct Model: Encodable, Hashable, Sendable {
        /// The name, or the path as the user gave it.
        package var name: String

        /// The kind of network, such as `vit_t`.
        package var architecture: String

        /// The file of the weights.
        package var file: String

        /// Names the weights.
        package init(name: String, architecture: String, file: String) {
            self.name = name
            self.architecture = architecture
            self.file = file
        }
    }

    /// How many images met which fate.
    package struct Counts: Encodable, Hashable, Sendable {
        /// All images that were asked for.
        package var images = 0
        /// Images whose result was written.
        package var segmented = 0
        /// Images whose result was there already.
        package var skipped = 0
        /// Images without result.
        package var failed = 0
        /// Images that were not tried, because of an interruption.
        package var remaining = 0
        /// Objects in all images that were segmented.
        package var objects = 0
    }

    /// The version of the program.
    package let version = ProgramVersion.text

    /// Which weights were used.
    package var model: Model

    /// Where the networks ran.
    package var device: String

    /// Threads of one operation.
    package var threads: Int

    /// What decided what the results are.
    package var settings: SegmentationSettings

    /// Where each image is noted; nil for no manifest.
    package var manifest: String?

    /// How many images met which fate.
    package private(set) var counts: Counts

    /// Each image in the order of the work.
    package private(set) var files: [FileReport] = []

    /// Seconds of each step, all images together.
    package private(set) var seconds = StageTimes()

    /// Seconds from the start of the command.
    package var totalSeconds = 0.0

    /// Whether the user stopped the work.
    package var interrupted = false

    /// Begins the account of a batch.
    package init(
        images: Int,
        model: Model,
        device: String,
        threads: Int,
        settings: SegmentationSettings,
        manifest: String? = nil
    ) {
        counts = Counts(images: images, remaining: images)
        self.model = model
        self.device = device
        self.threads = threads
        self.settings = settings
        self.manifest = manifest
    }

    /// Counts one more image.
    package mutating func add(_ file: FileReport) {
        files.append(file)
        seconds.add(file.seconds)
        counts.remaining -= 1
        counts.objects += file.objects ?? 0
        switch file.status {
        case .segmented: counts.segmented += 1
        case .skipped: counts.skipped += 1
        case .failed: counts.failed += 1
        }
    }

    /// The messages of all failures, in order.
    package var errors: [String] { files.compactMap(\.error) }
}

extension BatchReport {
    /// `12 images: 10 segmented, 1 skipped, 1 failed; 431 objects in 14.2 s`.
    package var summary: String {
        let fates = [
            (counts.segmented, "segmented"), (counts.skipped, "skipped (already done)"),
            (counts.failed, "failed"), (counts.remaining, "not tried"),
        ]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "\(Wording.count(counts.images, "image")): \(fates.joined(separator: ", ")); "
            + "\(Wording.count(counts.objects, "object")) in \(Wording.duration(totalSeconds))"
    }

    /// The last lines on standard output: what was done, and where the time went.
    ///
    /// A single image that failed has nothing to sum up.
    package var summaryLines: [String] {
        guard counts.segmented > 0 || counts.images > 1 else { return [] }
        return [summary] + (seconds.text.isEmpty ? [] : ["time: \(seconds.text)"])
    }
}
