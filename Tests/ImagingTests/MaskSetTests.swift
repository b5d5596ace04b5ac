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
