public import Imaging

/// The image of nuclei that is computed where nobody has one at hand.
public struct SimulatedSample: Sendable {
    /// Pixels in x and y.
    public var size: Size

    /// Another number gives another image.
    public var seed: UInt64

    /// The sample of a size.
    public init(size: Size = Size(width: 512, height: 512), seed: UInt64 = 2) {
        self.size = size
        self.seed = seed
    }

    /// The image and its true objects.
    ///
    /// - Throws: `ImagingError` for a size that is out of range.
    public func sample() throws -> SimulatedImage { try simulator.simulate() }

    /// A movie of such nuclei, which wander and divide, with its true tracks.
    ///
    /// - Throws: `ImagingError` for a size or a number of frames that is out of range.
    public func movie(frameCount: Int) throws -> SimulatedMovie {
        var simulator = simulator
        simulator.coverage = 0.06
        return try MovieSimulator(simulator, frameCount: frameCount).simulate()
    }

    /// A confocal stack of such nuclei.
    ///
    /// - Parameter spacing: Distance of the slices in pixels.
    /// - Throws: `ImagingError` for a size, a number of slices or a distance that is out of range.
    public func volume(sliceCount: Int, spacing: Double = 3) throws -> SimulatedVolume {
        var simulator = VolumeSimulator(simulator, sliceCount: sliceCount)
        simulator.spacing = spacing
        return SimulatedVolume(slices: try simulator.simulate(), spacing: spacing)
    }

    private var simulator: NucleiSimulator {
        var simulator = NucleiSimulator(seed: seed)
        simulator.size = size
        // Nuclei apart from each other, which is what the embedded model is good at.
        simulator.meanRadius = 12
        simulator.coverage = 0.1
        simulator.clustering = 0
        simulator.defocus = 0.05
        return simulator
    }
}
