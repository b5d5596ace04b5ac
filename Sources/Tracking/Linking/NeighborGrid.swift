import Imaging

/// Points in square cells, so that those near a place are found without looking at all.
struct NeighborGrid {
    private let points: [Point<OriginalPixels>]
    private let side: Double
    private let origin: Point<OriginalPixels>
    private let columns: Int
    private let rows: Int

    /// The points of cell c are those from `starts[c]` to `starts[c + 1]` in `order`.
    private let starts: [Int]
    private let order: [Int]

    /// Arranges points; `reach` is the distance that is asked for most often.
    init(_ points: [Point<OriginalPixels>], reach: Double) {
        self.points = points
        let minX = points.map(\.x).min() ?? 0
        let minY = points.map(\.y).min() ?? 0
        let width = (points.map(\.x).max() ?? 0) - minX
        let height = (points.map(\.y).max() ?? 0) - minY
        origin = Point(x: minX, y: minY)
        // No more than about four cells for each point, however far the points lie apart.
        let smallest = (width * height / Double(4 * max(points.count, 1))).squareRoot()
        let longest = max(width, height) / Double(4 * max(points.count, 1))
        side = max(reach, smallest, longest, 1)
        columns = Int(width / side) + 1
        rows = Int(height / side) + 1
        var counts = [Int](repeating: 0, count: columns * rows + 1)
        let cells = points.map { [origin, side, columns] point in
            Int((point.y - origin.y) / side) * columns + Int((point.x - origin.x) / side)
        }
        for cell in cells { counts[cell + 1] += 1 }
        for cell in 1..<counts.count { counts[cell] += counts[cell - 1] }
        starts = counts
        var order = [Int](repeating: 0, count: points.count)
        for (point, cell) in cells.enumerated() {
            order[counts[cell]] = point
            counts[cell] += 1
        }
        self.order = order
    }

    /// The points at most `limit` away, the nearest first, those at the same distance in their order; at most `count` of them.
    func nearest(
        to place: Point<OriginalPixels>,
        within limit: Double,
        count: Int = .max
    ) -> [(index: Int, distance: Double)] {
        guard !points.isEmpty, limit >= 0 else { return [] }
        func cells(_ value: Double, _ start: Double, _ count: Int) -> Range<Int> {
            let low = ((value - limit - start) / side).rounded(.down)
            let high = ((value + limit - start) / side).rounded(.down)
            let first = Int(min(max(low, 0), Double(count)))
            return first..<max(first, Int(min(max(high + 1, 0), Double(count))))
        }
        let inRow = cells(place.x, origin.x, columns)
        var found: [(index: Int, distance: Double)] = []
        for row in cells(place.y, origin.y, rows) where !inRow.isEmpty {
            let first = starts[row * columns + inRow.lowerBound]
            for index in order[first..<starts[row * columns + inRow.upperBound]] {
                let (dx, dy) = (points[index].x - place.x, points[index].y - place.y)
                let distance = (dx * dx + dy * dy).squareRoot()
                if distance <= limit { found.append((index, distance)) }
            }
        }
        found.sort { ($0.distance, $0.index) < ($1.distance, $1.index) }
        return found.count > count ? Array(found.prefix(count)) : found
    }
}
