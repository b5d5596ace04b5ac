/// One-to-one assignment of predicted to true objects at a threshold of the IoU.
public struct Matching: Hashable, Sendable {
    /// The IoU from which on two objects count as the same.
    public let threshold: Double

    /// The assigned pairs, by truth.
    public let matches: [LabelOverlap.Pair]

    /// Number of predicted objects without a true one.
    public let falsePositives: Int

    /// Number of true objects without a predicted one.
    public let falseNegatives: Int

    /// Number of assigned pairs.
    public var truePositives: Int { matches.count }

    /// Segmentation accuracy: TP / (TP + FP + FN); 0 without any match.
    public var accuracy: Double { ratio(truePositives + falsePositives + falseNegatives) }

    /// TP / (TP + FP); 0 without any match.
    public var precision: Double { ratio(truePositives + falsePositives) }

    /// TP / (TP + FN); 0 without any match.
    public var recall: Double { ratio(truePositives + falseNegatives) }

    /// Harmonic mean of precision and recall; 0 without any match.
    public var f1: Double {
        truePositives == 0
            ? 0
            : 2 * Double(truePositives)
                / Double(2 * truePositives + falsePositives + falseNegatives)
    }

    private func ratio(_ total: Int) -> Double {
        truePositives == 0 ? 0 : Double(truePositives) / Double(total)
    }
}

extension LabelOverlap {
    /// Assigns as many objects to each other as possible, each at most once.
    ///
    /// A pair may be assigned if its IoU is at least `threshold`. The number of pairs is the
    /// largest possible, as with the assignment problem that micro-sam solves: there a further
    /// pair always weighs more than all IoUs together. Objects with the highest IoU choose first.
    ///
    /// - Parameter threshold: Above 0 and at most 1. Above 0.5 no two pairs share an object, so
    ///   that the assignment is unique.
    public func matching(at threshold: Double) -> Matching {
        var graph = BipartiteGraph(self, threshold: threshold)
        let matches = graph.maximumMatching()
        return Matching(
            threshold: threshold,
            matches: matches,
            falsePositives: predictionLabels.count - matches.count,
            falseNegatives: truthLabels.count - matches.count
        )
    }
}

/// Pairs above a threshold, and a matching that grows by augmenting paths.
private struct BipartiteGraph {
    private var edges: [UInt32: [LabelOverlap.Pair]] = [:]
    private var partner: [UInt32: LabelOverlap.Pair] = [:]  // by prediction
    private var choice: [UInt32: LabelOverlap.Pair] = [:]  // by truth

    init(_ overlap: LabelOverlap, threshold: Double) {
        for pair in overlap.pairs where pair.intersectionOverUnion >= threshold {
            edges[pair.truth, default: []].append(pair)
        }
        for truth in edges.keys {
            edges[truth]?.sort { Self.isBetter($0, $1) }
        }
    }

    private static func isBetter(_ a: LabelOverlap.Pair, _ b: LabelOverlap.Pair) -> Bool {
        (b.intersectionOverUnion, a.truth, a.prediction)
            < (a.intersectionOverUnion, b.truth, b.prediction)
    }

    mutating func maximumMatching() -> [LabelOverlap.Pair] {
        let order = edges.values.compactMap(\.first).sorted { Self.isBetter($0, $1) }
        for first in order { augment(from: first.truth) }
        return partner.values.sorted { $0.truth < $1.truth }
    }

    /// Searches breadth first for a free prediction, handing on predictions that are taken.
    private mutating func augment(from start: UInt32) {
        var reachedBy: [UInt32: LabelOverlap.Pair] = [:]
        var open = [start]
        var next = 0
        while next < open.count {
            for pair in edges[open[next]] ?? [] where reachedBy[pair.prediction] == nil {
                reachedBy[pair.prediction] = pair
                if let taken = partner[pair.prediction] {
                    open.append(taken.truth)
                } else {
                    reassign(pair, start: start, reachedBy)
                    return
                }
            }
            next += 1
        }
    }

    /// Walks back from a free prediction to `start` and gives every truth on the way its new one.
    private mutating func reassign(
        _ last: LabelOverlap.Pair,
        start: UInt32,
        _ reachedBy: [UInt32: LabelOverlap.Pair]
    ) {
        var pair = last
        while true {
            let previous = choice.updateValue(pair, forKey: pair.truth)
            partner[pair.prediction] = pair
            guard pair.truth != start, let previous, let step = reachedBy[previous.prediction]
            else { return }
            pair = step
        }
    }
}
