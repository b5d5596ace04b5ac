import Foundation
import Imaging

/// Samples that are read and prepared on another thread while the model is busy.
final class PendingSamples: @unchecked Sendable {
    // Safe because `result` is only touched with the condition locked.
    private let condition = NSCondition()
    private var result: Result<[TrainingSample], any Error>?

    private static let queue = DispatchQueue(label: "usam.training.samples")

    /// Begins to read.
    init(_ source: any TrainingSource, epoch: Int, places: [Int], seed: UInt64) {
        Self.queue.async { [self] in
            let found = Result {
                try places.map { try source.sample(epoch: epoch, index: $0, seed: seed) }
            }
            condition.lock()
            result = found
            condition.signal()
            condition.unlock()
        }
    }

    /// Waits for the samples.
    func value() throws -> [TrainingSample] {
        condition.lock()
        defer { condition.unlock() }
        while result == nil { condition.wait() }
        return try result?.get() ?? []
    }
}

/// Which samples an iteration takes: passes over the data in an order that seed and pass decide.
package struct SampleOrder {
    private let count: Int
    private let perIteration: Int
    private let seed: UInt64
    private var known: (epoch: Int, order: [Int])?

    /// - Parameters:
    ///   - count: Samples in a pass.
    ///   - perIteration: Samples that an iteration takes; the last one of a pass takes the rest.
    package init(count: Int, perIteration: Int, seed: UInt64) {
        self.count = count
        self.perIteration = perIteration
        self.seed = seed
    }

    /// Iterations in a pass.
    package var iterationsPerEpoch: Int { (count + perIteration - 1) / perIteration }

    /// The pass and the places in it that an iteration takes.
    package mutating func places(of iteration: Int) -> (epoch: Int, places: [Int]) {
        let (epoch, index) = iteration.quotientAndRemainder(dividingBy: iterationsPerEpoch)
        if known?.epoch != epoch {
            var random = SampleRandom(seed: ~seed, epoch: epoch, index: -1)
            known = (epoch, (0..<count).shuffled(using: &random))
        }
        let order = known?.order ?? []
        let start = index * perIteration
        return (epoch, Array(order[start..<min(start + perIteration, count)]))
    }
}
