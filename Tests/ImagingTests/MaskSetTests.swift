import Imaging
import TestFixtures
import Testing

@Suite("Non-maximum suppression")
struct NonMaximumSuppressionTests {
    private func box(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> Box<OriginalPixels>
    {
        Box(minX: x0, minY: y0, maxX: x1, maxY: y1)
    }

    @Test("Better boxes suppress those that overlap by more than the threshold")
    func boxes() {
        let boxes = [box(0, 0, 10, 10), box(0, 0, 10, 5), box(20, 0, 30, 10), box(1, 0, 11, 10)]
        let scores = [0.5, 0.9, 0.1, 0.7]
        #expect(
            NonMaximumSuppression.keptBoxes(boxes, scores: scores, threshold: 0.5) == [1, 3, 2]
        )
        #expect(NonMaximumSuppression.keptBoxes(boxes, scores: scores, threshold: 0.4) == [1, 2])
        #expect(NonMaximumSuppression.keptBoxes(boxes, scores: scores, threshold: 0.9).count == 4)
        #expect(
            NonMaximumSuppression.keptBoxes(
                [box(3, 3, 3, 3), box(3, 3, 3, 3)],
                scores: [1, 1],
                threshold: 0.5
            ) == [0, 1]
        )
    }

    @Test("Masks are compared by union or by the smaller one; the first of equal scores wins")
    func masks() throws {
        let masks = try [
            mask("####..", "####.."), mask("##....", "......"), mask("...###", "......"),
            mask("......", "......"),
        ].map { try RunLengthMask($0) }
        let scores = [0.5, 0.5, 0.5, 0.5]
        #expect(
            NonMaximumSuppression.keptMasks(masks, scores: scores, threshold: 0.2) == [0, 2, 3]
        )
        #expect(
            NonMaximumSuppression.keptMasks(masks, scores: scores, threshold: 0.25) == [0, 1, 2, 3]
        )
        #expect(
            NonMaximumSuppression.keptMasks(
                masks,
                scores: scores,
                threshold: 0.9,
                measure: .intersectionOverMinimum
            ) == [0, 2, 3]
        )
    }
}

@Suite("Painting masks")
struct MaskPaintingTests {
    private func masks(_ drawings: Raster<Bool>...) throws -> [RunLengthMask] {
        try drawings.map { try RunLengthMask($0) }
    }

    @Test("Larger masks win or lose where masks overlap")
    func overlap() throws {
        let all = try masks(mask("..##..", "..##.."), mask("#####.", "......"))
        let size = Size(width: 6, height: 2)
        #expect(try LabelImage(painting: all, size: size) == labels("11111.", "..22.."))
        var options = MaskPaintingOptions()
        options.keepsLargerMasks = false
        options.splitsParts = false
        #expect(try LabelImage(painting: all, size: size, options) == labels("11221.", "..22.."))
        options.splitsParts = true
        #expect(try LabelImage(painting: all, size: size, options) == labels("11223.", "..22.."))
        options.minimumSize = 2
        #expect(try LabelImage(painting: all, size: size, options) == labels("1122..", "..22.."))
        options.maximumSize = 4
        #expect(try LabelImage(painting: all, size: size, options) == labels("..11..", "..11.."))
    }

    @Test("The largest object becomes background only if it is larger than the background")
    func background() throws {
        let all = try masks(mask("#####.", "###..."), mask(".....#", "....##"))
        var options = MaskPaintingOptions()
        options.removesLargestObject = true
        #expect(
            try LabelImage(painting: all, size: Size(width: 6, height: 2), options)
                == labels(".....1", "....11")
        )
        #expect(
            try LabelImage(painting: [], size: Size(width: 2, height: 1), options) == labels("..")
        )
        #expect(throws: ImagingError.self) {
            try LabelImage(painting: all, size: Size(width: 2, height: 6))
        }
    }

    @Test("Small holes are filled and small islands removed, the largest stays")
    func smallRegions() throws {
        let image = try mask("####..#", "#.##...", "####.##")
        #expect(try image.fillingHoles(smallerThan: 2) == mask("####..#", "####...", "####.##"))
        #expect(try image.removingIslands(smallerThan: 2) == mask("####...", "#.##...", "####.##"))
        #expect(try image.removingIslands(smallerThan: 99) == mask("####...", "#.##...", "####..."))
        let nothing = try mask("...")
        #expect(try nothing.removingIslands(smallerThan: 9) == nothing)
    }
}

@Suite("Crops and point grids")
struct CropLayersTests {
    @Test("Crops of one layer overlap as in segment-anything")
    func crops() throws {
        let crops = try CropLayers(of: Size(width: 300, height: 200), layers: 1).crops
        #expect(
            crops.map(\.region) == [
                Region(x: 0, y: 0, width: 300, height: 200),
                Region(x: 0, y: 0, width: 184, height: 134),
                Region(x: 0, y: 66, width: 184, height: 134),
                Region(x: 116, y: 0, width: 184, height: 134),
                Region(x: 116, y: 66, width: 184, height: 134),
            ]
        )
        #expect(crops.map(\.layer) == [0, 1, 1, 1, 1])
        #expect(
            try CropLayers(of: Size(width: 1, height: 3), layers: 3).crops.allSatisfy {
                $0.region.width == 1
            }
        )
        #expect(throws: ImagingError.self) {
            try CropLayers(of: Size(width: 5, height: 5), layers: 11)
        }
    }

    @Test("Grid points lie in the middle of their cells, x fastest")
    func grid() {
        let points = CropLayers.pointGrid(perSide: 2, over: Region(x: 9, y: 9, width: 8, height: 4))
        #expect(
            points == [Point(x: 2, y: 1), Point(x: 6, y: 1), Point(x: 2, y: 3), Point(x: 6, y: 3)]
        )
    }

    @Test("Boxes at inner edges of a crop are cut off, those at the edge of the image are not")
    func cutOff() {
        let size = Size(width: 300, height: 300)
        let crop = Region(x: 0, y: 100, width: 150, height: 200)
        func isCutOff(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> Bool {
            CropLayers.isCutOff(Box(minX: x0, minY: y0, maxX: x1, maxY: y1), by: crop, of: size)
        }
        #expect(!isCutOff(0, 150, 90, 290))
        #expect(isCutOff(0, 120, 90, 290))
        #expect(isCutOff(40, 150, 130, 250))
        #expect(!isCutOff(40, 150, 129, 250))
    }
}

@Suite("Automatic mask generation without the network", .enabled(if: Fixtures.areAvailable))
struct MaskGenerationParityTests {
    private func masks(_ tensor: String, _ file: SafeTensors) throws -> [RunLengthMask] {
        let shape = try file.shape(tensor)
        let bytes = try file.integers(tensor)
        let size = Size(width: shape[2] * 8, height: shape[1])
        return try (0..<shape[0]).map { index in
            let bits = (0..<size.count).map { pixel in
                bytes[index * size.count / 8 + pixel / 8] >> (7 - pixel % 8) & 1 == 1
            }
            return try RunLengthMask(Raster(size: size, samples: bits))
        }
    }

    @Test("Thresholds and suppression leave the masks that the reference keeps")
    func suppression() throws {
        let file = try Fixtures.tensors("image_a_amg")
        let quality = try file.values("grid.iou_preds")
        let stability = try file.values("grid.stability_score")
        let corners = try file.values("grid.boxes")
        let size = Size(width: 256, height: 256)
        let candidates = quality.indices.filter { quality[$0] > 0.6 && stability[$0] >= 0.8 }
        let boxes = candidates.map {
            Box<OriginalPixels>(
                minX: corners[4 * $0],
                minY: corners[4 * $0 + 1],
                maxX: corners[4 * $0 + 2],
                maxY: corners[4 * $0 + 3]
            )
        }
        #expect(!boxes.contains { CropLayers.isCutOff($0, by: Region(size), of: size) })
        let kept = NonMaximumSuppression.keptBoxes(
            boxes,
            scores: candidates.map { quality[$0] },
            threshold: 0.7
        )
        let expected = try file.values("low.predicted_iou")
        #expect(kept.map { quality[candidates[$0]] } == expected)
    }

    @Test("Masks are painted as in the reference", arguments: ["low", "lower"], [true, false])
    func painting(setting: String, removesLargest: Bool) throws {
        let masks = try masks("\(setting).masks_packed", Fixtures.tensors("image_a_amg"))
        var options = MaskPaintingOptions()
        options.keepsLargerMasks = false
        options.removesLargestObject = removesLargest
        let name = "image_a.amg.\(setting)" + (removesLargest ? "" : ".keep_background")
        let expected = try LabelImage(Fixtures.png("labels/\(name)"))
        let ours = try LabelImage(painting: masks, size: expected.size, options)
        #expect(ours.agreement(with: expected) == 1)
        #expect(ours.objectCount == expected.objectCount)
    }

    @Test("Points and grids lie where the reference puts them")
    func grid() throws {
        let expected = try Fixtures.tensors("image_a_amg").values("grid.points")
        let points = CropLayers.pointGrid(
            perSide: 16,
            over: Region(x: 0, y: 0, width: 256, height: 256)
        )
        for (index, point) in points.enumerated() {
            // Three masks per point.
            #expect(expected[6 * index] == point.x && expected[6 * index + 1] == point.y)
        }
    }
}
