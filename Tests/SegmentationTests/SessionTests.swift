import Foundation
import Imaging
import Prompting
import Segmentation
import Synchronization
import TestFixtures
import Testing
import Torch

@Suite("Sessions", .enabled(if: Fixtures.areAvailable))
struct SessionTests {
    private func model() throws -> Model {
        Model(try quickNetworks(), traits: ModelTraits())
    }

    /// Counts the parts that are computed, which are those that a memory is given.
    private final class CountingShelf: EmbeddingShelf {
        private let inner: any EmbeddingShelf
        private let count = Mutex(0)
        init(_ inner: any EmbeddingShelf) { self.inner = inner }
        var computed: Int { count.withLock { $0 } }
        func embedding(of part: EmbeddedPart) throws -> ImageEmbedding? {
            try inner.embedding(of: part)
        }
        func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) throws {
            count.withLock { $0 += 1 }
            try inner.keep(embedding, of: part)
        }
        func holds(_ part: EmbeddedPart) -> Bool { inner.holds(part) }
    }

    /// A plane whose first reader waits until another request has arrived, which so can overtake it.
    private final class OvertakenPlane: PixelSource {
        private let inner: AnyRaster
        private let isRead = Mutex(false)
        private let hasArrived = Mutex(false)
        init(_ inner: AnyRaster) { self.inner = inner }
        var size: Size { inner.size }
        var wasRead: Bool { isRead.withLock { $0 } }
        func read(_ region: Region) throws -> AnyRaster {
            let isFirst = isRead.withLock { isRead in
                defer { isRead = true }
                return !isRead
            }
            // The limit ends a test that fails.
            let limit = ContinuousClock.now + .seconds(300)
            while isFirst, ContinuousClock.now < limit, !hasArrived.withLock({ $0 }) {
                Thread.sleep(forTimeInterval: 0.005)
            }
            return try inner.read(region)
        }
        /// The context of the other request: the engine asks it as soon as the request has its place.
        func work(telling receive: @escaping @Sendable (WorkEvent) -> Void = { _ in }) -> Work {
            Work(telling: receive).part { [self] in
                hasArrived.withLock { $0 = true }
                return true
            }
        }
        func waitUntilRead() async throws {
            while !wasRead { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test("A session answers as the prompter and the segmenter do")
    func answers() async throws {
        let model = try model()
        let image = AnyRaster.uint8(try fixtureImage("image_a"))
        let session = EngineSegmenter(model).session(on: image, id: "a")
        #expect(session.state == .new && session.size == image.size)
        let point = Point<OriginalPixels>(x: 60, y: 50)
        #expect(try await session.preview(at: point, Work()) == nil)
        try await session.prepare(Work())
        #expect(session.state == .ready)
        let objects = [PromptedObject(id: 3, prompts: [.point(point, .positive)])]
        let masks = try await session.predict(objects, PromptOptions(), Work())
        let expected = try Prompter(model).masks(of: objects, in: PlanePixels(image))
        #expect(masks == expected)
        let three = try await session.preview(at: point, Work())
        #expect(three?.map(\.pixels.area) == three?.map(\.pixels.area).sorted())
        #expect(three?.count == 3)
        var options = model.options()
        for size in [0, 60, 0] {
            options.watershed.minimumSize = size
            let labels = try await session.automatic(options, Work())
            #expect(try labels == Segmenter(model, options).segment(image).labelImage())
        }
        session.close()
        #expect(session.state == .closed)
        await #expect(throws: SessionError.closed) { try await session.prepare(Work()) }
    }

    @Test("A second prompt in a tile costs no second pass of the encoder")
    func memory() throws {
        let model = try model()
        let image = AnyRaster.uint8(try fixtureImage("image_a"))
        let memory = EmbeddingMemory()
        let shelf = CountingShelf(memory.shelf(of: "a"))
        let side = Size(width: image.size.width / 2 + 8, height: image.size.height)
        let tiling = TilingOptions(tileShape: side, halo: Size(width: 8, height: 8))
        let prompter = Prompter(model, tiling: .always(tiling))
        for x in [20.0, 30.0] {
            let objects = [PromptedObject(id: 1, prompts: [.point(Point(x: x, y: 40), .positive)])]
            _ = try prompter.masks(of: objects, in: PlanePixels(image), shelf: shelf)
        }
        #expect(shelf.computed == 1)
        #expect(memory.count == 1 && memory.byteCount >= 4 << 20)
        let small = EmbeddingMemory(byteLimit: 1)
        let (a, b) = (small.shelf(of: "a"), small.shelf(of: "b"))
        let part = EmbeddedPart.whole(of: image.size)
        let embedding = try #require(
            try memory.shelf(of: "a").embedding(
                of: Planner(model, .always(tiling)).part(0, of: image.size)
            )
        )
        try a.keep(embedding, of: part)
        try b.keep(embedding, of: part)
        #expect(try a.embedding(of: part) == nil)
        #expect(try b.embedding(of: part) != nil)
    }

    @Test("A session stays ready whatever becomes of a preparation that a prompt has overtaken")
    func readiness() async throws {
        let model = try model()
        let image = AnyRaster.uint8(try fixtureImage("image_a"))
        let plane = OvertakenPlane(image)
        let session = EngineSegmenter(model).session(on: plane, id: "overtaken")
        let preparation = Work()
        let prepare = Task { try await session.prepare(preparation) }
        try await plane.waitUntilRead()
        #expect(session.state == .preparing)
        let point = Point<OriginalPixels>(x: 60, y: 50)
        let objects = [PromptedObject(id: 3, prompts: [.point(point, .positive)])]
        // Told on the thread of the engine, in the middle of the preparation.
        let states = Mutex<[SessionState]>([])
        let work = plane.work { event in
            guard case .advanced = event else { return }
            states.withLock { $0.append(session.state) }
            preparation.cancel()
        }
        _ = try await session.predict(objects, PromptOptions(), keepsLogits: false, work)
        #expect(states.withLock { Set($0) } == [.ready])
        await #expect(throws: CancellationError.self) { try await prepare.value }
        #expect(session.state == .ready)
        #expect(try await session.preview(at: point, Work())?.count == 3)
        // A grid of points divides the plane for itself.
        var grid = AutomaticSegmentationOptions()
        grid.mode = .maskGeneration
        grid.generation.pointsPerSide = 2
        let watch = Work { _ in states.withLock { $0.append(session.state) } }
        _ = try await session.automatic(grid, watch)
        #expect(states.withLock { Set($0) } == [.ready] && session.state == .ready)
    }

    @Test("A grid of points does not make a session ready for prompts")
    func grid() async throws {
        let image = AnyRaster.uint8(try fixtureImage("image_a"))
        let session = EngineSegmenter(try model()).session(on: image, id: "grid")
        var grid = AutomaticSegmentationOptions()
        grid.mode = .maskGeneration
        grid.generation.pointsPerSide = 2
        _ = try await session.automatic(grid, Work())
        #expect(session.state == .new)
        let cancelled = Work()
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await session.prepare(cancelled) }
        #expect(session.state == .new)
        try await session.prepare(Work())
        #expect(session.state == .ready)
    }

    @Test("Two preparations embed once, and both end well")
    func preparedTwice() async throws {
        let plane = OvertakenPlane(.uint8(try fixtureImage("image_a")))
        let session = EngineSegmenter(try model()).session(on: plane, id: "twice")
        let first = Task { try await session.prepare(Work()) }
        try await plane.waitUntilRead()
        try await session.prepare(plane.work())
        try await first.value
        #expect(session.state == .ready)
    }

    @Test("What a prompt has embedded meanwhile is not embedded again")
    func overtaken() async throws {
        let model = try model()
        let image = AnyRaster.uint8(try fixtureImage("image_a"))
        let plane = OvertakenPlane(image)
        let engine = InferenceEngine.shared(on: .cpu)
        let shelf = CountingShelf(EmbeddingMemory().shelf(of: "a"))
        let planner = Planner(model)
        let prefetch = Task {
            try await engine.run(.prefetch) { work in
                try planner.embedded(PlanePixels(plane), shelf: shelf, work)
            }
        }
        try await plane.waitUntilRead()
        _ = try await engine.run(.prompt, plane.work()) { work in
            try planner.embedded(PlanePixels(image), shelf: shelf, work)
        }
        _ = try await prefetch.value
        #expect(shelf.computed == 1)
    }

    @Test("What is prepared from embeddings counts, and a session keeps the one that it holds")
    func limits() async throws {
        let model = try model()
        let image = AnyRaster.uint8(try fixtureImage("image_a"))
        let embedding = try model.predictor.embed(image.normalizedRGB())
        func copy() -> ImageEmbedding {
            ImageEmbedding(features: embedding.features, transform: embedding.transform)
        }
        let part = EmbeddedPart.whole(of: image.size)
        let memory = EmbeddingMemory(byteLimit: 2 * embedding.byteCount)
        let (a, b) = (memory.shelf(of: "a"), memory.shelf(of: "b"))
        try a.keep(copy(), of: part)
        try b.keep(copy(), of: part)
        #expect(memory.count == 2)
        let used = try #require(try b.embedding(of: part))
        let object = PromptedObject(id: 1, prompts: [.point(Point(x: 60, y: 50), .positive)])
        _ = try model.predictor.segment([object], in: used)
        #expect(a.holds(part) == false && b.holds(part))
        #expect(memory.byteCount == used.byteCount && used.byteCount > embedding.byteCount)
        let small = EmbeddingMemory(byteLimit: 1)
        let session = EngineSegmenter(model, memory: small).session(on: image, id: "s")
        try await session.prepare(Work())
        try small.shelf(of: "b").keep(copy(), of: part)
        try small.shelf(of: "c").keep(copy(), of: part)
        #expect(small.count == 2 && small.shelf(of: "c").holds(part))
        session.close()
        #expect(small.count == 1)
    }

    /// A plane that cannot be read.
    private struct BrokenPlane: PixelSource {
        struct Broken: Error, CustomStringConvertible {
            let description = "the disk is gone"
        }
        let size = Size(width: 20, height: 10)
        func read(_ region: Region) throws -> AnyRaster { throw Broken() }
    }

    @Test("A plane that cannot be read makes its session fail, which says why")
    func failing() async throws {
        let session = ImageSession(on: BrokenPlane(), id: "broken", try model())
        await #expect(throws: BrokenPlane.Broken.self) { try await session.prepare() }
        #expect(session.state == .failed("the disk is gone"))
    }

    @Test("Models of which no hash is known do not share embeddings in a memory")
    func unknownModels() async throws {
        let memory = EmbeddingMemory()
        let plane = AnyRaster.uint8(try fixtureImage("image_a"))
        for count in 1...2 {
            let session = ImageSession(on: plane, id: "a", try model(), memory: memory)
            try await session.prepare()
            #expect(memory.count == count)
        }
    }

    @Test("A prompt goes first while an image is embedded, and a cancelled embedding ends early")
    func interruption() async throws {
        let model = try model()
        let image = AnyRaster.uint8(try fixtureImage("image_a"))
        let engine = InferenceEngine.shared(on: .cpu)
        let order = Mutex<[String]>([])
        let begun = Mutex(false)
        let embedding = Task {
            try await engine.run(.prefetch) { work in
                begun.withLock { $0 = true }
                // As many passes as it takes for the prompt to arrive, which beside other tests
                // may be a minute; the limit ends a test that fails.
                let limit = ContinuousClock.now + .seconds(300)
                while ContinuousClock.now < limit, !order.withLock({ $0.contains("prompt") }) {
                    _ = try model.predictor.embed(image.normalizedRGB(), work)
                }
                order.withLock { $0.append("embedding") }
            }
        }
        while !begun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        try await engine.run(.prompt) { _ in order.withLock { $0.append("prompt") } }
        try await embedding.value
        #expect(order.withLock { $0 } == ["prompt", "embedding"])
        let work = Work()
        work.cancel()
        #expect(throws: CancellationError.self) {
            try model.predictor.embed(image.normalizedRGB(), work)
        }
    }
}
