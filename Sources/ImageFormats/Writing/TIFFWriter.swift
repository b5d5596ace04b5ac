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

        /// Creates options.
        public init(
            compression: Compression = .deflate,
            usesPredictor: Bool = true,
            physicalSize: PhysicalSize = PhysicalSize()
        ) {
            self.compression = compression
            self.usesPredictor = usesPredictor
            self.physicalSize = physicalSize
        }
    }

    private let file: TIFFOutput
    private let axes: ImageAxes
    private let sampleType: SampleType
    private let channels: Int
    private let options: Options
    private var written = 0

    /// Begins a file beside its destination.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced when writing has finished.
    ///   - axes: Extents of the image; `t * z * c` planes will be appended.
    ///   - sampleType: The type of the samples.
    ///   - channels: Samples of a pixel: 1, 2 (grey and alpha), 3 (RGB) or 4 (RGBA).
    /// - Throws: ``ImageFormatError`` if the folder can not be written to or the size is not valid.
    public init(
        creating url: URL,
        axes: ImageAxes,
        sampleType: SampleType,
        channels: Int = 1,
        options: Options = Options()
    ) throws(ImageFormatError) {
        let sides = [axes.t, axes.c, axes.z, axes.y, axes.x]
        guard (1...4).contains(channels), sides.allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) })
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: url.path,
                "an image of \(axes) with \(channels) samples",
                advice: "sides must be positive, samples 1 to 4"
            )
        }
        let bytes = sides.reduce(Double(channels * sampleType.byteCount)) { $0 * Double($1) }
        file = try TIFFOutput(replacing: url, isBig: bytes > 3.9e9)
        self.axes = axes
        self.sampleType = sampleType
        self.channels = channels
        self.options = options
    }

    /// Writes the next plane; planes follow each other with `c` fastest, then `z`, then `t`.
    public mutating func append(_ plane: AnyRaster) throws(ImageFormatError) {
        guard plane.size == Size(width: axes.x, height: axes.y), plane.channels == channels,
            plane.sampleType == sampleType
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "a plane of \(plane.size) pixels, \(plane.channels) samples, \(plane.sampleType)",
                advice: "all planes must have \(axes.x) x \(axes.y) pixels, \(channels) samples, "
                    + "\(sampleType)"
            )
        }
        guard written < axes.t * axes.z * axes.c else {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "more planes than the axes have"
            )
        }
        let layout = TIFFOutput.Page(
            size: plane.size,
            sampleType: sampleType,
            channels: channels,
            options: options,
            description: written == 0 ? axes.imageJDescription(options.physicalSize) : nil
        )
        try plane.withBytes { bytes throws(ImageFormatError) in
            try file.write(bytes, as: layout)
        }
        written += 1
    }

    /// Completes the file and gives it its name.
    public consuming func finish() throws(ImageFormatError) {
        guard written == axes.t * axes.z * axes.c else {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "\(written) planes were written, the axes have \(axes.t * axes.z * axes.c)"
            )
        }
        try file.finish()
    }
}

extension AnyRaster {
    /// Writes one plane as a TIFF file that replaces an existing one only when it is complete.
    ///
    /// - Throws: ``ImageFormatError`` if it can not be written; no partial file remains.
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
}

extension LabelImage {
    /// Writes the labels as a deflate-compressed grey TIFF.
    ///
    /// Pixels have 16 bits if every label fits, else 32. An existing file is replaced only when the new one is complete.
    ///
    /// - Throws: ``ImageFormatError`` if it can not be written; no partial file remains.
    public func writeTIFF(
        to url: URL,
        physicalSize: PhysicalSize = PhysicalSize()
    ) throws(ImageFormatError) {
        let raster = Raster(unchecked: size, samples: labels)
        let isNarrow = (labels.max() ?? 0) <= UInt32(UInt16.max)
        let plane =
            isNarrow
            ? AnyRaster.uint16(raster.map { UInt16(truncatingIfNeeded: $0) }) : .uint32(raster)
        try plane.writeTIFF(
            to: url,
            options: TIFFWriter.Options(usesPredictor: false, physicalSize: physicalSize)
        )
    }
}

extension ImageAxes {
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
