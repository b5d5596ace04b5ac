import Evaluation
import Foundation
import Imaging
import Prompting
import Volumes

/// True volumes that are damaged slice by slice, merged by each method, and compared with the truth.
struct DamagedVolumes {
    private let volumes: [Volume]
    private let seeds: Int
    private let steps: [Int]

    init(_ volumes: [Volume], seeds: Int, steps: [Int]) {
        (self.volumes, self.seeds, self.steps) = (volumes, seeds, steps)
    }

    /// Prints tables in Markdown: by volume and distance of slices, and by kind of damage.
    func print(_ showsDetails: Bool) throws {
        var byVolume = ScoreTable("volume, every n-th slice")
        var byDamage = ScoreTable("damage")
        var details = ScoreTable("volume, every n-th slice, damage")
        for volume in volumes {
            for step in steps where volume.slices.count / step >= 5 {
                let slices = stride(from: 0, to: volume.slices.count, by: step).map {
                    volume.slices[$0]
                }
                for damage in SliceDamage.all {
                    for seed in 1...seeds {
                        let scores = try Self.scores(damage, slices, UInt64(seed))
                        let name = "\(volume.name), \(step)"
                        byVolume.add(name, scores)
                        byDamage.add(damage.name, scores)
                        details.add("\(name), \(damage.name)", scores)
                    }
                }
            }
        }
        if showsDetails { details.print() }
        byVolume.print()
        byDamage.print()
    }

    /// The score of each method for slices with the same damage.
    private static func scores(
        _ damage: SliceDamage,
        _ truth: [LabelImage],
        _ seed: UInt64
    ) throws -> [MergeScore] {
        let slices = try damage.slices(truth, seed: seed)
        var builder = ObjectGraphBuilder(widestGap: 1)
        var counter = OverlapCounter()
        for (slice, truth) in zip(slices, truth) {
            try builder.add(slice)
            try counter.add(truth, slice)
        }
        let graph = builder.finish()
        // The labels of damaged slices are the numbers of the nodes, so pixels are counted once for all methods.
        return VolumeOptions.Merging.allCases.map { method in
            let merge = VolumeMerge(graph, VolumeOptions(method))
            return MergeScore(LabelOverlap(counter.relabeled(by: merge.labels)))
        }
    }
}

/// Slices that were segmented, merged by each method, and compared with the truth.
struct GivenSlices {
    private let truth: Volume
    private let slices: Volume
    private let gaps: [Int]

    init(truth: Volume, _ slices: Volume, gaps: [Int]) {
        (self.truth, self.slices, self.gaps) = (truth, slices, gaps)
    }

    func print() throws {
        var table = ScoreTable("volume, closed gaps")
        for gap in gaps {
            let scores = try VolumeOptions.Merging.allCases.map { method in
                let merged = try slices.slices.merged(VolumeOptions(method, gap: gap))
                return MergeScore(try LabelOverlap(truth: truth.slices, prediction: merged))
            }
            table.add("\(truth.name), \(gap)", scores)
        }
        table.print()
    }
}

/// Scores of each method in rows, added up.
struct ScoreTable {
    private let title: String
    private var rows: [(name: String, scores: [MergeScore])] = []

    init(_ title: String) { self.title = title }

    mutating func add(_ name: String, _ scores: [MergeScore]) {
        guard let place = rows.firstIndex(where: { $0.name == name }) else {
            rows.append((name, scores))
            return
        }
        for (index, score) in scores.enumerated() { rows[place].scores[index].add(score) }
    }

    /// Prints a Markdown table; a cell has F1 at an IoU of 0.5, mean accuracy, and found, merged and split objects.
    func print() {
        let names = VolumeOptions.Merging.allCases.map(\.rawValue)
        Swift.print("| \(title) | true | " + names.joined(separator: " | ") + " |")
        Swift.print("|---|---:" + String(repeating: "|---", count: names.count) + "|")
        for row in rows {
            let cells = row.scores.map { score in
                String(
                    format: "%.3f, %.3f; %d, %d, %d",
                    score.half.f1,
                    score.curve.meanAccuracy,
                    score.found,
                    score.merged,
                    score.split
                )
            }
            let truths = row.scores.first?.truths ?? 0
            Swift.print("| \(row.name) | \(truths) | " + cells.joined(separator: " | ") + " |")
        }
        Swift.print("")
    }
}
