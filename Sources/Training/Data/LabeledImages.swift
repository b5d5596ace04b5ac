public import ImageFormats
import Imaging
import Prompting
import Segmentation

/// Random patches of images with labels.
///
/// Patches without enough objects are drawn again. A sample depends only on pass, place and seed, and on
/// the files.
public final class LabeledImages: TrainingSource {
    /// The pairs that samples come from.
    public let pairs: [AnnotatedImage]

    /// How patches are taken.
    public let options: SamplingOptions

    /// Samples in one pass.
    public let samplesPerEpoch: Int

    private let readers: [AnnotatedPlanes]
    private let cache: PlaneCache

    /// Draws of one image before another one is taken.
    private static let drawsPerImage = 50

    /// Beyond this, there is nothing in the pixels to learn from.
    private static let largestEnlargement = 8.0

    /// Opens all files.
    ///
    /// - Parameters:
    ///   - pairs: Images with labels, at least one.
    ///   - options: How patches are taken.
    ///   - cacheBytes: Memory for decoded planes.
    /// - Throws: ``TrainingDataError``, `DataSetError` or `ImageFormatError` if a file cannot be used.
    public init(
        _ pairs: [AnnotatedImage],
        _ options: SamplingOptions = SamplingOptions(),
        cacheBytes: Int = 512 << 20
    ) throws {
        try options.validate()
        guard !pairs.isEmpty else {
            throw DataSetError.noImages
        }
        self.pairs = pairs
        self.options = options
        readers = try pairs.map { try AnnotatedPlanes(opening: $0) }
        cache = PlaneCache(
            readers,
            budget: cacheBytes,
            normalization: options.normalization ?? .minmax
        )
        samplesPerEpoch =
            options.samplesPerEpoch
            ?? max(
                readers.map { Self.naturalCount($0, options) }.reduce(0, +),
                options.minimumSamplesPerEpoch
            )
    }

    /// The sample at place `index` of a pass.
    ///
    /// - Throws: ``TrainingDataError/noObjects(file:attempts:minimumSize:)`` if no patch has objects,
    ///   or an error of the files.
    public func sample(epoch: Int, index: Int, seed: UInt64) throws -> TrainingSample {
        var random = SampleRandom(seed: seed, epoch: epoch, index: index)
        var pair = firstPair(index, &random)
        for attempt in 0..<options.maximumAttempts {
            if attempt > 0, attempt.isMultiple(of: Self.drawsPerImage) {
                pair = random.below(pairs.count)
            }
            var draw = Augmentation(options: options.augmentation, random: random)
            let scale = draw.drawScale()
            random = draw.random
            let plane = readers[pair].planes.lowerBound + random.below(readers[pair].planes.count)
            let window = try window(pair, plane: plane, scale: scale, &random)
            let labels = try window.labels(
                from: cache.labels(pair, plane: plane, region: window.source)
            )
            guard options.accepts(labels) else { continue }
            let image = try image(pair, plane: plane, window)
            if let sample = try finished(image, labels, random) { return sample }
        }
        throw TrainingDataError.noObjects(
            file: pairs[pair].labels,
            attempts: options.maximumAttempts,
            minimumSize: options.minimumSize
        )
    }

    // MARK: - Choosing

    /// Passes without a given length show every image once before one comes again.
    private func firstPair(_ index: Int, _ random: inout SampleRandom) -> Int {
        let drawn = random.below(pairs.count)
        return options.samplesPerEpoch == nil || isStacked ? index % pairs.count : drawn
    }

    private var isStacked: Bool { readers.contains { $0.planes.count > 1 } }

    /// Samples of one pair in a pass: one, or for stacks as many as patches fill it.
    private static func naturalCount(_ reader: AnnotatedPlanes, _ options: SamplingOptions) -> Int {
        guard reader.planes.count > 1 else { return 1 }
        guard options.framing == .patch else { return reader.planes.count }
        let pixels = reader.planes.count * reader.size.count
        return (pixels + options.patchSize.count - 1) / options.patchSize.count
    }

    private func window(
        _ pair: Int,
        plane: Int,
        scale: Double,
        _ random: inout SampleRandom
    ) throws -> ResampledWindow {
        let size = readers[pair].size
        var resized = size.scaled(by: scale)
        var wanted = options.patchSize
        switch options.framing {
        case .patch: break
        case .whole: wanted = resized
        case .frame:
            let side = ResizeLongestSide.samSide
            let scale = try scale * enlargement(pair, plane: plane, &random)
            let longest = max(Int((Double(side) * scale).rounded()), min(options.cropSide, side))
            resized = try ResizeLongestSide(from: size, to: longest).resizedSize
            wanted = Size(width: options.cropSide, height: options.cropSide)
        }
        let (width, height) = (min(wanted.width, resized.width), min(wanted.height, resized.height))
        let region = Region(
            x: random.below(resized.width - width + 1),
            y: random.below(resized.height - height + 1),
            width: width,
            height: height
        )
        return try ResampledWindow(of: size, resizedTo: resized, window: region)
    }

    /// How much larger than in the frame objects are shown.
    private func enlargement(
        _ pair: Int,
        plane: Int,
        _ random: inout SampleRandom
    ) throws -> Double {
        guard options.objectDiameter != nil || options.objectDiameters != nil,
            let diameter = try cache.typicalDiameter(pair, plane: plane)
        else { return 1 }
        let seen = ObjectDiameter(of: diameter, in: readers[pair].size).framePixels
        if let range = options.objectDiameters {
            let limits = range.map(Elementary.log)
            let wanted = Elementary.exp(random.uniform(limits[0]...limits[1]))
            return min(wanted / seen, Self.largestEnlargement)
        }
        guard var suited = options.objectDiameter else { return 1 }
        if let decoder = options.decoderDiameter, random.happens(0.5) {
            suited = min(suited, decoder)
        }
        return min(max(suited / seen, 1), Self.largestEnlargement)
    }

    // MARK: - Pixels

    private func image(_ pair: Int, plane: Int, _ window: ResampledWindow) throws -> Raster<Float> {
        var image = try window.image(
            from: cache.image(pair, plane: plane, region: window.source)
        )
        if options.framing == .patch { image = image.padded(to: options.patchSize) }
        let ranges = try cache.ranges(pair, plane: plane)
        IntensityScaling(transform: options.intensities, ranges: ranges).apply(to: &image)
        return image
    }

    /// The sample with its random changes and targets; nil if no object is large enough.
    private func finished(
        _ image: Raster<Float>,
        _ labels: LabelImage,
        _ random: SampleRandom
    ) throws -> TrainingSample? {
        var image = image
        var labels = labels.padded(to: image.size)
        var augmentation = Augmentation(options: options.augmentation, random: random)
        try augmentation.apply(to: &image, &labels)
        return try TrainingSample(image, labels, options)
    }
}

extension TrainingSample {
    /// Splits labels into objects, and computes the targets; nil without an object where one is needed.
    ///
    /// - Parameter image: One channel or three on the scale from 0 to 255.
    init?(_ image: Raster<Float>, _ labels: LabelImage, _ options: SamplingOptions)
        throws(ImagingError)
    {
        var targets: InstanceMaps?
        let objects: LabelImage
        if options.hasTargets {
            let distances = try ObjectDistances(of: labels, minimumSize: options.minimumSize)
            objects = distances.objects
            targets = try InstanceMaps(
                foreground: distances.foreground,
                centerDistances: distances.centerDistances,
                boundaryDistances: distances.boundaryDistances
            )
        } else {
            objects = labels.splitIntoComponents(connectivity: .edgesAndCorners)
                .removingObjects(smallerThan: options.minimumSize)
        }
        guard options.allowsEmptyPatches || objects.labels.contains(where: { $0 != 0 }) else {
            return nil
        }
        try self.init(image: image.asRGB(), instances: objects, targets: targets)
    }
}

extension SamplingOptions {
    /// Whether a patch has enough different labels.
    func accepts(_ labels: LabelImage) -> Bool {
        guard !allowsEmptyPatches else { return true }
        var counts: [UInt32: Int] = [:]
        var last: (label: UInt32, count: Int) = (labels.labels[0], 0)
        for label in labels.labels {
            if label == last.label {
                last.count += 1
            } else {
                counts[last.label, default: 0] += last.count
                last = (label, 1)
            }
        }
        counts[last.label, default: 0] += last.count
        return counts.values.count { $0 >= minimumSize } >= minimumLabels
    }

    /// Checks the ranges.
    func validate() throws(TrainingDataError) {
        func require(_ isFulfilled: Bool, _ name: String, _ reason: String)
            throws(TrainingDataError)
        {
            guard isFulfilled else { throw .invalidOption(name: name, reason: reason) }
        }
        let sides = 16...16_384
        try require(
            sides.contains(patchSize.width) && sides.contains(patchSize.height),
            "patch size",
            "sides must be in \(sides), but are \(patchSize)"
        )
        try require(
            (64...ResizeLongestSide.samSide).contains(cropSide),
            "crop side",
            "must be in 64...\(ResizeLongestSide.samSide), but is \(cropSide)"
        )
        try require(
            objectDiameter.map(ObjectDiameter.range.contains) ?? true,
            "object diameter",
            "must be in \(ObjectDiameter.range), but is \(objectDiameter ?? 0)"
        )
        try require(
            decoderDiameter.map { ObjectDiameter.range.contains($0) && objectDiameter != nil }
                ?? true,
            "decoder diameter",
            "must be in \(ObjectDiameter.range) and stand beside an object diameter, but is "
                + "\(decoderDiameter ?? 0)"
        )
        if let range = objectDiameters {
            try require(
                range.count == 2 && range[0] <= range[1]
                    && range.allSatisfy(ObjectDiameter.range.contains),
                "object diameters",
                "must be two rising numbers in \(ObjectDiameter.range), but are \(range)"
            )
            try require(
                objectDiameter == nil,
                "object diameters",
                "cannot be given together with one object diameter"
            )
        }
        try require(minimumSize >= 0, "minimum size", "must not be negative, but is \(minimumSize)")
        try require(maximumAttempts > 0, "attempts", "must be positive, but is \(maximumAttempts)")
        try require(
            samplesPerEpoch ?? 1 > 0,
            "samples per epoch",
            "must be positive, but is \(samplesPerEpoch ?? 1)"
        )
        try require(
            (1...4).contains(augmentation.scale),
            "scale augmentation",
            "must be a factor in 1...4, but is \(augmentation.scale)"
        )
        let shares = [
            ("brightness", augmentation.brightness), ("contrast", augmentation.contrast),
            ("noise", augmentation.noise), ("inversion", augmentation.inversion),
            ("grey", augmentation.grey), ("channel order", augmentation.channelOrder),
        ]
        for (name, value) in shares {
            try require(
                (0...1).contains(value),
                "\(name) augmentation",
                "must be in 0...1, but is \(value)"
            )
        }
        for (name, value) in [("gamma", augmentation.gamma), ("blur", augmentation.blur)] {
            try require(
                (0...20).contains(value),
                "\(name) augmentation",
                "must be in 0...20, but is \(value)"
            )
        }
    }
}
