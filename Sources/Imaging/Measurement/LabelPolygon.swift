/// The outline of one connected part of an object, along the edges of its pixels.
///
/// The pixel in column x and row y covers the square from (x, y) to (x + 1, y + 1), so the polygon
/// has exactly the area of the pixels. Rings are closed without repeating the first vertex.
///
/// Polygons are valid by the rules of the OGC (Simple Feature Access): no ring meets itself, and two
/// rings meet in at most one vertex. Background that reaches the outside only through the corner of a
/// pixel is a hole that touches the outline there.
public struct LabelPolygon: Hashable, Codable, Sendable {
    /// The label of the object.
    public let label: UInt32

    /// The outer outline, clockwise as seen on the screen.
    public let outline: [Point<OriginalPixels>]

    /// The outlines of holes, counterclockwise as seen on the screen.
    public let holes: [[Point<OriginalPixels>]]
}

extension LabelImage {
    /// The outlines of all objects.
    ///
    /// An object of several parts (pixels that touch only at corners
    /// count as separate) gives several polygons.
    ///
    /// - Returns: Polygons in the order in which rows meet them.
    public func polygons() -> [LabelPolygon] {
        let parts = splitIntoComponents(connectivity: .edges)
        var tracer = OutlineTracer(parts)
        let count = Int(parts.labels.max() ?? 0)
        var found = [UInt32](repeating: 0, count: count)
        var outlines = [[Point<OriginalPixels>]](repeating: [], count: count)
        var holes = [[[Point<OriginalPixels>]]](repeating: [], count: count)
        for y in 0..<size.height {
            for x in 0..<size.width {
                guard let ring = tracer.ring(fromTopOf: x, y) else { continue }
                let part = Int(parts[x: x, y: y]) - 1
                found[part] = self[x: x, y: y]
                for ring in simpleRings(of: ring) {
                    if isClockwise(ring) {
                        outlines[part] = ring
                    } else {
                        holes[part].append(ring)
                    }
                }
            }
        }
        return found.indices.map {
            LabelPolygon(label: found[$0], outline: outlines[$0], holes: holes[$0])
        }
    }
}

/// The loops of a ring, cut apart where it comes back to a vertex.
///
/// A traced ring meets itself where pixels of other objects touch at a corner between two pixels of its
/// own; the loops then touch each other there.
private func simpleRings(of ring: [Point<OriginalPixels>]) -> [[Point<OriginalPixels>]] {
    var rings: [[Point<OriginalPixels>]] = []
    var path: [Point<OriginalPixels>] = []
    var places: [Point<OriginalPixels>: Int] = [:]
    for vertex in ring {
        if let start = places[vertex] {
            rings.append(Array(path[start...]))
            for left in path[(start + 1)...] { places[left] = nil }
            path.removeSubrange((start + 1)...)
        } else {
            places[vertex] = path.count
            path.append(vertex)
        }
    }
    return rings + [path]
}

/// Whether a ring goes round its inside clockwise as seen on the screen.
private func isClockwise(_ ring: [Point<OriginalPixels>]) -> Bool {
    var area = 0.0
    for (from, to) in zip(ring, ring.dropFirst() + ring.prefix(1)) {
        area += from.x * to.y - to.x * from.y
    }
    return area > 0
}

/// Walks along the edges between pixels with the object on the right-hand side.
private struct OutlineTracer {
    private enum Direction: Int { case east, south, west, north }

    private let parts: LabelImage
    private var isVisited: [Bool]

    init(_ parts: LabelImage) {
        self.parts = parts
        isVisited = [Bool](repeating: false, count: parts.labels.count)
    }

    /// The ring through the upper edge of a pixel, or `nil` if there is no outline or it is known.
    mutating func ring(fromTopOf x: Int, _ y: Int) -> [Point<OriginalPixels>]? {
        let part = parts[x: x, y: y]
        guard part != 0, !isVisited[y * parts.size.width + x], label(x, y - 1) != part else {
            return nil
        }
        var vertices: [Point<OriginalPixels>] = []
        var (vx, vy) = (x, y)
        var direction = Direction.east
        repeat {
            if direction == .east { isVisited[vy * parts.size.width + vx] = true }
            (vx, vy) = step(vx, vy, direction)
            let next = turn(at: vx, vy, direction, part)
            if next != direction { vertices.append(Point(x: Double(vx), y: Double(vy))) }
            direction = next
        } while (vx, vy) != (x, y) || direction != .east
        return vertices
    }

    private func label(_ x: Int, _ y: Int) -> UInt32 {
        guard x >= 0, y >= 0, x < parts.size.width, y < parts.size.height else { return 0 }
        return parts[x: x, y: y]
    }

    private func step(_ x: Int, _ y: Int, _ direction: Direction) -> (Int, Int) {
        switch direction {
        case .east: (x + 1, y)
        case .south: (x, y + 1)
        case .west: (x - 1, y)
        case .north: (x, y - 1)
        }
    }

    /// Turns right where the object ends, left where it goes on to the left, else straight on.
    private func turn(at x: Int, _ y: Int, _ direction: Direction, _ part: UInt32) -> Direction {
        let ahead: (right: UInt32, left: UInt32) =
            switch direction {
            case .east: (label(x, y), label(x, y - 1))
            case .south: (label(x - 1, y), label(x, y))
            case .west: (label(x - 1, y - 1), label(x - 1, y))
            case .north: (label(x, y - 1), label(x - 1, y - 1))
            }
        let change = ahead.right != part ? 1 : ahead.left == part ? 3 : 0
        return Direction(rawValue: (direction.rawValue + change) % 4) ?? direction
    }
}
