import Imaging

/// How well objects are the same ones through time: HOTA, CHOTA and IDF1.
///
/// Tracks that continue another one after a gap count as the same cell.
///
/// - Source: Luiten et al., HOTA: a higher order metric for evaluating multi-object tracking (IJCV 129, 548, 2021), at one threshold;
///   Kaiser et al., CHOTA: a higher order accuracy metric for cell tracking (ECCV workshops, 2024); Ristani et al., Performance
///   measures and a data set for multi-target, multi-camera tracking (ECCV workshops, 2016).
public struct AssociationScore: Hashable, Codable, Sendable {
    /// HOTA, 0...1: objects weighted by how much of the tracks of both agrees; nil if there are no objects on either side.
    public var hota: Double?

    /// CHOTA, 0...1: as HOTA, with all ancestors and descendants of the tracks; nil if there are no objects on either side.
    public var chota: Double?

    /// IDTP: matched objects when every true cell gets the predicted one that makes their number largest.
    public var identityTruePositives: Int

    /// IDFP: the other predicted objects.
    public var identityFalsePositives: Int

    /// IDFN: the other true objects.
    public var identityFalseNegatives: Int

    /// MT: the share of true cells that one predicted cell follows in at least 80 % of their frames; nil without true cells.
    public var mostlyTracked: Double?

    /// ML: the share of true cells that no predicted cell follows in at least 20 % of their frames; nil without true cells.
    public var mostlyLost: Double?

    /// IDF1, 0...1; nil if there are no objects on either side.
    public var identityF1: Double? {
        let count = 2 * identityTruePositives + identityFalsePositives + identityFalseNegatives
        return count == 0 ? nil : 2 * Double(identityTruePositives) / Double(count)
    }

    /// IDP, 0...1; nil without predicted objects.
    public var identityPrecision: Double? {
        ratio(identityTruePositives + identityFalsePositives)
    }

    /// IDR, 0...1; nil without true objects.
    public var identityRecall: Double? { ratio(identityTruePositives + identityFalseNegatives) }

    private func ratio(_ count: Int) -> Double? {
        count == 0 ? nil : Double(identityTruePositives) / Double(count)
    }

    /// Compares the tracks.
    init(_ match: MatchedTracks) {
        let shared = SharedFrames(match)
        hota = shared.score(truth: { [$0] }, result: { [$0] })
        let truth = Self.relatives(match.truth.cells.parents)
        let result = Self.relatives(match.result.cells.parents)
        chota = shared.score(truth: { truth[$0] }, result: { result[$0] })
        identityTruePositives = shared.largestAssignment
        identityFalsePositives = shared.resultFrames.reduce(0, +) - identityTruePositives
        identityFalseNegatives = shared.truthFrames.reduce(0, +) - identityTruePositives
        let shares = zip(shared.counts, shared.truthFrames).map { row, frames in
            Double(row.values.max() ?? 0) / Double(frames)
        }
        if !shares.isEmpty {
            mostlyTracked = Double(shares.count { $0 >= 0.8 }) / Double(shares.count)
            mostlyLost = Double(shares.count { $0 < 0.2 }) / Double(shares.count)
        }
    }

    /// For each cell itself, its ancestors and its descendants.
    private static func relatives(_ parents: [Int?]) -> [[Int]] {
        var relatives = parents.indices.map { [$0] }
        for cell in parents.indices {
            var ancestor = parents[cell]
            while let place = ancestor {
                relatives[cell].append(place)
                relatives[place].append(cell)
                ancestor = parents[place]
            }
        }
        return relatives
    }
}

/// In how many frames each true cell and each predicted one match.
private struct SharedFrames {
    /// For each true cell, the predicted ones with the number of frames.
    var counts: [[Int: Int]]

    /// Number of frames of each true cell.
    var truthFrames: [Int]

    /// Number of frames of each predicted cell, where one that matches several true ones counts for each.
    var resultFrames: [Int]

    /// Number of matched objects, and of those on either side without a match.
    var total = 0

    init(_ match: MatchedTracks) {
        let (truth, result) = (match.truth.cells, match.result.cells)
        counts = truth.parents.map { _ in [:] }
        truthFrames = truth.parents.map { _ in 0 }
        resultFrames = result.parents.map { _ in 0 }
        for frame in match.frames {
            for label in frame.truth {
                if let place = match.truth.places[label] { truthFrames[truth.ofTrack[place]] += 1 }
            }
            for pair in frame.pairs {
                guard let row = match.truth.places[pair.truth],
                    let column = match.result.places[pair.result]
                else { continue }
                counts[truth.ofTrack[row]][result.ofTrack[column], default: 0] += 1
                resultFrames[result.ofTrack[column]] += 1
            }
            for label in frame.result where frame.coverage[label] == nil {
                guard let place = match.result.places[label] else { continue }
                resultFrames[result.ofTrack[place]] += 1
            }
            total += frame.truth.count + frame.result.count - frame.coverage.count
        }
    }

    /// The association score with groups of cells; nil if there are no objects.
    func score(truth: (Int) -> [Int], result: (Int) -> [Int]) -> Double? {
        guard total > 0 else { return nil }
        var sum = 0.0
        for cell in counts.indices where !counts[cell].isEmpty {
            let group = truth(cell)
            let groupFrames = group.reduce(0) { $0 + truthFrames[$1] }
            var row: [Int: Int] = [:]
            for member in group { row.merge(counts[member], uniquingKeysWith: +) }
            // In order, so that the rounding does not depend on hashes.
            for (other, count) in counts[cell].sorted(by: { $0.key < $1.key }) {
                let others = result(other)
                let both = others.reduce(0) { $0 + (row[$1] ?? 0) }
                let either = groupFrames + others.reduce(0) { $0 + resultFrames[$1] } - both
                sum += Double(count) * Double(both) / Double(either)
            }
        }
        return (sum / Double(total)).squareRoot()
    }

    /// The largest sum of frames when every cell has one partner at most.
    var largestAssignment: Int {
        var assignment = SparseAssignment()
        var frames: [Int] = []
        for (row, columns) in counts.enumerated() {
            for (column, count) in columns.sorted(by: { $0.key < $1.key }) {
                assignment.addPair(
                    frames.count,
                    row: UInt32(row),
                    column: UInt32(column),
                    cost: -Double(count)
                )
                frames.append(count)
            }
        }
        return assignment.cheapest().reduce(0) { $0 + frames[$1] }
    }
}
