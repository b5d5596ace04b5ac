import Imaging

/// Pixels of a plane as runs within rows, in the order of rows and columns.
struct PixelSet: Hashable, Sendable {
    /// Pixels side by side.
    struct Run: Hashable, Sendable {
        /// Row.
        let y: Int
        /// First column.
        let start: Int
        /// Column after the last.
        let end: Int

        /// Number of pixels.
        var count: Int { end - start }
    }

    /// Rows ascending, within a row columns ascending, no two runs of a row touch.
    private(set) var runs: [Run] = []

    /// Number of pixels.
    var count: Int { runs.reduce(0) { $0 + $1.count } }

    /// Whether there are none.
    var isEmpty: Bool { runs.isEmpty }

    init() {}

    init(_ mask: RunLengthMask) {
        let width = mask.size.width
        for run in mask.runs {
            var start = run.start
            while start < run.end {
                let row = start / width
                let end = min(run.end, (row + 1) * width)
                append(y: row, start: start - row * width, end: end - row * width)
                start = end
            }
        }
    }

    /// The pixels of a region for which a condition holds, which is asked by index in the region.
    init(in region: Region, where holds: (Int) -> Bool) {
        for y in 0..<region.height {
            var start = -1
            for x in 0...region.width {
                let isIn = x < region.width && holds(y * region.width + x)
                if isIn, start < 0 { start = x }
                if !isIn, start >= 0 {
                    append(y: region.y + y, start: region.x + start, end: region.x + x)
                    start = -1
                }
            }
        }
    }

    /// All pixels of a region.
    init(_ region: Region) {
        for y in region.y..<region.endY { append(y: y, start: region.x, end: region.endX) }
    }

    /// Adds pixels behind all others.
    mutating func append(y: Int, start: Int, end: Int) {
        guard start < end else { return }
        if let last = runs.last, last.y == y, last.end == start {
            runs[runs.count - 1] = Run(y: y, start: last.start, end: end)
        } else {
            runs.append(Run(y: y, start: start, end: end))
        }
    }

    /// The smallest region around all pixels; nil if there are none.
    var region: Region? {
        guard let first = runs.first, let last = runs.last else { return nil }
        let (minX, maxX) = runs.reduce((Int.max, Int.min)) {
            (min($0.0, $1.start), max($0.1, $1.end))
        }
        return Region(x: minX, y: first.y, width: maxX - minX, height: last.y - first.y + 1)
    }
}

extension BoxMask {
    /// The pixels of the mask.
    var pixels: PixelSet {
        var result = PixelSet()
        var position = 0
        for (index, length) in runs.enumerated() {
            let end = position + length
            while index % 2 == 1, position < end {
                let row = position / box.width
                let stop = min(end, (row + 1) * box.width)
                result.append(
                    y: box.y + row,
                    start: box.x + position - row * box.width,
                    end: box.x + stop - row * box.width
                )
                position = stop
            }
            position = end
        }
        return result
    }
}

extension RunLengthMask {
    /// Pixels that lie inside of an image.
    init(pixels: PixelSet, size: Size) {
        var runs: [Run] = []
        for run in pixels.runs {
            let start = size.index(x: run.start, y: run.y)
            if let last = runs.last, last.end == start {
                runs[runs.count - 1] = Run(start: last.start, end: start + run.count)
            } else {
                runs.append(Run(start: start, end: start + run.count))
            }
        }
        self.init(unchecked: size, runs: runs)
    }
}
