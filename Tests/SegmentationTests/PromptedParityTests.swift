import Foundation
import ImageFormats
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing

/// Prompts of every kind against the masks that the reference made of them.
@Suite("Prompted segmentation like the reference", .serialized, .enabled(if: Fixtures.areAvailable))
struct PromptedParityTests {
    /// What the metadata says of one combination; masks are referred to by name and not used here.
    private struct Combination: Decodable {
        var points: [[Double]]?
        var labels: [Int]?
        var box: [Double]?
        var mask: String?

        var object: PromptedObject {
            var prompts = zip(points ?? [], labels ?? []).map { point, label in
                Prompt.point(Point(x: point[0], y: point[1]), label == 1 ? .positive : .negative)
            }
            if let box {
                prompts.append(.box(Box(minX: box[0], minY: box[1], maxX: box[2], maxY: box[3])))
            }
            return PromptedObject(id: 1, prompts: prompts)
        }
    }

    private func masks(_ name: String, in reference: SafeTensors, _ size: Size) throws
        -> [RunLengthMask]
    {
        let shape = try reference.shape(name)
        let packed = try reference.integers(name)
        return try (0..<shape[0]).map { index in
            var raster = Raster(repeating: false, size: size)
            for pixel in raster.samples.indices {
                let (y, x) = (pixel / size.width, pixel % size.width)
                let byte = packed[(index * shape[1] + y) * shape[2] + x / 8]
                raster.samples[pixel] = byte >> (7 - x % 8) & 1 == 1
            }
            return try RunLengthMask(raster)
        }
    }

    private func expectLike(
        _ found: [PredictedMask],
        _ reference: SafeTensors,
        _ name: String,
        _ size: Size
    ) throws {
        let expected = try masks("\(name).masks_packed", in: reference, size)
        expectClose(found.map(\.score), try reference.values("\(name).iou"), 1e-4)
        #expect(found.count == expected.count, "\(name)")
        for (mask, truth) in zip(found.map(\.pixels), expected) where mask != truth {
            // Single pixels whose logit is almost zero.
            #expect(mask.intersectionOverUnion(truth) > 0.999, "\(name)")
        }
    }

    @Test("Points, boxes and both, one mask and three", arguments: ["image_a", "image_b"])
    func combinations(image name: String) async throws {
        let run = try await ReferenceRuns.shared.run(name)
        let reference = try Fixtures.tensors("\(name)_prompts")
        let size = run.embedding.transform.originalSize
        let combinations = try JSONDecoder().decode(
            [String: Combination].self,
            from: Data(#require(reference.metadata["prompts"]).utf8)
        )
        for (key, combination) in combinations where combination.mask == nil {
            for (suffix, choice) in [("single", PromptOptions.MaskChoice.single), ("multi", .all)] {
                var options = PromptOptions()
                options.masks = choice
                let found = try run.predictor.segment(
                    [combination.object],
                    in: run.embedding,
                    options
                )
                try expectLike(found, reference, "\(key).\(suffix)", size)
            }
        }
    }

    @Test("A refinement gives the mask to the same prompts again")
    func refinement() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let reference = try Fixtures.tensors("image_a_prompts")
        let object = PromptedObject(id: 1, prompts: [.point(Point(x: 203, y: 45))])
        var options = PromptOptions()
        options.masks = .single
        options.refinements = 1
        let found = try run.predictor.segment([object], in: run.embedding, options)
        let size = run.embedding.transform.originalSize
        try expectLike(found, reference, "point_mask.single", size)
    }

    @Test("The best of three is taken for one positive point alone; sizes choose among three")
    func choices() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let reference = try Fixtures.tensors("image_a_prompts")
        let size = run.embedding.transform.originalSize
        let all = try masks("point.multi.masks_packed", in: reference, size)
        let scores = try reference.values("point.multi.iou")
        let best = try #require(scores.indices.max { scores[$0] < scores[$1] })
        let bySize = all.sorted { $0.area < $1.area }
        let object = PromptedObject(id: 5, prompts: [.point(Point(x: 203, y: 45))])
        for (choice, expected) in [
            (PromptOptions.MaskChoice.automatic, all[best]), (.best, all[best]),
            (.smallest, bySize[0]), (.middle, bySize[1]), (.largest, bySize[2]),
        ] {
            var options = PromptOptions()
            options.masks = choice
            let found = try run.predictor.segment([object], in: run.embedding, options)
            #expect(found.count == 1 && found[0].pixels.intersectionOverUnion(expected) > 0.999)
        }
        let two = PromptedObject(
            id: 5,
            prompts: object.prompts + [.point(Point(x: 127, y: 242), .negative)]
        )
        let found = try run.predictor.segment([two], in: run.embedding)
        try expectLike(found, reference, "pos_neg.single", size)
    }

    @Test("A mask becomes a box, points and logits, each alone and together")
    func fromMask() throws {
        let reference = try Fixtures.tensors("volume")
        let source = try ImageSource(opening: Fixtures.folder.appendingPathComponent("volume.tif"))
        let predictor = try trainedPredictor(.reference)
        let z = 3
        // The six slices may be read as slices or as time points.
        let axes = source.description.axes
        let plane =
            axes.z > 1
            ? PlaneIndex(t: 0, c: 0, z: z + 1) : PlaneIndex(t: axes.t > 1 ? z + 1 : 0, c: 0, z: 0)
        let embedding = try predictor.embed(source.read(plane).normalizedRGB())
        let size = embedding.transform.originalSize
        let raster = try Raster(
            size: size,
            samples: reference.integers("mask").map { $0 == 1 }
        )
        let points = try raster.promptPoints(.several)
        let positions = try reference.values("mask.points")
        #expect(points.flatMap { [$0.point.x, $0.point.y] } == positions)
        let labels = try reference.integers("mask.point_labels")
        #expect(points.map { $0.isPositive ? 1 : 0 } == labels)
        let mask = Prompt.mask(EncodedMask(try RunLengthMask(raster)))
        for (key, usesBox, usesLogits, choice) in [
            ("box_mask", true, true, PromptOptions.MaskPoints.none),
            ("box_only", true, false, .none),
            ("points", false, false, .several), ("all", true, true, .several),
        ] {
            var options = PromptOptions()
            options.masks = .single
            options.usesMaskBox = usesBox
            options.usesMaskLogits = usesLogits
            options.maskPoints = choice
            // The reference's numbers for everything together were made with a larger box.
            options.boxExtension = key == "all" ? 0.1 : 0
            let found = try predictor.segment(
                [PromptedObject(id: 1, prompts: [mask])],
                in: embedding,
                options
            )
            expectClose(
                found.map(\.score),
                try reference.values("from_mask.\(key).scores"),
                2e-4
            )
            let truth = try Raster(
                size: size,
                samples: reference.integers("from_mask.\(key)").map { $0 == 1 }
            )
            let expected = try RunLengthMask(truth)
            #expect(found[0].pixels.intersectionOverUnion(expected) > 0.99, "\(key)")
        }
    }
}

/// What the reference has no numbers for.
@Suite("Prompted segmentation", .serialized, .enabled(if: Fixtures.areAvailable))
struct PromptedSegmentationTests {
    @Test("Many objects of all kinds go together, and the result of each does not change")
    func together() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let box = Box<OriginalPixels>(minX: 185, minY: 33, maxX: 205, maxY: 59)
        let outline = [
            Point<OriginalPixels>(x: 186, y: 34), Point(x: 203, y: 36), Point(x: 200, y: 57),
            Point(x: 187, y: 55),
        ]
        let kinds: [[Prompt]] = [
            [.point(Point(x: 195, y: 45))], [.box(box)], [.rectangle(box)], [.ellipse(box)],
            [.polygon(outline)], [.scribble([Point(x: 195, y: 38), Point(x: 195, y: 54)])],
            [.box(box), .point(Point(x: 195, y: 45)), .point(Point(x: 179, y: 26), .negative)],
            [.point(Point(x: 30, y: 200), .negative)],
        ]
        let objects = kinds.enumerated().map { PromptedObject(id: UInt32($0 + 1), prompts: $1) }
        var options = PromptOptions()
        options.batchSize = 3
        let together = try run.predictor.segment(objects, in: run.embedding, options)
        #expect(together.map(\.object) == Array(0..<objects.count))
        for mask in together {
            let alone = try run.predictor.segment([objects[mask.object]], in: run.embedding)
            #expect(abs(alone[0].score - mask.score) < 1e-5)
            #expect(
                alone[0].pixels == mask.pixels
                    || alone[0].pixels.intersectionOverUnion(mask.pixels) > 0.999
            )
        }
        // All that enclose this nucleus find the same one.
        for index in 1...4 {
            #expect(together[index].pixels.intersectionOverUnion(together[1].pixels) > 0.6)
        }
        let negative = together[7]
        #expect(
            negative.score.isFinite && negative.pixels.size == run.embedding.transform.originalSize
        )
    }

    @Test("An extension enlarges the box; that of the box itself comes first")
    func extensions() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let small = Box<OriginalPixels>(minX: 187, minY: 35, maxX: 203, maxY: 57)
        let large = Box<OriginalPixels>(minX: 185, minY: 33, maxX: 205, maxY: 59)
        func mask(_ prompt: Prompt, _ margin: Double) throws -> RunLengthMask {
            var options = PromptOptions()
            options.boxExtension = margin
            return try run.predictor.segment(
                [PromptedObject(id: 1, prompts: [prompt])],
                in: run.embedding,
                options
            )[0].pixels
        }
        let expected = try mask(.box(large), 0)
        #expect(try mask(.box(small), 2) == expected)
        #expect(try mask(.box(small, margin: 2), 9) == expected)
    }

    @Test("Points beside a mask keep their axes unless the reference's defect is asked for")
    func swappedPoints() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let box = Box<OriginalPixels>(minX: 185, minY: 33, maxX: 205, maxY: 59)
        let size = run.embedding.transform.originalSize
        let mask = Prompt.mask(EncodedMask(RunLengthMask(ellipseIn: box, size: size)))
        func score(_ x: Double, _ y: Double, swaps: Bool) throws -> Double {
            var options = PromptOptions()
            options.swapsPointsOfMasks = swaps
            let object = PromptedObject(id: 1, prompts: [mask, .point(Point(x: x, y: y))])
            return try run.predictor.segment([object], in: run.embedding, options)[0].score
        }
        let right = try score(195, 45, swaps: false)
        #expect(try score(45, 195, swaps: true) == right)
        #expect(try score(45, 195, swaps: false) != right)
    }

    @Test("Prompts that do not fit the image are refused with the object's number")
    func refusals() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let away = Box<OriginalPixels>(minX: 900, minY: 900, maxX: 950, maxY: 930)
        let other = EncodedMask(size: Size(width: 9, height: 9), counts: "0")
        let size = run.embedding.transform.originalSize
        for prompt in [
            Prompt.point(Point(x: 300, y: 10)), .box(away), .ellipse(away), .mask(other),
            .mask(EncodedMask(size: size, counts: "damaged")), .scribble([Point(x: -9, y: -9)]),
        ] {
            let error = try #require(throws: PromptUseError.self) {
                try run.predictor.segment(
                    [PromptedObject(id: 7, prompts: [prompt])],
                    in: run.embedding
                )
            }
            #expect(error.object == 7 && error.description.hasPrefix("object 7: "))
        }
    }

    @Test("In tiles an object is predicted in the tile of its prompts")
    func tiles() async throws {
        let run = try await ReferenceRuns.shared.run("image_a")
        let image = try fixtureImage("image_a")
        let blocking = try TilingOptions(
            tileShape: Size(width: 128, height: 128),
            halo: Size(width: 32, height: 32)
        ).blocking(of: image.size)
        let tiled = try run.predictor.embed(tilesOf: .uint8(image), blocking)
        let box = Box<OriginalPixels>(minX: 185, minY: 33, maxX: 205, maxY: 59)
        let objects = [
            PromptedObject(id: 1, prompts: [.box(box)]),
            PromptedObject(id: 2, prompts: [.ellipse(box)]),
            PromptedObject(
                id: 3,
                prompts: [.point(Point(x: 195, y: 45)), .point(Point(x: 20, y: 45), .negative)]
            ),
        ]
        let found = try run.predictor.segment(Array(objects[..<2]), in: .tiled(tiled))
        // The same in the embedding of the right tile alone, with the box in its coordinates.
        let right = blocking[1].outer
        let shift = Double(right.x)
        let local = Box<OriginalPixels>(
            minX: box.minX - shift,
            minY: box.minY,
            maxX: box.maxX - shift,
            maxY: box.maxY
        )
        let expected = try run.predictor.segment(
            [
                PromptedObject(id: 1, prompts: [.box(local)]),
                PromptedObject(id: 2, prompts: [.ellipse(local)]),
            ],
            in: tiled.embedding(ofTile: 1)
        )
        for (mask, other) in zip(found, expected) {
            #expect(mask.score == other.score)
            let placed = try other.pixels.placed(x: right.x, y: right.y, in: image.size)
            #expect(mask.pixels == placed && mask.droppedPoints == 0)
        }
        // The mean of the points lies in the left tile, and the left point outside of no tile's halo.
        let outer = blocking[0].outer
        let both = try run.predictor.segment([objects[2]], in: .tiled(tiled))
        #expect(both[0].droppedPoints == (outer.endX > 195 ? 0 : 1))
    }
}
