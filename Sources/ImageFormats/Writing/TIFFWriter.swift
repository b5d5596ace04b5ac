import CImageCodecs
public import Foundation
public import Imaging

/// Writes a TIFF file plane by plane.
///
/// The file appears under its name when ``finish()`` returns, complete and on the disk; if the writer
/// ends before, nothing remains. Files beyond 4 GB are BigTIFF.
///
/// ```swift
/// let axes = ImageAxes(z: 16, y: 512, x: 640)
/// var writer = try TIFFWriter(creating: url, axes: axes, sampleType: .uint16)
/// for plane in planes { try writer.append(plane) }     // t slowest, then z, then c
/// try writer.finish()
/// ```
public struct TIFFWriter: ~Copyable {
    /// How pixels are stored.
    public struct Options: Hashable, Codable, Sendable {
        /// The compression of the strips; all of them are lossless.
        public enum Compression: String, Hashable, Codable, Sendable {
            /// Raw samples.
            case none
            /// What every program reads.
            case deflate
            /// Smaller and faster than deflate, for programs that read it.
            case zstd
        }

        /// The compression of the strips.
        public var compression: Compression

        /// Whether differences of neighbouring samples are compressed; helps with photographs,
        /// not with labels.
        public var usesPredictor: Bool

        /// Size of a voxel, written as ImageJ does.
        public var physicalSize: PhysicalSize

        /// Whether axes and calibration are described as OME-XML, which makes the file an OME-TIFF, and not
        /// as ImageJ does.
        public var isOME: Bool

        /// Creates options.
        public init(
            compression: Compression = .deflate,
            usesPredictor: Bool = true,
            physicalSize: PhysicalSize = PhysicalSize(),
            isOME: Bool = false
        ) {
            self.isOME = isOME
            self.compression = compression
            self.usesPredictor = usesPredictor
            self.physicalSize = physicalSize
        }
    }

    /// What all planes have in common.
    private struct Layout {
        var axes: ImageAxes
        var sampleType: SampleType
        var channels: Int

        var planes: Int { axes.t * axes.z * axes.c }

        /// Whether the file may exceed what 32 bits address.
        func needsBigTIFF(_ path: String) throws(ImageFormatError) -> Bool {
            let sides = [axes.t, axes.c, axes.z, axes.y, axes.x]
            guard (1...4).contains(channels), sides.allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) })
            else {
                throw ImageFormatError(
                    .invalidPixels,
                    path: path,
                    "an image of \(axes) with \(channels) samples",
                    advice: "sides must be positive, samples 1 to 4"
                )
            }
            let pixel = Double(channels * sampleType.byteCount)
            return sides.reduce(pixel) { $0 * Double($1) } > 3.9e9
        }
    }

    private let file: TIFFOutput
    private let layout: Layout
    private let options: Options
    private var written = 0

    /// Begins a file beside its destination.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced when writing has finished.
    ///   - axes: Extents of the image; `t * z * c` planes will be appended.
    ///   - sampleType: The type of the samples.
    ///   - channels: Samples of a pixel: 1, 2 (grey and alpha), 3 (RGB) or 4 (RGBA).
    /// - Throws: ``ImageFormatError`` if the folder cannot be written to or the size is not valid.
    public init(
        creating url: URL,
        axes: ImageAxes,
        sampleType: SampleType,
        channels: Int = 1,
        options: Options = Options()
    ) throws(ImageFormatError) {
        let layout = Layout(axes: axes, sampleType: sampleType, channels: channels)
        let isBig = try layout.needsBigTIFF(url.path)
        self.init(try TIFFOutput(replacing: url, isBig: isBig), layout, options)
    }

    private init(_ file: consuming TIFFOutput, _ layout: Layout, _ options: Options) {
        self.file = file
        self.layout = layout
        self.options = options
    }

    /// The file that a writer makes, in memory: the same bytes.
    ///
    /// ```swift
    /// let data = try TIFFWriter.data(axes: axes, sampleType: .uint16) { writer throws(ImageFormatError) in
    ///     for plane in planes { try writer.append(plane) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - axes: Extents of the image; `t * z * c` planes have to be appended.
    ///   - sampleType: The type of the samples.
    ///   - channels: Samples of a pixel: 1, 2 (grey and alpha), 3 (RGB) or 4 (RGBA).
    ///   - content: Appends the planes.
    /// - Throws: ``ImageFormatError`` if the size is not valid, planes are missing, or there is no
    ///   memory.
    public static func data(
        axes: ImageAxes,
        sampleType: SampleType,
        channels: Int = 1,
        options: Options = Options(),
        _ content: (inout TIFFWriter) throws(ImageFormatError) -> Void
    ) throws(ImageFormatError) -> Data {
        let layout = Layout(axes: axes, sampleType: sampleType, channels: channels)
        let isBig = try layout.needsBigTIFF("a TIFF file in memory")
        var writer = TIFFWriter(try TIFFOutput(inMemory: isBig), layout, options)
        try content(&writer)
        try writer.checkComplete()
        return try writer.file.take()
    }

    /// Writes the next plane; planes follow each other with `c` fastest, then `z`, then `t`.
    public mutating func append(_ plane: AnyRaster) throws(ImageFormatError) {
        let axes = layout.axes
        guard plane.size == Size(width: axes.x, height: axes.y),
            plane.channels == layout.channels, plane.sampleType == layout.sampleType
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "a plane of \(plane.size) pixels, \(plane.channels) samples, \(plane.sampleType)",
                advice: "all planes must have \(axes.x) x \(axes.y) pixels, "
                    + "\(layout.channels) samples, \(layout.sampleType)"
            )
        }
        guard written < layout.planes else {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "more planes than the axes have"
            )
        }
        let page = TIFFOutput.Page(
            size: plane.size,
            sampleType: layout.sampleType,
            channels: layout.channels,
            options: options,
            description: written == 0
                ? layout.axes.description(
                    options,
                    layout.sampleType,
                    channels: layout.channels,
                    file.path
                ) : nil
        )
        try plane.withBytes { bytes throws(ImageFormatError) in
            try file.write(bytes, as: page)
        }
        written += 1
    }

    /// Completes the file and gives it its name.
    public consuming func finish() throws(ImageFormatError) {
        try checkComplete()
        try file.finish()
    }

    private func checkComplete() throws(ImageFormatError) {
        guard written == layout.planes else {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "\(written) planes were written, but the axes have \(layout.planes)"
            )
        }
    }
}

extension AnyRaster {
    /// Writes one plane as a TIFF file that replaces an existing one only when it is complete.
    ///
    /// - Throws: ``ImageFormatError`` if it cannot be written; no partial file remains.
    public func writeTIFF(
        to url: URL,
        options: TIFFWriter.Options = TIFFWriter.Options()
    ) throws(ImageFormatError) {
        var writer = try TIFFWriter(
            creating: url,
            axes: ImageAxes(y: size.height, x: size.width),
            sampleType: sampleType,
            channels: channels,
            options: options
        )
        try writer.append(self)
        try writer.finish()
    }

    /// The bytes that ``writeTIFF(to:options:)`` writes, in memory.
    ///
    /// - Throws: ``ImageFormatError`` if there is no memory.
    public func tiffData(
        options: TIFFWriter.Options = TIFFWriter.Options()
    ) throws(ImageFormatError) -> Data {
        try TIFFWriter.data(
            axes: ImageAxes(y: size.height, x: size.width),
            sampleType: sampleType,
            channels: channels,
            options: options
        ) { writer throws(ImageFormatError) in try writer.append(self) }
    }
}

extension LabelImage {
    /// Writes the labels as a deflate-compressed grey TIFF.
    ///
    /// Pixels have 16 bits if every label fits, else 32. An existing file is replaced only when the new one
    /// is complete.
    ///
    /// - Parameter isOME: Whether the file is an OME-TIFF; nil for what its name says.
    /// - Throws: ``ImageFormatError`` if it cannot be written; no partial file remains.
    public func writeTIFF(
        to url: URL,
        physicalSize: PhysicalSize = PhysicalSize(),
        isOME: Bool? = nil
    ) throws(ImageFormatError) {
        var options = Self.tiffOptions(physicalSize)
        options.isOME = isOME ?? TIFFWriter.namesOME(url.path)
        try narrowest.writeTIFF(to: url, options: options)
    }

    /// The bytes that ``writeTIFF(to:physicalSize:)`` writes, in memory.
    ///
    /// - Throws: ``ImageFormatError`` if there is no memory.
    public func tiffData(
        physicalSize: PhysicalSize = PhysicalSize()
    ) throws(ImageFormatError) -> Data {
        try narrowest.tiffData(options: Self.tiffOptions(physicalSize))
    }

    private static func tiffOptions(_ physicalSize: PhysicalSize) -> TIFFWriter.Options {
        TIFFWriter.Options(usesPredictor: false, physicalSize: physicalSize)
    }

    /// The labels as samples of 16 bits if they fit, else 32.
    private var narrowest: AnyRaster {
        let raster = Raster(unchecked: size, samples: labels)
        let isNarrow = (labels.max() ?? 0) <= UInt32(UInt16.max)
        return isNarrow
            ? .uint16(raster.map { UInt16(truncatingIfNeeded: $0) }) : .uint32(raster)
    }
}

extension TIFFWriter {
    /// Whether a name says that a file is an OME-TIFF.
    public static func namesOME(_ path: String) -> Bool {
        [".ome.tif", ".ome.tiff"].contains(where: path.lowercased().hasSuffix)
    }
}

extension ImageAxes {
    /// What the first page says of the image.
    func description(
        _ options: TIFFWriter.Options,
        _ sampleType: SampleType,
        channels: Int,
        _ path: String
    ) -> String? {
        guard options.isOME else { return imageJDescription(options.physicalSize) }
        let name = URL(filePath: path).lastPathComponent
        return omeDescription(options.physicalSize, sampleType, samples: channels, name: name)
    }

    /// What ImageJ, and with it most programs, read axes and calibration from; nil for one plane of
    /// unknown size, which needs no explanation.
    func imageJDescription(_ physicalSize: PhysicalSize) -> String? {
        let images = t * z * c
        guard images > 1 || !physicalSize.isEmpty else { return nil }
        var lines = ["ImageJ=1.54f", "images=\(images)"]
        if c > 1 { lines.append("channels=\(c)") }
        if z > 1 { lines.append("slices=\(z)") }
        if t > 1 { lines.append("frames=\(t)") }
        if (c > 1 ? 1 : 0) + (z > 1 ? 1 : 0) + (t > 1 ? 1 : 0) > 1 {
            lines.append("hyperstack=true")
        }
        if let unit = physicalSize.unit {
            lines.append("unit=" + (unit == "\u{B5}m" ? "\\u00B5m" : unit))
        }
        if let spacing = physicalSize.z { lines.append("spacing=\(spacing)") }
        if let interval = physicalSize.t { lines.append("finterval=\(interval)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
