import Imaging

/// The image of nuclei that is computed where nobody has one at hand.
struct SimulatedSample {
    var size = Size(width: 512, height: 512)
    var seed: UInt64 = 2

    /// The image and its true objects.
    func sample() throws -> SimulatedImage {
        var simulator = NucleiSimulator(seed: seed)
        simulator.size = size
        // Nuclei apart from each other, which is what the embedded model is good at.
        simulator.meanRadius = 12
        simulator.coverage = 0.1
        simulator.clustering = 0
        simulator.defocus = 0.05
        return try simulator.simulate()
    }
}
