import Evaluation
import Imaging
import TestFixtures
import Testing

/// A label image drawn with one digit per pixel; `.` is 0.
private func labels(_ rows: String...) throws -> LabelImage {
    try LabelImage(
        size: Size(width: rows[0].count, height: rows.count),
        labels: rows.flatMap { $0.map { UInt32($0.hexDigitValue ?? 0) } }
    )
}

@Suite("Matching")
struct MatchingTests {
    @Test("Objects are matched by their overlap, whatever their labels")
    func simple() throws {
        let truth = try labels("11.22", "11.22", "3....")
        let prediction = try labels("99.2.", "9..2.", "..777")
        let overlap = try LabelOverlap(truth: truth, prediction: prediction)
        #expect(overlap.pairs.map(\.intersectionOverUnion) == [0.75, 0.5])
        let half = overlap.matching(at: 0.5)
        #expect(half.matches.map { [$0.truth, $0.prediction] } == [[1, 9], [2, 2]])
        #expect(half.falsePositives == 1 && half.falseNegatives == 1)
        #expect(half.accuracy == 0.5 && half.precision == 2.0 / 3 && half.f1 == 2.0 / 3)
        #expect(overlap.matching(at: 0.6).truePositives == 1)
        #expect(overlap.matching(at: 0.8).accuracy == 0)
    }

    @Test("As many pairs as possible are assigned, even if a better pair has to give way")
    func maximum() throws {
        // Truth 1 overlaps both predictions, truth 2 only the one that truth 1 likes best.
        let truth = try labels("1111112222")
        let prediction = try labels("4455555555")
        let overlap = try LabelOverlap(truth: truth, prediction: prediction)
        let matching = overlap.matching(at: 0.3)
        #expect(matching.matches.map { [$0.truth, $0.prediction] } == [[1, 4], [2, 5]])
        #expect(overlap.matching(at: 0.4).truePositives == 1)
    }

    @Test("The number of pairs is the largest possible on random label images", arguments: 0..<40)
    func random(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let size = Size(width: 13, height: 7)
        func image() throws -> LabelImage {
            try LabelImage(
                size: size,
                labels: (0..<size.count).map { _ in UInt32.random(in: 0...4, using: &random) }
            )
        }
        let overlap = try LabelOverlap(truth: image(), prediction: image())
        for threshold in [0.05, 0.08, 0.1, 0.12, 0.15, 0.2] {
            let edges = overlap.pairs.filter { $0.intersectionOverUnion >= threshold }
            let found = overlap.matching(at: threshold)
            #expect(found.truePositives == largest(edges, from: [1, 2, 3, 4]))
            #expect(Set(found.matches.map(\.truth)).count == found.truePositives)
            #expect(Set(found.matches.map(\.prediction)).count == found.truePositives)
        }
    }

    private func largest(_ edges: [LabelOverlap.Pair], from truths: ArraySlice<UInt32>) -> Int {
        guard let truth = truths.first else { return 0 }
        let rest = truths.dropFirst()
        return edges.filter { $0.truth == truth }.reduce(largest(edges, from: rest)) { best, edge in
            max(best, 1 + largest(edges.filter { $0.prediction != edge.prediction }, from: rest))
        }
    }

    @Test("Images without objects score 0")
    func empty() throws {
        let nothing = try labels("...")
        let score = try SegmentationScore(truth: nothing, prediction: nothing)
        #expect(score.meanAccuracy == 0 && score.f1 == 0)
        #expect(try SegmentationScore(truth: labels("1.."), prediction: nothing).recall == 0)
        #expect(throws: ImagingError.self) {
            try SegmentationScore(truth: nothing, prediction: labels(".", ".", "."))
        }
    }

    @Test("A perfect prediction scores 1, and tables have the reference's columns")
    func perfect() throws {
        let image = try labels("1.33", "1.33")
        let score = try SegmentationScore(truth: image, prediction: image)
        #expect(score.csvRow == "1.0,1.0,1.0,1.0,1.0,1.0")
        #expect(SegmentationScore.csvHeader == "mSA,SA50,SA75,Precision,Recall,F1 Score")
        let bad = try SegmentationScore(truth: image, prediction: labels("....", "...."))
        #expect(try #require(SegmentationScore(meanOf: [score, bad])).accuracy75 == 0.5)
        #expect(SegmentationScore(meanOf: []) == nil)
        #expect(SegmentationScore.thresholds[4] == 0.7000000000000002)
    }

    @Test("Dice compares all objects, or those of equal label")
    func dice() throws {
        let overlap = try LabelOverlap(truth: labels("112.4"), prediction: labels("1322."))
        #expect(abs(overlap.dice - 2 * 3.0 / 8) < 1e-7)
        #expect(abs(overlap.dicePerLabel - (2.0 / 3 + 2.0 / 3) / 3) < 1e-7)
    }
}

@Suite("Scores compared with the reference", .enabled(if: Fixtures.areAvailable))
struct ScoreParityTests {
    // Mean accuracy and accuracy at 0.5 as computed by `matching_score` of the peer with scipy.
    @Test(
        "Scores of the reference's segmentations",
        arguments: [
            ("image_a", "ais", 0.2453198606632415, 0.6774193548387096),
            ("image_a", "apg", 0.20097026502908855, 0.5588235294117647),
            ("image_a", "all_boxes", 0.06725614462141606, 0.16346153846153846),
            ("image_a", "all_points_single", 0.06407943037971871, 0.16091954022988506),
            ("image_a", "ais.other_parameters", 0.26157704179096053, 0.7333333333333333),
            ("image_b", "ais", 0.24711312904213498, 0.41304347826086957),
            ("image_b", "apg", 0.1624541361219818, 0.425531914893617),
            ("image_b", "all_boxes", 0.028663611923591015, 0.054313099041533544),
            ("image_b", "all_points_single", 0.02911971962572843, 0.09547738693467336),
            ("image_b", "ais.other_parameters", 0.18040812082745933, 0.3541666666666667),
            ("image_tiled", "ais", 0.1587321574714068, 0.35443037974683544),
            ("image_tiled", "amg", 0.11062326296482053, 0.18556701030927836),
            ("image_tiled", "apg", 0.19603190534127912, 0.35365853658536583),
        ]
    )
    func scores(image: String, mode: String, mean: Double, half: Double) throws {
        func read(_ name: String) throws -> LabelImage {
            let png = try Fixtures.png(name)
            return try LabelImage(
                size: Size(width: png.width, height: png.height),
                labels: png.samples.map(UInt32.init)
            )
        }
        let score = try SegmentationScore(
            truth: read("\(image)_truth"),
            prediction: read("labels/\(image).\(mode)")
        )
        #expect(abs(score.meanAccuracy - mean) < 1e-12)
        #expect(abs(score.accuracy50 - half) < 1e-12)
    }
}
