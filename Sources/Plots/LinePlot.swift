/// Curves over a number, such as accuracy over thresholds, or a loss over epochs.
///
/// ```swift
/// var plot = LinePlot(title: "Accuracy", xLabel: "IoU threshold", yLabel: "SA")
/// plot.curves = [.init(name: "usam-tiny", x: [0.5, 0.75], y: [0.8, 0.4])]
/// plot.yLimits = 0...1
/// plot.svg                                   // the text of an SVG file
/// ```
public struct LinePlot: Hashable, Codable, Sendable {
    /// One curve.
    public struct Curve: Hashable, Codable, Sendable {
        /// Name in the key.
        public var name: String

        /// Positions.
        public var x: [Double]

        /// Values, as many as positions; the curve has a gap where one is not finite.
        public var y: [Double]

        /// Which colour of the theme it has; nil for that of its place among the curves.
        public var color: Int?

        /// Whether it is thin and pale, the background of another curve, and not in the key.
        public var isFaint = false

        /// Whether values are marked by dots, which show the number under the pointer.
        public var hasDots = true

        /// Creates a curve.
        public init(name: String, x: [Double], y: [Double]) {
            (self.name, self.x, self.y) = (name, x, y)
        }
    }

    /// Text above the plot.
    public var title: String

    /// Name of the horizontal axis.
    public var xLabel: String

    /// Name of the vertical axis.
    public var yLabel: String

    /// The curves, in the order of the key.
    public var curves: [Curve] = []

    /// The ends of the vertical axis; nil to fit the values.
    public var yLimits: ClosedRange<Double>?

    /// Whether positions are whole numbers, such as iterations, and only these are marked.
    public var hasWholePositions = false

    /// Creates a plot without curves.
    public init(title: String, xLabel: String, yLabel: String) {
        (self.title, self.xLabel, self.yLabel) = (title, xLabel, yLabel)
    }

    /// The plot as an SVG file.
    public var svg: String {
        let named = curves.filter { !$0.isFaint }
        let frame = PlotFrame(hasKey: named.count > 1)
        var svg = drawn(.picture, frame, title: title)
        if named.count > 1 { frame.drawKey(&svg, named.map(\.name)) }
        return svg.file
    }

    /// The plot as an SVG element of an HTML page, without title and key, which the page can do better.
    public func element(_ theme: PlotTheme) -> String {
        drawn(theme, PlotFrame(theme, hasTitle: false, hasKey: false), title: "")
            .element(label: title)
    }

    /// The names in the key and their colours; empty for a single curve.
    public func key(_ theme: PlotTheme) -> [(name: String, color: String)] {
        let named = curves.enumerated().filter { !$1.isFaint }
        return named.count > 1 ? named.map { ($1.name, theme.color($1.color ?? $0)) } : []
    }

    private func drawn(_ theme: PlotTheme, _ frame: PlotFrame, title: String) -> SVGDocument {
        var svg = frame.document
        let xAxis = Axis(
            showing: curves.flatMap(\.x),
            limits: xLimits,
            isWhole: hasWholePositions
        )
        let yAxis = Axis(showing: curves.flatMap(\.y), limits: yLimits)
        frame.draw(&svg, title: title, xLabel: xLabel, yLabel: yLabel, yAxis)
        for mark in xAxis.marks {
            let x = frame.x(mark, xAxis)
            svg.line([(x, frame.bottom), (x, frame.bottom + 4)], stroke: theme.axis, width: 1)
            svg.text(xAxis.label(mark), x: x, y: frame.bottom + 18, size: 11, anchor: .middle)
        }
        for (index, curve) in curves.enumerated() {
            draw(curve, theme.color(curve.color ?? index), frame, xAxis, yAxis, &svg)
        }
        return svg
    }

    private var xLimits: ClosedRange<Double>? {
        let values = curves.flatMap(\.x).filter(\.isFinite)
        guard let low = values.min(), let high = values.max(), low < high else { return nil }
        return low...high
    }

    private func draw(
        _ curve: Curve,
        _ color: String,
        _ frame: PlotFrame,
        _ xAxis: Axis,
        _ yAxis: Axis,
        _ svg: inout SVGDocument
    ) {
        func line(_ points: [(x: Double, y: Double)]) {
            let (width, opacity) = curve.isFaint ? (1.0, 0.3) : (2, 1)
            svg.line(points, stroke: color, width: width, opacity: opacity)
        }
        var part: [(x: Double, y: Double)] = []
        for (x, y) in zip(curve.x, curve.y) {
            guard x.isFinite, y.isFinite else {
                line(part)
                part = []
                continue
            }
            part.append((frame.x(x, xAxis), frame.y(y, yAxis)))
        }
        line(part)
        guard curve.hasDots, !curve.isFaint else { return }
        for (x, y) in zip(curve.x, curve.y) where x.isFinite && y.isFinite {
            svg.dot(
                x: frame.x(x, xAxis),
                y: frame.y(y, yAxis),
                radius: 3,
                fill: color,
                title: "\(curve.name): \(Axis.label(x)), \(Axis.label((y * 1e4).rounded() / 1e4))"
            )
        }
    }
}
