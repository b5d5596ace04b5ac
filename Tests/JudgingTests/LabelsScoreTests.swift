import Evaluation
import ImageFormats
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
