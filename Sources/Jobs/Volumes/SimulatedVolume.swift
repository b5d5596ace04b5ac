import Foundation
import ImageFormats
public import Imaging

/// A simulated stack with its true objects.
public struct SimulatedVolume: Sendable {
    /// The slices, in which the label of an object is the same in all of them.
    public let slices: [SimulatedImage]

    /// Distance of the slices in pixels.
    public let spacing: Double

    /// Size of a voxel in µm.
    private var voxel: PhysicalSize {
        PhysicalSize(x: 0.3, y: 0.3, z: 3 * spacing / 10, unit: "µm")
    }

    /// Number of objects that can be seen.
    public var objectCount: Int {
        slices.reduce(into: Set()) { $0.formUnion($1.labels.objectLabels()) }.count
    }

    /// Writes the stack and its true objects as stacks of slices.
    ///
    /// - Throws: An error that names the file that cannot be written.
    public func write(to image: String, truth: String) throws {
        guard let size = slices.first?.image.size else { return }
        let axes = ImageAxes(z: slices.count, y: size.height, x: size.width)
        try write(to: image, axes, .uint16) { .uint16($0.image) }
        let isWide = slices.contains { $0.labels.labels.contains { $0 > UInt16.max } }
        try write(to: truth, axes, isWide ? .uint32 : .uint16) { slice in
            let labels = slice.labels.labels
            return isWide
                ? .uint32(try Raster(size: size, samples: labels))
                : .uint16(try Raster(size: size, samples: labels.map { UInt16($0) }))
        }
    }

    private func write(
        to file: String,
        _ axes: ImageAxes,
        _ type: SampleType,
        _ plane: (SimulatedImage) throws -> AnyRaster
    ) throws {
        var options = TIFFWriter.Options()
        options.physicalSize = voxel
        var writer = try TIFFWriter(
            creating: URL(filePath: file),
            axes: axes,
            sampleType: type,
            options: options
        )
        for slice in slices { try writer.append(plane(slice)) }
        try writer.finish()
    }
}
