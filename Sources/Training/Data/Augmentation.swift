import Imaging

/// One draw of random changes, applied to a patch on the scale from 0 to 255.
struct Augmentation {
    let options: AugmentationOptions
    var random: SampleRandom

    /// The factor by which objects are enlarged; drawn before the patch is cut.
    mutating func drawScale() -> Double {
        guard options.scale > 1 else { return 1 }
        let exponent = random.uniform(-1...1)
        return Elementary.exp(exponent * Elementary.log(options.scale))
    }

    /// Changes image and labels.
    mutating func apply(to image: inout Raster<Float>, _ labels: inout LabelImage)
        throws(ImagingError)
    {
        changePlaces(&image, &labels)
        changeColors(&image)
        try changeSharpness(&image)
        changeIntensities(&image)
    }

    // MARK: - Geometry

    private mutating func changePlaces(_ image: inout Raster<Float>, _ labels: inout LabelImage) {
        var turns = Orientation()
        if options.flips {
            turns.mirrorsX = random.happens(0.5)
            turns.mirrorsY = random.happens(0.5)
        }
        if options.quarterTurns {
            // With both mirrors drawn already, a transposition makes all eight positions equally likely.
            turns.isTransposed = random.happens(0.5)
            if !options.flips, random.happens(0.5) {
                turns.mirrorsX.toggle()
                turns.mirrorsY.toggle()
            }
            if !options.flips, turns.isTransposed { turns.mirrorsX.toggle() }
        }
        guard turns != Orientation() else { return }
        image = turns.apply(to: image)
        let places = turns.apply(to: Raster(unchecked: labels.size, samples: labels.labels))
        labels = LabelImage(unchecked: places.size, labels: places.samples)
    }

    // MARK: - Intensities

    private mutating func changeColors(_ image: inout Raster<Float>) {
        let isColor = image.channels == 3
        if options.grey > 0, random.happens(options.grey), isColor {
            for pixel in 0..<image.size.count {
                let sum =
                    image.samples[3 * pixel] + image.samples[3 * pixel + 1]
                    + image.samples[3 * pixel + 2]
                for channel in 0..<3 { image.samples[3 * pixel + channel] = sum / 3 }
            }
        }
        if options.channelOrder > 0, random.happens(options.channelOrder), isColor {
            let order = [0, 1, 2].shuffled(using: &random)
            for pixel in 0..<image.size.count {
                let color = (0..<3).map { image.samples[3 * pixel + order[$0]] }
                for channel in 0..<3 { image.samples[3 * pixel + channel] = color[channel] }
            }
        }
        if options.inversion > 0, random.happens(options.inversion) {
            for index in image.samples.indices { image.samples[index] = 255 - image.samples[index] }
        }
    }

    private mutating func changeSharpness(_ image: inout Raster<Float>) throws(ImagingError) {
        guard options.blur > 0, random.happens(0.5) else { return }
        image = try image.gaussianFiltered(sigma: random.uniform(0.1...max(options.blur, 0.1)))
    }

    private mutating func changeIntensities(_ image: inout Raster<Float>) {
        if options.gamma > 0 {
            let exponent = random.uniform(-1...1) * Elementary.log(1 + options.gamma)
            let table = PowerTable(exponent: Elementary.exp(exponent))
            for index in image.samples.indices {
                image.samples[index] = table[image.samples[index]]
            }
        }
        if options.contrast > 0 || options.brightness > 0 {
            let mean = image.samples.reduce(0, +) / Float(image.samples.count)
            let factor = Float(1 + random.uniform(-1...1) * options.contrast)
            let shift = Float(random.uniform(-1...1) * options.brightness * 255)
            for index in image.samples.indices {
                image.samples[index] = (image.samples[index] - mean) * factor + mean + shift
            }
        }
        if options.noise > 0 {
            let deviation = random.uniform(0...1) * options.noise * 255
            for index in image.samples.indices {
                image.samples[index] += Float(random.normal() * deviation)
            }
        }
        for index in image.samples.indices {
            image.samples[index] = min(max(image.samples[index], 0), 255)
        }
    }
}

/// One of the eight positions of a picture: transposed, then mirrored.
struct Orientation: Hashable {
    var isTransposed = false
    var mirrorsX = false
    var mirrorsY = false

    /// The raster in this position.
    func apply<Sample>(to raster: Raster<Sample>) -> Raster<Sample> {
        let size = raster.size
        let result = isTransposed ? Size(width: size.height, height: size.width) : size
        var samples: [Sample] = []
        samples.reserveCapacity(raster.samples.count)
        for y in 0..<result.height {
            let v = mirrorsY ? result.height - 1 - y : y
            for x in 0..<result.width {
                let u = mirrorsX ? result.width - 1 - x : x
                let pixel = isTransposed ? u * size.width + v : v * size.width + u
                let start = pixel * raster.channels
                samples.append(contentsOf: raster.samples[start..<start + raster.channels])
            }
        }
        return Raster(unchecked: result, channels: raster.channels, samples: samples)
    }
}

/// `255 (x / 255)^exponent`, looked up with linear interpolation: the same on every platform.
private struct PowerTable {
    private let values: [Float]

    init(exponent: Double) {
        values = (0...256).map { step in
            step == 0
                ? 0 : Float(255 * Elementary.exp(exponent * Elementary.log(Double(step) / 255)))
        }
    }

    subscript(_ value: Float) -> Float {
        let clamped = min(max(value, 0), 255)
        let below = Int(clamped)
        let share = clamped - Float(below)
        return values[below] + (values[below + 1] - values[below]) * share
    }
}
