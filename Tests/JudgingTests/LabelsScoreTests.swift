import Evaluation
import Files
import ImageFormats
import Imaging
import Judging
import Prompting
import Testing

@Suite("Scores of label images")
struct LabelsScoreTests {
    @Test("Slices are compared as a volume")
    func volumes() throws {
        let place = try Workplace()
        let truth = try place.writeLabels(["110\n022", "110\n000"], to: "truth.tif")
        let found = try place.writeLabels(["550\n000", "550\n000"], to: "found.tif")
        let pair = AnnotatedImage(image: found, labels: truth)
        let score = try LabelsScore(comparing: pair, thresholds: [0.5])
        #expect(score.name == "found")
        #expect(score.objects.map(\.pixels) == [4, 2])
        #expect(score.curve.counts.map(\.accuracy) == [0.5])
        let means = LabelsScore.means([score, score], hasOwnThresholds: true)
        #expect(means.first?.value == 0.5)
        #expect(throws: JudgingError.labelsAreStack(labels: truth)) {
            try LabelsScore(comparing: pair, splitsLabels: true)
        }
    }

    @Test(
        "Blocks give the scores of whole volumes, with labels beyond 16 bits, in TIFF and OME-Zarr"
    )
    func blocks() throws {
        let place = try Workplace()
        let size = Size(width: 23, height: 19)
        var random = SplitMix64(seed: 3)
        func volume(_ base: UInt32) throws -> [LabelImage] {
            try (0..<4).map { _ in
                // Blobs of rows, so that objects go through several bands.
                var labels = [UInt32](repeating: 0, count: size.count)
                for pixel in labels.indices {
                    let label = base + UInt32(pixel / 69) + UInt32.random(in: 0..<2, using: &random)
                    labels[pixel] = Int.random(in: 0..<4, using: &random) == 0 ? 0 : label
                }
                return try LabelImage(size: size, labels: labels)
            }
        }
        let (truth, found) = (try volume(70_000), try volume(1))
        let overlap = try LabelOverlap(truth: truth, prediction: found)
        let expected = LabelsScore("found", overlap, thresholds: [0.3, 0.5])
        #expect(expected.objects.count > 5 && expected.score.dice > 0.5)
        for ending in ["tif", "ome.zarr"] {
            let pair = AnnotatedImage(
                image: try place.write(found, to: "found.\(ending)"),
                labels: try place.write(truth, to: "truth.\(ending)"),
                name: "found"
            )
            for largest in [1, 23, 50, 200, 1 << 20] {
                let score = try LabelsScore(
                    comparing: pair,
                    thresholds: [0.3, 0.5],
                    largestBlock: largest
                )
                #expect(score.score == expected.score && score.objects == expected.objects)
                #expect(score.curve == expected.curve)
            }
        }
        let counts = LabelsScore.countTable([expected])
        #expect(counts.rows.count == 2 && counts.rows[1][1] == "0.5")
        #expect(counts.rows[0][2] == "\(expected.objects.count)")
    }

    @Test("Volumes with another number of slices are an error")
    func depths() throws {
        let place = try Workplace()
        let truth = try place.writeLabels(["110", "022"], to: "truth.tif")
        let found = try place.writeLabels(["110"], to: "found.tif")
        let error = #expect(throws: JudgingError.self) {
            try LabelsScore(comparing: AnnotatedImage(image: found, labels: truth))
        }
        #expect("\(try #require(error))".contains("must have 2 slices, but has 1"))
    }

    @Test("Connected parts count as objects where that is asked for")
    func splits() throws {
        let place = try Workplace()
        let truth = try place.writeLabels(["1010"], to: "truth.tif")
        let found = try place.writeLabels(["1020"], to: "found.tif")
        let pair = AnnotatedImage(image: found, labels: truth)
        #expect(try LabelsScore(comparing: pair).score.truthCount == 1)
        let split = try LabelsScore(comparing: pair, splitsLabels: true)
        #expect(split.score.truthCount == 2 && split.score.segmentation.meanAccuracy == 1)
    }

    @Test("Labels of other sizes are an error that names both files")
    func sizes() throws {
        let place = try Workplace()
        let truth = try place.writeLabels(["110\n022"], to: "truth.tif")
        let found = try place.writeLabels(["11\n02"], to: "found.tif")
        let error = #expect(throws: JudgingError.self) {
            try LabelsScore(comparing: AnnotatedImage(image: found, labels: truth))
        }
        let text = "\(try #require(error))"
        #expect(text.contains(found) && text.contains(truth))
        #expect(error?.remedy == .fitLabels && error?.file == found)
    }

    @Test("A cancelled run measures nothing more, and needs no model for what is known")
    func cancelled() throws {
        let work = Work()
        work.cancel()
        let set = JudgedSet("s", [AnnotatedImage(image: "a.tif", labels: "b.tif")])
        #expect(throws: CancellationError.self) {
            try set.judgements(by: { throw JudgingError.noImages }, work)
        }
        #expect(throws: JudgingError.noImages) {
            try set.judgements(by: { throw JudgingError.noImages })
        }
    }
}
