/// Enlarges low-resolution mask logits to the size of the image, only where a mask can be.
///
/// The reference resizes 256 x 256 logits to the model's frame, crops the padding, and resizes to the
/// image, all bilinear with half-pixel centres. Both steps are linear and separable, so that each
/// output row is a fixed mixture of at most four input rows; columns alike. A pixel can exceed a
/// threshold only if one of the inputs in its mixture does.
public struct MaskResampler: Hashable, Sendable {
    /// Side of the low-resolution logits.
    public static let side = 256

    /// Size of the image.
    public let size: Size

    private let rows: [Taps]
    private let columns: [Taps]

    /// Prepares for masks of one image.
    public init(_ transform: ResizeLongestSide) {
        size = transform.originalSize
        let resized = transform.resizedSize
        rows = Self.taps(output: size.height, resized: resized.height, frame: transform.side)
        columns = Self.taps(output: size.width, resized: resized.width, frame: transform.side)
    }

    /// A mask and how little it depends on its threshold.
    public struct Result: Hashable, Sendable {
        /// Pixels whose logit exceeds the threshold.
        public let mask: RunLengthMask

        /// Pixels above `threshold + offset` divided by pixels above `threshold - offset`, 0...1; 0 if
        /// there are none of the latter, where the reference divides by zero.
        public let stability: Double
    }

    /// The mask above a threshold.
    ///
    /// - Parameters:
    ///   - logits: `[256, 256]` in row-major order.
    ///   - threshold: SAM uses 0.
    ///   - stabilityOffset: SAM uses 1.
    /// - Source: `calculate_stability_score` in segment-anything, `utils/amg.py`.
    public func mask(
        _ logits: UnsafeBufferPointer<Float>,
        threshold: Float = 0,
        stabilityOffset: Float = 1
    ) -> Result {
        // Safe because the count was checked, and nothing but 256 x 256 values is read.
        precondition(logits.count == Self.side * Self.side, "logits must be 256 x 256")
        let low = threshold - stabilityOffset
        guard let extent = Self.extent(of: logits, above: min(low, threshold)) else {
            return Result(mask: RunLengthMask(unchecked: size, runs: []), stability: 0)
        }
        let yRange = Self.outputs(rows, touching: extent.rows)
        let xRange = Self.outputs(columns, touching: extent.columns)
        let widened = widen(logits, rows: extent.rows, columns: xRange)
        var accumulator = MaskAccumulator(
            size: size,
            left: xRange.lowerBound,
            threshold: threshold,
            offset: stabilityOffset
        )
        var line = [Float](repeating: 0, count: xRange.count)
        for y in yRange {
            mix(widened, rows[y], firstRow: extent.rows.lowerBound, into: &line)
            accumulator.add(line, row: y)
        }
        return accumulator.result()
    }
}

// MARK: - Mixtures

/// A weighted sum of up to four neighbouring samples.
private struct Taps: Hashable, Sendable {
    var start = 0
    var weights = SIMD4<Float>(repeating: 0)
    var count = 0

    mutating func add(_ index: Int, _ weight: Double) {
        weights[index - start] += Float(weight)
        count = max(count, index - start + 1)
    }
}

extension MaskResampler {
    /// Both resizing steps along one axis.
    private static func taps(output: Int, resized: Int, frame: Int) -> [Taps] {
        (0..<output).map { position in
            let inFrame = linear(position, from: resized, to: output)
            let first = linear(inFrame.low, from: side, to: frame)
            let second = linear(inFrame.high, from: side, to: frame)
            var result = Taps(start: first.low)
            for (sample, weight) in [(first, 1 - inFrame.share), (second, inFrame.share)] {
                result.add(sample.low, weight * (1 - sample.share))
                result.add(sample.high, weight * sample.share)
            }
            return result
        }
    }

    /// The two samples that a position lies between, and the share of the second.
    private static func linear(
        _ position: Int,
        from input: Int,
        to output: Int
    ) -> (low: Int, high: Int, share: Double) {
        let center = max((Double(position) + 0.5) * Double(input) / Double(output) - 0.5, 0)
        let low = min(Int(center), input - 1)
        return (low, min(low + 1, input - 1), low + 1 < input ? center - Double(low) : 0)
    }

    /// Rows and columns of the samples above a value.
    private static func extent(
        of logits: UnsafeBufferPointer<Float>,
        above value: Float
    ) -> (rows: Range<Int>, columns: Range<Int>)? {
        // Safe because there are 256 x 256 values, which the callers have checked.
        var (top, bottom, left, right) = (side, -1, side, -1)
        for y in 0..<side {
            let row = UnsafeBufferPointer(rebasing: logits[y * side..<(y + 1) * side])
            var isHit = false
            for sample in row { isHit = isHit || sample > value }
            guard isHit, let first = row.firstIndex(where: { $0 > value }),
                let last = row.lastIndex(where: { $0 > value })
            else { continue }
            (top, bottom) = (min(top, y), y)
            (left, right) = (min(left, first), max(right, last))
        }
        // One more on each side, because the mixtures reach over.
        return bottom < 0
            ? nil
            : (max(top - 2, 0)..<min(bottom + 3, side), max(left - 2, 0)..<min(right + 3, side))
    }

    /// Outputs whose mixture lies inside a range of inputs; beyond, nothing exceeds the threshold.
    private static func outputs(_ taps: [Taps], touching inputs: Range<Int>) -> Range<Int> {
        func isInside(_ taps: Taps) -> Bool {
            taps.start >= inputs.lowerBound && taps.start + taps.count <= inputs.upperBound
        }
        guard let first = taps.firstIndex(where: isInside),
            let last = taps.lastIndex(where: isInside)
        else { return 0..<0 }
        return first..<last + 1
    }

    /// Mixes columns; the result has `rows.count` rows of `columns.count` samples.
    private func widen(
        _ logits: UnsafeBufferPointer<Float>,
        rows: Range<Int>,
        columns range: Range<Int>
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: rows.count * range.count) { buffer, initialized in
            // Safe because start + count never exceeds the side of the logits, and every element of
            // the buffer is written once.
            for (index, y) in rows.enumerated() {
                for (offset, x) in range.enumerated() {
                    let taps = columns[x]
                    var sum: Float = 0
                    for tap in 0..<taps.count {
                        sum += logits[y * Self.side + taps.start + tap] * taps.weights[tap]
                    }
                    buffer[index * range.count + offset] = sum
                }
            }
            initialized = rows.count * range.count
        }
    }

    /// Mixes rows into one line.
    private func mix(_ widened: [Float], _ taps: Taps, firstRow: Int, into line: inout [Float]) {
        // Safe because the taps of a line lie in the rows that were widened, each as wide as the
        // line.
        let width = line.count
        widened.withUnsafeBufferPointer { source in
            line.withUnsafeMutableBufferPointer { target in
                for tap in 0..<taps.count {
                    let weight = taps.weights[tap]
                    let start = (taps.start - firstRow + tap) * width
                    if tap == 0 {
                        for x in 0..<width { target[x] = weight * source[start + x] }
                    } else {
                        for x in 0..<width { target[x] += weight * source[start + x] }
                    }
                }
            }
        }
    }
}

/// Collects the runs and the counts of a mask, row by row.
private struct MaskAccumulator {
    let size: Size
    let left: Int
    let threshold: Float
    let offset: Float
    private var runs: [RunLengthMask.Run] = []
    private var certain = 0
    private var possible = 0

    init(size: Size, left: Int, threshold: Float, offset: Float) {
        self.size = size
        self.left = left
        self.threshold = threshold
        self.offset = offset
    }

    mutating func add(_ line: [Float], row: Int) {
        let (high, low) = (threshold + offset, threshold - offset)
        for sample in line {
            certain += sample > high ? 1 : 0
            possible += sample > low ? 1 : 0
        }
        let start = row * size.width + left
        var runStart = -1
        for (x, sample) in line.enumerated() {
            if sample > threshold {
                if runStart < 0 { runStart = start + x }
            } else if runStart >= 0 {
                append(runStart, start + x)
                runStart = -1
            }
        }
        if runStart >= 0 { append(runStart, start + line.count) }
    }

    /// Joins a run that goes on from the end of the row above.
    private mutating func append(_ start: Int, _ end: Int) {
        if let last = runs.last, last.end == start {
            runs[runs.count - 1] = RunLengthMask.Run(start: last.start, end: end)
        } else {
            runs.append(RunLengthMask.Run(start: start, end: end))
        }
    }

    func result() -> MaskResampler.Result {
        MaskResampler.Result(
            mask: RunLengthMask(unchecked: size, runs: runs),
            stability: possible == 0 ? 0 : Double(certain) / Double(possible)
        )
    }
}
