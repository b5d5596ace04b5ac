import Imaging
import Prompting

/// Where one plane lies, and what of its page is meant.
struct TIFFPlaneLocation {
    let place: TIFFPlace

    /// The position of the level among the reduced images of the page; nil for full resolution.
    let level: Int?

    /// The sample of each pixel that is the plane, or nil for all.
    let sample: Int?
}

/// One series of a TIFF file: which page holds which plane.
struct TIFFLayout {
    var name = ""
    var format: String
    var axes: ImageAxes
    var physicalSize = PhysicalSize()
    var channelNames: [String] = []

    /// A page that stands for all of the series.
    let page: TIFFPage

    /// The place of each plane at index `(t * pageChannels + c) * z + z`; nil where the file has none.
    private(set) var places: [TIFFPlace?]

    /// Whether the samples of a pixel are channels of their own.
    let samplesAreChannels: Bool

    /// Sizes of the resolution levels.
    private(set) var levels: [Size]

    /// The position of each level beyond the first among the reduced images of a page.
    private var levelPositions: [Int] = []

    /// The names of other files that hold planes, beginning with number 1.
    var files: [String] = []

    /// The file that would hold a plane which is missing, by the index of the plane.
    var missing: [Int: String] = [:]

    /// What was noticed.
    var notes: [ReadingNote] = []

    /// How planes lie across the pages, each of which is a slice here; nil where pages are planes.
    var arrangement: TIFFArrangement?

    var path: String

    /// Whether palette and inverted grey are only a way of display, as in files of ImageJ.
    var hasDisplayPalette = false

    init(format: String, page: TIFFPage, planes: TIFFPlaneMap, path: String) {
        self.format = format
        self.page = page
        self.path = path
        places = planes.places
        samplesAreChannels = page.colorModel == .channels
        levels = [page.size]
        axes = planes.axes
        if samplesAreChannels { axes.c *= page.samplesPerPixel }
    }

    /// Samples of a pixel that are channels.
    private var perPage: Int { samplesAreChannels ? page.samplesPerPixel : 1 }

    func location(of plane: PlaneIndex, level: Int) throws(ImageFormatError) -> TIFFPlaneLocation {
        let index = (plane.t * (axes.c / perPage) + plane.c / perPage) * axes.z + plane.z
        guard places.indices.contains(index), let place = places[index] else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the plane t \(plane.t), c \(plane.c), z \(plane.z) is not in this file",
                advice: missing[index].map { "it is in \($0), which is not beside this file" }
                    ?? "the file was not finished; export it again"
            )
        }
        return TIFFPlaneLocation(
            place: place,
            level: level == 0 ? nil : levelPositions[level - 1],
            sample: samplesAreChannels ? plane.c % perPage : place.sample
        )
    }

    /// Notes planes that the description promises and nobody has, and leaves out the time points, or
    /// else the slices, from the first one on that is not whole.
    mutating func cutToFound() {
        let absent = places.indices.filter { places[$0] == nil && missing[$0] == nil }
        guard !absent.isEmpty else { return }
        notes.append(.planesMissing(promised: places.count, found: places.count - absent.count))
        let perTime = places.count / axes.t
        if let first = absent.first, first >= perTime {
            axes.t = first / perTime
            places = Array(places.prefix(axes.t * perTime))
        } else if let slice = absent.filter({ $0 < perTime }).map({ $0 % axes.z }).min(), slice > 0
        {
            let (depth, channels) = (axes.z, axes.c / perPage)
            places = (0..<channels).flatMap { c in places[c * depth..<c * depth + slice] }
            (axes.t, axes.z) = (1, slice)
        }
        missing = missing.filter { $0.key < places.count }
    }

    /// Whether the file has fewer planes than the description promises.
    var lacksPlanes: Bool {
        notes.contains { if case .planesMissing = $0 { true } else { false } }
    }

    /// Notes planes of other files that do not have them.
    mutating func note(_ files: OMEShortFiles) {
        guard files.planes > 0 else { return }
        notes.append(.filesShort(files.names, planes: files.planes))
    }

    /// Adds the reduced images that belong to the page of the series.
    mutating func findLevels(
        _ file: borrowing TIFFFile,
        limits: ReadingLimits
    ) throws(ImageFormatError) {
        for (position, offset) in page.subDirectories.enumerated() {
            let level: TIFFPage
            do throws(ImageFormatError) {
                try file.select(offset)
                level = try file.page()
                try level.checkSize(limits, file)
            } catch  where error.kind == .unsupported {
                continue
            }
            let last = levels[levels.count - 1]
            guard level.samples == page.samples, level.samplesPerPixel == page.samplesPerPixel,
                level.width < last.width || level.height < last.height, level.isReduction(of: page)
            else { continue }
            levels.append(level.size)
            levelPositions.append(position)
        }
    }

    func description(
        series: [SeriesDescription],
        conversion: TIFFColorConversion,
        byteCount: Int
    ) -> ImageDescription {
        var description = ImageDescription(
            format: format,
            axes: axes,
            sampleType: conversion.sampleType,
            bitsPerSample: page.samples.bits,
            samplesPerPixel: conversion.colorModel.samplesPerPixel,
            colorModel: conversion.colorModel,
            physicalSize: physicalSize,
            channelNames: channelNames.count == axes.c ? channelNames : [],
            levels: levels,
            series: series,
            compression: page.compression.name,
            blockSize: Size(width: page.blockWidth, height: page.blockHeight),
            byteCount: byteCount
        )
        description.otherFiles = files
        description.notes = notes
        return description
    }
}

extension TIFFPage {
    /// Whether the page can be the other one in less detail: it has the same sides in proportion.
    fileprivate func isReduction(of other: TIFFPage) -> Bool {
        guard width <= other.width, height <= other.height else { return false }
        let scale = Double(other.width) / Double(width)
        // Each step of a pyramid may round down.
        return abs(Double(other.height) / scale - Double(height)) <= 1 + Double(height) / 50
    }
}
