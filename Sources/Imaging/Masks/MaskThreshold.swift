/// Above which logit a pixel belongs to a mask.
public enum MaskThreshold: Hashable, Sendable {
    /// This one for all masks.
    case logit(Float)

    /// One for each mask, which its own contrast suggests (``MaskResampler/contrastThreshold(of:)``).
    case contrast

    /// The threshold of one mask.
    ///
    /// - Parameter logits: `[256, 256]` in row-major order.
    public func value(for logits: UnsafeBufferPointer<Float>) -> Float {
        // Safe because the pointer is only handed on, and nothing keeps it.
        switch self {
        case .logit(let value): value
        case .contrast: MaskResampler.contrastThreshold(of: logits)
        }
    }
}

extension MaskThreshold: Codable {
    /// A number, or the word `auto`, as in micro-sam.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self) {
            guard word == "auto" else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "a threshold is a number or auto, not \(word)"
                )
            }
            self = .contrast
        } else {
            self = .logit(try container.decode(Float.self))
        }
    }

    /// The same form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .logit(let value): try container.encode(value)
        case .contrast: try container.encode("auto")
        }
    }
}

extension MaskResampler {
    /// The highest of the thresholds that separate light from dark around each pixel, at least 0.
    ///
    /// Around each pixel Otsu's threshold of 31 x 31 pixels is taken, in 64 steps from the lowest to the
    /// highest logit of the mask; what lies outside counts as the lowest. Of steps that separate
    /// equally well the lowest is taken.
    ///
    /// - Parameter logits: `[256, 256]` in row-major order.
    /// - Source: `_local_otsu_threshold` in micro-sam, `inference.py`.
    public static func contrastThreshold(of logits: UnsafeBufferPointer<Float>) -> Float {
        // Safe because the count was checked, and the values are copied into bins.
        precondition(logits.count == side * side, "logits must be 256 x 256")
        guard let low = logits.min(), let high = logits.max() else { return 0 }
        let range = max(high - low, 1e-6)
        let steps = OtsuWindow.binCount - 1
        let bins = logits.map { UInt8(min(max(Int(($0 - low) / range * Float(steps)), 0), steps)) }
        var highest = 0
        for row in 0..<side { highest = max(highest, OtsuWindow.highest(in: bins, row: row)) }
        return max(low + Float(highest) / Float(steps) * range, 0)
    }
}

/// A window that slides along a row of an image with 64 grey values.
private struct OtsuWindow {
    static let binCount = 64
    private static let radius = 15
    private static let pixelCount = Float((2 * radius + 1) * (2 * radius + 1))

    private var histogram = [Int32](repeating: 0, count: binCount)

    /// The highest threshold of all windows centred in a row.
    static func highest(in bins: [UInt8], row: Int) -> Int {
        let side = MaskResampler.side
        let rows = max(row - radius, 0)...min(row + radius, side - 1)
        var window = OtsuWindow()
        window.histogram[0] = Int32(pixelCount)
        for column in 0..<radius { window.move(bins, rows, leaving: nil, entering: column) }
        var (highest, changed) = (0, true)
        for column in 0..<side {
            let (left, right) = (column - radius - 1, column + radius)
            let isChanged = window.move(
                bins,
                rows,
                leaving: left >= 0 ? left : nil,
                entering: right < side ? right : nil
            )
            changed = changed || isChanged
            if changed { highest = max(highest, window.threshold) }
            changed = false
        }
        return highest
    }

    /// Takes columns out and in; pixels that lie outside count as 0.
    ///
    /// - Returns: Whether the histogram may be another one.
    @discardableResult
    private mutating func move(
        _ bins: [UInt8],
        _ rows: ClosedRange<Int>,
        leaving: Int?,
        entering: Int?
    ) -> Bool {
        var isChanged = false
        for row in rows {
            let start = row * MaskResampler.side
            let old = leaving.map { Int(bins[start + $0]) } ?? 0
            let new = entering.map { Int(bins[start + $0]) } ?? 0
            guard old != new else { continue }
            histogram[old] -= 1
            histogram[new] += 1
            isChanged = true
        }
        return isChanged
    }

    /// The value up to which pixels are dark: that with the greatest variance between both classes.
    private var threshold: Int {
        let total = Float(
            histogram.indices.reduce(0) { $0 + $1 * Int(histogram[$1]) }
        )
        let mean = total / Self.pixelCount
        var (weight, sum): (Float, Float) = (0, 0)
        var (best, bestVariance): (Int, Float) = (0, -1)
        for value in histogram.indices {
            let share = Float(histogram[value]) / Self.pixelCount
            // Where no pixel has the value, the classes are those of the value before.
            guard share > 0 || value == 0 else { continue }
            weight += share
            sum += share * Float(value)
            let rest = 1 - weight
            let difference = sum / max(weight, 1e-6) - (mean - sum) / max(rest, 1e-6)
            let variance = weight * rest * difference * difference
            if variance > bestVariance { (best, bestVariance) = (value, variance) }
        }
        return best
    }
}
