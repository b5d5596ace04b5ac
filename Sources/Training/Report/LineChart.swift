import Foundation

/// A line chart as an SVG element, to be placed in a page.
struct LineChart {
    /// One curve.
    struct Series {
        var name: String
        /// Points by rising x; gaps where y is not finite.
        var points: [(x: Double, y: Double)]
        /// A colour of the page's style sheet, such as `var(--series-1)`.
        var color: String
        /// Thin and pale, as background of a smoothed curve.
        var isFaint = false
        /// Circles at the points.
        var hasMarks = false
    }

    var title: String
    var xTitle: String
    var yTitle: String
    var series: [Series]

    private let width = 640.0
    private let height = 300.0
    private let left = 64.0
    private let right = 16.0
    private let top = 16.0
    private let bottom = 44.0

    /// The element; an empty chart says so.
    var svg: String {
        let points = series.flatMap(\.points).filter { $0.y.isFinite }
        guard let first = points.first else { return "<p class=\"empty\">\(title): no values.</p>" }
        var x = (first.x, first.x)
        var y = (first.y, first.y)
        for point in points {
            x = (min(x.0, point.x), max(x.1, point.x))
            y = (min(y.0, point.y), max(y.1, point.y))
        }
        let xTicks = Ticks(x.0, x.1, count: 6, isWhole: true)
        let yTicks = Ticks(y.0, y.1, count: 5)
        let frame = Frame(
            x: (x.0, max(x.1, x.0 + 1e-9)),
            y: (yTicks.low, yTicks.high),
            area: (left, top, width - right, height - bottom)
        )
        var lines = [
            "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" "
                + "aria-label=\"\(title.escapedForHTML)\">"
        ]
        lines += axes(frame, xTicks, yTicks)
        for entry in series { lines += curve(entry, frame) }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + legend
    }

    private func axes(_ frame: Frame, _ xTicks: Ticks, _ yTicks: Ticks) -> [String] {
        var lines: [String] = []
        for value in yTicks.values {
            let y = frame.y(value)
            lines.append(
                "<line class=\"grid\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(y)\" y2=\"\(y)\"/>"
            )
            lines.append(text(yTicks.label(value), left - 8, y + 4, "end"))
        }
        for value in xTicks.values where value >= frame.xRange.0 && value <= frame.xRange.1 {
            let x = frame.x(value)
            lines.append(text(xTicks.label(value), x, height - bottom + 18, "middle"))
        }
        lines.append(text(xTitle, (left + width - right) / 2, height - 6, "middle", "title"))
        let middle = (top + height - bottom) / 2
        lines.append(
            "<text class=\"title\" text-anchor=\"middle\" "
                + "transform=\"translate(14 \(middle)) rotate(-90)\">\(yTitle.escapedForHTML)</text>"
        )
        return lines
    }

    private func curve(_ series: Series, _ frame: Frame) -> [String] {
        var path = ""
        var isDrawing = false
        for point in series.points {
            guard point.y.isFinite else {
                isDrawing = false
                continue
            }
            path += isDrawing ? "L" : "M"
            path += "\(frame.x(point.x)) \(frame.y(point.y)) "
            isDrawing = true
        }
        let kind = series.isFaint ? "faint" : "line"
        var lines = ["<path class=\"\(kind)\" style=\"stroke:\(series.color)\" d=\"\(path)\"/>"]
        if series.hasMarks {
            for point in series.points where point.y.isFinite {
                lines.append(
                    "<circle r=\"3\" cx=\"\(frame.x(point.x))\" cy=\"\(frame.y(point.y))\" "
                        + "style=\"fill:\(series.color)\"><title>\(Ticks.short(point.x)): "
                        + "\(Ticks.short(point.y))</title></circle>"
                )
            }
        }
        return lines
    }

    private func text(
        _ content: String,
        _ x: Double,
        _ y: Double,
        _ anchor: String,
        _ kind: String = "tick"
    ) -> String {
        "<text class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">"
            + "\(content.escapedForHTML)</text>"
    }

    private var legend: String {
        let named = series.filter { !$0.isFaint }
        guard named.count > 1 else { return "" }
        let entries = named.map {
            "<span><i style=\"background:\($0.color)\"></i>\($0.name.escapedForHTML)</span>"
        }
        return "<p class=\"legend\">\(entries.joined())</p>"
    }

    /// The mapping from values to places, rounded to tenths of a pixel.
    private struct Frame {
        let xRange: (Double, Double)
        let yRange: (Double, Double)
        let area: (Double, Double, Double, Double)

        init(x: (Double, Double), y: (Double, Double), area: (Double, Double, Double, Double)) {
            xRange = x
            yRange = y
            self.area = area
        }

        func x(_ value: Double) -> Double {
            let share = (value - xRange.0) / (xRange.1 - xRange.0)
            return ((area.0 + share * (area.2 - area.0)) * 10).rounded() / 10
        }

        func y(_ value: Double) -> Double {
            let share = (value - yRange.0) / (yRange.1 - yRange.0)
            return ((area.3 - share * (area.3 - area.1)) * 10).rounded() / 10
        }
    }
}

/// Round numbers along an axis.
struct Ticks {
    let values: [Double]
    let low: Double
    let high: Double
    private let step: Double

    /// About `count` steps of 1, 2 or 5 times a power of ten that cover the range.
    init(_ low: Double, _ high: Double, count: Int, isWhole: Bool = false) {
        let span = high > low ? high - low : max(abs(low), 1) * 0.1
        let rough = span / Double(count)
        let power = pow(10, floor(log10(rough)))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
        let step = isWhole ? max(factor * power, 1) : factor * power
        let first = floor(low / step + 1e-9)
        let last = max(ceil(high / step - 1e-9), first + 1)
        self.step = step
        values = stride(from: first, through: last, by: 1).map { $0 * step }
        self.low = first * step
        self.high = last * step
    }

    /// A value with as many digits as the step needs.
    func label(_ value: Double) -> String {
        if value == 0 { return "0" }
        if abs(value) < 1e-3 || abs(value) >= 1e6 { return Self.short(value) }
        let digits = max(Int((-log10(step)).rounded(.up)), 0)
        return String(format: "%.\(digits)f", value)
    }

    /// Four significant digits.
    static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}

extension String {
    /// The text with the characters that mean something in HTML written out.
    var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
