import Files
import Foundation
import ImageFormats
import Imaging
import Prompting

/// The slices of a volume along another axis than z, as an image file beside the results.
///
/// The file is written block by block, so that memory holds a part of the volume.
struct ImageView {
    private let file: PlaneFile
    private let axis: VolumeOptions.Axis
    private let extents: VolumeExtents

    /// Bytes of the volume that are in memory.
    private static let blockBytes = 1 << 26

    /// Takes the slices along z.
    ///
    /// - Throws: ``VolumeError/tooFewSlices(file:count:size:)`` if slices along the axis would be far longer than wide.
    init(_ file: PlaneFile, along axis: VolumeOptions.Axis) throws(VolumeError) {
        (self.file, self.axis) = (file, axis)
        extents = VolumeExtents(file.size, depth: file.planes.count)
        let size = extents.size(axis)
        guard size.longestSide <= 64 * min(size.width, size.height) else {
            throw .tooFewSlices(file: file.file, count: file.planes.count, size: "\(file.size)")
        }
    }

    /// Writes the file and opens it.
    ///
    /// - Parameter path: Its place; another file there is replaced.
    func planes(_ path: String, keepsOpacity: Bool, _ work: Work) throws -> PlaneFile {
        try OutputPlan.makeFolder(for: path)
        let channels = try write(to: path, work)
        var selection = PlaneSelection()
        if channels > 1 { selection.channels = (0..<channels).map { .number($0) } }
        return try PlaneFile(opening: path, selection, each: true, keepsOpacity: keepsOpacity)
    }

    /// - Returns: Number of channels.
    private func write(to path: String, _ work: Work) throws -> Int {
        let sample = try file.planes[0].read(Region(x: 0, y: 0, width: 1, height: 1))
        let size = extents.size(axis)
        let count = extents.count(axis)
        var options = TIFFWriter.Options(compression: .none)
        options.physicalSize = physicalSize
        var writer = try TIFFWriter(
            creating: URL(filePath: path),
            axes: ImageAxes(c: sample.channels, z: count, y: size.height, x: size.width),
            sampleType: sample.sampleType,
            options: options
        )
        let sliceBytes = size.count * sample.channels * sample.sampleType.byteCount
        let blockCount = max(1, min(count, Self.blockBytes / sliceBytes))
        for start in stride(from: 0, to: count, by: blockCount) {
            let numbers = start..<min(start + blockCount, count)
            var parts: [AnyRaster] = []
            for plane in file.planes {
                try work.checkpoint()
                parts.append(try plane.read(region(numbers)))
            }
            for number in 0..<numbers.count {
                for channel in 0..<sample.channels {
                    let line: AnyRaster.Line = axis == .y ? .row(number) : .column(number)
                    try writer.append(AnyRaster(line, of: parts, channel: channel))
                }
            }
        }
        try writer.finish()
        return sample.channels
    }

    /// The part of a slice along z that some slices along the axis go through.
    private func region(_ numbers: Range<Int>) -> Region {
        axis == .y
            ? Region(x: 0, y: numbers.lowerBound, width: extents.x, height: numbers.count)
            : Region(x: numbers.lowerBound, y: 0, width: numbers.count, height: extents.y)
    }

    private var physicalSize: PhysicalSize {
        let size = file.planes[0].physicalSize
        var turned = size
        (turned.x, turned.y) = (axis == .y ? size.x : size.y, size.z)
        turned.z = axis == .y ? size.y : size.x
        return turned
    }
}

extension PlaneSource {
    /// How many times as far apart slices are as pixels, if it is known.
    var anisotropy: Double? {
        let size = physicalSize
        guard let z = size.z, let y = size.y, let x = size.x, z > 0, y > 0, x > 0 else {
            return nil
        }
        return z / (x * y).squareRoot()
    }
}
