extension OptimizerOptions {
    /// Factor of the learning rate at the beginning and at the end of a training.
    package func rateScale(of iteration: Int, total: Int) -> Double {
        var scale = 1.0
        if iteration < warmupIterations {
            scale = Double(iteration + 1) / Double(warmupIterations)
        }
        let remaining = total - iteration
        if remaining < cooldownIterations {
            scale = min(scale, Double(remaining) / Double(cooldownIterations))
        }
        return scale
    }
}

/// Lowers the learning rate when the metric has stopped to improve.
///
/// - Source: PyTorch's `ReduceLROnPlateau` in mode `min` with a relative threshold of 1e-4.
package struct PlateauSchedule: Codable, Hashable {
    /// What the learning rate is multiplied with.
    package private(set) var factor = 1.0

    private var best = Double.greatestFiniteMagnitude
    private var epochsWithoutImprovement = 0

    private static let threshold = 1e-4

    /// The beginning of a training.
    package init() {}

    /// Takes note of the metric at the end of an epoch.
    package mutating func add(_ metric: Double, _ options: OptimizerOptions) {
        if metric < best - abs(best) * Self.threshold || best == .greatestFiniteMagnitude {
            best = metric
            epochsWithoutImprovement = 0
        } else {
            epochsWithoutImprovement += 1
        }
        if epochsWithoutImprovement > options.plateauPatience {
            factor *= options.plateauFactor
            epochsWithoutImprovement = 0
        }
    }
}
