import Imaging

/// Which objects of two slices share pixels.
enum SliceOverlap {
    /// All pairs of objects that share pixels, by first, then by second object.
    ///
    /// The slices have the same size. Time depends on outlines, not on areas.
    static func edges(_ lower: NumberedSlice, _ higher: NumberedSlice) -> [ObjectGraph.Edge] {
        let (rows, columns) = (lower.sizes.count, higher.sizes.count)
        // A table of all pairs is faster than one of those that occur, as long as it is no larger than a slice.
        let counts =
            rows * columns <= max(65_536, lower.size.count)
            ? dense(lower, higher, columns) : sparse(lower, higher, columns)
        return counts.map { place, count in
            ObjectGraph.Edge(
                first: lower.first + place / columns,
                second: higher.first + place % columns,
                sharedPixels: count
            )
        }
    }

    private static func dense(
        _ lower: NumberedSlice,
        _ higher: NumberedSlice,
        _ columns: Int
    ) -> [(place: Int, count: Int)] {
        var counts = [Int32](repeating: 0, count: lower.sizes.count * columns)
        forEachRun(lower, higher) { counts[$0 * columns + $1] += $2 }
        return counts.indices.filter { counts[$0] > 0 }.map { ($0, Int(counts[$0])) }
    }

    private static func sparse(
        _ lower: NumberedSlice,
        _ higher: NumberedSlice,
        _ columns: Int
    ) -> [(place: Int, count: Int)] {
        var counts: [Int: Int] = [:]
        forEachRun(lower, higher) { counts[$0 * columns + $1, default: 0] += Int($2) }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Calls `body` with an object of each slice and the number of their common pixels, for each run of those.
    @inline(__always)
    private static func forEachRun(
        _ lower: NumberedSlice,
        _ higher: NumberedSlice,
        _ body: (Int, Int, Int32) -> Void
    ) {
        var (first, second) = (0, 0)
        while first < lower.runs.count, second < higher.runs.count {
            let (a, b) = (lower.runs[first], higher.runs[second])
            let common = min(a.end, b.end) - max(a.start, b.start)
            if common > 0 { body(Int(a.object), Int(b.object), common) }
            if a.end <= b.end { first += 1 }
            if b.end <= a.end { second += 1 }
        }
    }
}
