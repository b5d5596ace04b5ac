import Imaging

/// Where one plane lies: the directory of its page, and what of that page is meant.
struct TIFFPlaneLocation {
    /// Offset of the directory of the page at the level asked for.
    let directory: UInt64

    /// The sample of each pixel that is the plane, or nil for all.
    let sample: Int?

    /// Bytes from the page's pixels to the plane's, in ImageJ stacks of one page.
    let stackOffset: Int
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

    /// The page of each plane at index `(t * pageChannels + c) * z + z`; nil where the file has none.
    var pages: [TIFFPage?]

    /// Whether the samples of a pixel are channels of their own.
    let samplesAreChannels: Bool

    /// Whether one page is followed by the pixels of all planes.
    var isContiguousStack = false

    /// Sizes of the resolution levels.
    var levels: [Size]

    /// The position of each level beyond the first among the sub-directories of a page.
    var levelPositions: [Int] = []

    /// The name of another file that holds missing planes.
    var otherFile: String?

    var path: String

    /// Whether palette and inverted grey are only a way of display, as in files of ImageJ.
    var hasDisplayPalette = false

    init(format: String, axes: ImageAxes, page: TIFFPage, pages: [TIFFPage?], path: String) {
        self.format = format
        self.page = page
        self.pages = pages
        self.path = path
        samplesAreChannels = page.colorModel == .channels
        levels = [page.size]
        self.axes = axes
        if samplesAreChannels { self.axes.c *= page.samplesPerPixel }
    }

    func location(of plane: PlaneIndex, level: Int) throws(ImageFormatError) -> TIFFPlaneLocation {
        let perPage = samplesAreChannels ? page.samplesPerPixel : 1
        let index = (plane.t * (axes.c / perPage) + plane.c / perPage) * axes.z + plane.z
        let sample = samplesAreChannels ? plane.c % perPage : nil
        if isContiguousStack {
            // ImageJ writes channels fastest, then slices, then frames.
            let order = (plane.t * axes.z + plane.z) * (axes.c / perPage) + plane.c / perPage
            let bytes = page.rowBytes * page.height
            return TIFFPlaneLocation(
                directory: page.directory,
                sample: sample,
                stackOffset: order * bytes
            )
        }
        guard pages.indices.contains(index), let found = pages[index] else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the plane t \(plane.t), c \(plane.c), z \(plane.z) is not in this file",
                advice: otherFile.map { "it is in \($0): open that file" }
                    ?? "the file was not finished; export it again"
            )
        }
        guard level > 0 else {
            return TIFFPlaneLocation(directory: found.directory, sample: sample, stackOffset: 0)
        }
        let position = levelPositions[level - 1]
        guard found.subDirectories.indices.contains(position) else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the plane has no resolution level \(level)",
                advice: "read level 0"
            )
        }
        return TIFFPlaneLocation(
            directory: found.subDirectories[position],
            sample: sample,
            stackOffset: 0
        )
    }

    func description(
        series: [SeriesDescription],
        conversion: TIFFColorConversion,
        byteCount: Int
    ) -> ImageDescription {
        ImageDescription(
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
    }
}
