import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Volumes

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
    private var table: CSVTable?
    private var measurements: VolumeMeasurements?
    private var geoJSON = StackGeoJSON()
    private var coco: StackCOCO?
    private var regions: StackRegions?
    private var meshes: StackMeshes?
    private var pictures: TIFFWriter?

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
        isOME: Bool,
        isLast: Bool
    ) throws {
        let options = TIFFWriter.Options(
            usesPredictor: false,
            physicalSize: physicalSize,
            isOME: isOME
        )
        if tiffPlanes == 0 {
            tiffType = Self.isWide(labels) ? .uint32 : Self.firstType(axes)
            tiff = try Self.tiffWriter(url, axes, tiffType, options)
        } else if tiffType == .uint16, Self.isWide(labels) {
            try widenTIFF(axes, options, url)
        }
        try tiff?.append(Self.raster(labels, tiffType))
        tiffPlanes += 1
        if isLast { try tiff.take()?.finish() }
    }

    /// Goes on with a file of 32 bits that begins with the planes written so far.
    private mutating func widenTIFF(
        _ axes: ImageAxes,
        _ options: TIFFWriter.Options,
        _ url: URL
    ) throws {
        // A file has all its planes or does not come to be, so the missing ones are empty.
        let size = Size(width: axes.x, height: axes.y)
        for _ in tiffPlanes..<axes.t * axes.z {
            try tiff?.append(.uint16(Raster(repeating: 0, size: size)))
        }
        try tiff.take()?.finish()
        var wide = try Self.tiffWriter(url, axes, .uint32, options)
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
        _ options: TIFFWriter.Options
    ) throws -> TIFFWriter {
        try TIFFWriter(creating: url, axes: axes, sampleType: type, options: options)
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

    // MARK: - Outlines, masks and pictures

    mutating func appendOutlines(
        _ labels: LabelImage,
        _ plane: PlaneIndex,
        to url: URL,
        isLast: Bool
    ) throws {
        geoJSON.append(labels, of: plane)
        if isLast { try geoJSON.write(to: url) }
    }

    mutating func appendMasks(
        _ labels: LabelImage,
        _ plane: PlaneIndex,
        imageName: String,
        to url: URL,
        isLast: Bool
    ) throws {
        var coco = coco ?? StackCOCO(imageName: imageName)
        coco.append(labels, of: plane)
        if isLast { try coco.write(to: url) }
        self.coco = coco
    }

    mutating func appendRegions(
        _ labels: LabelImage,
        _ axes: ImageAxes,
        _ place: PlaneIndex,
        to url: URL,
        isLast: Bool
    ) throws {
        if regions == nil { regions = try StackRegions(creating: url, axes: axes) }
        try regions?.append(labels, at: place)
        if isLast { try regions.take()?.finish() }
    }

    mutating func appendPicture(
        _ picture: Raster<UInt8>,
        _ axes: ImageAxes,
        to url: URL,
        isLast: Bool
    ) throws {
        if pictures == nil {
            pictures = try TIFFWriter(
                creating: url,
                axes: axes,
                sampleType: .uint8,
                channels: picture.channels
            )
        }
        try pictures?.append(.uint8(picture))
        if isLast { try pictures.take()?.finish() }
    }

    /// Adds a slice of a volume to the meshes; both forms are made from the same objects.
    ///
    /// - Parameter number: Of the slice.
    mutating func appendMeshes(
        _ kind: ResultKind,
        _ labels: LabelImage,
        _ physicalSize: PhysicalSize,
        _ number: Int,
        to url: URL,
        isLast: Bool
    ) throws {
        let folder = FileName.folder(of: url.path)
        if meshes == nil { meshes = try StackMeshes(in: folder, size: labels.size, physicalSize) }
        if meshes?.sliceCount == number { try meshes?.append(labels) }
        guard isLast else { return }
        if kind == .stl {
            try meshes?.writeSTL(to: url)
        } else {
            try meshes?.writeOBJ(to: url)
        }
    }

    // MARK: - Tables

    mutating func appendTable(
        _ objects: ObjectTable,
        plane: PlaneIndex?,
        _ origin: TableOrigin,
        to url: URL,
        isLast: Bool
    ) throws {
        if table == nil {
            let place = plane == nil ? [] : ["t", "z"]
            table = CSVTable(header: place + objects.columns + TableOrigin.columns)
        }
        let place = plane.map { ["\($0.t)", "\($0.z)"] } ?? []
        table?.rows += objects.rows.map { place + $0 + origin.values }
        if isLast { try ObjectTable.write(csv: table?.text ?? "", to: url) }
    }

    /// Measures the next slice of a volume; the table has one row for each object of the volume.
    mutating func appendVolume(
        _ labels: LabelImage,
        _ raster: AnyRaster,
        of source: PlaneSource,
        _ origin: TableOrigin,
        to url: URL,
        isLast: Bool
    ) throws {
        var measured = measurements ?? VolumeMeasurements()
        measurements = nil
        measured.add(labels, try labels.measurements(of: raster))
        guard isLast else {
            measurements = measured
            return
        }
        let table = VolumeTable(
            measured.finish(),
            source.physicalSize,
            channels: source.channelNames,
            channelCount: raster.channels
        )
        let csv = CSVTable(
            header: table.columns + TableOrigin.columns,
            rows: table.rows.map { $0 + origin.values }
        )
        try ObjectTable.write(csv: csv.text, to: url)
    }
}

/// Where the objects of a table come from, in its last columns.
struct TableOrigin {
    /// The name of the image file.
    let image: String

    /// The name of the model.
    let model: String

    private static let version = "usam"

    static let columns = ["image", "model", version]

    var values: [String] { [image, model, ProgramVersion.text] }

    /// A table as another version of the program would have written it.
    static func text(_ text: String, by program: String) -> String {
        var table = CSVTable(text: text)
        guard let column = table.header.lastIndex(of: version) else { return text }
        for row in table.rows.indices { table.rows[row][column] = program }
        return table.text
    }
}
