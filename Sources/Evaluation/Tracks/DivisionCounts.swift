/// Right, wrong and missed divisions, where a division may be found some frames too early or too late.
///
/// - Source: the branching correctness BC(i) of Ulman et al., An objective comparison of cell-tracking algorithms (Nature
///   Methods 14, 1141, 2017).
public struct DivisionCounts: Hashable, Codable, Sendable {
    /// By how many frames a division may be found too early or too late.
    public let tolerance: Int

    /// Number of true divisions that were found.
    public var truePositives = 0

    /// Number of predicted divisions that are none.
    public var falsePositives = 0

    /// Number of true divisions that were not found.
    public var falseNegatives = 0

    /// Branching correctness BC(i): the harmonic mean of precision and recall; nil if there are no true divisions.
    public var branchingCorrectness: Double? {
        truePositives + falseNegatives == 0 ? nil : f1
    }

    /// The share of the predicted divisions that are true ones; nil if there are none.
    public var precision: Double? { ratio(truePositives + falsePositives) }

    /// The share of the true divisions that were found; nil if there are none.
    public var recall: Double? { ratio(truePositives + falseNegatives) }

    /// The harmonic mean of precision and recall; nil if there are no divisions on either side.
    public var f1: Double? {
        let count = 2 * truePositives + falsePositives + falseNegatives
        return count == 0 ? nil : 2 * Double(truePositives) / Double(count)
    }

    private func ratio(_ count: Int) -> Double? {
        count == 0 ? nil : Double(truePositives) / Double(count)
    }

    /// Compares the divisions.
    ///
    /// A division is found if the mother is matched in the last frame of the earlier of both mothers, there are as many daughters, and
    /// each is matched in the first frame of the later of both daughters, all within the tolerance.
    init(_ match: MatchedTracks, tolerance: Int) {
        self.tolerance = tolerance
        let truth = match.truth.tracks.indices.filter { match.truth.tracks[$0].divides }
        let result = match.result.tracks.indices.filter { match.result.tracks[$0].divides }
        var found = Set<Int>()
        for place in result {
            let division = truth.first {
                !found.contains($0) && match.areSameDivision($0, place, tolerance)
            }
            if let division { found.insert(division) }
        }
        truePositives = found.count
        falsePositives = result.count - found.count
        falseNegatives = truth.count - found.count
    }
}

extension MatchedTracks {
    fileprivate func areSameDivision(_ truth: Int, _ result: Int, _ tolerance: Int) -> Bool {
        let (mother, other) = (self.truth.tracks[truth], self.result.tracks[result])
        let frame = min(mother.last, other.last)
        guard mother.children.count == other.children.count,
            abs(mother.last - other.last) <= tolerance,
            unique[frame][other.id] == mother.id
        else { return false }
        let daughters = mother.children.compactMap { child in
            other.children.first { areSameDaughter(child, $0, tolerance) }
        }
        return Set(daughters).count == mother.children.count
    }

    private func areSameDaughter(_ truth: Int, _ result: Int, _ tolerance: Int) -> Bool {
        let (daughter, other) = (self.truth.tracks[truth], self.result.tracks[result])
        return abs(daughter.first - other.first) <= tolerance
            && unique[max(daughter.first, other.first)][other.id] == daughter.id
    }
}
