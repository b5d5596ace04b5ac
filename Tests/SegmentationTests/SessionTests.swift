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
        Model(try trainedPredictor(.standard).model, traits: ModelTraits())
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
