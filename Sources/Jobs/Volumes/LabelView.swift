import Files
import Foundation
import Imaging
import Prompting

/// Numbers of voxels along the axes of a volume.
struct VolumeExtents: Hashable {
    let z: Int
    let y: Int
    let x: Int

    /// The extents of a volume with slices of this size along z.
    init(_ size: Size, depth: Int) { (z, y, x) = (depth, size.height, size.width) }

    /// Number of slices along an axis.
    func count(_ axis: VolumeOptions.Axis) -> Int {
        switch axis {
        case .z: z
        case .y: y
        case .x: x
        }
    }

    /// Width and height of the slices along an axis.
    func size(_ axis: VolumeOptions.Axis) -> Size {
        switch axis {
        case .z: Size(width: x, height: y)
        case .y: Size(width: x, height: z)
        case .x: Size(width: y, height: z)
        }
    }
}

/// A label volume on the disk that is written along one axis and read along z.
final class LabelView {
    private let axis: VolumeOptions.Axis
    private let extents: VolumeExtents
    private var file: ScratchFile

    private static let labelBytes = MemoryLayout<UInt32>.size

    init(along axis: VolumeOptions.Axis, _ extents: VolumeExtents, in folder: String) throws {
        (self.axis, self.extents) = (axis, extents)
        file = try ScratchFile(in: folder)
    }

    /// Adds the next slice along the axis.
    func append(_ labels: LabelImage) throws {
        precondition(labels.size == extents.size(axis), "a slice along another axis")
        try file.append(labels.labels.withUnsafeBytes { Array($0) })
    }

    /// A slice along z; all slices must have been added.
    func slice(_ z: Int) throws -> LabelImage {
        let size = extents.size(.z)
        switch axis {
        case .z: return try LabelImage(size: size, labels: labels(z * size.count, size.count))
        case .y:
            var all: [UInt32] = []
            for y in 0..<extents.y {
                all += try labels((y * extents.z + z) * extents.x, extents.x)
            }
            return try LabelImage(size: size, labels: all)
        case .x:
            var result = LabelImage(size: size)
            for x in 0..<extents.x {
                let column = try labels((x * extents.z + z) * extents.y, extents.y)
                for y in 0..<extents.y { result[x: x, y: y] = column[y] }
            }
            return result
        }
    }

    /// So many labels from one on.
    private func labels(_ first: Int, _ count: Int) throws -> [UInt32] {
        let start = first * Self.labelBytes
        let bytes = try file.read(start..<(start + count * Self.labelBytes))
        // Safe because the labels are copied, and there are four bytes for each.
        return bytes.withUnsafeBytes { bytes in
            (0..<count).map {
                bytes.loadUnaligned(fromByteOffset: $0 * Self.labelBytes, as: UInt32.self)
            }
        }
    }
}
