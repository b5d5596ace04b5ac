/// The pixels of an object in one slice, with a margin of one, and the vertices on the edges between them.
struct SurfaceLayer {
    private let width: Int
    private var isInside: [UInt8]
    /// The columns of the object in each row: its first one, and the one behind its last.
    private var first: [Int]
    private var end: [Int]
    private var painted: [Range<Int>] = []

    /// Numbers of the vertices on edges along x and along y, by the lower end of the edge.
    private var alongX: [UInt32]
    private var alongY: [UInt32]

    /// Number of vertices before those of this layer were made.
    var start = 0

    init(_ size: Size) {
        width = size.width
        isInside = [UInt8](repeating: 0, count: size.count)
        first = [Int](repeating: .max, count: size.height)
        end = [Int](repeating: 0, count: size.height)
        alongX = [UInt32](repeating: 0, count: size.count)
        alongY = alongX
    }

    /// Removes all pixels.
    mutating func clear() {
        for places in painted {
            for place in places { isInside[place] = 0 }
            let row = places.lowerBound / width
            (first[row], end[row]) = (.max, 0)
        }
        painted.removeAll(keepingCapacity: true)
    }

    mutating func paint(row: Int, column: Int, _ count: Int) {
        let start = row * width + column
        for place in start..<(start + count) { isInside[place] = 1 }
        painted.append(start..<(start + count))
        first[row] = min(first[row], column)
        end[row] = max(end[row], column + count)
    }

    /// 1 inside of the object, 0 outside.
    func corner(_ place: Int) -> Int { Int(isInside[place]) }

    /// The columns that the object has in a row and in the next one; none if the first one is not below the end.
    func columns(_ row: Int) -> (first: Int, end: Int) {
        (min(first[row], first[row + 1]), max(end[row], end[row + 1]))
    }

    func number(_ place: Int, _ axis: Int) -> Int { Int(axis == 0 ? alongX[place] : alongY[place]) }

    mutating func note(_ number: UInt32, _ place: Int, _ axis: Int) {
        if axis == 0 { alongX[place] = number } else { alongY[place] = number }
    }
}
