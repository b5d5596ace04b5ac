import Files
import Foundation
import ImageFormats
import Imaging

/// The files of a stack of planes that are open while plane after plane is added.
struct StackWriters: ~Copyable {
    private var tiff: TIFFWriter?
    private var zarr: OMEZarrLabelWriter?
    private var table: CSVTable?

    init() {}

    /// The type of the labels of a stack, whose later planes are not known yet.
    ///
    /// Planes of up to 4096 x 4096 pixels have 16 bits, which is enough for objects of 256 pixels; an
    /// object too many is an error, not a wrong label.
    private static func labelType(_ axes: ImageAxes) -> SampleType {
        axes.x * axes.y <= 4096 * 4096 ? .uint16 : .uint32
    }

    private static func raster(_ labels: LabelImage, _ type: SampleType) throws -> AnyRaster {
        let raster = try Raster(size: labels.size, samples: labels.labels)
        guard type == .uint16 else { return .uint32(raster) }
        if let largest = labels.labels.max(), largest > UInt32(UInt16.max) {
            throw CommandFailure(
                "\(largest) objects in one plane do not fit the label image of the stack; raise "
                    + "--min-size, or segment planes one by one with --z"
            )
        }
        return .uint16(raster.map { UInt16(truncatingIfNeeded: $0) })
    }

    mutating func appendTIFF(
        _ labels: LabelImage,
        _ axes: ImageAxes,
        _ physicalSize: PhysicalSize,
        to url: URL,
        isLast: Bool
    ) throws {
        let type = Self.labelType(axes)
        if tiff == nil {
            tiff = try TIFFWriter(
                creating: url,
                axes: axes,
                sampleType: type,
                options: .init(usesPredictor: false, physicalSize: physicalSize)
            )
        }
        try tiff?.append(Self.raster(labels, type))
        if isLast { try tiff.take()?.finish() }
    }

    mutating func appendZarr(
        _ labels: LabelImage,
        _ axes: ImageAxes,
        _ place: PlaneIndex,
        _ physicalSize: PhysicalSize,
        to url: URL,
        isLast: Bool
    ) throws {
        let isStack = axes.t * axes.z > 1
        let isNarrow = (labels.labels.max() ?? 0) <= UInt32(UInt16.max)
        let type = isStack ? Self.labelType(axes) : isNarrow ? .uint16 : .uint32
        let writer =
            try zarr
            ?? OMEZarrLabelWriter(
                creating: url,
                axes: axes,
                sampleType: type,
                options: .init(physicalSize: physicalSize)
            )
        zarr = writer
        try writer.write(labels, to: place)
        if isLast { try writer.finish() }
    }

    mutating func appendTable(
        _ objects: ObjectTable,
        plane: PlaneIndex?,
        to url: URL,
        isLast: Bool
    ) throws {
        let place = plane.map { ["\($0.t)", "\($0.z)"] } ?? []
        var table =
            table ?? CSVTable(header: (plane == nil ? [] : ["t", "z"]) + objects.columns)
        table.rows += objects.rows.map { place + $0 }
        self.table = table
        if isLast { try ObjectTable.write(csv: table.text, to: url) }
    }
}
