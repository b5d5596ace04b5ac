import Foundation
import ImageFormats
import Imaging
import Testing

@Suite("Meshes")
struct MeshTests {
    private static let size = Size(width: 14, height: 11)
    private static let scale = PhysicalSize(x: 0.5, y: 0.25, z: 2, unit: "\u{B5}m")

    /// Two boxes that touch, one of them at the border and missing in slice 2.
    private static let slices: [LabelImage] = (0..<5).map { z in
        var slice = LabelImage(size: size)
        for y in 2..<8 {
            for x in 3..<7 where z > 0 { slice[x: x, y: y] = 70_000 }
            for x in 7..<14 where z != 2 { slice[x: x, y: y] = 4 }
        }
        return slice
    }

    private static func meshes(
        _ folder: TemporaryFolder,
        _ slices: [LabelImage],
        _ scale: PhysicalSize
    ) throws -> StackMeshes {
        var meshes = try StackMeshes(in: folder.url.path, size: size, scale)
        for slice in slices { try meshes.append(slice) }
        return meshes
    }

    /// A mesh as the corners of its triangles.
    private struct Mesh {
        var triangles: [[SIMD3<Float>]] = []

        var corners: [SIMD3<Float>] { triangles.flatMap { $0 } }

        var isClosed: Bool {
            var edges: [[SIMD3<Float>]: Int] = [:]
            for triangle in triangles {
                for corner in 0..<3 {
                    edges[[triangle[corner], triangle[(corner + 1) % 3]], default: 0] += 1
                }
            }
            return edges.allSatisfy { $0.value == 1 && edges[$0.key.reversed()] == 1 }
        }

        var volume: Double {
            triangles.reduce(0) { sum, triangle in
                let (a, b, c) = (triangle[0], triangle[1], triangle[2])
                let cross = SIMD3(
                    b.y * c.z - b.z * c.y,
                    b.z * c.x - b.x * c.z,
                    b.x * c.y - b.y * c.x
                )
                return sum + Double((a * cross).sum()) / 6
            }
        }

        init() {}

        /// Reads binary STL, and checks normals against corners.
        init(stl url: URL) throws {
            let data = try Data(contentsOf: url)
            func number(_ place: Int) -> UInt32 {
                (0..<4).reduce(0) { $0 | UInt32(data[place + $1]) << (8 * $1) }
            }
            #expect(!data.starts(with: Data("solid".utf8)))
            let count = Int(number(80))
            #expect(data.count == 84 + 50 * count)
            for triangle in 0..<count {
                let vectors = (0..<4).map { vector in
                    let start = 84 + 50 * triangle + 12 * vector
                    let parts = (0..<3).map { Float(bitPattern: number(start + 4 * $0)) }
                    return SIMD3(parts[0], parts[1], parts[2])
                }
                triangles.append(Array(vectors[1...]))
                let (normal, u) = (vectors[0], vectors[2] - vectors[1])
                #expect(abs((normal * normal).sum() - 1) < 1e-5)
                #expect(abs((normal * u).sum()) < 1e-5)
            }
        }

        /// Reads the objects of an OBJ file.
        static func objects(_ url: URL) throws -> [String: Mesh] {
            var (vertices, meshes, name): ([SIMD3<Float>], [String: Mesh], String) = ([], [:], "")
            for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                switch words[0] {
                case "o":
                    name = String(words[1])
                    meshes[name] = Mesh()
                case "v":
                    let parts = words.dropFirst().compactMap { Float($0) }
                    vertices.append(SIMD3(parts[0], parts[1], parts[2]))
                case "f":
                    let corners = words.dropFirst().compactMap { Int($0) }.map { vertices[$0 - 1] }
                    meshes[name]?.triangles.append(corners)
                default: #expect(words[0] == "#")
                }
            }
            return meshes
        }
    }

    @Test("Each object has its own closed mesh in physical units, the same in both forms")
    func forms() throws {
        let folder = try TemporaryFolder()
        var meshes = try Self.meshes(folder, Self.slices, Self.scale)
        #expect(meshes.sliceCount == 5)
        let (stl, obj) = (folder.file("a_stl"), folder.file("a.obj"))
        try meshes.writeSTL(to: stl)
        try meshes.writeOBJ(to: obj)
        let names = try FileManager.default.contentsOfDirectory(atPath: stl.path).sorted()
        #expect(names == ["label_4.stl", "label_70000.stl"])
        let objects = try Mesh.objects(obj)
        #expect(objects.keys.sorted() == ["label_4", "label_70000"])
        for (name, mesh) in objects {
            #expect(mesh.isClosed && mesh.volume > 0)
            #expect(try Mesh(stl: stl.appending(path: name + ".stl")).triangles == mesh.triangles)
        }
        let box = try #require(objects["label_70000"])
        #expect(box.corners.map(\.x).min() == 2.5 * 0.5 && box.corners.map(\.x).max() == 6.5 * 0.5)
        #expect(box.corners.map(\.y).min() == Float(1.5 * 0.25))
        #expect(box.corners.map(\.y).max() == Float(7.5 * 0.25))
        #expect(box.corners.map(\.z).min() == 0.5 * 2 && box.corners.map(\.z).max() == 4.5 * 2)
        // Edges and corners are cut.
        let voxels = Double(4 * 4 * 6) * 0.5 * 0.25 * 2
        #expect((0.85 * voxels...voxels).contains(box.volume))
        // Nothing of the object is in slice 2.
        let parts = try #require(objects["label_4"])
        #expect(parts.corners.allSatisfy { !($0.z > 1.5 * 2 && $0.z < 2.5 * 2) })
        #expect(parts.corners.map(\.x).max() == Float(13.5 * 0.5))
        #expect(parts.corners.map(\.z).min() == Float(-1))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
                == ["a.obj", "a_stl"]
        )
    }

    @Test("Without the size of a voxel positions are in voxels")
    func voxels() throws {
        let folder = try TemporaryFolder()
        let size = PhysicalSize(x: 0.5, y: 0.5, unit: "\u{B5}m")
        var meshes = try Self.meshes(folder, Self.slices, size)
        try meshes.writeOBJ(to: folder.file("a.obj"))
        let box = try #require(try Mesh.objects(folder.file("a.obj"))["label_70000"])
        #expect(box.corners.map(\.x).max() == 6.5 && box.corners.map(\.z).max() == 4.5)
        let text = try String(contentsOf: folder.file("a.obj"), encoding: .utf8)
        #expect(text.hasPrefix("# Objects of a volume; x, y, z in the unit voxel\n"))
    }

    @Test("Without objects there is an empty folder, and a file without objects")
    func empty() throws {
        let folder = try TemporaryFolder()
        var meshes = try Self.meshes(folder, [LabelImage(size: Self.size)], Self.scale)
        try meshes.writeSTL(to: folder.file("a_stl"))
        try meshes.writeOBJ(to: folder.file("a.obj"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("a_stl").path)
        #expect(names.isEmpty)
        #expect(try Mesh.objects(folder.file("a.obj")).isEmpty)
    }

    @Test("A folder of meshes may be replaced by meshes, and no other one")
    func replaced() throws {
        let folder = try TemporaryFolder()
        var meshes = try Self.meshes(folder, Self.slices, Self.scale)
        let stl = folder.file("a_stl")
        #expect(!StackMeshes.isOtherThanMeshes(stl.path))
        try meshes.writeSTL(to: stl)
        #expect(!StackMeshes.isOtherThanMeshes(stl.path))
        try Data().write(to: stl.appending(path: "notes.txt"))
        #expect(StackMeshes.isOtherThanMeshes(stl.path))
    }

    @Test("Objects of many slices are the same as if each had been alone")
    func many() throws {
        let folder = try TemporaryFolder()
        // Each object goes through all slices in columns of its own, with records that lie far apart.
        let slices = (0..<40).map { z in
            var slice = LabelImage(size: Self.size)
            for y in 1..<10 {
                for x in 0..<14 where (x + z / 8) % 3 > 0 { slice[x: x, y: y] = UInt32(1 + y * 3) }
            }
            return slice
        }
        var meshes = try Self.meshes(folder, slices, Self.scale)
        try meshes.writeOBJ(to: folder.file("all.obj"))
        let all = try Mesh.objects(folder.file("all.obj"))
        #expect(all.count == 9)
        for label in [UInt32(4), 28] {
            let alone = slices.map { slice in
                var slice = slice
                slice.labels = slice.labels.map { $0 == label ? label : 0 }
                return slice
            }
            var one = try Self.meshes(folder, alone, Self.scale)
            try one.writeOBJ(to: folder.file("one.obj"))
            let mesh = try #require(try Mesh.objects(folder.file("one.obj"))["label_\(label)"])
            #expect(mesh.triangles == all["label_\(label)"]?.triangles && mesh.isClosed)
        }
    }
}
