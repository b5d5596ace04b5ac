import Files
public import Foundation
public import Imaging

/// The surfaces of the objects of a volume as meshes, one for each object.
///
/// Slices are added one after the other; their objects lie on the disk as runs of pixels until the meshes are written, object by
/// object. Memory holds one slice, one entry for each object, and the region of one object in two slices.
///
/// ``SurfaceScan`` says what the surfaces are. Positions are x, y, z in the unit of the image, or in voxels if the size of a voxel
/// is not known; the centre of the first voxel is at 0.
public struct StackMeshes: ~Copyable {
    private var runs: ObjectRuns
    private let width: Int
    private let scale: SIMD3<Double>

    /// The unit of positions, for people.
    private let unit: String

    /// Number of slices so far.
    public var sliceCount: Int { runs.sliceCount }

    /// Prepares for the first slice.
    ///
    /// - Parameters:
    ///   - folder: Where the disk has space for the objects while meshes are made; nothing is seen there.
    ///   - size: Width and height of a slice.
    ///   - physicalSize: Of the image.
    /// - Throws: ``ImageFormatError`` if the folder cannot be written to.
    public init(
        in folder: String,
        size: Size,
        _ physicalSize: PhysicalSize
    ) throws(ImageFormatError) {
        do throws(FileError) {
            runs = try ObjectRuns(in: folder, size: size)
        } catch {
            throw ImageFormatError(writing: error)
        }
        width = size.width
        let voxel = physicalSize.voxel ?? (1, 1, 1, "voxel")
        (scale, unit) = (SIMD3(voxel.x, voxel.y, voxel.z), voxel.unit)
    }

    /// Adds the next slice, in which an object has the same label as in the others.
    ///
    /// - Throws: ``ImageFormatError`` if there is no space for it.
    public mutating func append(_ labels: LabelImage) throws(ImageFormatError) {
        do throws(FileError) {
            try runs.append(labels)
        } catch {
            throw ImageFormatError(writing: error)
        }
    }

    // MARK: - Files

    /// Writes a folder with a binary STL file for each object, `label_7.stl` for the label 7; it is empty without objects.
    ///
    /// - Parameter url: The folder, which is made if it is not there.
    /// - Throws: ``ImageFormatError`` if something cannot be written; some of the files may be there then.
    public mutating func writeSTL(to url: URL) throws(ImageFormatError) {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw .cannotWrite(url.path, because: error.localizedDescription)
        }
        do throws(FileError) {
            for label in runs.labels {
                let path = FileName.join(url.path, Self.name(label) + Self.stlEnding)
                var file = STLFile(Self.name(label), unit)
                try scan(label) { file.count($0) }
                // Of many small files each would wait for the disk.
                var output = try FileReplacement(of: path, .atomic)
                try output.append(file.header)
                try scan(label) { element throws(FileError) in
                    if case .triangle(let a, let b, let c) = element {
                        try output.append(STLFile.bytes(a.position, b.position, c.position))
                    }
                }
                try output.commit()
            }
        } catch {
            throw ImageFormatError(writing: error)
        }
    }

    /// Writes one OBJ file, in which each object has its name: `o label_7` for the label 7.
    ///
    /// - Parameter url: The destination; an existing file is replaced only when the new one is complete.
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public mutating func writeOBJ(to url: URL) throws(ImageFormatError) {
        do throws(FileError) {
            var output = try FileReplacement(of: url.path)
            try output.append("# Objects of a volume; x, y, z in the unit \(unit)\n")
            var vertexCount = 0
            for label in runs.labels {
                try output.append("o \(Self.name(label))\n")
                var count = 0
                try scan(label) { element throws(FileError) in
                    try output.append(Self.line(element, after: vertexCount))
                    if case .vertex = element { count += 1 }
                }
                vertexCount += count
            }
            try output.commit()
        } catch {
            throw ImageFormatError(writing: error)
        }
    }

    /// Whether a folder holds anything but meshes of this kind, so that it must not be replaced by them.
    ///
    /// False for an empty folder, a file, and where nothing is.
    public static func isOtherThanMeshes(_ path: String) -> Bool {
        guard FileStatus(of: path)?.isFolder == true else { return false }
        do throws(FileError) {
            return try !FolderContents.names(in: path).allSatisfy { name in
                name.hasPrefix("label_") && name.hasSuffix(stlEnding)
            }
        } catch {
            // What cannot be looked at may be anything.
            return true
        }
    }

    private static let stlEnding = ".stl"

    private static func name(_ label: UInt32) -> String { "label_\(label)" }

    /// A line of OBJ, in which vertices are counted from 1 through all objects.
    private static func line(_ element: SurfaceScan.Element, after count: Int) -> String {
        switch element {
        case .vertex(let vertex):
            "v \(vertex.position.x) \(vertex.position.y) \(vertex.position.z)\n"
        case .triangle(let a, let b, let c):
            "f \(a.number + count) \(b.number + count) \(c.number + count)\n"
        }
    }

    /// Makes the surface of an object.
    private mutating func scan(
        _ label: UInt32,
        _ body: (SurfaceScan.Element) throws(FileError) -> Void
    ) throws(FileError) {
        guard let object = runs.object(label) else { return }
        var surface = SurfaceScan(
            object.region,
            width: width,
            from: object.slices.lowerBound,
            scale: scale
        )
        try runs.forEachSlice(of: label) { pixels throws(FileError) in
            try surface.add(pixels, body)
        }
        try surface.finish(body)
    }
}

/// The binary form of STL: a header, the number of triangles, and 50 bytes for each.
private struct STLFile {
    private let title: String
    private var triangleCount = 0

    init(_ name: String, _ unit: String) {
        // A title that begins with "solid" would mean the form that is text.
        title = "usam \(name), unit \(unit)"
    }

    mutating func count(_ element: SurfaceScan.Element) {
        if case .triangle = element { triangleCount += 1 }
    }

    var header: [UInt8] {
        var bytes = Array(title.utf8.prefix(80))
        bytes += [UInt8](repeating: 0, count: 80 - bytes.count)
        let count = UInt32(truncatingIfNeeded: triangleCount)
        return bytes + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }

    /// Normal, corners, and two bytes without a meaning, all little-endian.
    static func bytes(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(50)
        for vector in [normal(b - a, c - a), a, b, c] {
            for axis in 0..<3 {
                let bits = vector[axis].bitPattern
                for shift in stride(from: 0, to: 32, by: 8) {
                    bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
                }
            }
        }
        return bytes + [0, 0]
    }

    private static func normal(_ u: SIMD3<Float>, _ v: SIMD3<Float>) -> SIMD3<Float> {
        let cross = SIMD3(
            u.y * v.z - u.z * v.y,
            u.z * v.x - u.x * v.z,
            u.x * v.y - u.y * v.x
        )
        let length = (cross * cross).sum().squareRoot()
        return length > 0 ? cross / length : cross
    }
}
