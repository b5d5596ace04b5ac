import Foundation
import Imaging
public import Prompting

/// Segments images one after the other; the next is read meanwhile.
public struct SegmentationBatch: Sendable {
    /// How images become results.
    public struct Settings: Sendable {
        /// What decides what the results are.
        public var segmentation = SegmentationSettings()

        /// Where embeddings are taken from, and stored where they are missing; nil for nowhere.
        public var embeddings: EmbeddingPlace?

        /// Whether images are read region by region where they are needed, and not as a whole.
        public var readsByRegion = false

        /// Whether results that are already there are made again.
        public var replacesResults = false

        /// The name of the model, for tables.
        public var modelName = ""

        /// What tells the weights apart from others, for work that goes on; empty if nothing does.
        public var modelHash = ""

        /// The table of the objects of all images; nil for none.
        public var joinedTable: String?

        /// How errors become the sentences of reports and of the manifest.
        public var wording: ErrorWording = { ErrorText.line($0) }

        /// How notes of readers become the warnings of reports and of the manifest.
        public var noteWording: NoteWording = { $0.description }

        /// The reference's defaults, for images of one plane.
        public init() {}
    }

    /// The images.
    public let items: [BatchItem]

    /// How images become results.
    public let settings: Settings

    /// Where each image is noted; nil for no manifest.
    public let manifest: RunManifest?

    /// Loads the model; called once, before the first image that needs it.
    public let makeSegmenter: @Sendable () throws -> any BatchSegmenter

    /// Creates a batch; nothing happens yet.
    public init(
        items: [BatchItem],
        settings: Settings = Settings(),
        manifest: RunManifest? = nil,
        makeSegmenter: @escaping @Sendable () throws -> any BatchSegmenter
    ) {
        self.items = items
        self.settings = settings
        self.manifest = manifest
        self.makeSegmenter = makeSegmenter
    }

    /// Starts the work and returns at once.
    ///
    /// Three threads hand images on through queues of one element each: one reads and decodes, one hands
    /// planes to the engine that runs the model, one finds the objects and writes. The
    /// planes of an image overlap in the last two; an image begins in the model when the results of those
    /// before it are on the disk, so that a run that is killed has one image at most to do again.
    ///
    /// - Parameters:
    ///   - work: Cancelling it ends the work: nothing is begun any more, and what is just being written is
    ///     completed or removed.
    ///   - events: Where everything is told; finished at the end.
    public func start(_ work: Work, telling events: AsyncStream<BatchEvent>.Continuation) {
        let course = BatchCourse(work: work, events: events)
        let read = BoundedQueue<ReadJob>(capacity: 1)
        let predicted = BoundedQueue<PredictedJob>(capacity: 1)
        thread("reading") { BatchReader(batch: self, course: course).run(into: read) }
        thread("model") {
            BatchModel(batch: self, course: course).run(from: read, into: predicted)
        }
        thread("writing") {
            BatchWriter(batch: self, course: course).run(from: predicted)
            events.finish()
        }
    }

    private func thread(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = 16 << 20
        thread.start()
    }
}

/// What the threads of a batch have in common.
struct BatchCourse: Sendable {
    let work: Work
    let events: AsyncStream<BatchEvent>.Continuation
    let side = SideWork()
    let finished = FinishedItems()

    /// A clock for the steps of an image.
    func clock(item: Int) -> StageClock {
        let events = events
        return StageClock(
            work.part { event in
                switch event {
                case .began(let stage): events.yield(.began(stage, item: item))
                case .advanced(let done, let total):
                    events.yield(.advanced(item: item, done: done, of: total))
                case .decided(let decision): events.yield(.decided(decision, item: item))
                case .noted: break
                }
            }
        )
    }
}
