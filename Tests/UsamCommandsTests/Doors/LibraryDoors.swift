import Files
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Judging
import ModelZoo
import Prompting
import Segmentation
import Synchronization
import Testing
import Torch

/// The doors of the libraries, which the commands go through.
struct LibraryDoors {
    let image: DoorImage

    /// The model behind all doors; nil for the one that is part of the program.
    var choice: QuickModel? = .brightness

    /// A model that all tests share.
    private struct Shared {
        let files: ModelFiles
        let loaded: Model

        init(_ files: ModelFiles) throws {
            self.files = files
            loaded = try ModelWeights(files).load(on: .cpu)
        }

        static let own = Result { try Shared(ModelZoo.standard.locate(EmbeddedModel.name)) }
        static let brightness = Result { try Shared(.brightness) }
        static let narrow = Result { try Shared(.narrow) }

        init(_ model: QuickModel) throws {
            try self.init(ModelFiles(name: model.path, model: model.url))
        }
    }

    private static func shared(_ choice: QuickModel?) throws -> Shared {
        switch choice {
        case nil: try Shared.own.get()
        case .brightness: try Shared.brightness.get()
        case .narrow: try Shared.narrow.get()
        }
    }

    /// A model, loaded once; nil for the one that is part of the program.
    static func model(_ choice: QuickModel? = .brightness) throws -> Model {
        try shared(choice).loaded
    }

    private var model: Model { get throws { try Self.model(choice) } }
    private var files: ModelFiles { get throws { try Self.shared(choice).files } }

    /// The labels behind a door.
    func labels(_ door: Door) async throws -> LabelImage {
        switch door {
        case .memory, .storing, .stored, .byRegion: try await segmented(door)
        case .rerun: try await repeated()
        case .judged: try judged()
        case .library: try library()
        case .session: try await session()
        }
    }

    /// The store of the embeddings of the image.
    var store: URL { URL(filePath: image.place.path("store.zarr")) }

    private func segmented(_ door: Door) async throws -> LabelImage {
        var settings = SegmentationSettings()
        settings.automatic = try model.options()
        settings.plane = image.kind.selection
        settings.tiling = image.kind.tiling
        settings.limits = image.kind.limits
        var run = SegmentationRun(
            try plan(door),
            settings,
            try ModelWeights(files),
            on: .cpu
        )
        run.readsByRegion = door == .byRegion
        run.manifestPath = manifest(door)
        run.arguments = ["segment"]
        if [.storing, .stored].contains(door) { run.embeddings = EmbeddingPlace(store.path) }
        return try await labels(run)
    }

    private func plan(_ door: Door) throws -> OutputPlan {
        let request = OutputPlan.Request(output: image.place.path(door.rawValue) + "/")
        return try OutputPlan(InputList([image.file]), request)
    }

    private func manifest(_ door: Door) -> String {
        image.place.path("\(door.rawValue)/manifest.jsonl")
    }

    private func labels(_ run: SegmentationRun) async throws -> LabelImage {
        let result = try await run.prepared().result { _, _ in }
        #expect(result.errors == [])
        return try ImageSource(opening: URL(filePath: run.plan.items[0].output)).readLabels()
    }

    private func repeated() async throws -> LabelImage {
        let past = try PastRun(manifest(.memory))
        let weights = try ModelWeights(past.verified(files))
        let images = past.images()
        #expect(images.problems.isEmpty)
        var request = past.request(output: image.place.path(Door.rerun.rawValue))
        request.output += "/"
        let run = SegmentationRun(
            try OutputPlan(InputList(images.paths), request),
            past.header.settings,
            weights,
            on: .cpu
        )
        return try await labels(run)
    }

    private func judged() throws -> LabelImage {
        let model = try self.model
        var settings = JudgeSettings()
        settings.parameters = model.traits.parameters(of: .instanceDecoder)
        settings.tiling = image.kind.tiling
        settings.limits = image.kind.limits
        let kept = Mutex<LabelImage?>(nil)
        let judge = ModelJudge(model, settings) { labels, _, _ in kept.withLock { $0 = labels } }
        let numbers = image.kind.selection.channels.compactMap { Int("\($0)") }
        let pair = AnnotatedImage(
            image: image.single,
            labels: image.truth,
            reading: .init(channels: numbers.isEmpty ? nil : numbers)
        )
        _ = try judge.judge(pair)
        return try #require(kept.withLock { $0 })
    }

    private func library() throws -> LabelImage {
        let segmenter = try Segmenter(
            model,
            tiling: image.kind.tiling,
            limits: image.kind.limits
        )
        let labels = try segmenter.segment(PlaneSource(opening: image.file, image.kind.selection))
        defer { labels.discard() }
        return try labels.labelImage()
    }

    private func session() async throws -> LabelImage {
        let segmenter = EngineSegmenter(
            try model,
            tiling: image.kind.tiling,
            limits: image.kind.limits
        )
        let plane = try PlaneSource(opening: image.file, image.kind.selection)
        let session = segmenter.session(on: plane, id: image.file)
        defer { session.close() }
        return try await session.automatic(segmenter.description.suitedOptions, Work())
    }
}
