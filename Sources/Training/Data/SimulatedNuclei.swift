import Imaging

/// Simulated images of nuclei, a new one for every sample, where real ones are few.
public struct SimulatedNuclei: TrainingSource {
    /// From which ranges the properties of each image are drawn, all values equally likely.
    public struct Options: Codable, Hashable, Sendable {
        /// Mean radius of the nuclei in pixels of the sample, least and most; on a logarithmic scale.
        public var radius = [7.0, 40.0]
        /// Share of the image that is covered.
        public var coverage = [0.05, 0.35]
        /// Share of the nuclei beside another one.
        public var clustering = [0.0, 0.8]
        /// Share of the nuclei out of focus.
        public var defocus = [0.0, 0.3]
        /// Photons per pixel; on a logarithmic scale.
        public var photons = [60.0, 3000.0]
        /// Samples in one pass.
        public var samplesPerEpoch = 100

        /// Sizes and densities as in real images of cultured cells.
        public init() {}
    }

    /// What is simulated.
    public let options: Options

    /// What a sample is; only the size, the targets and the augmentation are used.
    public let sampling: SamplingOptions

    /// Samples in one pass.
    public var samplesPerEpoch: Int { options.samplesPerEpoch }

    /// Images are drawn again until one has an object.
    private static let maximumDraws = 20

    /// Creates the source.
    ///
    /// - Throws: ``TrainingDataError/invalidOption(name:reason:)``.
    public init(_ options: Options = Options(), sampling: SamplingOptions = SamplingOptions())
        throws(TrainingDataError)
    {
        try sampling.validate()
        let ranges = [
            ("radius", options.radius, 3.0...200), ("coverage", options.coverage, 0...0.5),
            ("clustering", options.clustering, 0...1), ("defocus", options.defocus, 0...1),
            ("photons", options.photons, 1...20_000),
        ]
        for (name, values, allowed) in ranges {
            guard values.count == 2, values[0] <= values[1], values.allSatisfy(allowed.contains)
            else {
                throw .invalidOption(
                    name: "simulated \(name)",
                    reason: "must be two rising numbers in \(allowed), but is \(values)"
                )
            }
        }
        guard options.samplesPerEpoch > 0 else {
            throw .invalidOption(
                name: "simulated samples per epoch",
                reason: "must be positive, but is \(options.samplesPerEpoch)"
            )
        }
        self.options = options
        self.sampling = sampling
    }

    /// The image at place `index` of a pass.
    public func sample(epoch: Int, index: Int, seed: UInt64) throws -> TrainingSample {
        var random = SampleRandom(seed: seed ^ 0x5157_0000_0000_0001, epoch: epoch, index: index)
        for _ in 0..<Self.maximumDraws {
            let simulated = try simulator(&random).simulate()
            guard sampling.accepts(simulated.labels) else { continue }
            var image = simulated.image.map { Float($0) }
            var labels = simulated.labels
            let ranges = image.channelRanges() ?? [0...1]
            IntensityScaling(transform: .image, ranges: ranges).apply(to: &image)
            var augmentation = Augmentation(options: sampling.augmentation, random: random)
            try augmentation.apply(to: &image, &labels)
            if let sample = try TrainingSample(image, labels, sampling) { return sample }
        }
        throw TrainingDataError.noObjects(
            file: "simulated nuclei",
            attempts: Self.maximumDraws,
            minimumSize: sampling.minimumSize
        )
    }

    private func simulator(_ random: inout SampleRandom) -> NucleiSimulator {
        let side = sampling.cropSide
        let size =
            sampling.framing == .patch ? sampling.patchSize : Size(width: side, height: side)
        var simulator = NucleiSimulator(size: size, seed: random.next())
        func draw(_ range: [Double], logarithmic: Bool = false) -> Double {
            guard range[0] < range[1] else { return range[0] }
            guard logarithmic else { return random.uniform(range[0]...range[1]) }
            let exponent = random.uniform(Elementary.log(range[0])...Elementary.log(range[1]))
            return min(max(Elementary.exp(exponent), range[0]), range[1])
        }
        simulator.meanRadius = draw(options.radius, logarithmic: true)
        simulator.coverage = draw(options.coverage)
        simulator.clustering = draw(options.clustering)
        simulator.defocus = draw(options.defocus)
        simulator.photons = draw(options.photons, logarithmic: true)
        return simulator
    }
}
