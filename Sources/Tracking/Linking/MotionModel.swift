import Imaging

/// How far objects move, and how well their past tells it; learned while frames are linked.
struct MotionModel: Sendable {
    /// How much of the velocity of a track is expected to go on.
    private static let factors = [0.0, 0.5, 1.0]

    /// The usual distance from the predicted place, in pixels; nil before anything was linked.
    private(set) var scale: Double?

    /// The usual error of each of ``factors``.
    private var errors = [0.0, 0.0, 0.0]

    /// The share of the velocity that is expected to go on.
    var persistence: Double {
        let best = errors.indices.min { (errors[$0], $0) < (errors[$1], $1) } ?? 0
        return Self.factors[best]
    }

    /// The expected way of a source from its frame to `frame`.
    func prediction(of source: LinkSource, to frame: Int) -> Displacement {
        (source.velocity ?? Displacement()) * (persistence * Double(frame - source.frame))
    }

    /// Learns from the links of a frame.
    ///
    /// - Parameters:
    ///   - residuals: Distances from the predicted places.
    ///   - moves: Velocities before, and ways then taken, of tracks that went on.
    mutating func learn(residuals: [Double], moves: [(velocity: Displacement, way: Displacement)]) {
        guard residuals.count >= 3 else { return }
        let found = median(residuals)
        scale = scale.map { 0.7 * $0 + 0.3 * found } ?? found
        guard moves.count >= 3 else { return }
        for (position, factor) in Self.factors.enumerated() {
            let error = median(moves.map { ($0.way - $0.velocity * factor).length })
            errors[position] = 0.8 * errors[position] + 0.2 * error
        }
    }
}

/// The middle value; 0 of none.
func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    return values.sorted()[values.count / 2]
}
