import Foundation
public import Imaging
public import Prompting
import SegmentAnything
import Synchronization

/// The work with one model on one plane: embeddings in memory, prompts, previews and automatic segmentation
/// that answers while parameters change.
///
/// All networks run on the engine of the model's device. The labels are those that ``Segmenter`` gives, and
/// the masks those of ``Prompter``.
public final class ImageSession: InteractiveSession {
    private let pixels: PlanePixels
    private let place: String
    private let model: Model
    private let tiling: TilingChoice
    private let limits: PlanningLimits
    private let memory: EmbeddingMemory
    private let shelf: any EmbeddingShelf
    private let engine: InferenceEngine

    private struct Kept {
        var isClosed = false
        var planes: [Division.Use: EmbeddedPlane] = [:]
        var automatic: [Division.Use: AutomaticState] = [:]

        /// Requests that are embedding the plane for prompts; one may be paused by another.
        var embedding = 0

        /// Why the plane could not be embedded for prompts.
        var failure: String?

        /// The requests that were not answered yet.
        var works: [ObjectIdentifier: Work] = [:]

        /// The automatic segmentation that was asked for last.
        var latest: Work?

        /// Follows from what is there, so that requests that overtake each other cannot leave a wrong one.
        var state: SessionState {
            if isClosed { return .closed }
            if planes[.prompts] != nil { return .ready }
            if embedding > 0 { return .preparing }
            return failure.map(SessionState.failed) ?? .new
        }
    }

    private let kept = Mutex(Kept())

    /// Begins the work on a plane; nothing is computed yet.
    ///
    /// - Parameters:
    ///   - plane: The pixels.
    ///   - id: By what the plane is recognised in the memory.
    ///   - tiling: How the plane is divided.
    ///   - limits: From which size on it is joined from its tiles.
    ///   - memory: Keeps the embeddings, perhaps of other sessions, too.
    ///   - store: Where embeddings are taken from that are not in the memory, and where new ones are kept, too; nil for
    ///     nowhere.
    public init(
        on plane: any PixelSource,
        id: String,
        _ model: Model,
        tiling: TilingChoice = .automatic,
        limits: PlanningLimits = .machine,
        memory: EmbeddingMemory = EmbeddingMemory(),
        store: (any EmbeddingShelf)? = nil
    ) {
        pixels = PlanePixels(plane, model.normalization)
        place = "\(id)#\(model.embeddingKey)"
        self.model = model
        self.tiling = tiling
        self.limits = limits
        self.memory = memory
        let shelf = memory.sessionShelf(of: place)
        self.shelf = store.map { BackedShelf(shelf, $0) } ?? shelf
        engine = InferenceEngine.shared(on: model.networks.device)
    }

    /// Width and height of the plane.
    public var size: Size { pixels.size }

    /// How far the work is.
    public var state: SessionState { kept.withLock { $0.state } }

    // MARK: - Requests

    /// Embeds the plane, so that prompts are answered at once.
    public func prepare(_ work: Work = Work()) async throws {
        try enter(work)
        defer { leave(work) }
        guard state != .ready else { return }
        _ = try await engine.run(.prefetch, work) { [self] work in
            try embedded(for: .prompts, work)
        }
    }

    /// The masks of an object that a point would give, from the smallest to the largest.
    public func preview(
        at point: Point<OriginalPixels>,
        _ work: Work = Work()
    ) async throws -> [PredictedMask]? {
        try enter(work)
        defer { leave(work) }
        guard state == .ready else { return nil }
        let object = PromptedObject(id: 1, prompts: [.point(point, .positive)])
        var options = PromptOptions()
        options.masks = .all
        let masks = try await engine.run(.hover, replacing: key("hover"), work) {
            [self, options] work in
            try predicted([object], options, work)
        }
        return masks.sorted { $0.pixels.area < $1.pixels.area }
    }

    /// The masks of objects from their prompts.
    public func predict(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        keepsLogits: Bool,
        _ work: Work
    ) async throws -> [PredictedMask] {
        try enter(work)
        defer { leave(work) }
        return try await engine.run(.prompt, work) { [self] work in
            try predicted(objects, options, keepsLogits: keepsLogits, work)
        }
    }

    /// The masks of objects on their way through a volume or a movie, behind prompts and previews.
    public func follow(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        _ work: Work
    ) async throws -> [PredictedMask] {
        try enter(work)
        defer { leave(work) }
        return try await engine.run(.automatic, work) { [self] work in
            try predicted(objects, options, work)
        }
    }

    /// All objects of the plane.
    public func automatic(
        _ options: AutomaticSegmentationOptions,
        _ work: Work = Work()
    ) async throws -> LabelImage {
        try enter(work)
        defer { leave(work) }
        replaceLatest(by: work)
        let answer = try await engine.run(.automatic, replacing: key("automatic"), work) {
            [self] work in
            try begin(options, work)
        }
        // What needs no network leaves the engine to prompts.
        switch answer {
        case .labels(let labels): return labels
        case .state(let state, let use):
            return try await besideTheEngine(work) { [self] in
                var state = state
                let labels = try state.labels(options, work)
                keep(state, for: use)
                return labels
            }
        }
    }

    /// Ends all requests, and gives back what was kept for the plane.
    public func close() {
        let works = kept.withLock { kept in
            defer { kept = Kept(isClosed: true) }
            return Array(kept.works.values)
        }
        works.forEach { $0.cancel() }
        for name in ["hover", "automatic"] { engine.cancel(key(name)) }
        memory.forget(place)
    }

    // MARK: - On the engine

    private enum Answer: Sendable {
        case labels(LabelImage)
        case state(AutomaticState, Division.Use)
    }

    /// Runs the networks of automatic segmentation as far as the options ask for it.
    private func begin(
        _ options: AutomaticSegmentationOptions,
        _ work: Work
    ) throws -> Answer {
        let segmenter = try Segmenter(model, options, tiling: tiling, limits: limits)
        let use = Division.Use(segmenter.mode, model.traits)
        let plane = try embedded(for: use, work)
        if plane.division.joinsTiles {
            let labels = try segmenter.joined(plane, in: nil, work)
            defer { labels.removeWorkingFolder() }
            return .labels(try labels.labelImage(work))
        }
        var state =
            kept.withLock { $0.automatic[use] } ?? segmenter.state(of: plane, keepsStages: true)
        try state.prepare(segmenter.options, work)
        keep(state, for: use)
        guard segmenter.mode == .generatedPrompts else { return .state(state, use) }
        let labels = try state.labels(segmenter.options, work)
        keep(state, for: use)
        return .labels(labels)
    }

    private func predicted(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        keepsLogits: Bool = false,
        _ work: Work
    ) throws -> [PredictedMask] {
        let plane = try embedded(for: .prompts, work.silent)
        return try plane.masks(
            of: objects,
            options,
            model.predictor,
            keepsLogits: keepsLogits,
            work
        )
    }

    /// The plane as it is divided for a use; its embeddings are taken from the memory.
    private func embedded(for use: Division.Use, _ work: Work) throws -> EmbeddedPlane {
        if let known = kept.withLock({ $0.planes[use] }) { return known }
        beginEmbedding(for: use)
        let result = Result {
            let planner = Planner(model, tiling, mode: use.mode, limits: limits)
            return try planner.embedded(pixels, shelf: shelf, isLazy: true, work)
        }
        endEmbedding(for: use, result)
        return try result.get()
    }

    private func beginEmbedding(for use: Division.Use) {
        kept.withLock { if use == .prompts { $0.embedding += 1 } }
    }

    private func endEmbedding(
        for use: Division.Use,
        _ result: Result<EmbeddedPlane, any Error>
    ) {
        kept.withLock { kept in
            guard !kept.isClosed else { return }
            if use == .prompts { kept.embedding -= 1 }
            switch result {
            case .success(let plane): kept.planes[use] = kept.planes[use] ?? plane
            case .failure(let error) where use == .prompts:
                kept.failure = error is CancellationError ? kept.failure : "\(error)"
            case .failure: break
            }
        }
    }

    // MARK: - What is kept

    private func key(_ name: String) -> String { "\(place)#\(name)" }

    private func keep(_ state: AutomaticState, for use: Division.Use) {
        kept.withLock { kept in
            if !kept.isClosed { kept.automatic[use] = state }
        }
    }

    private func enter(_ work: Work) throws(SessionError) {
        let isOpen = kept.withLock { kept in
            if !kept.isClosed { kept.works[ObjectIdentifier(work)] = work }
            return !kept.isClosed
        }
        if !isOpen { throw .closed }
    }

    private func leave(_ work: Work) {
        kept.withLock { kept in
            kept.works[ObjectIdentifier(work)] = nil
            if kept.latest === work { kept.latest = nil }
        }
    }

    /// Ends the automatic segmentation that was asked for before, which may have left the engine.
    private func replaceLatest(by work: Work) {
        let older = kept.withLock { kept in
            defer { kept.latest = work }
            return kept.latest
        }
        if older !== work { older?.cancel() }
    }

    /// Runs something on a thread that may be busy for long; it is cancelled with the task.
    private func besideTheEngine<Value: Sendable>(
        _ work: Work,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global(qos: .userInitiated).async {
                    continuation.resume(with: Result { try body() })
                }
            }
        } onCancel: {
            work.cancel()
        }
    }
}

extension Division {
    /// What a plane is divided for.
    fileprivate enum Use: Hashable, Sendable {
        /// Prompts, and the decoder where the same objects suit both.
        case prompts
        /// The decoder, where smaller objects suit it.
        case decoder
        /// A grid of points, which takes no first look.
        case grid

        init(_ mode: AutomaticMode, _ traits: ModelTraits) {
            let isAlike = traits.objectDiameter(for: mode) == traits.objectDiameter
            self = mode == .maskGeneration ? .grid : isAlike ? .prompts : .decoder
        }

        /// The mode that the planner is asked for.
        var mode: AutomaticMode? {
            switch self {
            case .prompts: nil
            case .decoder: .instanceDecoder
            case .grid: .maskGeneration
            }
        }
    }
}
