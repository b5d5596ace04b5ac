/// Where nuclei lie and how brightly they shine, before any optics.
struct NucleiScene {
    /// The true objects.
    private(set) var labels: LabelImage

    /// Brightness of the nuclei in focus; an average nucleus has 1.
    private(set) var focused: Raster<Float>

    /// Brightness of the nuclei out of focus.
    private(set) var defocused: Raster<Float>

    private(set) var nuclei: [Nucleus] = []
    private let settings: NucleiSimulator
    private let texture: Raster<Float>

    init(_ settings: NucleiSimulator, _ random: inout SplitMix64) throws(ImagingError) {
        self.settings = settings
        labels = LabelImage(size: settings.size)
        focused = Raster(repeating: 0, size: settings.size)
        defocused = focused
        texture = try Self.chromatin(settings, &random)
        place(&random)
    }

    /// Draws nuclei that are known, each with its label; those that would cover others are cut by them.
    init(
        _ settings: NucleiSimulator,
        drawing nuclei: [(nucleus: Nucleus, label: UInt32)],
        texture: Raster<Float>
    ) {
        self.settings = settings
        self.texture = texture
        labels = LabelImage(size: settings.size)
        focused = Raster(repeating: 0, size: settings.size)
        defocused = focused
        for (nucleus, label) in nuclei {
            fill(
                nucleus,
                nucleus.pixels(on: settings.size).filter { labels.labels[$0.index] == 0 },
                label
            )
        }
    }

    /// Draws nuclei until the coverage is reached or too many attempts failed in a row.
    private mutating func place(_ random: inout SplitMix64) {
        let wanted = Int(settings.coverage * Double(settings.size.count))
        var covered = 0
        var failures = 0
        while covered < wanted && failures < 400 {
            let nucleus = candidate(&random)
            if let area = draw(nucleus) {
                covered += area
                nuclei.append(nucleus)
                failures = 0
            } else {
                failures += 1
            }
        }
    }

    private func candidate(_ random: inout SplitMix64) -> Nucleus {
        var nucleus = Nucleus(meanRadius: settings.meanRadius, defocus: settings.defocus, &random)
        nucleus.x = random.uniform(0...Double(settings.size.width))
        nucleus.y = random.uniform(0...Double(settings.size.height))
        if !nuclei.isEmpty, random.uniform(0...1) < settings.clustering {
            let neighbor = nuclei[Int(random.next() % UInt64(nuclei.count))]
            let angle = random.uniform(0...2 * .pi)
            let (cosine, sine) = Elementary.cosineAndSine(angle)
            let distance = (neighbor.radius(at: angle) + nucleus.radius(at: angle + .pi)) * 0.98
            nucleus.x = neighbor.x + distance * cosine
            nucleus.y = neighbor.y + distance * sine
        }
        return nucleus
    }

    /// Draws a nucleus, unless it would cover others or lies almost outside.
    ///
    /// Returns its number of pixels, or `nil` if it was not drawn. Pixels that already belong to another
    /// nucleus stay with it.
    private mutating func draw(_ nucleus: Nucleus) -> Int? {
        guard isFree(at: nucleus) else { return nil }
        let pixels = nucleus.pixels(on: settings.size)
        let free = pixels.filter { labels.labels[$0.index] == 0 }
        guard free.count >= 12, Double(pixels.count - free.count) <= 0.05 * Double(pixels.count)
        else { return nil }
        fill(nucleus, free, UInt32(nuclei.count + 1))
        return free.count
    }

    /// Draws some pixels of a nucleus.
    private mutating func fill(
        _ nucleus: Nucleus,
        _ pixels: [(index: Int, depth: Double)],
        _ label: UInt32
    ) {
        for pixel in pixels {
            let dome = Float(1 - pixel.depth * pixel.depth * pixel.depth * 0.25)
            let grain = 1 + nucleus.contrast * texture.samples[pixel.index]
            let brightness = nucleus.brightness * dome * max(grain, 0.2)
            labels.labels[pixel.index] = label
            if nucleus.isFocused {
                focused.samples[pixel.index] = brightness
            } else {
                defocused.samples[pixel.index] = brightness
            }
        }
    }

    /// Adds a share of the light of another slice, out of focus.
    mutating func addLight(of other: NucleiScene, share: Float) {
        for pixel in defocused.samples.indices {
            defocused.samples[pixel] += share * other.focused.samples[pixel]
        }
    }

    /// Whether the centre is free, a quick test that turns away most nuclei that would cover others.
    private func isFree(at nucleus: Nucleus) -> Bool {
        let (x, y) = (Int(nucleus.x.rounded(.down)), Int(nucleus.y.rounded(.down)))
        guard Region(x: x, y: y, width: 1, height: 1).isInside(settings.size) else { return true }
        return labels[x: x, y: y] == 0
    }

    /// Noise of two grain sizes with unit variance.
    static func chromatin(
        _ settings: NucleiSimulator,
        _ random: inout SplitMix64
    ) throws(ImagingError) -> Raster<Float> {
        let noise = (0..<settings.size.count).map { _ in Float(random.uniform(-1...1)) }
        let white = Raster<Float>(unchecked: settings.size, samples: noise)
        let scale = settings.meanRadius / 11
        var result = Raster<Float>(repeating: 0, size: settings.size)
        for (sigma, weight) in [(1.3 * scale, Float(0.75)), (3.2 * scale, 0.65)] {
            let smooth = try white.gaussianFiltered(sigma: sigma)
            let power = smooth.samples.reduce(0) { $0 + $1 * $1 } / Float(smooth.samples.count)
            let factor = weight / max(power.squareRoot(), 1e-12)
            for pixel in result.samples.indices {
                result.samples[pixel] += factor * smooth.samples[pixel]
            }
        }
        return result
    }
}

/// One nucleus: an ellipse whose outline is bent by three waves.
struct Nucleus {
    var x = 0.0
    var y = 0.0
    var major: Double
    var minor: Double
    var angle: Double
    let waves: [(amplitude: Double, phase: Double)]
    var brightness: Float
    let contrast: Float
    let isFocused: Bool

    init(meanRadius: Double, defocus: Double, _ random: inout SplitMix64) {
        let isMitotic = random.uniform(0...1) < 0.04
        let size = meanRadius * min(max(1 + 0.18 * random.normal(), 0.55), 1.6)
        let aspect = isMitotic ? random.uniform(0.3...0.5) : random.uniform(0.6...0.97)
        major = size * (isMitotic ? 0.9 : 1 / aspect.squareRoot())
        minor = major * aspect
        angle = random.uniform(0...2 * .pi)
        var waves: [(Double, Double)] = []
        for amplitude in [0.035, 0.03, 0.018] {
            waves.append((amplitude * random.normal(), random.uniform(0...2 * .pi)))
        }
        self.waves = waves
        let usual = Elementary.exp(0.35 * random.normal())
        brightness = Float(isMitotic ? 2.5 + usual : usual)
        contrast = Float(random.uniform(0.06...0.2))
        isFocused = random.uniform(0...1) >= defocus
    }

    /// Distance of the outline from the centre in the direction `direction`.
    func radius(at direction: Double) -> Double {
        let (cosine, sine) = Elementary.cosineAndSine(direction - angle)
        let ellipse =
            major * minor
            / (minor * minor * cosine * cosine + major * major * sine * sine).squareRoot()
        var factor = 1.0
        for (index, wave) in waves.enumerated() {
            let angle = Double(index + 2) * direction + wave.phase
            factor += wave.amplitude * Elementary.cosineAndSine(angle).cosine
        }
        return ellipse * max(factor, 0.7)
    }

    /// The pixels whose centres lie inside the outline, with their depth: 0 in the centre of the
    /// nucleus, 1 at its outline.
    func pixels(on size: Size) -> [(index: Int, depth: Double)] {
        let reach = major * 1.4
        // Beside a neighbour at the border a nucleus may lie outside altogether.
        let (left, top) = (max(Int(x - reach), 0), max(Int(y - reach), 0))
        let columns = left..<max(min(Int(x + reach) + 1, size.width), left)
        let rows = top..<max(min(Int(y + reach) + 1, size.height), top)
        let outline = (0..<Self.directions).map {
            radius(at: Double($0) * 2 * .pi / Double(Self.directions))
        }
        var result: [(Int, Double)] = []
        for row in rows {
            for column in columns {
                let (dx, dy) = (Double(column) + 0.5 - x, Double(row) + 0.5 - y)
                let distance = (dx * dx + dy * dy).squareRoot()
                let depth = distance / outline[Self.direction(dx, dy)]
                if depth < 1 { result.append((row * size.width + column, depth)) }
            }
        }
        return result
    }

    private static let directions = 256

    /// The index of the direction of a vector, by an approximation of the angle that is monotonic
    /// and accurate to a thousandth of a turn.
    private static func direction(_ dx: Double, _ dy: Double) -> Int {
        let (ax, ay) = (abs(dx), abs(dy))
        guard max(ax, ay) > 0 else { return 0 }
        let ratio = min(ax, ay) / max(ax, ay)
        let eighth = ratio * (Double.pi / 4 + 0.273 * (1 - ratio))
        var angle = ax >= ay ? eighth : .pi / 2 - eighth
        if dx < 0 { angle = .pi - angle }
        if dy < 0 { angle = 2 * .pi - angle }
        return Int((angle / (2 * .pi) * Double(directions)).rounded()) % directions
    }
}
