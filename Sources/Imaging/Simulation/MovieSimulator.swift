/// Simulates a movie of nuclei that wander, grow and divide, together with its true tracks.
///
/// The same values always give the same movie, on every platform. Nuclei push each other aside, and some leave the image.
///
/// Cost: about 0.1 s for a frame of 512 x 512 pixels.
public struct MovieSimulator: Hashable, Codable, Sendable {
    /// How a frame looks: size, optics and noise.
    ///
    /// Coverage is that of the first frame.
    public var frame: NucleiSimulator

    /// Number of frames, 1...1000.
    public var frameCount: Int

    /// How far a nucleus moves from frame to frame, in pixels, 0...50.
    public var speed = 2.0

    /// Frames from the birth of a nucleus to its division, 4...1000; single nuclei take up to a third more or less.
    public var cycle = 16.0

    /// A movie of so many frames.
    public init(_ frame: NucleiSimulator = NucleiSimulator(), frameCount: Int = 20) {
        (self.frame, self.frameCount) = (frame, frameCount)
    }

    /// Simulates the movie.
    ///
    /// - Throws: ``ImagingError`` if a property is outside its range.
    public func simulate() throws(ImagingError) -> SimulatedMovie {
        try validate()
        var random = SplitMix64(seed: frame.seed)
        let texture = try NucleiScene.chromatin(frame, &random)
        var colony = Colony(self, try NucleiScene(frame, &random).nuclei, &random)
        var frames: [SimulatedImage] = []
        for number in 0..<frameCount {
            if number > 0 { colony.advance(&random) }
            let scene = NucleiScene(frame, drawing: colony.shown, texture: texture)
            // Each frame has noise of its own, but the background of the first.
            var light = SplitMix64(seed: frame.seed &+ 1)
            let microscope = Microscope(frame)
            frames.append(
                SimulatedImage(
                    image: microscope.exposed(try microscope.light(from: scene, &light), &random),
                    labels: scene.labels
                )
            )
        }
        return SimulatedMovie(frames: frames, parents: colony.parents)
    }

    private func validate() throws(ImagingError) {
        try frame.validate()
        try ImagingError.check("frameCount", Double(frameCount), in: 1...1000)
        try ImagingError.check("speed", speed, in: 0...50)
        try ImagingError.check("cycle", cycle, in: 4...1000)
    }
}

/// A movie with its true tracks.
public struct SimulatedMovie: Hashable, Sendable {
    /// The frames, in which the label of an object is the number of its track.
    public let frames: [SimulatedImage]

    /// The mothers of all tracks that began with a division.
    public let parents: [UInt32: UInt32]
}

/// The nuclei of a movie in the present frame.
private struct Colony {
    /// A nucleus on its way.
    struct Member {
        var nucleus: Nucleus
        var label: UInt32
        var velocity: (x: Double, y: Double)
        /// Frames until it divides.
        var left: Double
        /// Its size at birth, relative to the present one.
        var growth: Double
    }

    private let settings: MovieSimulator
    private var members: [Member] = []
    private var nextLabel: UInt32 = 1
    private(set) var parents: [UInt32: UInt32] = [:]

    init(_ settings: MovieSimulator, _ nuclei: [Nucleus], _ random: inout SplitMix64) {
        self.settings = settings
        for nucleus in nuclei {
            // The first ones are at any time of their cycle.
            var member = newMember(nucleus, &random)
            member.left *= random.uniform(0.1...1)
            members.append(member)
        }
    }

    /// The nuclei to be drawn, those born first in front.
    var shown: [(nucleus: Nucleus, label: UInt32)] { members.map { ($0.nucleus, $0.label) } }

    private mutating func newMember(_ nucleus: Nucleus, _ random: inout SplitMix64) -> Member {
        defer { nextLabel += 1 }
        let frames = settings.cycle * random.uniform(0.67...1.33)
        return Member(
            nucleus: nucleus,
            label: nextLabel,
            velocity: (settings.speed * random.normal(), settings.speed * random.normal()),
            left: frames,
            // Twice the area in a cycle.
            growth: Elementary.exp(0.34657 / frames)
        )
    }

    /// The next frame.
    mutating func advance(_ random: inout SplitMix64) {
        var next: [Member] = []
        for var member in members {
            member.left -= 1
            guard member.left <= 0 else {
                move(&member, &random)
                next.append(member)
                continue
            }
            for side in [-1.0, 1] {
                var daughter = newMember(member.nucleus, &random)
                daughter.nucleus.place(besides: member.nucleus, side: side)
                parents[daughter.label] = member.label
                next.append(daughter)
            }
        }
        members = next
        for _ in 0..<8 { push() }
        let (width, height) = (
            Double(settings.frame.size.width), Double(settings.frame.size.height)
        )
        members.removeAll { member in
            let (nucleus, reach) = (member.nucleus, member.nucleus.major * 0.7)
            return nucleus.x < -reach || nucleus.y < -reach || nucleus.x > width + reach
                || nucleus.y > height + reach
        }
    }

    private func move(_ member: inout Member, _ random: inout SplitMix64) {
        // The direction persists for some frames.
        member.velocity.x = 0.7 * member.velocity.x + 0.5 * settings.speed * random.normal()
        member.velocity.y = 0.7 * member.velocity.y + 0.5 * settings.speed * random.normal()
        member.nucleus.x += member.velocity.x
        member.nucleus.y += member.velocity.y
        member.nucleus.angle += 0.05 * random.normal()
        member.nucleus.major *= member.growth
        member.nucleus.minor *= member.growth
    }

    /// Moves nuclei that cover each other apart.
    private mutating func push() {
        for one in members.indices {
            for other in members.indices where other > one {
                let (dx, dy) = (
                    members[other].nucleus.x - members[one].nucleus.x,
                    members[other].nucleus.y - members[one].nucleus.y
                )
                let distance = max((dx * dx + dy * dy).squareRoot(), 0.1)
                let room =
                    0.9 * (members[one].nucleus.radius + members[other].nucleus.radius)
                guard distance < room else { continue }
                let step = 0.25 * (room - distance) / distance
                members[one].nucleus.x -= step * dx
                members[one].nucleus.y -= step * dy
                members[other].nucleus.x += step * dx
                members[other].nucleus.y += step * dy
            }
        }
    }
}

extension Nucleus {
    /// The radius of a disc of the same area, about.
    fileprivate var radius: Double { (major * minor).squareRoot() }

    /// Becomes a daughter: half the area, at one end of the long axis of the mother.
    fileprivate mutating func place(besides mother: Nucleus, side: Double) {
        let (cosine, sine) = Elementary.cosineAndSine(mother.angle)
        major = mother.radius * 0.7071
        minor = major * 0.85
        x = mother.x + side * mother.major * 0.62 * cosine
        y = mother.y + side * mother.major * 0.62 * sine
    }
}
