import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Judging
import Prompting
import Segmentation
import Synchronization
import Testing

/// Tests that take minutes run with `make slowtest`.
private let runsSlowTests = ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil

/// The promise that the same prompts give the same masks by every door.
@Suite("Every door, same masks", .serialized)
struct PromptDoorTests {
    @Test("Prompts with and without stored embeddings", arguments: [ImageKind.small])
    func libraries(_ kind: ImageKind) throws {
        let image = try DoorImage(kind)
        let computed = try masks(image, store: nil)
        #expect(computed.contains { !$0.pixels.isEmpty })
        let store = LibraryDoors(image: image).store
        try embed(image, into: store)
        #expect(try masks(image, store: store) == computed)
    }

    @Test(
        "What is judged of prompts is what prompts give",
        arguments: zip(
            [ImageKind.small, .small, .grey8],
            [AutomaticMode.maskGeneration, nil, nil]
        )
    )
    func judged(_ kind: ImageKind, _ mode: AutomaticMode?) throws {
        let image = try DoorImage(kind)
        let model = try LibraryDoors.model(nil)
        let kept = Mutex<[String: LabelImage]>([:])
        var settings = JudgeSettings()
        settings.method = mode
        settings.starts = [.box, .point]
        settings.fixed = [FixedPromptOptions(name: "box/p0-n0")].compactMap { $0 }
        let judge = ModelJudge(model, settings) { labels, _, part in
            kept.withLock { $0[part] = labels }
        }
        _ = try judge.judge(AnnotatedImage(image: image.single, labels: image.truth))
        let truth = try ImageSource(opening: URL(filePath: image.truth)).readLabels()
        let plane = PlanePixels(try PlaneSource(opening: image.file))
        func prompted(_ prompt: (PromptTarget) -> Prompt) throws -> LabelImage {
            let objects = try truth.promptTargets().map {
                PromptedObject(id: $0.label, prompts: [prompt($0)])
            }
            let masks = try Prompter(model).masks(of: objects, in: plane)
            return try LabelImage(painting: masks.map(\.pixels), size: truth.size)
        }
        let boxes = try prompted { .box($0.box) }
        let found = kept.withLock { $0 }
        #expect(!boxes.objectLabels().isEmpty)
        #expect(found["box/iteration00"] == boxes, "\(found.keys.sorted())")
        #expect(found["box/p0-n0"] == boxes)
        #expect(try found["point/iteration00"] == prompted { .point($0.center) })
    }

    @Test(
        "Prompts by the program and the library",
        .enabled(if: runsSlowTests),
        arguments: ImageKind.allCases
    )
    func program(_ kind: ImageKind) throws {
        let image = try DoorImage(kind)
        let program = ProgramDoors(image: image)
        let size = try PlaneSource(opening: image.file, kind.selection).size
        let expected = try LabelImage(
            painting: masks(image, store: nil),
            of: Self.objects,
            size: size,
            PromptOptions()
        )
        // Prompts need no joining, so there is no such option.
        var options = kind.arguments
        if let index = options.firstIndex(of: "--join-from") { options.removeSubrange(index...) }
        let planes = ["--channel", "--z"].contains(options.first) ? options : []
        let tiles = planes.isEmpty ? options : []
        let given = ["--each", "--point", "40,60", "--box", "30,90,70,130", "--quiet"]
        try program.run(["prompt", image.file, "-o", "a.tif"] + given + options)
        #expect(try program.labels("a.tif") == expected)
        try program.run(["embed", image.file, "-o", "s.zarr", "--quiet"] + planes + tiles)
        try program.run(
            ["prompt", image.file, "-o", "b.tif", "--embedding", "s.zarr"] + given + planes
        )
        #expect(try program.labels("b.tif") == expected)
    }

    private static let objects = [
        PromptedObject(id: 1, prompts: [.point(Point(x: 60, y: 40))]),
        PromptedObject(id: 2, prompts: [.box(Box(minX: 90, minY: 30, maxX: 130, maxY: 70))]),
    ]

    /// What the library predicts.
    private func masks(_ image: DoorImage, store: URL?) throws -> [PredictedMask] {
        let prompter = Prompter(try LibraryDoors.model(), tiling: image.kind.tiling)
        let plane = try PlaneSource(opening: image.file, image.kind.selection)
        let shelf = try store.map { store in
            try StoreShelf(
                store,
                of: PlaneStack(plane),
                model: prompter.model.identity,
                base: prompter.planner.base(of: plane.size),
                isWritable: false
            )
        }
        return try prompter.masks(
            of: Self.objects,
            in: PlanePixels(plane),
            shelf: shelf ?? NoShelf()
        )
    }

    /// Stores the embeddings as `usam embed` does.
    private func embed(_ image: DoorImage, into store: URL) throws {
        var settings = EmbeddingJob.Settings()
        settings.plane = image.kind.selection
        settings.tiling = image.kind.tiling
        let plan = try EmbeddingPlan(InputList([image.file]), output: store.path)
        let reports = try EmbeddingJob(plan, settings).run(LibraryDoors.model()) { _ in }
        #expect(reports.map(\.error) == [nil])
    }
}
