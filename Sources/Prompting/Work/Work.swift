import Synchronization

/// The context of long work: what it tells, whether it is still wanted, and who goes first.
///
/// Every function that can take longer than a moment takes one, from a block of the image encoder to a run
/// over a folder of images. Between two steps such a function calls ``checkpoint()``, where a cancelled
/// work ends and where the thread that runs it does what is more urgent.
///
/// ```swift
/// let work = Work { event in print(event) }
/// Task { try await engine.run(.automatic, work) { try segmenter.segment(plane, $0) } }
/// work.cancel()                                  // ends at the next checkpoint
/// ```
public final class Work: Sendable {
    private let parent: Work?
    private let isCancelledHere = Atomic(false)
    private let receive: @Sendable (WorkEvent) -> Void

    /// Whether a part is still of use; nil where only cancelling ends it.
    private let isOfUse: (@Sendable () -> Bool)?
    private let urgent = Mutex<(@Sendable () -> Void)?>(nil)

    /// Creates a context.
    ///
    /// - Parameter receive: Told of everything that happens, on the thread on which it does.
    public init(telling receive: @escaping @Sendable (WorkEvent) -> Void = { _ in }) {
        (parent, isOfUse) = (nil, nil)
        self.receive = receive
    }

    private init(
        part parent: Work,
        while isOfUse: (@Sendable () -> Bool)? = nil,
        telling receive: @escaping @Sendable (WorkEvent) -> Void
    ) {
        self.parent = parent
        self.isOfUse = isOfUse
        self.receive = receive
    }

    // MARK: - Cancellation and precedence

    /// Whether the work is not wanted any more.
    public var isCancelled: Bool {
        isCancelledHere.load(ordering: .acquiring) || parent?.isCancelled == true
            || isOfUse?() == false
    }

    /// Asks the work, and all its parts, to end at the next checkpoint.
    public func cancel() { isCancelledHere.store(true, ordering: .releasing) }

    /// A place between two steps: what is more urgent is done here first.
    ///
    /// - Throws: `CancellationError` if the work was cancelled.
    public func checkpoint() throws(CancellationError) {
        if isCancelled { throw CancellationError() }
        runUrgent()
        if isCancelled { throw CancellationError() }
    }

    private func runUrgent() {
        if let parent { return parent.runUrgent() }
        urgent.withLock { $0 }?()
    }

    /// Says what does the more urgent work at checkpoints; nil for nobody.
    ///
    /// Called by the engine that runs this work, which restores what was there before.
    ///
    /// - Returns: What was there before.
    @discardableResult
    package func setUrgent(_ run: (@Sendable () -> Void)?) -> (@Sendable () -> Void)? {
        if let parent { return parent.setUrgent(run) }
        return urgent.withLock { urgent in
            defer { urgent = run }
            return urgent
        }
    }

    // MARK: - What happens

    /// Tells that a step begins.
    public func begin(_ stage: WorkStage) { receive(.began(stage)) }

    /// Tells how many parts of the present step are done, and is a ``checkpoint()``.
    public func advance(_ done: Int, of total: Int) throws(CancellationError) {
        receive(.advanced(done, of: total))
        try checkpoint()
    }

    /// Tells of a decision that the user did not make.
    public func decide(_ decision: WorkDecision) { receive(.decided(decision)) }

    /// Tells what a reader noticed about a file.
    ///
    /// The receiver of the whole work is told, whichever part of it read the file.
    public func note(_ note: FileNote) {
        if let parent { return parent.note(note) }
        receive(.noted(note))
    }

    /// The same work without telling how many parts are done: for a function whose parts are too small to
    /// be told.
    public var silent: Work {
        Work(part: self) { [self] event in
            if case .advanced = event { return }
            receive(event)
        }
    }

    /// A part of this work whose steps count as some of those of the whole.
    ///
    /// - Parameters:
    ///   - done: Steps of the whole that were done before.
    ///   - total: All steps of the whole.
    public func part(from done: Int, of total: Int) -> Work {
        Work(part: self) { [self] event in
            if case .advanced(let more, _) = event {
                receive(.advanced(done + more, of: total))
            } else {
                receive(event)
            }
        }
    }

    /// A part of this work that ends as if it were cancelled when it is of no use any more, because something
    /// more urgent has done the same at one of its checkpoints.
    ///
    /// - Parameter isOfUse: Asked at every checkpoint.
    package func part(while isOfUse: @escaping @Sendable () -> Bool) -> Work {
        Work(part: self, while: isOfUse, telling: receive)
    }

    /// A part of this work with another receiver of events; cancelled with the whole, or alone.
    public func part(telling receive: @escaping @Sendable (WorkEvent) -> Void) -> Work {
        Work(part: self, telling: receive)
    }
}

/// What long work tells.
public enum WorkEvent: Hashable, Sendable {
    /// A step begins.
    case began(WorkStage)
    /// So many parts of the present step are done, of so many.
    case advanced(Int, of: Int)
    /// Something was decided that the user may want otherwise.
    case decided(WorkDecision)
    /// A reader noticed something about a file.
    case noted(FileNote)
}

/// The steps from a file to a result, in order.
public enum WorkStage: String, Hashable, Codable, CaseIterable, Sendable {
    /// Reading the weights and building the networks.
    case modelLoad = "model_load"
    /// Reading and decoding the image.
    case read
    /// Stretching intensities to 8 bits.
    case prepare
    /// Resizing, and the image encoder.
    case encode
    /// The decoder for automatic segmentation, or the masks of a grid of points.
    case decode
    /// Smoothing, seeds and watershed, or the choice among masks.
    case segment
    /// Drawing pictures, and writing files.
    case write
}

/// How a plane is divided, where nobody said it.
public struct WorkDecision: Hashable, Sendable {
    /// What was decided.
    public enum Kind: Hashable, Sendable {
        /// A large plane is divided into tiles.
        case tiles
        /// A plane is shown in tiles that enlarge its objects.
        case enlarged
        /// A plane is shown as a whole although what a first look found is small.
        case tooSmall
        /// Masks are predicted from each point of a grid, which takes long.
        case pointGrid
        /// Masks of a grid of points are left out because none is expected to be good.
        case noGoodMask
        /// Masks of a grid of points are left out because none is stable.
        case noStableMask
        /// What was found is reported although it looks as if the model did not know such images.
        case unfamiliar
    }

    /// What was decided.
    public let kind: Kind

    /// What was decided and why, in one sentence without a full stop.
    public let text: String

    /// How often the image encoder looks at the plane, a first look included; nil where it depends on
    /// prompts.
    public let looks: Int?

    /// About how many seconds the looks that are left will take; nil where no look was measured yet.
    public let seconds: Double?

    /// How wide objects are in pixels of the plane, where tiles that suit them better would exceed the cost
    /// that is spent without being asked for; nil otherwise.
    public let costlyDiameter: Double?

    /// A threshold with which there would be masks; nil where none was too high.
    public let threshold: Double?

    /// Explains a decision.
    public init(
        _ kind: Kind,
        _ text: String,
        looks: Int? = nil,
        seconds: Double? = nil,
        costlyDiameter: Double? = nil,
        threshold: Double? = nil
    ) {
        self.kind = kind
        self.text = text
        self.looks = looks
        self.seconds = seconds
        self.costlyDiameter = costlyDiameter
        self.threshold = threshold
    }
}
