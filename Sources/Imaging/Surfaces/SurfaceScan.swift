/// Makes the surface of one object of a volume from its slices, one after the other.
///
/// The surface passes half-way between the centres of voxels of the object and of others. It is closed: outside of the volume
/// there is nothing of the object, each side belongs to exactly two triangles, and each vertex has one ring of triangles. Voxels
/// that touch at edges or corners only are not connected by it. Where two objects touch, both have the same triangles.
///
/// Positions are x, y, z; the centre of the first voxel of the volume is at 0. Seen from outside, the vertices of a triangle turn
/// to the left in a right-handed system.
///
/// Memory: the region of the object in two slices.
public struct SurfaceScan {
    /// A vertex of the surface.
    public struct Vertex: Hashable, Sendable {
        /// Its number: 1, 2, … in the order in which vertices come.
        public let number: Int

        /// Where it is: x, y, z.
        public let position: SIMD3<Float>
    }

    /// A step of the surface.
    public enum Element: Hashable, Sendable {
        /// The next vertex.
        case vertex(Vertex)
        /// A triangle of vertices that have come.
        case triangle(Vertex, Vertex, Vertex)
    }

    /// Pixels of an object in a row: from the first one to the one behind the last, in row-major order of the slice.
    public typealias Run = Range<Int>

    private let region: Region
    private let width: Int
    private let scale: SIMD3<Double>
    /// Columns and rows of the region with a margin of one.
    private let size: Size

    private var lower: SurfaceLayer
    private var upper: SurfaceLayer
    /// Numbers of the vertices on edges along z between both layers.
    private var between: [UInt32]
    private var count = 0
    private var slice: Int
    private var isFinished = false

    /// Prepares for the first slice of the object.
    ///
    /// - Parameters:
    ///   - region: Holds the object in all slices.
    ///   - width: Width of a slice in pixels.
    ///   - slice: The number of the first slice.
    ///   - scale: Size of a voxel: x, y, z.
    public init(_ region: Region, width: Int, from slice: Int, scale: SIMD3<Double>) {
        (self.region, self.width, self.scale, self.slice) = (region, width, scale, slice - 1)
        size = Size(width: region.width + 2, height: region.height + 2)
        lower = SurfaceLayer(size)
        upper = lower
        between = [UInt32](repeating: 0, count: size.count)
    }

    /// Adds the next slice; one without runs ends the parts that go no further.
    ///
    /// - Parameters:
    ///   - runs: The pixels of the object in the slice, by rows; all of them in the region.
    ///   - body: Gets the vertices and triangles between the slice before and this one.
    public mutating func add<Failure>(
        _ runs: [Run],
        _ body: (Element) throws(Failure) -> Void
    ) throws(Failure) {
        let start = count
        upper.clear()
        for run in runs {
            let (row, column) = (run.lowerBound / width, run.lowerBound % width)
            upper.paint(row: row - region.y + 1, column: column - region.x + 1, run.count)
        }
        for row in 0..<(size.height - 1) {
            let columns = columns(row)
            guard !columns.isEmpty else { continue }
            var left = corners(row, columns.lowerBound)
            for column in columns {
                let right = corners(row, column + 1)
                let pattern = left | right << 1
                left = right
                guard pattern != 0, pattern != 255 else { continue }
                try addCell(pattern, row, column, since: start, body)
            }
        }
        swap(&lower, &upper)
        (lower.start, slice) = (start, slice + 1)
    }

    /// Ends the object behind its last slice.
    public mutating func finish<Failure>(
        _ body: (Element) throws(Failure) -> Void
    ) throws(Failure) {
        try add([], body)
    }

    /// The cells of a row, between it and the next one, that the object may touch.
    private func columns(_ row: Int) -> Range<Int> {
        let (below, above) = (lower.columns(row), upper.columns(row))
        let first = min(below.first, above.first)
        let end = max(below.end, above.end)
        return first < end ? (first - 1)..<end : 0..<0
    }

    /// The four corners of a column of cells that have one x, as bits of the pattern of a cell at their right.
    private func corners(_ row: Int, _ column: Int) -> Int {
        let place = row * size.width + column
        let below = lower.corner(place) | lower.corner(place + size.width) << 2
        let above = upper.corner(place) | upper.corner(place + size.width) << 2
        return below | above << 4
    }

    private mutating func addCell<Failure>(
        _ pattern: Int,
        _ row: Int,
        _ column: Int,
        since start: Int,
        _ body: (Element) throws(Failure) -> Void
    ) throws(Failure) {
        let table = SurfaceTable.shared.triangles(pattern)
        var place = table.startIndex
        while place < table.endIndex {
            let first = try vertex(Int(table[place]), row, column, since: start, body)
            let second = try vertex(Int(table[place + 1]), row, column, since: start, body)
            let third = try vertex(Int(table[place + 2]), row, column, since: start, body)
            try body(.triangle(first, second, third))
            place += 3
        }
    }

    /// The vertex on an edge of a cell, which is made if no cell before has it.
    ///
    /// - Parameter start: Number of vertices before this slice.
    private mutating func vertex<Failure>(
        _ edge: Int,
        _ row: Int,
        _ column: Int,
        since start: Int,
        _ body: (Element) throws(Failure) -> Void
    ) throws(Failure) -> Vertex {
        let (low, axis) = SurfaceTable.edges[edge]
        let (x, y, z) = (column + low & 1, row + low >> 1 & 1, low >> 2)
        let place = y * size.width + x
        // Numbers ascend, so those of earlier slices are recognised, and nothing has to be cleared.
        let known =
            axis == 2
            ? Int(between[place]) : z == 0 ? lower.number(place, axis) : upper.number(place, axis)
        let isKnown = known > (axis < 2 && z == 0 ? lower.start : start)
        let number = isKnown ? known : count + 1
        var position = SIMD3(
            Double(x - 1 + region.x),
            Double(y - 1 + region.y),
            Double(z + slice)
        )
        position[axis] += 0.5
        let vertex = Vertex(number: number, position: SIMD3<Float>(position * scale))
        guard !isKnown else { return vertex }
        count += 1
        // Meshes with more vertices than 32 bits count do not fit into any reader.
        let stored = UInt32(truncatingIfNeeded: number)
        if axis == 2 {
            between[place] = stored
        } else if z == 0 {
            lower.note(stored, place, axis)
        } else {
            upper.note(stored, place, axis)
        }
        try body(.vertex(vertex))
        return vertex
    }
}
