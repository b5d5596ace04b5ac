import Imaging

/// Samples from several sources, each as often as its weight says.
public struct MixedSource: TrainingSource {
    /// A source and how often it is drawn from.
    public struct Part: Sendable {
        /// Where samples come from.
        public var source: any TrainingSource
        /// Share of the samples, relative to the other weights.
        public var weight: Double

        /// Combines a source and its weight, which must be positive.
        public init(source: any TrainingSource, weight: Double) {
            self.source = source
            self.weight = weight
        }
    }

    /// The sources.
    public let parts: [Part]

    /// Samples in one pass.
    public let samplesPerEpoch: Int

    private let total: Double

    /// Mixes sources.
    ///
    /// - Parameter samplesPerEpoch: Samples in one pass, or nil for the sum over the sources.
    /// - Throws: ``TrainingDataError/invalidOption(name:reason:)`` without sources, or for a weight that is
    ///   not positive.
    public init(_ parts: [Part], samplesPerEpoch: Int? = nil) throws(TrainingDataError) {
        for part in parts where !(part.weight > 0 && part.weight.isFinite) {
            throw .invalidOption(
                name: "weight of a data set",
                reason: "must be positive, but is \(part.weight)"
            )
        }
        let count = samplesPerEpoch ?? parts.map(\.source.samplesPerEpoch).reduce(0, +)
        guard count > 0 else {
            throw .invalidOption(name: "data sets", reason: "there is none to draw samples from")
        }
        self.parts = parts
        self.samplesPerEpoch = count
        total = parts.map(\.weight).reduce(0, +)
    }

    /// The sample at place `index` of a pass: the source is drawn, then one of its samples.
    public func sample(epoch: Int, index: Int, seed: UInt64) throws -> TrainingSample {
        var random = SampleRandom(seed: ~seed, epoch: epoch, index: index)
        var position = random.uniform(0...1) * total
        var chosen = parts.count - 1
        for (number, part) in parts.enumerated() {
            position -= part.weight
            if position < 0 {
                chosen = number
                break
            }
        }
        let source = parts[chosen].source
        // Which sample of its own pass the source gives depends on the place in this pass alone.
        let place = random.below(source.samplesPerEpoch)
        return try source.sample(epoch: epoch, index: place, seed: random.next())
    }
}
