/// The triangles that separate inner from outer corners of a cell, for each of its 256 patterns.
///
/// A cell is the cube between eight voxel centres. Corner `i` lies at `x = i & 1`, `y = i >> 1 & 1`, `z = i >> 2`. A vertex of
/// the surface is the middle of an edge between an inner and an outer corner. The table is derived, not written down:
///
/// 1. On each face, every run of inner corners is cut off by one segment. Two inner corners that are diagonal opposites are two
///    runs, so they stay apart. The segments of a face depend on its corners only. Therefore the cells on both sides of a face
///    have the same ones, and surfaces have no holes.
/// 2. Every vertex belongs to one segment on each of the two faces at its edge, so the segments of a cell form closed loops.
/// 3. A loop is cut into triangles by diagonals that lie inside of the cell. A diagonal on a face could occur in the next cell,
///    too, and four triangles would meet there. Such a choice exists for all loops. Of several the smallest is taken, so that the
///    surface between two objects is the same for both.
///
/// - Source: the idea of W. E. Lorensen and H. E. Cline, "Marching cubes: a high resolution 3D surface construction algorithm",
///   1987.
struct SurfaceTable: Sendable {
    /// Corners at both ends of each edge, the lower one first.
    static let edges: [(low: Int, axis: Int)] = (0..<8).flatMap { corner in
        (0..<3).filter { corner >> $0 & 1 == 0 }.map { (corner, $0) }
    }

    static let shared = SurfaceTable()

    /// Three edges for each triangle, all patterns in order; seen from outside, they turn to the left.
    private let corners: [UInt8]

    /// Where the triangles of each pattern begin, and at last where they end.
    private let starts: [Int]

    private init() {
        var (corners, starts): ([UInt8], [Int]) = ([], [0])
        for pattern in 0..<256 {
            for loop in Self.loops(pattern) {
                corners += Self.triangles(loop).flatMap { $0.map { UInt8(loop[$0]) } }
            }
            starts.append(corners.count)
        }
        (self.corners, self.starts) = (corners, starts)
    }

    /// The edges at the corners of the triangles of a pattern, three for each.
    func triangles(_ pattern: Int) -> ArraySlice<UInt8> {
        corners[starts[pattern]..<starts[pattern + 1]]
    }

    // MARK: - Loops

    /// The corners of each face; seen from outside, they turn to the left.
    private static let faces: [[Int]] = (0..<3).flatMap { axis in
        let (first, second) = (1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3))
        let ring = [0, first, first | second, second]
        return [ring.reversed(), ring.map { $0 | 1 << axis }]
    }

    /// The edge between two corners.
    private static func edge(_ first: Int, _ second: Int) -> Int {
        let low = min(first, second)
        return edges.firstIndex { $0.low == low && low | 1 << $0.axis == max(first, second) } ?? 0
    }

    /// The loops of a pattern, each from its first edge on.
    private static func loops(_ pattern: Int) -> [[Int]] {
        var next: [Int: Int] = [:]
        for ring in faces {
            let isInside = ring.map { pattern >> $0 & 1 == 1 }
            for start in 0..<4 where isInside[start] && !isInside[(start + 3) % 4] {
                var end = start
                while isInside[(end + 1) % 4] { end = (end + 1) % 4 }
                let exit = edge(ring[end], ring[(end + 1) % 4])
                next[edge(ring[(start + 3) % 4], ring[start])] = exit
            }
        }
        var loops: [[Int]] = []
        while let first = next.keys.min() {
            var loop = [first]
            while let edge = next.removeValue(forKey: loop[loop.count - 1]), edge != first {
                loop.append(edge)
            }
            loops.append(loop)
        }
        return loops
    }

    // MARK: - Triangles

    /// The triangles of a loop, by positions in it.
    private static func triangles(_ loop: [Int]) -> [[Int]] {
        let choices = divisions(loop, 0, loop.count - 1)
        precondition(!choices.isEmpty, "a loop without diagonals inside of its cell")
        // The same for a loop and its reverse.
        func key(_ triangles: [[Int]]) -> [Int] {
            triangles.map { $0.map { loop[$0] }.sorted() }
                .map { $0[0] << 8 | $0[1] << 4 | $0[2] }.sorted()
        }
        return choices.min { key($0).lexicographicallyPrecedes(key($1)) } ?? []
    }

    /// All ways of dividing the part of a loop between two of its vertices into triangles.
    private static func divisions(_ loop: [Int], _ first: Int, _ last: Int) -> [[[Int]]] {
        guard last - first > 1 else { return [[]] }
        return ((first + 1)..<last).filter { middle in
            isInside(loop, first, middle) && isInside(loop, middle, last)
        }
        .flatMap { middle in
            divisions(loop, first, middle).flatMap { left in
                divisions(loop, middle, last).map { left + $0 + [[first, middle, last]] }
            }
        }
    }

    /// Whether two vertices of a loop are neighbours, or have no face in common.
    private static func isInside(_ loop: [Int], _ first: Int, _ second: Int) -> Bool {
        let distance = second - first
        if distance == 1 || distance == loop.count - 1 { return true }
        return faces.allSatisfy { !touches($0, loop[first]) || !touches($0, loop[second]) }
    }

    private static func touches(_ face: [Int], _ edge: Int) -> Bool {
        let (low, axis) = edges[edge]
        return face.contains(low) && face.contains(low | 1 << axis)
    }
}
