import Evaluation
import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing

@Suite("Iterative prompting", .serialized, .enabled(if: Fixtures.areAvailable))
struct IterativePromptingTests {
    private func truth(_ name: String) throws -> LabelImage {
        let png = try Fixtures.png("\(name)_truth")
        return try LabelImage(
            size: Size(width: png.width, height: png.height),
            labels: png.samples.map(UInt32.init)
        )
    }

    @Test("The first round from boxes gives the reference's masks")
    func boxes() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let targets = try truth("image_a").promptTargets()
        let expected = try Fixtures.tensors("image_a_prompts").values("all.boxes").chunked(4)
        #expect(
            targets.map { [$0.box.minX, $0.box.minY, $0.box.maxX, $0.box.maxY] } == expected
        )
        var options = IterativePromptingOptions()
        options.start = .box
        options.iterations = 1
        try run.predictor.promptIteratively(targets, in: .whole(run.embedding), options) { round in
            let size = run.embedding.transform.originalSize
            let labels = try LabelImage(painting: round.masks.map(\.pixels), size: size)
            try expectSamePartition(labels, "image_a.all_boxes")
            #expect(round.overlaps.count == targets.count)
        }
    }

    @Test("Corrections make masks better, and are the same for the same seed only")
    func corrections() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let targets = Array(try truth("image_a").promptTargets().prefix(6))
        var options = IterativePromptingOptions()
        options.iterations = 3
        options.usesMasks = true
        func overlaps(_ targets: [PromptTarget], seed: UInt64) throws -> [[Double]] {
            options.seed = seed
            var result: [[Double]] = []
            try run.predictor.promptIteratively(targets, in: .whole(run.embedding), options) {
                round in
                #expect(round.iteration == result.count)
                result.append(round.overlaps)
            }
            return result
        }
        let first = try overlaps(targets, seed: 1)
        #expect(first.count == 3)
        #expect(try overlaps(targets, seed: 1) == first)
        #expect(try overlaps(targets, seed: 2)[1] != first[1])
        // Alone an object gets the same points; batches change sums in the last digits only.
        let alone = try overlaps([targets[4]], seed: 1)
        for (together, single) in zip(first, alone) {
            #expect(abs(together[4] - single[0]) < 0.02)
        }
    }

    @Test("Fixed prompts from one centre equal the first round from points")
    func fixed() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let targets = Array(try truth("image_a").promptTargets().prefix(5))
        var options = IterativePromptingOptions()
        options.iterations = 1
        var rounds: [[Double]] = []
        try run.predictor.promptIteratively(targets, in: .whole(run.embedding), options) {
            rounds.append($0.overlaps)
        }
        let once = try run.predictor.promptOnce(
            targets,
            in: .whole(run.embedding),
            FixedPromptOptions()
        )
        #expect(once.overlaps == rounds[0])
        for prompts in FixedPromptOptions.standard {
            let round = try run.predictor.promptOnce(targets, in: .whole(run.embedding), prompts)
            #expect(round.masks.count == targets.count)
        }
    }

    @Test("An image that is kept gives what the predictor gives", arguments: AutomaticMode.allCases)
    func initialized(mode: AutomaticMode) async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        // A grid of 1024 points takes too long here; its masks are tested elsewhere.
        guard mode != .maskGeneration else { return }
        var kept = AutomaticState(.whole(run.embedding), run.predictor)
        let names = ParameterTable.names(of: mode)
        #expect(names.contains("min_size"))
        for (center, size) in [(0.4, 0.0), (0.4, 60), (0.6, 60), (0.4, 60)] {
            var automatic = AutomaticSegmentationOptions()
            automatic.mode = mode
            try automatic.set(["center_distance_threshold": center, "min_size": size], of: mode)
            let labels = try kept.labels(automatic)
            let expected: LabelImage
            if mode == .instanceDecoder {
                var options = WatershedOptions()
                options.centerDistanceThreshold = Float(center)
                options.minimumSize = Int(size)
                expected = try run.maps.segmented(options)
            } else {
                var options = PromptGenerationOptions()
                options.thresholds.centerDistanceThreshold = Float(center)
                options.minimumSize = Int(size)
                expected = try run.predictor.segmentFromGeneratedPrompts(
                    run.maps,
                    in: .whole(run.embedding),
                    options
                )
            }
            #expect(labels == expected, "center \(center), size \(size)")
        }
        var automatic = AutomaticSegmentationOptions()
        #expect(throws: ImagingError.self) { try automatic.set(["size": 3], of: mode) }
        #expect(throws: ImagingError.self) { try automatic.set(["min_size": .nan], of: mode) }
    }
}
