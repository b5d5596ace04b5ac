import Evaluation
import Foundation
import Imaging
import Testing

/// What the Python original computes of small label pairs; written by `Golden/make.py`.
struct Golden: Decodable {
    struct Counts: Decodable {
        let threshold: Double
        let precision: Double
        let recall: Double
        let accuracy: Double
        let f1: Double
        let quality: [Double]
    }

    struct Metrics: Decodable, CustomTestStringConvertible {
        let name: String
        let shape: [Int]
        let truth: [UInt32]
        let prediction: [UInt32]
        let mean: Double
        let accuracies: [Double]
        let matching: [Counts]
        let dice: Double
        let dicePerLabel: Double
        let objectIds: [UInt32]
        let bestOverlaps: [Double]

        var testDescription: String { name }

        func overlap() throws -> LabelOverlap {
            try LabelOverlap(truth: slices(truth), prediction: slices(prediction))
        }

        private func slices(_ labels: [UInt32]) throws -> [LabelImage] {
            let size = Size(width: shape[shape.count - 1], height: shape[shape.count - 2])
            return try stride(from: 0, to: labels.count, by: size.count).map { start in
                try LabelImage(size: size, labels: Array(labels[start..<start + size.count]))
            }
        }
    }

    struct Prompts: Decodable, CustomTestStringConvertible {
        let name: String
        let shape: [Int]
        let truth: [UInt32]
        let ids: [UInt32]
        let centers: [[Double]]
        let boxes: [[Double]]

        var testDescription: String { name }
    }

    let metrics: [Metrics]
    let prompts: [Prompts]
    let grids: [String: [String: [ParameterValue]]]

    static func load() throws -> Golden {
        let file = try #require(
            Bundle.module.url(forResource: "metrics", withExtension: "json", subdirectory: "Golden")
        )
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            let key = path[path.count - 1].stringValue
            let words = ["dice_per_label": "dicePerLabel", "object_ids": "objectIds"]
            return Key(words[key] ?? (key == "best_overlaps" ? "bestOverlaps" : key))
        }
        return try decoder.decode(Golden.self, from: Data(contentsOf: file))
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

@Suite("Measures beside the Python original")
struct GoldenTests {
    /// Sums of a few doubles in another order.
    private let tolerance = 1e-9

    @Test("Accuracies at all thresholds, ties included")
    func accuracies() throws {
        for golden in try Golden.load().metrics {
            let overlap = try golden.overlap()
            let curve = AccuracyCurve(overlap)
            for (counts, expected) in zip(curve.counts, golden.accuracies) {
                #expect(
                    abs(counts.accuracy - expected) < tolerance,
                    "\(golden.name) at \(counts.threshold)"
                )
            }
            #expect(abs(curve.meanAccuracy - golden.mean) < tolerance, "\(golden.name)")
            let nine = golden.accuracies.prefix(9).reduce(0, +) / 9
            #expect(abs(curve.meanAveragePrecision - nine) < tolerance, "\(golden.name)")
            let score = SegmentationScore(overlap)
            #expect(abs(score.meanAccuracy - golden.mean) < tolerance, "\(golden.name)")
            #expect(abs(score.accuracy75 - golden.accuracies[5]) < tolerance, "\(golden.name)")
        }
    }

    @Test("Precision, recall, F1 and panoptic quality at any threshold")
    func counts() throws {
        for golden in try Golden.load().metrics {
            let overlap = try golden.overlap()
            for expected in golden.matching {
                let counts = DetectionCounts(overlap.matching(at: expected.threshold))
                let values = [
                    (counts.precision, expected.precision), (counts.recall, expected.recall),
                    (counts.f1, expected.f1), (counts.accuracy, expected.accuracy),
                    (counts.segmentationQuality, expected.quality[0]),
                    (counts.recognitionQuality, expected.quality[1]),
                    (counts.panopticQuality, expected.quality[2]),
                ]
                for (index, value) in values.enumerated() {
                    #expect(
                        abs(value.0 - value.1) < tolerance,
                        "\(golden.name) at \(expected.threshold), value \(index)"
                    )
                }
            }
        }
    }

    @Test("Dice, of all objects and by label; best overlaps of each object")
    func dice() throws {
        for golden in try Golden.load().metrics {
            let overlap = try golden.overlap()
            #expect(abs(overlap.dice - golden.dice) < 1e-6, "\(golden.name)")
            #expect(abs(overlap.dicePerLabel - golden.dicePerLabel) < 1e-6, "\(golden.name)")
            let objects = overlap.objectScores()
            #expect(objects.map(\.label) == golden.objectIds, "\(golden.name)")
            #expect(overlap.truthLabels == golden.objectIds, "\(golden.name)")
            for (object, best) in zip(objects, golden.bestOverlaps) {
                #expect(abs(object.bestOverlap - best) < tolerance, "\(golden.name)")
                #expect(object.pixels == golden.truth.count { $0 == object.label })
            }
            let mean = golden.bestOverlaps.reduce(0, +) / Double(max(objects.count, 1))
            #expect(abs(overlap.meanBestOverlap - mean) < tolerance, "\(golden.name)")
        }
    }

    @Test("Centres and boxes of objects")
    func prompts() throws {
        for golden in try Golden.load().prompts {
            let size = Size(width: golden.shape[1], height: golden.shape[0])
            let targets = try LabelImage(size: size, labels: golden.truth).promptTargets()
            #expect(targets.map(\.label) == golden.ids)
            #expect(targets.map { [$0.center.x, $0.center.y] } == golden.centers)
            #expect(
                targets.map { [$0.box.minX, $0.box.minY, $0.box.maxX, $0.box.maxY] } == golden.boxes
            )
        }
    }

    @Test("The grids hold the original's values, with its rounding errors")
    func grids() throws {
        let golden = try Golden.load().grids
        let own = [
            "ais": ParameterGrid.decoder, "amg": .maskGeneration, "apg": .promptGeneration,
        ]
        for (mode, grid) in own {
            let expected = try #require(golden[mode])
            #expect(Set(grid.names) == Set(expected.keys), "\(mode)")
            for range in grid.ranges {
                #expect(range.values == expected[range.name], "\(mode), \(range.name)")
            }
        }
        #expect(own.mapValues(\.count) == ["ais": 525, "amg": 210, "apg": 750])
    }
}

@Suite("Grid search")
struct GridTests {
    private let grid = ParameterGrid([
        ParameterRange(name: "b", values: [.number(2), .number(1)]),
        ParameterRange(name: "a", values: [.flag(true), .flag(false), .number(0.5)]),
    ])

    private func score(_ value: Double) throws -> SegmentationScore {
        let truth = try LabelImage(size: Size(width: 3, height: 2), labels: [1, 1, 0, 2, 2, 0])
        var score = try SegmentationScore(truth: truth, prediction: truth)
        score.meanAccuracy = value
        return score
    }

    @Test("Combinations are in order, the first parameter being the slowest")
    func order() {
        #expect(grid.count == 6)
        #expect(
            (0..<6).map { grid[$0].map(\.description).joined(separator: " ") } == [
                "2 true", "2 false", "2 0.5", "1 true", "1 false", "1 0.5",
            ]
        )
    }

    @Test("A table is read back as it was written, and not if it is of another grid or cut off")
    func table() throws {
        let scores = try (0..<6).map { try score(1 / Double($0 + 3)) }
        let table = GridTable(image: "a,b", grid: grid, scores: scores)
        #expect(table.csv.hasPrefix("image_name,mSA,SA50,SA75,Precision,Recall,F1 Score,b,a\na_b,"))
        #expect(GridTable(csv: table.csv, image: "a,b", grid: grid) == table)
        let other = grid.replacing([ParameterRange(name: "b", values: [.number(2), .number(3)])])
        #expect(GridTable(csv: table.csv, image: "a,b", grid: other) == nil)
        let cut = String(table.csv.prefix(table.csv.count / 2))
        #expect(GridTable(csv: cut, image: "a,b", grid: grid) == nil)
    }

    @Test("The best combination has the highest mean, and the lowest values if several have")
    func best() throws {
        let low = try score(0.25)
        let high = try score(0.5)
        let first = GridTable(image: "x", grid: grid, scores: [high, low, low, low, high, low])
        let second = GridTable(image: "y", grid: grid, scores: [low, low, low, high, high, low])
        let result = try #require(GridResult([first, second]))
        #expect(result.best == 4)
        let tied = try #require(
            GridResult([GridTable(image: "x", grid: grid, scores: Array(repeating: low, count: 6))])
        )
        #expect(tied.bestParameters == ["a": .flag(false), "b": .number(1)])
        #expect(GridResult([]) == nil)
        #expect(result.bestCSV == "best_msa,b,a\n0.5,1,false\n")
    }
}
