/// The pixels of one object as runs along the rows of an image, compact and quick to combine.
public struct RunLengthMask: Hashable, Sendable {
    /// Pixels `start ..< end` in row-major order; a run may continue on the next row.
    public struct Run: Hashable, Sendable {
        /// Index of the first pixel.
        public let start: Int

        /// Index after the last pixel.
        public let end: Int

        package init(start: Int, end: Int) {
            self.start = start
            self.end = end
        }
    }

    /// Size of the image.
    public let size: Size

    /// The runs, ascending, none empty, and with a gap between each other.
    public let runs: [Run]

    package init(unchecked size: Size, runs: [Run]) {
        self.size = size
        self.runs = runs
    }

    /// The true pixels of a mask of one channel.
    ///
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if it has several channels.
    public init(_ mask: Raster<Bool>) throws(ImagingError) {
        try mask.requireOneChannel("mask")
        size = mask.size
        runs = findRuns(count: mask.samples.count) { mask.samples[$0] }
    }

    /// The pixels of one object of a label image.
    public init(_ label: UInt32, of image: LabelImage) {
        size = image.size
        runs = findRuns(count: image.labels.count) { image.labels[$0] == label }
    }

    /// Number of pixels.
    public var area: Int { runs.reduce(0) { $0 + $1.end - $1.start } }

    /// Whether no pixel is set.
    public var isEmpty: Bool { runs.isEmpty }

    /// The smallest rectangle around all pixels, `nil` if there are none.
    public var boundingBox: Region? {
        guard let first = runs.first, let last = runs.last else { return nil }
        var (minX, maxX) = (size.width, -1)
        for run in runs {
            let isWrapped = run.start / size.width != (run.end - 1) / size.width
            minX = isWrapped ? 0 : min(minX, run.start % size.width)
            maxX = isWrapped ? size.width - 1 : max(maxX, (run.end - 1) % size.width)
        }
        let (minY, maxY) = (first.start / size.width, (last.end - 1) / size.width)
        return Region(x: minX, y: minY, width: maxX - minX + 1, height: maxY - minY + 1)
    }

    /// The mask as one Boolean per pixel.
    public func raster() -> Raster<Bool> {
        var result = Raster(repeating: false, size: size)
        for run in runs {
            for pixel in run.start..<run.end { result.samples[pixel] = true }
        }
        return result
    }

    /// Number of pixels that both masks have; both must be of the same size.
    public func intersectionArea(with other: RunLengthMask) -> Int {
        precondition(size == other.size, "masks of different images")
        var (i, j, area) = (0, 0, 0)
        while i < runs.count, j < other.runs.count {
            let (a, b) = (runs[i], other.runs[j])
            area += max(min(a.end, b.end) - max(a.start, b.start), 0)
            if a.end <= b.end { i += 1 } else { j += 1 }
        }
        return area
    }

    /// Intersection over union with a mask of the same size; 0 if both are empty.
    public func intersectionOverUnion(_ other: RunLengthMask) -> Double {
        let shared = intersectionArea(with: other)
        let union = area + other.area - shared
        return union == 0 ? 0 : Double(shared) / Double(union)
    }

    /// The mask as part of a larger image of `size`, with its top left pixel at (`x`, `y`).
    ///
    /// - Throws: ``ImagingError/regionOutside(_:_:)`` if it does not fit there.
    public func placed(x: Int, y: Int, in larger: Size) throws(ImagingError) -> RunLengthMask {
        let region = Region(x: x, y: y, width: size.width, height: size.height)
        guard region.isInside(larger) else { throw .regionOutside(region, larger) }
        var result: [Run] = []
        for run in runs {
            var start = run.start
            while start < run.end {
                let row = start / size.width
                let end = min(run.end, (row + 1) * size.width)
                let shift = (row + y) * larger.width + x - row * size.width
                appendRun(Run(start: start + shift, end: end + shift), to: &result)
                start = end
            }
        }
        return RunLengthMask(unchecked: larger, runs: result)
    }
}

/// Appends a run, joined with the last one if they touch.
private func appendRun(_ run: RunLengthMask.Run, to runs: inout [RunLengthMask.Run]) {
    if let last = runs.last, last.end == run.start {
        runs[runs.count - 1] = RunLengthMask.Run(start: last.start, end: run.end)
    } else {
        runs.append(run)
    }
}

@inline(__always)
private func findRuns(count: Int, _ isSet: (Int) -> Bool) -> [RunLengthMask.Run] {
    var runs: [RunLengthMask.Run] = []
    var start = -1
    for pixel in 0..<count {
        if isSet(pixel) {
            if start < 0 { start = pixel }
        } else if start >= 0 {
            runs.append(RunLengthMask.Run(start: start, end: pixel))
            start = -1
        }
    }
    if start >= 0 { runs.append(RunLengthMask.Run(start: start, end: count)) }
    return runs
}
