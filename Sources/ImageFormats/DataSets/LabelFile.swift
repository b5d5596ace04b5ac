import Foundation
public import Imaging
public import Prompting

/// An open file of labels: an image of whole numbers, 0 for the background and one for each object, or
/// outlines of objects in GeoJSON, COCO or regions of ImageJ.
public struct LabelFile: Sendable {
    /// The file, as the user named it.
    public let file: String

    /// The extents of its axes; there is one channel.
    public let axes: ImageAxes

    /// What the reader noticed, and what of the file is not used.
    public let notes: [FileNote]

    private let content: Content

    private enum Content {
        case image(ImageSource)
        case regions(RegionFile)
    }

    /// Opens a file, or a data set inside a container; reads no pixels.
    ///
    /// - Parameters:
    ///   - file: The path, with a data set after a `#` if there are several.
    ///   - key: The data set inside a container; of a COCO file of several images, the name of one.
    ///   - names: What the dimensions of the image are; of labels, too, with or without its channels. Files that
    ///     have names of their own keep them.
    ///   - extents: The extents of the image that the labels belong to. Outlines take their size from it; they
    ///     do not need it if the file tells its own. Without both, the labels are as large as the outlines.
    ///   - image: The image that the labels belong to, by whose name they are chosen in a COCO file.
    /// - Throws: ``ImageFormatError``; ``DataSetError/labelsNotGrey(labels:channels:samples:)``.
    public init(
        opening file: String,
        key: String? = nil,
        axes names: String? = nil,
        for extents: ImageAxes? = nil,
        image: String? = nil
    ) throws {
        self.file = file
        if RegionFile.isOne(file) {
            let regions = try RegionFile(opening: file, image: key ?? image)
            self.axes = try Self.axes(of: regions, like: extents)
            content = .regions(regions)
            notes = regions.notes
            return
        }
        let source = try Self.source(file, key, names)
        content = .image(source)
        self.axes = source.description.axes
        var left = ReadingNote.LeftOut()
        left.series = source.description.series.count - 1
        let axes = source.description.axes
        let absent = source.absenceNote(
            (0..<axes.t).flatMap { t in (0..<axes.z).map { PlaneIndex(t: t, z: $0) } }
        )
        notes =
            (source.description.notes + (left.isEmpty ? [] : [.leftOut(left)])
            + (absent.map { [$0] } ?? []))
            .map { FileNote(file, $0) }
        let samples = source.description.samplesPerPixel
        guard self.axes.c == 1, samples == 1 else {
            throw DataSetError.labelsNotGrey(labels: file, channels: self.axes.c, samples: samples)
        }
    }

    private static func source(_ file: String, _ key: String?, _ axes: String?) throws
        -> ImageSource
    {
        func open(_ axes: String?) throws -> ImageSource {
            var options = ImageSource.Options(colorConversion: .asStored, dataset: key)
            options.dimensionNames = axes.map { $0.map { String($0) } }
            return try ImageSource(opening: URL(filePath: file), options: options)
        }
        guard let axes else { return try open(nil) }
        do {
            return try open(axes)
        } catch let error as ImageFormatError where error.kind == .outOfRange {
            let withoutChannels = axes.filter { $0 != "c" && $0 != "s" }
            if let source = try? open(withoutChannels) { return source }
            let source = try open(nil)
            // An array without names would be taken for something that nobody has said.
            guard !source.description.takesDimensionNames else { throw error }
            return source
        }
    }

    /// The type of stored labels; nil for outlines.
    public var sampleType: SampleType? {
        if case .image(let source) = content { source.description.sampleType } else { nil }
    }

    /// What is said of labels of this file that were read: that one looks like a background of -1 in a type
    /// without a sign.
    public func note(on labels: LabelImage) -> FileNote? {
        sampleType.flatMap { FileNote(file, on: labels, of: $0) }
    }

    /// What outlines say of their objects, by label: classes and names.
    public var words: [UInt32: ObjectWords] { regions?.words ?? [:] }

    /// Whether the file holds outlines, which take their size from an image.
    public var isOutlines: Bool { regions != nil }

    private var regions: RegionFile? {
        if case .regions(let regions) = content { regions } else { nil }
    }

    private static func axes(
        of regions: RegionFile,
        like axes: ImageAxes?
    ) throws(ImageFormatError) -> ImageAxes {
        guard var result = axes ?? regions.extents() else {
            throw ImageFormatError(
                .invalidPixels,
                path: regions.file,
                "no object in it has an area",
                advice: "give outlines, boxes or masks"
            )
        }
        if let size = regions.imageSize { (result.x, result.y) = (size.width, size.height) }
        return result
    }

    /// Number of all time points and slices.
    public var planeCount: Int { axes.t * axes.z }

    /// The labels of a plane, or of a part of it.
    ///
    /// - Parameter plane: Counted in the order t, z.
    /// - Throws: ``ImageFormatError``, also for values that are no labels.
    public func read(plane: Int = 0, region: Region? = nil) throws -> LabelImage {
        let (t, z) = plane.quotientAndRemainder(dividingBy: axes.z)
        switch content {
        case .image(let source):
            return try source.readLabels(PlaneIndex(t: t, z: z), region: region)
        case .regions(let regions):
            let labels = try regions.labels(axes, t: t, z: z)
            return try region.map { try labels.cropped(to: $0) } ?? labels
        }
    }

    /// The labels of all planes, in the order t, z.
    ///
    /// - Throws: As ``read(plane:region:)``.
    public func readVolume() throws -> [LabelImage] {
        try (0..<planeCount).map { try read(plane: $0) }
    }
}
