import Imaging
import Prompting
import SegmentAnything
import Segmentation
import Synchronization
import TestFixtures
import Testing
import Torch

@Suite("Embeddings", .serialized, .enabled(if: Fixtures.areAvailable))
struct EmbeddingTests {
    private struct Enough: Error {}

    @Test(
        "The encoder pauses before each of its parts, changes no number, and ends where it is told to"
    )
    func pauses() throws {
        let encoder = try trainedPredictor(.reference).model.imageEncoder
        let image = try Tensor.ones([1, 3, 1024, 1024])
        var pauses = 0
        let (plain, paused) = try withInferenceMode {
            (try encoder(image), try encoder(image) { pauses += 1 })
        }
        #expect(try paused.isIdentical(to: plain))
        // The stem, 2 and 10 blocks, 3 steps to the next resolution, the neck.
        #expect(pauses == 17 && pauses == encoder.stages.count)
        pauses = 0
        #expect(throws: Enough.self) {
            try withInferenceMode {
                try encoder(image) {
                    pauses += 1
                    if pauses == 3 { throw Enough() }
                }
            }
        }
        #expect(pauses == 3)
    }

    @Test("Cancelled work embeds nothing and predicts nothing")
    func cancelled() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let work = Work()
        work.cancel()
        #expect(throws: CancellationError.self) {
            try run.predictor.embed(fixtureImage("image_a"), work)
        }
        let prompts = [ObjectPrompts(points: [.init(Point(x: 30, y: 40))])]
        #expect(throws: CancellationError.self) {
            try run.predictor.predict(prompts, in: run.embedding, BatchOptions(), work)
        }
    }

    @Test("What is prepared for the first prompt serves the next, and changes no result")
    func preparations() throws {
        let predictor = try trainedPredictor(.corrected)
        let embedding = try predictor.embed(fixtureImage("image_a"))
        let places = [(30.0, 40.0), (203, 45), (120, 130), (60, 60), (90, 20)]
        let many = places.map { ObjectPrompts(points: [.init(Point(x: $0.0, y: $0.1))]) }
        func masks(_ prompts: ArraySlice<ObjectPrompts>, _ embedding: ImageEmbedding) throws
            -> [PredictedMask]
        {
            try predictor.predict(Array(prompts), in: embedding, BatchOptions())
        }
        let features = 4 * embedding.features.count
        #expect(embedding.byteCount == features)
        let first = try masks(many[..<1], embedding)
        #expect(embedding.byteCount == 2 * features)
        #expect(try masks(many[..<1], embedding) == first)
        #expect(embedding.byteCount == 2 * features)
        // Keys and values of half as many channels each.
        let all = try masks(many[...], embedding)
        #expect(embedding.byteCount == 3 * features)
        #expect(try masks(many[...], embedding) == all)
        #expect(try masks(many[..<1], embedding) == first)
        // Another model prepares anew.
        let other = try trainedPredictor(.reference)
        _ = try other.predict(many[0], in: embedding, masks: .single)
        #expect(embedding.byteCount == 2 * features)
        let maps = try other.instanceMaps(of: embedding)
        #expect(embedding.byteCount == 2 * features + 12 * maps.size.count)
        #expect(try other.instanceMaps(of: embedding) == maps)
    }

    @Test("All steps of a division into parts are told as steps of the whole")
    func steps() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let events = Events()
        var options = PromptOptions()
        (options.refinements, options.batchSize) = (1, 2)
        let objects = [(30.0, 40.0), (203, 45), (120, 130)].enumerated().map { index, place in
            PromptedObject(
                id: UInt32(index + 1),
                prompts: [.point(Point(x: place.0, y: place.1), .positive)]
            )
        }
        _ = try run.predictor.segment(
            objects,
            in: run.embedding,
            options,
            Work { event in
                if case .advanced(let done, let total) = event { events.add(done, total) }
            }
        )
        #expect(events.all.map(\.done) == [2, 3, 5, 6])
        #expect(events.all.allSatisfy { $0.total == 6 })
    }
}

/// What a work tells.
private final class Events: Sendable {
    private let events = Mutex<[(done: Int, total: Int)]>([])

    var all: [(done: Int, total: Int)] { events.withLock { $0 } }

    func add(_ done: Int, _ total: Int) { events.withLock { $0.append((done, total)) } }
}
