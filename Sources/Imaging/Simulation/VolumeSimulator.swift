/// Simulates a confocal stack of nuclei, together with its true objects.
///
/// Nuclei are ellipsoids that do not overlap; slices beside the focus shine through. The same values always give the
/// same stack, on every platform.
///
/// Cost: about 0.1 s for a slice of 512 x 512 pixels.
public struct VolumeSimulator: Hashable, Codable, Sendable {
    /// How a slice looks: size, optics and noise.
    ///
    /// Coverage is the share of the volume that nuclei fill. Nothing is out of focus but what lies in other slices.
    public var slice: NucleiSimulator

    /// Number of slices, 1...1000; at most 2^30 voxels in all.
    public var sliceCount: Int

    /// Distance of slices in pixels, 0.2...50.
    public var spacing = 3.0

    /// How far along z light shines beyond its slice: the standard deviation in pixels, 0...50.
    public var axialBlur = 3.0

    /// A stack of so many slices.
    public init(_ slice: NucleiSimulator = NucleiSimulator(), sliceCount: Int = 24) {
        (self.slice, self.sliceCount) = (slice, sliceCount)
        self.slice.defocus = 0
    }

    /// Simulates the stack.
    ///
    /// - Returns: The slices, in which the label of an object is the same in all of them.
    /// - Throws: ``ImagingError`` if a property is outside its range.
    public func simulate() throws(ImagingError) -> [SimulatedImage] {
        try validate()
        var random = SplitMix64(seed: slice.seed)
        let texture = try NucleiScene.chromatin(slice, &random)
        let bodies = Bodies(self, &random)
        let scenes = (0..<sliceCount).map { number in
            NucleiScene(
                slice,
                drawing: bodies.sections(at: Double(number) * spacing),
                texture: texture
            )
        }
        var slices: [SimulatedImage] = []
        for number in 0..<sliceCount {
            var scene = scenes[number]
            for (other, share) in neighbors(of: number) {
                scene.addLight(of: scenes[other], share: share)
            }
            // Each slice has noise of its own, but the background of the first.
            var light = SplitMix64(seed: slice.seed &+ 1)
            let microscope = Microscope(slice)
            slices.append(
                SimulatedImage(
                    image: microscope.exposed(try microscope.light(from: scene, &light), &random),
                    labels: scene.labels
                )
            )
        }
        return slices
    }

    /// The slices that shine into another, and the share of their light that arrives there.
    private func neighbors(of number: Int) -> [(other: Int, share: Float)] {
        guard axialBlur > 0 else { return [] }
        return (0..<sliceCount).compactMap { other in
            let distance = Double(other - number) * spacing / axialBlur
            guard other != number, abs(distance) < 3 else { return nil }
            return (other, Float(0.4 * Elementary.exp(-distance * distance / 2)))
        }
    }

    private func validate() throws(ImagingError) {
        try slice.validate()
        try ImagingError.check("sliceCount", Double(sliceCount), in: 1...1000)
        guard sliceCount * slice.size.count <= 1 << 30 else {
            throw .invalidParameter(
                "sliceCount",
                reason: "\(sliceCount) slices of \(slice.size) pixels are more than 2^30 voxels"
            )
        }
        try ImagingError.check("spacing", spacing, in: 0.2...50)
        try ImagingError.check("axialBlur", axialBlur, in: 0...50)
    }
}

/// The nuclei of a stack.
private struct Bodies {
    /// A nucleus in space; its sections are its outline, scaled.
    private struct Body {
        var nucleus: Nucleus
        /// Height of the centre, in pixels above the first slice.
        var z: Double
        /// Half of the extent along z.
        var depth: Double

        var radius: Double { (nucleus.major * nucleus.minor).squareRoot() }
        var volume: Double { 4 / 3 * .pi * nucleus.major * nucleus.minor * depth }
    }

    private var bodies: [Body] = []
    private let settings: VolumeSimulator

    /// Places nuclei until the coverage is reached or too many attempts failed in a row.
    init(_ settings: VolumeSimulator, _ random: inout SplitMix64) {
        self.settings = settings
        let height = Double(settings.sliceCount) * settings.spacing
        var missing = settings.slice.coverage * Double(settings.slice.size.count) * height
        var failures = 0
        while missing > 0, failures < 400 {
            let body = candidate(height, &random)
            if isFree(body) {
                bodies.append(body)
                missing -= body.volume
                failures = 0
            } else {
                failures += 1
            }
        }
    }

    private func candidate(_ height: Double, _ random: inout SplitMix64) -> Body {
        let slice = settings.slice
        var nucleus = Nucleus(meanRadius: slice.meanRadius, defocus: 0, &random)
        nucleus.x = random.uniform(0...Double(slice.size.width))
        nucleus.y = random.uniform(0...Double(slice.size.height))
        let z = random.uniform(0...height)
        return Body(nucleus: nucleus, z: z, depth: nucleus.minor * random.uniform(0.8...1.1))
    }

    private func isFree(_ body: Body) -> Bool {
        bodies.allSatisfy { other in
            let (dx, dy) = (other.nucleus.x - body.nucleus.x, other.nucleus.y - body.nucleus.y)
            let dz = other.z - body.z
            let room = body.radius + other.radius
            return dx * dx + dy * dy + dz * dz > room * room
        }
    }

    /// What of the nuclei lies in a slice.
    func sections(at height: Double) -> [(nucleus: Nucleus, label: UInt32)] {
        bodies.enumerated().compactMap { index, body in
            let distance = (height - body.z) / body.depth
            guard abs(distance) < 1 else { return nil }
            let scale = (1 - distance * distance).squareRoot()
            var nucleus = body.nucleus
            nucleus.major *= scale
            nucleus.minor *= scale
            // Less is seen as no object.
            guard nucleus.major * nucleus.minor > 4 else { return nil }
            return (nucleus, UInt32(index + 1))
        }
    }
}
