extension RunLengthMask {
    /// The pixels of this mask that the other one, of the same size, has not.
    package func subtracting(_ other: RunLengthMask) -> RunLengthMask {
        precondition(size == other.size, "masks of different images")
        var result: [Run] = []
        var next = 0
        for run in runs {
            var start = run.start
            while next < other.runs.count, other.runs[next].end <= start { next += 1 }
            var position = next
            while position < other.runs.count, other.runs[position].start < run.end {
                let hole = other.runs[position]
                if hole.start > start { result.append(Run(start: start, end: hole.start)) }
                start = max(start, hole.end)
                position += 1
            }
            if start < run.end { result.append(Run(start: start, end: run.end)) }
        }
        return RunLengthMask(unchecked: size, runs: result)
    }

    /// The pixels that both masks, of the same size, have.
    package func intersection(_ other: RunLengthMask) -> RunLengthMask {
        subtracting(subtracting(other))
    }

    /// All pixels of an image.
    package static func all(of size: Size) -> RunLengthMask {
        RunLengthMask(unchecked: size, runs: [Run(start: 0, end: size.count)])
    }

    /// The pixels of a rectangle, clipped to the image.
    package init(_ region: Region, in size: Size) {
        let (minX, maxX) = (max(region.x, 0), min(region.endX, size.width))
        let rows = max(region.y, 0)..<max(min(region.endY, size.height), max(region.y, 0))
        guard minX < maxX else {
            self.init(unchecked: size, runs: [])
            return
        }
        if minX == 0, maxX == size.width {
            let run = Run(start: rows.lowerBound * size.width, end: rows.upperBound * size.width)
            self.init(unchecked: size, runs: rows.isEmpty ? [] : [run])
            return
        }
        let runs = rows.map { y in Run(start: y * size.width + minX, end: y * size.width + maxX) }
        self.init(unchecked: size, runs: runs)
    }

    /// The pixel number `index` of the mask in row-major order, below ``area``.
    package func pixel(_ index: Int) -> Point<OriginalPixels> {
        var rest = index
        for run in runs {
            let length = run.end - run.start
            if rest < length {
                let pixel = run.start + rest
                return Point(x: Double(pixel % size.width), y: Double(pixel / size.width))
            }
            rest -= length
        }
        preconditionFailure("pixel \(index) of a mask of \(area) pixels")
    }
}
