extension Raster where Sample == Float {
    /// A pixel that is at least as bright as all around it.
    public struct Peak: Hashable, Sendable {
        /// Column.
        public let x: Int

        /// Row.
        public let y: Int

        /// Value of the pixel.
        public let value: Float
    }

    /// The local maxima, brightest first.
    ///
    /// A pixel is a candidate if no pixel at most `distance` away in both directions is brighter,
    /// and it is above the minimum of the image. Of candidates closer than `distance` (which then
    /// have the same value) the first in row-major order stays; a constant image has none. Pixels
    /// at the border count. As `skimage.feature.peak_local_max` 0.25 with `exclude_border=False`.
    ///
    /// - Throws: ``ImagingError`` if there are several channels, the distance is not positive, or
    ///   pixels are NaN.
    public func localMaxima(distance: Int) throws(ImagingError) -> [Peak] {
        try requireOneChannel("image")
        guard distance > 0 else {
            throw .invalidParameter("distance", reason: "must be positive, but is \(distance)")
        }
        guard samples.allSatisfy({ !$0.isNaN }) else { throw .notFinite("image") }
        let minimum = samples.reduce(.infinity) { Swift.min($0, $1) }
        let maxima = maximumFiltered(distance: distance)
        guard samples != maxima else { return [] }
        var candidates: [Peak] = []
        for index in samples.indices where samples[index] == maxima[index] {
            guard samples[index] > minimum else { continue }
            let (y, x) = index.quotientAndRemainder(dividingBy: size.width)
            candidates.append(Peak(x: x, y: y, value: samples[index]))
        }
        candidates.sort { ($1.value, $0.y, $0.x) < ($0.value, $1.y, $1.x) }
        return spaced(candidates, distance: distance)
    }

    /// The largest value in a square of `2 * distance + 1` pixels around each pixel.
    private func maximumFiltered(distance: Int) -> [Float] {
        var rows = samples
        for y in 0..<size.height {
            slideMaximum(samples, into: &rows, from: y * size.width, by: 1, size.width, distance)
        }
        var result = rows
        for x in 0..<size.width {
            slideMaximum(rows, into: &result, from: x, by: size.width, size.height, distance)
        }
        return result
    }

    private func spaced(_ candidates: [Peak], distance: Int) -> [Peak] {
        var isTaken = Set<Peak>()
        var result: [Peak] = []
        // Candidates closer than the distance have equal values, so they follow each other.
        var groupStart = 0
        for (index, peak) in candidates.enumerated() {
            if candidates[groupStart].value != peak.value { groupStart = index }
            guard !isTaken.contains(peak) else { continue }
            result.append(peak)
            for other in candidates[(index + 1)...].prefix(while: { $0.value == peak.value })
            where abs(other.x - peak.x) < distance && abs(other.y - peak.y) < distance {
                isTaken.insert(other)
            }
        }
        return result
    }
}

/// The maximum of a sliding window along one line, in constant time per element: the candidates
/// for the maximum are kept in a queue of falling values.
private func slideMaximum(
    _ input: [Float],
    into output: inout [Float],
    from start: Int,
    by step: Int,
    _ count: Int,
    _ distance: Int
) {
    var queue: [Int] = []
    var head = 0
    var next = 0
    for index in 0..<count {
        while next < count, next - index <= distance {
            let value = input[start + next * step]
            while queue.count > head, let last = queue.last, input[start + last * step] <= value {
                queue.removeLast()
            }
            queue.append(next)
            next += 1
        }
        while queue[head] < index - distance { head += 1 }
        output[start + index * step] = input[start + queue[head] * step]
    }
}
