import Imaging
import Testing

@Suite("Surfaces of the objects of volumes")
struct SurfaceScanTests {
    /// A surface as its triangles.
    struct Surface {
        var vertices: [SIMD3<Float>] = []
        var triangles: [[Int]] = []

        /// The surface of what is inside in a box of voxels that begins at the first one.
        init(
            _ depth: Int,
            _ height: Int,
            _ width: Int,
            scale: SIMD3<Double> = SIMD3(1, 1, 1),
            isInside: (Int, Int, Int) -> Bool
        ) {
            var scan = SurfaceScan(
                Region(x: 0, y: 0, width: width, height: height),
                width: width,
                from: 0,
                scale: scale
            )
            for z in 0..<depth {
                var runs: [Range<Int>] = []
                for y in 0..<height {
                    for x in 0..<width where isInside(z, y, x) {
                        runs.append((y * width + x)..<(y * width + x + 1))
                    }
                }
                scan.add(runs) { add($0) }
            }
            scan.finish { add($0) }
        }

        private mutating func add(_ element: SurfaceScan.Element) {
            switch element {
            case .vertex(let vertex):
                vertices.append(vertex.position)
                #expect(vertex.number == vertices.count)
            case .triangle(let a, let b, let c):
                #expect([a, b, c].allSatisfy { vertices[$0.number - 1] == $0.position })
                triangles.append([a, b, c].map { $0.number - 1 })
            }
        }

        /// Whether each edge belongs to two triangles that pass it in opposite directions.
        var isClosed: Bool {
            var edges: [[Int]: Int] = [:]
            for triangle in triangles {
                for corner in 0..<3 {
                    edges[[triangle[corner], triangle[(corner + 1) % 3]], default: 0] += 1
                }
            }
            return edges.allSatisfy { $0.value == 1 && edges[$0.key.reversed()] == 1 }
        }

        /// Whether the triangles at each vertex form one ring.
        var isManifold: Bool {
            var next: [Int: [Int: Int]] = [:]
            for t in triangles {
                for corner in 0..<3 {
                    let (a, b, c) = (t[corner], t[(corner + 1) % 3], t[(corner + 2) % 3])
                    if next[a, default: [:]].updateValue(c, forKey: b) != nil { return false }
                }
            }
            return next.values.allSatisfy { ring in
                guard let start = ring.keys.first else { return false }
                var (place, count) = (start, 0)
                repeat {
                    guard let following = ring[place] else { return false }
                    (place, count) = (following, count + 1)
                } while place != start && count <= ring.count
                return count == ring.count
            }
        }

        /// The volume inside; below 0 if normals point inwards.
        var volume: Double {
            triangles.reduce(0) { sum, triangle in
                let (a, b, c) = (
                    SIMD3<Double>(vertices[triangle[0]]), SIMD3<Double>(vertices[triangle[1]]),
                    SIMD3<Double>(vertices[triangle[2]])
                )
                let cross = SIMD3(
                    b.y * c.z - b.z * c.y,
                    b.z * c.x - b.x * c.z,
                    b.x * c.y - b.y * c.x
                )
                return sum + (a * cross).sum() / 6
            }
        }

        /// The triangles by positions, each from its smallest corner on.
        func set(reversed: Bool = false) -> Set<[SIMD3<Float>]> {
            Set(
                triangles.map { triangle in
                    let corners = (reversed ? triangle.reversed() : triangle).map { vertices[$0] }
                    let first =
                        corners.indices.min {
                            let (a, b) = (corners[$0], corners[$1])
                            return (a.x, a.y, a.z) < (b.x, b.y, b.z)
                        } ?? 0
                    return (0..<3).map { corners[(first + $0) % 3] }
                }
            )
        }
    }

    @Test("A voxel is an octahedron with its centre where the voxel is, and normals outwards")
    func voxel() {
        let surface = Surface(3, 4, 5) { $0 == 1 && $1 == 2 && $2 == 3 }
        #expect(surface.vertices.count == 6 && surface.triangles.count == 8)
        #expect(surface.isClosed && surface.isManifold)
        #expect(abs(surface.volume - 1.0 / 6) < 1e-6)
        let sum = surface.vertices.reduce(SIMD3<Float>(), +) / 6
        #expect(sum == SIMD3(3, 2, 1))
    }

    @Test("A box that fills the volume is closed half a voxel outside of its voxels")
    func border() {
        let surface = Surface(4, 5, 6) { _, _, _ in true }
        #expect(surface.isClosed && surface.isManifold)
        let (x, y, z) = (
            surface.vertices.map(\.x), surface.vertices.map(\.y), surface.vertices.map(\.z)
        )
        #expect(x.min() == -0.5 && x.max() == 5.5)
        #expect(y.min() == -0.5 && y.max() == 4.5)
        #expect(z.min() == -0.5 && z.max() == 3.5)
        // Edges and corners of the box are cut.
        #expect((110...120).contains(surface.volume))
    }

    @Test(
        "A ball has nearly its volume, whatever the size of a voxel",
        arguments: [SIMD3(1.0, 1, 1), SIMD3(0.5, 0.25, 3)]
    )
    func ball(scale: SIMD3<Double>) {
        let radius = 9.0
        let side = 21
        // A ball in the unit of the image, so an ellipsoid in voxels.
        func isInside(_ z: Int, _ y: Int, _ x: Int) -> Bool {
            let place = (SIMD3(Double(x), Double(y), Double(z)) - 10) / radius
            return (place * place).sum() <= 1
        }
        let surface = Surface(side, side, side, scale: scale, isInside: isInside)
        #expect(surface.isClosed && surface.isManifold)
        let expected = 4.0 / 3 * Double.pi * radius * radius * radius * scale.x * scale.y * scale.z
        #expect(abs(surface.volume / expected - 1) < 0.02, "\(surface.volume) of \(expected)")
        // One closed surface without holes.
        let edges = surface.triangles.count * 3 / 2
        #expect(surface.vertices.count - edges + surface.triangles.count == 2)
    }

    @Test("Surfaces of any voxels are closed, also where voxels touch at edges and corners only")
    func noise() {
        var generator = SplitMix64(seed: 5)
        for density in [3, 10, 16, 25, 29] {
            let voxels = (0..<(7 * 6 * 9)).map { _ in
                Int.random(in: 0..<32, using: &generator) < density
            }
            let surface = Surface(7, 6, 9) { z, y, x in voxels[(z * 6 + y) * 9 + x] }
            #expect(surface.isClosed && surface.isManifold, "\(density) of 32")
            #expect(surface.volume > 0)
        }
    }

    @Test("An object with a gap in z has two closed parts")
    func gap() {
        let surface = Surface(5, 4, 4) { z, y, x in z != 2 && (1...2).contains(y) && x > 1 }
        #expect(surface.isClosed && surface.isManifold)
        let edges = surface.triangles.count * 3 / 2
        #expect(surface.vertices.count - edges + surface.triangles.count == 4)
        #expect(surface.vertices.allSatisfy { $0.z < 2 || $0.z > 2 })
    }

    @Test("Objects that touch have the same triangles between them, in opposite directions")
    func touching() {
        // Two halves of a box with an uneven border.
        func isFirst(_ z: Int, _ y: Int, _ x: Int) -> Bool { x + y / 2 + z / 3 < 6 }
        let first = Surface(6, 8, 12) { isFirst($0, $1, $2) }
        let second = Surface(6, 8, 12) { !isFirst($0, $1, $2) }
        #expect(first.isClosed && second.isClosed && first.isManifold && second.isManifold)
        let shared = first.set().intersection(second.set(reversed: true))
        // All triangles of the border that lie inside of the box.
        let inner = first.set().filter { triangle in
            triangle.allSatisfy { corner in
                (0...11).contains(corner.x) && (0...7).contains(corner.y)
                    && (0...5).contains(corner.z)
            }
        }
        #expect(!inner.isEmpty && shared.isSuperset(of: inner))
        // Nothing lies inside of both.
        #expect(first.volume + second.volume < Double(6 * 8 * 12))
    }

    @Test("Objects that touch at an edge only stay apart")
    func diagonal() {
        func isFirst(_ y: Int, _ x: Int) -> Bool { y < 2 && x < 2 }
        func isSecond(_ y: Int, _ x: Int) -> Bool { y >= 2 && x >= 2 }
        let first = Surface(2, 4, 4) { isFirst($1, $2) }
        let second = Surface(2, 4, 4) { isSecond($1, $2) }
        #expect(first.isClosed && second.isClosed)
        let vertices = Set(first.vertices)
        #expect(second.vertices.allSatisfy { !vertices.contains($0) })
        // As one object they have two parts.
        let both = Surface(2, 4, 4) { isFirst($1, $2) || isSecond($1, $2) }
        #expect(both.isClosed && both.isManifold)
        let edges = both.triangles.count * 3 / 2
        #expect(both.vertices.count - edges + both.triangles.count == 4)
    }

    @Test("Without pixels there is no surface")
    func empty() {
        let surface = Surface(3, 3, 3) { _, _, _ in false }
        #expect(surface.vertices.isEmpty && surface.triangles.isEmpty)
    }
}
