import Foundation
import ImageFormats
import Imaging

/// The files of a stack of planes that are open while plane after plane is added.
///
/// Labels have 16 bits until a plane needs more: then the planes that are written already are copied into a
/// file of 32 bits, which takes the place of the first. So the number of objects is not limited, and usual
/// stacks stay small.
struct StackWriters: ~Copyable {
    private var tiff: TIFFWriter?
    private var tiffType = SampleType.uint16
    private var tiffPlanes = 0
    private var zarr: OMEZarrLabelWriter?
    private var zarrType = SampleType.uint16
    private var zarrPlanes: [PlaneIndex] = []
    private var table = ""

    init() {}

    /// The type that labels begin with: planes of more than 4096 x 4096 pixels may soon need 32 bits.
    private static func firstType(_ axes: ImageAxes) -> SampleType {
        axes.x * axes.y <= 4096 * 4096 ? .uint16 : .uint32
    }

    private static func isWide(_ labels: LabelImage) -> Bool {
        (labels.labels.max() ?? 0) > UInt32(UInt16.max)
    }

    // MARK: - TIFF

    mutating func appendTIFF(
        _ labels: LabelImage,
        _ axes: ImageAxes,
        _ physicalSize: PhysicalSize,
        to url: URL,
        isLast: Bool
    ) throws {
        if tiffPlanes == 0 {
            tiffType = Self.isWide(labels) ? .uint32 : Self.firstType(axes)
            tiff = try Self.tiffWriter(url, axes, tiffType, physicalSize)
        } else if tiffType == .uint16, Self.isWide(labels) {
            try widenTIFF(axes, physicalSize, url)
        }
        try tiff?.append(Self.raster(labels, tiffType))
        tiffPlanes += 1
        if isLast { try tiff.take()?.finish() }
    }

    /// Goes on with a file of 32 bits that begins with the planes written so far.
    private mutating func widenTIFF(
        _ axes: ImageAxes,
        _ physicalSize: PhysicalSize,
        _ url: URL
    ) throws {
        // A file has all its planes or does not come to be, so the missing ones are empty.
        let size = Size(width: axes.x, height: axes.y)
        for _ in tiffPlanes..<axes.t * axes.z {
            try tiff?.append(.uint16(Raster(repeating: 0, size: size)))
        }
        try tiff.take()?.finish()
        var wide = try Self.tiffWriter(url, axes, .uint32, physicalSize)
        let narrow = try ImageSource(opening: url)
        for number in 0..<tiffPlanes {
            let place = PlaneIndex(t: number / axes.z, z: number % axes.z)
            try wide.append(Self.raster(narrow.readLabels(place), .uint32))
        }
        tiff = consume wide
        tiffType = .uint32
    }

    private static func tiffWriter(
        _ url: URL,
        _ axes: ImageAxes,
        _ type: SampleType,
        _ physicalSize: PhysicalSize
    ) throws -> TIFFWriter {
        try TIFFWriter(
            creating: url,
            axes: axes,
            sampleType: type,
            options: .init(usesPredictor: false, physicalSize: physicalSize)
        )
    }

    private static func raster(_ labels: LabelImage, _ type: SampleType) throws -> AnyRaster {
        let raster = try Raster(size: labels.size, samples: labels.labels)
        return type == .uint16
            ? .uint16(raster.map { UInt16(truncatingIfNeeded: $0) }) : .uint32(raster)
    }

    // MARK: - OME-Zarr

    mutating func appendZarr(
        _ labels: LabelImage,
        _ axes: ImageAxes,
        _ place: PlaneIndex,
        _ physicalSize: PhysicalSize,
        to url: URL,
        isLast: Bool
    ) throws {
        let isWide = Self.isWide(labels)
        var writer = zarr
        if writer == nil {
            // The size of the planes decides only where later ones are not known yet.
            let first = axes.t * axes.z > 1 ? Self.firstType(axes) : .uint16
            zarrType = isWide ? .uint32 : first
            writer = try Self.zarrWriter(url, axes, zarrType, physicalSize)
        } else if zarrType == .uint16, isWide {
            writer = try widenedZarr(writer, axes, physicalSize, url)
            zarrType = .uint32
        }
        try writer?.write(labels, to: place)
        zarrPlanes.append(place)
        if isLast { try writer?.finish() }
        zarr = writer
    }

    /// A label image of 32 bits with the planes written so far.
    private func widenedZarr(
        _ narrow: OMEZarrLabelWriter?,
        _ axes: ImageAxes,
        _ physicalSize: PhysicalSize,
        _ url: URL
    ) throws -> OMEZarrLabelWriter {
        try narrow?.finish()
        let aside = URL(filePath: url.path + ".narrow")
        try FileManager.default.moveItem(at: url, to: aside)
        let source = try ImageSource(opening: aside)
        let wide = try Self.zarrWriter(url, axes, .uint32, physicalSize)
        for place in zarrPlanes { try wide.write(source.readLabels(place), to: place) }
        try FileManager.default.removeItem(at: aside)
        return wide
    }

    private static func zarrWriter(
        _ url: URL,
        _ axes: ImageAxes,
        _ type: SampleType,
        _ physicalSize: PhysicalSize
    ) throws -> OMEZarrLabelWriter {
        try OMEZarrLabelWriter(
            creating: url,
            axes: axes,
            sampleType: type,
            options: .init(physicalSize: physicalSize)
        )
    }

    // MARK: - Tables

    mutating func appendTable(
        _ objects: ObjectTable,
        plane: PlaneIndex?,
        to url: URL,
        isLast: Bool
    ) throws {
        if table.isEmpty { table = (plane == nil ? "" : "t,z,") + objects.csvHeader + "\n" }
        let place = plane.map { "\($0.t),\($0.z)," } ?? ""
        for row in objects.csvRows { table += place + row + "\n" }
        if isLast { try ObjectTable.write(csv: table, to: url) }
    }
}
