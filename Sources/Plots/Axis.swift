/// The values along one side of a plot and where they lie.
struct Axis {
    /// The lowest and the highest value that is shown.
    let range: ClosedRange<Double>

    /// The distance between two marks.
    let step: Double

    /// An axis that shows all values, with round numbers at its ends.
    ///
    /// Values that are not finite are left out.
    ///
    /// - Parameter isWhole: Whether only whole numbers are marked.
    init(showing values: [Double], limits: ClosedRange<Double>? = nil, isWhole: Bool = false) {
        let finite = values.filter(\.isFinite)
        var low = limits?.lowerBound ?? finite.min() ?? 0
        var high = limits?.upperBound ?? finite.max() ?? 1
        if !(high > low) {
            let margin = low == 0 ? 0.5 : abs(low) * 0.1
            (low, high) = (low - margin, high + margin)
        }
        let step = max(Self.roundStep((high - low) / 5), isWhole ? 1 : 0)
        self.step = step
        if limits == nil {
            low = (low / step).rounded(.down) * step
            high = (high / step).rounded(.up) * step
        }
        range = low...high
    }

    /// 1, 2 or 5 times a power of ten, at least `rough`.
    private static func roundStep(_ rough: Double) -> Double {
        guard rough > 0, rough.isFinite else { return 1 }
        var power = 1.0
        while power > rough { power /= 10 }
        while power * 10 <= rough { power *= 10 }
        return [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough * (1 - 1e-9) } ?? power * 10
    }

    /// The marks, ascending.
    var marks: [Double] {
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard last >= first, last - first < 100 else { return [] }
        return (0...Int(last - first)).map { (first + Double($0)) * step }
    }

    /// Position of a value, 0 at the start and 1 at the end; beyond them it is clipped.
    func fraction(_ value: Double) -> Double {
        let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return part.isFinite ? min(max(part, 0), 1) : 0
    }

    /// A mark as people write it.
    func label(_ mark: Double) -> String { Self.label(mark, step: step) }

    /// A value as people write it, with two decimals if values differ by `step`, or more where it needs more.
    static func label(_ value: Double, step: Double = 0.01) -> String {
        let isExtreme = abs(value) < 0.01 || abs(value) >= 1e6
        guard isExtreme || step < 0.01 else { return SVGDocument.number(value) }
        let scale = isExtreme ? 1e9 : 1e6
        let rounded = (value * scale).rounded() / scale
        return rounded == 0 ? "0" : "\(rounded)"
    }
}
