public import Foundation
public import Imaging
public import Prompting

/// An image file that is open for reading: axes and metadata at once, pixels plane by plane or by
/// region when asked for.
///
/// The format is recognised by the first bytes of the file, never by its name. A source may be used
/// from several threads; reads of one source wait for each other.
///
/// ```swift
/// let source = try ImageSource(opening: URL(filePath: "cells.tif"))
/// source.description.axes                    // t 1, c 3, z 16, y 512, x 640
/// let plane = try source.read(PlaneIndex(c: 1, z: 4))
/// let corner = try source.read(region: Region(x: 0, y: 0, width: 64, height: 32))
/// ```
public final class ImageSource: Sendable {
    /// The file, as the caller named it.
    public let url: URL

    /// What is known without decoding pixels.
    public let description: ImageDescription

    private let reader: any PlaneReader

    /// Opens a file, the folder of a Zarr or N5 container, or with ``Options/frames`` that of a movie, and reads its metadata.
    ///
    /// A data set inside a container may be named after a `#`: `volume.h5#volumes/raw` is the same as
    /// `volume.h5` with ``Options/dataset`` `volumes/raw`, unless a file has the whole name.
    ///
    /// - Throws: ``ImageFormatError`` if the file cannot be opened, is damaged, or uses something
    ///   that is not supported.
    public init(opening url: URL, options: Options = Options()) throws(ImageFormatError) {
        let (container, dataset) = splitDataset(url)
        var options = options
        if let dataset, let other = options.dataset, dataset != other {
            throw .namedTwice(dataset, other, path: url.path)
        }
        options.dataset = options.dataset ?? dataset
        self.url = url
        reader = try openReader(container, options)
        description = reader.description
        try description.axes.checkPlaneCount(path: url.path)
        if options.dimensionNames != nil, !description.takesDimensionNames {
            throw ImageFormatError(
                .outOfRange,
                path: url.path,
                "names of dimensions were given, but \(description.format) has its own",
                advice: "leave them out"
            )
        }
    }

    /// Reads one plane, or a part of it.
    ///
    /// Only the blocks that the region touches are decoded where the format allows it: TIFF always;
    /// PNG decodes the rows from the top to the end of the region and keeps those asked for; JPEG
    /// and interlaced PNG decode the whole plane.
    ///
    /// - Parameters:
    ///   - plane: Which plane; the first by default.
    ///   - region: Which pixels of the plane, in pixels of `level`; all by default.
    ///   - level: Resolution level, 0 is full resolution.
    /// - Returns: Samples of the type and channel count that ``description`` tells. Values are as
    ///   stored (NaN stays NaN); colours are converted as ``Options/colorConversion`` says.
    public func read(
        _ plane: PlaneIndex = PlaneIndex(),
        region: Region? = nil,
        level: Int = 0
    ) throws(ImageFormatError) -> AnyRaster {
        let path = url.path
        guard description.levels.indices.contains(level) else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "there is no resolution level \(level)",
                advice: "the image has levels 0 to \(description.levels.count - 1)"
            )
        }
        guard description.axes.contains(plane) else {
            let axes = description.axes
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "there is no plane t \(plane.t), c \(plane.c), z \(plane.z)",
                advice: "the image has t \(axes.t), c \(axes.c), z \(axes.z) planes, counted from 0"
            )
        }
        let size = description.levels[level]
        let region = region ?? Region(size)
        guard region.fits(in: size) else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the image does not contain the region at (\(region.x), \(region.y)) of "
                    + "\(region.width) x \(region.height) pixels",
                advice: "the image has \(size) pixels"
            )
        }
        return try reader.read(plane, region: region, level: level)
    }

    /// What is said of planes of which the file stores nothing at all; nil if there are none.
    ///
    /// - Parameter planes: The planes that are meant.
    func absenceNote(_ planes: some Collection<PlaneIndex>) -> ReadingNote? {
        let absent = planes.filter { reader.isAbsent($0) }.count
        return absent == 0 ? nil : .planesAbsent(absent, of: planes.count)
    }
}

extension ImageSource {
    /// How a file is read.
    public struct Options: Hashable, Codable, Sendable {
        /// What is done with colours that are not stored as intensities.
        public enum ColorConversion: String, Hashable, Codable, Sendable {
            /// Palette and CMYK become RGB; grey where 0 is white is inverted.
            case toRGB
            /// Samples are returned as they are stored.
            case asStored
        }

        /// What is done with colours that are not stored as intensities; label images are read
        /// ``ColorConversion/asStored``.
        public var colorConversion: ColorConversion

        /// Which of several images in the file is meant, counted from 0.
        public var series: Int

        /// The data set inside a container such as HDF5, for example `volumes/raw`.
        public var dataset: String?

        /// What the dimensions of an array are, slowest first, such as `["t", "y", "x"]`; for arrays of
        /// Zarr, N5 and HDF5 and pages of TIFF and ImageJ, where nil takes what the file says or, where it is silent, z before y and
        /// x, c before z, t before c.
        public var dimensionNames: [String]?

        /// Where the frames of a movie lie whose file does not say that it is one; they become time points.
        public var frames: MovieFrames?

        /// The most bytes that one read may decode into memory.
        public var maximumDecodedBytes: Int

        /// Creates options; the defaults suit microscopy images of up to 16 GiB a plane.
        public init(
            colorConversion: ColorConversion = .toRGB,
            series: Int = 0,
            dataset: String? = nil,
            maximumDecodedBytes: Int = 16 << 30
        ) {
            self.colorConversion = colorConversion
            self.series = series
            self.dataset = dataset
            self.maximumDecodedBytes = maximumDecodedBytes
        }
    }
}

/// Opens a file or a folder, as a movie where the options say so.
private func openReader(
    _ url: URL,
    _ options: ImageSource.Options
) throws(ImageFormatError) -> any PlaneReader {
    switch options.frames {
    case nil: return try openFile(url, options)
    case .slices: return try SliceFrames(openFile(url, options), options, path: url.path)
    case .files(let names):
        return try FrameFiles(url, names) { file throws(ImageFormatError) in
            try openFile(file, options)
        }
    }
}

/// Opens a file by its content, a folder as a container.
private func openFile(
    _ url: URL,
    _ options: ImageSource.Options
) throws(ImageFormatError) -> any PlaneReader {
    if isFolder(url) { return try Containers.openFolder(url, options: options) }
    let input = try InputFile(url: url)
    let signature = try FileSignature(of: input)
    if signature == .hdf5 { return try Containers.openHDF5(input, options: options) }
    if signature == .zip { return try Containers.openArchive(url, options: options) }
    if let dataset = options.dataset {
        throw ImageFormatError(
            .outOfRange,
            path: url.path,
            "there is no data set '\(dataset)'",
            advice: "this format has no data sets; leave the name out"
        )
    }
    switch signature {
    case .tiff: return try openTIFF(input, options)
    case .png: return try PNGReader(input, options: options)
    case .slide:
        guard let slide = try SlideReader(input, options: options) else {
            throw .unknownFormat(input.path)
        }
        return slide
    case .jpeg, .hdf5, .zip:
        if SlideReader.isMirax(input.path),
            let slide = try SlideReader(input, options: options)
        {
            return slide
        }
        return try JPEGReader(input, options: options)
    }
}

/// Opens a TIFF, which may be a whole slide.
private func openTIFF(
    _ input: InputFile,
    _ options: ImageSource.Options
) throws(ImageFormatError) -> any PlaneReader {
    let source: TIFFSource
    do throws(ImageFormatError) {
        source = try TIFFSource(input, maximumDecodedBytes: options.maximumDecodedBytes)
    } catch {
        // NDPI beyond 4 GiB is no valid TIFF.
        guard input.byteCount > 1 << 32, let slide = try SlideReader(input, options: options) else {
            throw error
        }
        return slide
    }
    if SlideReader.mayBeSlide(source), let slide = try SlideReader(input, options: options) {
        return slide
    }
    let reader = try TIFFReader(source, options: options)
    if let arranged = try reader.arranged(options) { return arranged }
    return reader
}

private func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        && isFolder.boolValue
}

/// The container and the data set of a name such as `volume.h5#raw`.
private func splitDataset(_ url: URL) -> (container: URL, dataset: String?) {
    let path = url.path
    guard !FileManager.default.fileExists(atPath: path), let sign = path.lastIndex(of: "#") else {
        return (url, nil)
    }
    return (URL(filePath: String(path[..<sign])), String(path[path.index(after: sign)...]))
}

extension Region {
    /// Whether the region is not empty and lies inside; sums do not overflow.
    fileprivate func fits(in size: Size) -> Bool {
        x >= 0 && y >= 0 && width > 0 && height > 0 && width <= size.width
            && height <= size.height && x <= size.width - width && y <= size.height - height
    }
}
