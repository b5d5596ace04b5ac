/// How well one true object was found.
public struct ObjectScore: Hashable, Codable, Sendable {
    /// Label of the true object.
    public let label: UInt32

    /// Its size in pixels.
    public let pixels: Int

    /// Label of the predicted object that overlaps it best, nil if none does; of equally good ones
    /// the lowest label.
    public let bestPrediction: UInt32?

    /// The IoU with that object, 0 if there is none.
    public let bestOverlap: Double

    /// Label of the predicted object that was assigned to it at an IoU of 0.5, nil if none was.
    public let match: UInt32?

    /// The IoU with the assigned object, 0 if there is none.
    public let matchOverlap: Double
}

extension LabelOverlap {
    /// One row for each true object, in ascending order of labels.
    ///
    /// - Parameter threshold: The IoU from which on objects are assigned to each other.
    public func objectScores(at threshold: Double = 0.5) -> [ObjectScore] {
        var best: [UInt32: Pair] = [:]
        for pair in pairs {
            let other = best[pair.truth]?.intersectionOverUnion ?? 0
            if pair.intersectionOverUnion > other { best[pair.truth] = pair }
        }
        let matches = Dictionary(
            matching(at: threshold).matches.map { ($0.truth, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return zip(truthLabels, truthSizes).map { label, size in
            ObjectScore(
                label: label,
                pixels: size,
                bestPrediction: best[label]?.prediction,
                bestOverlap: best[label]?.intersectionOverUnion ?? 0,
                match: matches[label]?.prediction,
                matchOverlap: matches[label]?.intersectionOverUnion ?? 0
            )
        }
    }

    /// Mean over the true objects of the best IoU with any predicted object; 0 without true objects.
    public var meanBestOverlap: Double {
        guard !truthLabels.isEmpty else { return 0 }
        return objectScores().reduce(0) { $0 + $1.bestOverlap } / Double(truthLabels.count)
    }
}
