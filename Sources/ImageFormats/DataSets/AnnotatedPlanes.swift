public import Imaging
public import Prompting

/// The planes of an annotated image, opened and found to fit their labels.
///
/// ```swift
/// let planes = try AnnotatedPlanes(opening: AnnotatedImage(image: "a.tif", labels: "a-labels.tif"))
/// let pixels = try planes.image(plane: planes.planes.lowerBound)     // as stored
/// let truth = try planes.labels(plane: planes.planes.lowerBound)
/// ```
public struct AnnotatedPlanes: Sendable {
    /// The files, and the part of them.
    public let pair: AnnotatedImage

    /// Size of the part of a plane that is used.
    public let size: Size

    /// The planes that are used, as numbers of all time points and slices in the order t, z.
    public let planes: Range<Int>

    /// Extents of the whole image.
    public let axes: ImageAxes

    /// Channels that the model sees: 1 if all three are alike, or 3.
    public let channels: Int

    /// The type of the image's samples.
    public let sampleType: SampleType

    /// What the readers of both files noticed.
    public let notes: [FileNote]

    private let options: Options
    private let part: Region
    private let labelType: SampleType?

    /// Files that stay open, for stacks; others are opened anew for each plane, because there may be
    /// more of them than can be open.
    private let files: (image: PlaneFile, labels: LabelFile)?

    /// What is done with channels that nobody chose.
    public struct Options: Hashable, Sendable {
        /// Whether the opacity of grey pixels takes part, as in micro-sam.
        public var keepsOpacity = false

        /// Whether three separate channels of which none was chosen are red, green and blue; otherwise one
        /// has to be chosen.
        public var takesThreeChannelsAsColors = false

        /// Creates the options that segmentation has.
        public init() {}
    }

    /// Opens both files; reads no pixels.
    ///
    /// - Throws: ``ImageFormatError``, ``PlaneError``, or ``DataSetError`` if they do not fit each other.
    public init(opening pair: AnnotatedImage, _ options: Options = Options()) throws {
        let image = try pair.openImage(options)
        let axes = image.description.axes
        let labels = try pair.openLabels(for: axes)
        let planeCount = axes.t * axes.z
        guard axes.x == labels.axes.x, axes.y == labels.axes.y, planeCount == labels.planeCount
        else {
            throw DataSetError.shapesDiffer(
                image: pair.image,
                imageAxes: axes,
                labels: pair.labels,
                labelAxes: labels.axes
            )
        }
        let whole = Size(width: axes.x, height: axes.y)
        guard min(whole.width, whole.height) > 1 else {
            throw DataSetError.planesTooNarrow(image: pair.image, axes: axes)
        }
        let region = pair.region ?? Region(whole)
        let planes = pair.planes ?? 0..<planeCount
        guard region.isInside(whole), region.width > 0, region.height > 0, !planes.isEmpty,
            planes.lowerBound >= 0, planes.upperBound <= planeCount
        else {
            throw DataSetError.partOutside(
                image: pair.image,
                planes: planes,
                region: region,
                axes: axes
            )
        }
        self.pair = pair
        self.planes = planes
        notes = image.notes + labels.notes
        self.axes = axes
        self.options = options
        part = region
        size = region.size
        channels = Self.samples(of: image, pair.reading, options) == 1 ? 1 : 3
        sampleType = image.description.sampleType
        labelType = labels.sampleType
        files = planeCount > 1 ? (image, labels) : nil
    }

    /// The labels of a part of a plane.
    ///
    /// - Parameters:
    ///   - plane: One of ``planes``.
    ///   - region: Counts from the part of the plane that is used; nil for all of it.
    /// - Throws: ``ImageFormatError``.
    public func labels(plane: Int, region: Region? = nil) throws -> LabelImage {
        let labels =
            try files?.labels ?? pair.openLabels(for: axes)
        return try labels.read(plane: plane, region: (region ?? Region(size)).moved(by: part))
    }

    /// What is said of labels that were read; see ``LabelFile/note(on:)``.
    public func note(on labels: LabelImage) -> FileNote? {
        labelType.flatMap { FileNote(pair.labels, on: labels, of: $0) }
    }

    /// The pixels of the part of a plane that is used, read by region.
    ///
    /// - Parameter plane: One of ``planes``.
    /// - Throws: ``ImageFormatError`` if the file cannot be opened again.
    public func pixels(plane: Int) throws -> PlanePart {
        PlanePart(part, of: try (files?.image ?? pair.openImage(options)).planes[plane])
    }

    /// The pixels of a part of a plane as stored: a grey value, two or three channels, or RGB with or
    /// without opacity.
    ///
    /// - Parameters:
    ///   - plane: One of ``planes``.
    ///   - region: Counts from the part of the plane that is used; nil for all of it.
    /// - Throws: ``ImageFormatError`` or `ImagingError`.
    public func image(plane: Int, region: Region? = nil) throws -> AnyRaster {
        try pixels(plane: plane).read(region ?? Region(size))
    }

    /// Samples of a pixel of what is read.
    private static func samples(
        of image: PlaneFile,
        _ reading: AnnotatedImage.ReadingOptions,
        _ options: Options
    ) -> Int {
        let description = image.description
        if let chosen = reading.channels, !chosen.isEmpty, description.axes.c == 1,
            [.rgb, .rgba].contains(description.colorModel)
        {
            return chosen.count
        }
        guard image.grid.channels.count == 1 else { return image.grid.channels.count }
        let dropsOpacity = description.colorModel == .greyAlpha && !options.keepsOpacity
        return dropsOpacity ? 1 : description.samplesPerPixel
    }
}
