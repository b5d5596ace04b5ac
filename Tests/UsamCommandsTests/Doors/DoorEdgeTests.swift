import Evaluation
import Files
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
import Torch
import UsamCommands

/// Images without objects, images that are refused, and embeddings that are there.
@Suite("Every door, same limits", .serialized)
struct DoorEdgeTests {
    /// Whole planes, planes in tiles, and planes that are joined from their tiles.
    enum Shape: CaseIterable {
        case whole, tiled, joined

        var size: Size { Size(width: self == .whole ? 64 : 1540, height: 48) }

        var limits: PlanningLimits { self == .joined ? .init(joinedPixels: 1) : .machine }
    }

    @Test("Values that are not finite are refused in the same words", arguments: Shape.allCases)
    func notFinite(_ shape: Shape) async throws {
        let place = try Workplace()
        var image = Raster<Float>(repeating: 1, size: shape.size)
        for pixel in image.samples.indices { image.samples[pixel] = Float(pixel % 7) }
        image[x: 40, y: 20] = .nan
        let file = try write(.float32(image), place)
        let words =
            "\(file): channel 0 of the image: contains NaN or infinite values; replace them "
            + "before segmentation"
        for byRegion in [false, true] {
            let result = try await run(file, place, shape.limits, byRegion: byRegion)
            #expect(result.errors == [words], "by region: \(byRegion)")
        }
        let judged = try #require(throws: JudgingError.self) {
            try judge(file, place, shape.limits)
        }
        #expect(Usam.ending(of: judged).message == "usam: " + words)
        let thrown = try #require(throws: ImagingError.self) {
            try Segmenter(LibraryDoors.model(), limits: shape.limits)
                .segment(PlaneSource(opening: file))
        }
        #expect("\(file): \(thrown)" == words)
        for command in ["segment -o a.tif", "embed -o a.zarr", "prompt --point 3,3 -o a.tif"] {
            var arguments = command.split(separator: " ").map(String.init)
            arguments.insert(file, at: 1)
            let ending = try Program.run(arguments, in: place.folder, with: .brightness)
            #expect(ending.status == 1 && ending.error.contains(words), "\(ending.error)")
        }
    }

    @Test("Nothing is found where nothing can be seen", arguments: Shape.allCases)
    func blank(_ shape: Shape) async throws {
        let place = try Workplace()
        // Colours without contrast, under an opacity that has some.
        var image = Raster<UInt8>(repeating: 77, size: shape.size, channels: 4)
        for pixel in 0..<shape.size.count { image.samples[4 * pixel + 3] = UInt8(pixel % 256) }
        let file = try write(.uint8(image), place)
        for byRegion in [false, true] {
            let result = try await run(file, place, shape.limits, byRegion: byRegion)
            #expect(result.errors == [] && result.report.counts.objects == 0)
        }
        guard shape != .joined else { return }
        let nothing = LabelImage(size: shape.size)
        if shape == .whole { #expect(try judge(file, place, shape.limits) == nothing) }
        let labels = try Segmenter(LibraryDoors.model(), limits: shape.limits)
            .segment(PlaneSource(opening: file))
        defer { labels.discard() }
        #expect(try labels.labelImage() == nothing)
    }

    @Test("A second run with stored embeddings computes none", arguments: [ImageKind.small])
    func stored(_ kind: ImageKind) throws {
        let image = try DoorImage(kind)
        let model = try LibraryDoors.model()
        let segmenter = try Segmenter(model, tiling: kind.tiling, limits: kind.limits)
        let plane = try PlaneSource(opening: image.file, kind.selection)
        var passes: [Int] = []
        for _ in 0..<2 {
            let shelf = CountingShelf(
                try StoreShelf(
                    LibraryDoors(image: image).store,
                    of: PlaneStack(plane),
                    model: model.identity,
                    base: segmenter.planner.base(of: plane.size),
                    isWritable: true
                )
            )
            _ = try segmenter.embedded(PlanePixels(plane), shelf: shelf)
            try shelf.store.finish()
            passes.append(shelf.computed)
        }
        #expect(passes[0] >= 1 && passes[1] == 0, "\(passes)")
        let parts = image.place.path("store.zarr/usam_parts")
        #expect((FileStatus(of: parts) != nil) == (kind == .small))
    }

    @Test("The store of a whole stack serves the plane that is meant")
    func storedStack() async throws {
        let doors = LibraryDoors(image: try DoorImage(.planeOfStack))
        let expected = try await doors.labels(.memory)
        let plan = try EmbeddingPlan(InputList([doors.image.file]), output: doors.store.path)
        let reports = try EmbeddingJob(plan, EmbeddingJob.Settings())
            .run(LibraryDoors.model()) { _ in }
        #expect(reports.map(\.error) == [nil])
        #expect(try EmbeddingStore(opening: doors.store).depth == 3)
        #expect(try await doors.labels(.stored) == expected)
        // The middle one of three slices is another one than the first.
        let plane = try PlaneSource(opening: doors.image.file, doors.image.kind.selection)
        #expect(plane.stack(ofDepth: 3)?.place == 1 && plane.stack(ofDepth: 2) == nil)
        let planner = Planner(try LibraryDoors.model())
        let shelf = try StoreShelf(doors.store, holding: plane, planner, isWritable: false)
        let stored = try #require(try shelf.embedding(of: planner.part(0, of: plane.size)))
        let computed = try planner.model.predictor.embed(PlanePixels(plane).whole())
        #expect(
            try stored.features.elements(as: Float.self)
                == computed.features.elements(as: Float.self)
        )
    }

    @Test("A search for parameters scores what is segmented, also where tiles are joined")
    func search() throws {
        let image = try DoorImage(.joined)
        let model = try LibraryDoors.model()
        let pair = AnnotatedImage(image: image.single, labels: image.truth)
        let sizes = [0.0, 700]
        let grid = ParameterGrid([
            ParameterRange(name: "min_size", values: sizes.map { .number($0) })
        ])
        let search = try GridSearch(
            .init(
                model: "m",
                mode: .instanceDecoder,
                grid: grid,
                tiling: image.kind.tiling,
                limits: image.kind.limits
            ),
            output: image.place.path("search")
        )
        let result = try search.run([pair], { model })
        var settings = JudgeSettings()
        settings.tiling = image.kind.tiling
        settings.limits = image.kind.limits
        let judged = try sizes.map { size in
            settings.parameters = ["min_size": size]
            return try ModelJudge(model, settings).judge(pair).automatic?.segmentation
        }
        #expect(result.means == judged.compactMap { $0 } && judged[0] != judged[1])
    }

    // MARK: - Doors

    private func write(_ image: AnyRaster, _ place: Workplace) throws -> String {
        let file = place.path("image.tif")
        try image.writeTIFF(to: URL(filePath: file))
        let truth = LabelImage(size: image.size)
        try truth.writeTIFF(to: URL(filePath: place.path("truth.tif")))
        return file
    }

    private func run(
        _ file: String,
        _ place: Workplace,
        _ limits: PlanningLimits,
        byRegion: Bool
    ) async throws -> BatchRun.Result {
        let model = try LibraryDoors.model()
        var settings = SegmentationBatch.Settings()
        settings.segmentation.limits = limits
        settings.readsByRegion = byRegion
        let item = BatchItem(input: file, output: place.path("labels.tif"))
        return await JobSamples.run([item], settings) {
            NetworkSegmenter(try Segmenter(model, limits: limits))
        }
    }

    @discardableResult
    private func judge(
        _ file: String,
        _ place: Workplace,
        _ limits: PlanningLimits
    ) throws -> LabelImage {
        var settings = JudgeSettings()
        settings.limits = limits
        let kept = Mutex<LabelImage?>(nil)
        let judge = ModelJudge(try LibraryDoors.model(), settings) { labels, _, _ in
            kept.withLock { $0 = labels }
        }
        _ = try judge.judge(AnnotatedImage(image: file, labels: place.path("truth.tif")))
        return try #require(kept.withLock { $0 })
    }
}

/// Counts the embeddings that a store does not have.
private final class CountingShelf: EmbeddingShelf {
    let store: StoreShelf
    private let count = Mutex(0)

    init(_ store: StoreShelf) { self.store = store }

    var computed: Int { count.withLock { $0 } }

    func embedding(of part: EmbeddedPart) throws -> ImageEmbedding? {
        try store.embedding(of: part)
    }

    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) throws {
        count.withLock { $0 += 1 }
        try store.keep(embedding, of: part)
    }
}
