extension RunLengthMask {
    /// The pixels inside a closed outline, those on it included.
    ///
    /// (0, 0) is the middle of the first pixel. Where the outline crosses itself, what lies inside an even
    /// number of loops is outside. What lies beyond the image is left out. Cost: corners, and for each
    /// row the edges that cross it.
    ///
    /// - Parameters:
    ///   - outlines: One or several outlines of at least three corners; finite coordinates.
    ///   - size: Size of the image.
    /// - Source: as `skimage.draw.polygon`.
    public init(filling outlines: [[Point<OriginalPixels>]], size: Size) {
        let edges = outlines.flatMap { outline in
            zip(outline, outline.dropFirst() + outline.prefix(1)).map { Edge($0.0, $0.1) }
        }
        let ordered = edges.sorted { $0.minY < $1.minY }
        let bottom = edges.map(\.maxY).max() ?? -1
        let rows = Self.whole(ordered.first?.minY ?? 0, bottom, limit: size.height)
        var runs: [Run] = []
        var active: [Edge] = []
        var next = 0
        for row in rows {
            while next < ordered.count, ordered[next].minY <= Double(row) {
                active.append(ordered[next])
                next += 1
            }
            active.removeAll { $0.maxY < Double(row) }
            Self.appendRow(row, active, size, to: &runs)
        }
        self.init(unchecked: size, runs: runs)
    }

    /// The pixels whose middle lies inside the ellipse that touches a box.
    ///
    /// (0, 0) is the middle of the first pixel.
    ///
    /// - Source: as `skimage.draw.ellipse`.
    public init(ellipseIn box: Box<OriginalPixels>, size: Size) {
        let (radiusX, radiusY) = (box.width / 2, box.height / 2)
        let center = box.center
        var runs: [Run] = []
        let rows = Self.whole(box.minY, box.maxY, limit: size.height)
        for row in rows where radiusX > 0 && radiusY > 0 {
            let relative = (Double(row) - center.y) / radiusY
            let rest = 1 - relative * relative
            guard rest > 0 else { continue }
            let reach = radiusX * rest.squareRoot()
            var columns = Self.whole(center.x - reach, center.x + reach, limit: size.width)
            // The outline itself is outside.
            while let first = columns.first, Double(first) <= center.x - reach {
                columns = columns.dropFirst()
            }
            while let last = columns.last, Double(last) >= center.x + reach {
                columns = columns.dropLast()
            }
            Self.append(row * size.width, columns, to: &runs)
        }
        self.init(unchecked: size, runs: runs)
    }

    /// The pixels that either mask has; both must be of the same size.
    public func union(_ other: RunLengthMask) -> RunLengthMask {
        precondition(size == other.size, "masks of different images")
        let all = (runs + other.runs).sorted { $0.start < $1.start }
        return RunLengthMask(unchecked: size, runs: Self.joined(all))
    }

    private struct Edge {
        let from: Point<OriginalPixels>
        let to: Point<OriginalPixels>
        let minY: Double
        let maxY: Double

        init(_ from: Point<OriginalPixels>, _ to: Point<OriginalPixels>) {
            (self.from, self.to) = (from, to)
            (minY, maxY) = (min(from.y, to.y), max(from.y, to.y))
        }

        func x(at y: Double) -> Double {
            if y == from.y { return from.x }
            if y == to.y { return to.x }
            return from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x)
        }
    }

    /// Between the crossings of every second edge, and wherever the outline passes through pixels.
    private static func appendRow(
        _ row: Int,
        _ touching: [Edge],
        _ size: Size,
        to runs: inout [Run]
    ) {
        let y = Double(row)
        let crossings = touching.filter { y < $0.maxY }.map { $0.x(at: y) }.sorted()
        var pieces: [Run] = []
        func add(_ from: Double, _ to: Double) {
            let columns = whole(from, to, limit: size.width)
            guard !columns.isEmpty else { return }
            let start = row * size.width
            pieces.append(Run(start: start + columns.lowerBound, end: start + columns.upperBound))
        }
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
            add(crossings[pair], crossings[pair + 1])
        }
        for edge in touching {
            if edge.minY == edge.maxY {
                add(min(edge.from.x, edge.to.x), max(edge.from.x, edge.to.x))
            } else {
                let x = edge.x(at: y)
                add(x, x)
            }
        }
        for piece in joined(pieces.sorted { $0.start < $1.start }) {
            if let last = runs.last, last.end == piece.start {
                runs[runs.count - 1] = Run(start: last.start, end: piece.end)
            } else {
                runs.append(piece)
            }
        }
    }

    /// The whole numbers from `low` to `high` that are at least 0 and below the limit.
    private static func whole(_ low: Double, _ high: Double, limit: Int) -> Range<Int> {
        let first = max(low.rounded(.up), 0)
        let last = min(high.rounded(.down), Double(limit - 1))
        return first <= last ? Int(first)..<Int(last) + 1 : 0..<0
    }

    private static func append(_ start: Int, _ columns: Range<Int>, to runs: inout [Run]) {
        guard !columns.isEmpty else { return }
        let run = Run(start: start + columns.lowerBound, end: start + columns.upperBound)
        if let last = runs.last, last.end == run.start {
            runs[runs.count - 1] = Run(start: last.start, end: run.end)
        } else {
            runs.append(run)
        }
    }

    /// Runs in ascending order of their starts without overlaps.
    package static func joined(_ runs: [Run]) -> [Run] {
        var result: [Run] = []
        for run in runs {
            if let last = result.last, run.start <= last.end {
                result[result.count - 1] = Run(start: last.start, end: max(last.end, run.end))
            } else {
                result.append(run)
            }
        }
        return result
    }
}
