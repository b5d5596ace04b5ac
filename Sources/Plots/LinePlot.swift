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

    /// Whether values are marked by dots, which show the number under the pointer.
    public var hasDots = true

    /// Creates a plot without curves.
    public init(title: String, xLabel: String, yLabel: String) {
        (self.title, self.xLabel, self.yLabel) = (title, xLabel, yLabel)
    }

    /// The plot as an SVG file.
    public var svg: String {
        var svg = SVGDocument(width: PlotFrame.size.width, height: PlotFrame.size.height)
        let frame = PlotFrame(hasKey: curves.count > 1)
        let xAxis = Axis(showing: curves.flatMap(\.x), limits: xLimits)
        let yAxis = Axis(showing: curves.flatMap(\.y), limits: yLimits)
        frame.draw(&svg, title: title, xLabel: xLabel, yLabel: yLabel, yAxis)
        for mark in xAxis.marks {
            let x = frame.x(mark, xAxis)
            svg.line(
                [(x, frame.bottom), (x, frame.bottom + 4)],
                stroke: "#444444",
                width: 1
            )
            svg.text(Axis.label(mark), x: x, y: frame.bottom + 18, size: 11, anchor: .middle)
        }
        for (index, curve) in curves.enumerated() {
            draw(curve, PlotFrame.color(index), frame, xAxis, yAxis, &svg)
        }
        if curves.count > 1 { frame.drawKey(&svg, curves.map(\.name)) }
        return svg.file
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
        var part: [(x: Double, y: Double)] = []
        for (x, y) in zip(curve.x, curve.y) {
            guard x.isFinite, y.isFinite else {
                svg.line(part, stroke: color, width: 2)
                part = []
                continue
            }
            part.append((frame.x(x, xAxis), frame.y(y, yAxis)))
        }
        svg.line(part, stroke: color, width: 2)
        guard hasDots else { return }
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
