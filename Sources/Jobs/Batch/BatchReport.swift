public import Prompting

/// What became of a whole batch.
public struct BatchReport: Encodable, Sendable {
    /// Which weights were used.
    public struct Model: Encodable, Hashable, Sendable {
        /// The name, or the path as the user gave it.
        public var name: String

        /// The kind of network, such as `vit_t`.
        public var architecture: String

        /// The file of the weights.
        public var file: String

        /// Names the weights.
        public init(name: String, architecture: String, file: String) {
            self.name = name
            self.architecture = architecture
            self.file = file
        }
    }

    /// Numbers of images by how the work on them ended.
    public struct Counts: Encodable, Hashable, Sendable {
        /// All images that were asked for.
        public var images = 0
        /// Images whose result was written.
        public var segmented = 0
        /// Images whose result was there already.
        public var skipped = 0
        /// Images without result.
        public var failed = 0
        /// Images that were not tried, because of an interruption.
        public var remaining = 0
        /// Objects in all images that were segmented.
        public var objects = 0
    }

    /// The version of the program.
    public let version = ProgramVersion.text

    /// Which weights were used.
    public var model: Model

    /// Where the networks ran.
    public var device: String

    /// Threads of one operation.
    public var threads: Int

    /// What decided what the results are.
    public var settings: SegmentationSettings

    /// Where each image is noted; nil for no manifest.
    public var manifest: String?

    /// Numbers of images by how the work on them ended.
    public private(set) var counts: Counts

    /// Each image in the order of the work.
    public private(set) var files: [FileReport] = []

    /// Seconds of each step, all images together.
    public private(set) var seconds = StageTimes()

    /// Seconds from the start of the command.
    public var totalSeconds = 0.0

    /// Whether the user stopped the work.
    public var interrupted = false

    /// Begins the account of a batch.
    public init(
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
    public mutating func add(_ file: FileReport) {
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
    public var errors: [String] { files.compactMap(\.error) }
}
