import Foundation
import ImageFormats
import Imaging

/// An image and its labels, opened and found to fit each other.
struct PairReader: Sendable {
    let pair: TrainingPair

    /// Size of the part of a plane that is used.
    let size: Size

    /// The planes that are used, as numbers of all time points and slices in the order t, z.
    let planes: Range<Int>

    /// Samples of a pixel: 1 or 3.
    let channels: Int

    /// The type of the image's samples.
    let sampleType: SampleType

    private let origin: (x: Int, y: Int)
    private let imageSlices: Int
    private let labelSlices: Int

    /// Sources that stay open, for containers and stacks; other files are opened anew for each plane.
    private let sources: (image: ImageSource, labels: ImageSource)?

    /// Opens both files.
    ///
    /// - Throws: `ImageFormatError`, or ``TrainingDataError`` if they do not fit each other.
    init(_ pair: TrainingPair) throws {
        let image = try Self.openImage(pair)
        let labels = try Self.openLabels(pair)
        let (axes, labelAxes) = (image.description.axes, labels.description.axes)
        let planeCount = axes.t * axes.z
        guard axes.x == labelAxes.x, axes.y == labelAxes.y,
            planeCount == labelAxes.t * labelAxes.z
        else {
            throw TrainingDataError.shapesDiffer(
                image: pair.image,
                imageShape: Self.shape(axes),
                labels: pair.labels,
                labelShape: Self.shape(labelAxes)
            )
        }
        try Self.requireChannels(image, labels, pair)
        let whole = Size(width: axes.x, height: axes.y)
        let region = pair.region ?? Region(whole)
        let planes = pair.planes ?? 0..<planeCount
        guard region.isInside(whole), region.width > 0, region.height > 0, !planes.isEmpty,
            planes.lowerBound >= 0, planes.upperBound <= planeCount
        else {
            throw TrainingDataError.invalidOption(
                name: "part of \(pair.image)",
                reason:
                    "planes \(planes) and \(region.size) pixels from (\(region.x), \(region.y)) are "
                    + "not all inside of the image, which is \(Self.shape(axes))"
            )
        }
        self.pair = pair
        self.planes = planes
        size = region.size
        origin = (region.x, region.y)
        let selected = pair.reading.channels?.count ?? 1
        channels = image.description.samplesPerPixel >= 3 || selected > 1 ? 3 : 1
        sampleType = image.description.sampleType
        imageSlices = axes.z
        labelSlices = labelAxes.z
        sources = planeCount > 1 ? (image, labels) : nil
    }

    // MARK: - Pixels

    /// The labels of a part of a plane; `region` counts from the part of the plane that is used.
    func labels(plane: Int, region: Region? = nil) throws -> LabelImage {
        let source = try sources?.labels ?? Self.openLabels(pair)
        let (t, z) = plane.quotientAndRemainder(dividingBy: labelSlices)
        return try source.readLabels(PlaneIndex(t: t, z: z), region: moved(region))
    }

    /// One channel or three; `region` counts from the part of the plane that is used.
    func image(plane: Int, region: Region? = nil) throws -> Raster<Float> {
        let source = try sources?.image ?? Self.openImage(pair)
        let (t, z) = plane.quotientAndRemainder(dividingBy: imageSlices)
        let selected = pair.reading.channels ?? [0]
        let stored = try selected.map { channel in
            try source.read(PlaneIndex(t: t, c: channel, z: z), region: moved(region)).floats()
        }
        guard selected.count > 1 else { return stored[0].selectingChannels(channels) }
        var merged = Raster<Float>(repeating: 0, size: stored[0].size, channels: 3)
        for (channel, plane) in stored.enumerated() {
            for pixel in plane.samples.indices {
                merged.samples[3 * pixel + channel] = plane.samples[pixel]
            }
        }
        return merged
    }

    private func moved(_ region: Region?) -> Region {
        var region = region ?? Region(size)
        region.x += origin.x
        region.y += origin.y
        return region
    }

    // MARK: - Opening

    private static func openImage(_ pair: TrainingPair) throws -> ImageSource {
        try ImageSource(
            opening: URL(filePath: pair.image),
            options: ImageSource.Options(dataset: pair.reading.imageKey)
        )
    }

    private static func openLabels(_ pair: TrainingPair) throws -> ImageSource {
        try ImageSource(
            opening: URL(filePath: pair.labels),
            options: ImageSource.Options(colorConversion: .asStored, dataset: pair.reading.labelKey)
        )
    }

    private static func requireChannels(
        _ image: ImageSource,
        _ labels: ImageSource,
        _ pair: TrainingPair
    ) throws {
        let count = image.description.axes.c
        let samples = image.description.samplesPerPixel
        if let channels = pair.reading.channels {
            let isPossible =
                (1...3).contains(channels.count) && channels.allSatisfy((0..<count).contains)
            guard isPossible, samples == 1 || channels == [0] else {
                let list = channels.map(String.init).joined(separator: ",")
                throw TrainingDataError.unusableImage(
                    file: pair.image,
                    reason:
                        "the channels \(list) were asked for, but it has \(count) separate ones",
                    advice: "name one to three channels, counted from 0"
                )
            }
        }
        guard count == 1 || pair.reading.channels != nil else {
            throw TrainingDataError.separateChannels(file: pair.image, count: count)
        }
        guard labels.description.axes.c == 1, labels.description.samplesPerPixel == 1 else {
            let found = max(labels.description.axes.c, labels.description.samplesPerPixel)
            throw TrainingDataError.unusableLabels(
                file: pair.labels,
                reason: "labels have one channel, these have \(found)",
                advice:
                    "give the label image, in which every object has a number, not a picture of it"
            )
        }
    }

    private static func shape(_ axes: ImageAxes) -> String {
        let planes = axes.t * axes.z
        return "\(axes.x) x \(axes.y) pixels" + (planes > 1 ? " with \(planes) planes" : "")
    }
}

extension Raster where Sample == Float {
    /// The first channels of each pixel.
    fileprivate func selectingChannels(_ count: Int) -> Raster<Float> {
        guard count != channels else { return self }
        var result: [Float] = []
        result.reserveCapacity(size.count * count)
        for pixel in 0..<size.count {
            for channel in 0..<count { result.append(samples[pixel * channels + channel]) }
        }
        return Raster(unchecked: size, channels: count, samples: result)
    }
}
