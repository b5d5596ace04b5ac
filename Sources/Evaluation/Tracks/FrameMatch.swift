/// Which true and predicted objects of one frame are the same.
///
/// A predicted object is the match of a true one if it covers more than half of it. So a true object has one match at most, while a
/// predicted one that covers several true objects is the match of all of them.
///
/// - Source: Matula et al., Cell tracking accuracy measurement based on comparison of acyclic oriented graphs (PLoS ONE 10,
///   e0144959, 2015).
struct FrameMatch: Sendable {
    /// A true object and its match.
    struct Pair: Sendable {
        let truth: UInt32
        let result: UInt32
        let intersectionOverUnion: Double
    }

    /// Labels of the true objects, ascending.
    let truth: [UInt32]

    /// Labels of the predicted objects, ascending.
    let result: [UInt32]

    /// The true objects with a match, ascending.
    let pairs: [Pair]

    /// How many true objects each predicted one is the match of; those that match none are left out.
    let coverage: [UInt32: Int]

    init(_ overlap: LabelOverlap) {
        (truth, result) = (overlap.truthLabels, overlap.predictionLabels)
        let sizes = Dictionary(
            uniqueKeysWithValues: zip(overlap.truthLabels, overlap.truthSizes)
        )
        pairs = overlap.pairs.filter { 2 * $0.sharedPixels > sizes[$0.truth] ?? 0 }.map {
            Pair(
                truth: $0.truth,
                result: $0.prediction,
                intersectionOverUnion: $0.intersectionOverUnion
            )
        }
        coverage = pairs.reduce(into: [:]) { $0[$1.result, default: 0] += 1 }
    }

    /// The true objects whose match is that of no other, by their match.
    var unique: [UInt32: UInt32] {
        pairs.reduce(into: [:]) { known, pair in
            if coverage[pair.result] == 1 { known[pair.result] = pair.truth }
        }
    }
}
