/// Bars side by side: one group for each data set, one bar in it for each measure.
public struct BarPlot: Hashable, Codable, Sendable {
    /// The bars of one colour.
    public struct Series: Hashable, Codable, Sendable {
        /// Name in the key.
        public var name: String

        /// One value for each group; none is drawn where it is not finite.
        public var values: [Double]

        /// Creates a series.
        public init(name: String, values: [Double]) {
            (self.name, self.values) = (name, values)
        }
    }

    /// Text above the plot.
    public var title: String

    /// Name of the vertical axis.
    public var yLabel: String

    /// Names of the groups, from left to right.
    public var groups: [String]

    /// The bars, in the order of the key.
    public var series: [Series]

    /// The ends of the vertical axis; nil to fit the values, from 0 on.
    public var yLimits: ClosedRange<Double>?

    /// Creates a plot.
    public init(title: String, yLabel: String, groups: [String], series: [Series]) {
        (self.title, self.yLabel, self.groups, self.series) = (title, yLabel, groups, series)
    }

    /// The plot as an SVG file.
    public var svg: String {
        let frame = PlotFrame(hasKey: series.count > 1, labelHeight: 70)
        var svg = frame.document
        let axis = Axis(showing: series.flatMap(\.values) + [0], limits: yLimits)
        frame.draw(&svg, title: title, xLabel: "", yLabel: yLabel, axis)
        let groupWidth = (frame.right - frame.left) / Double(max(groups.count, 1))
        let barWidth = groupWidth * 0.8 / Double(max(series.count, 1))
        for (group, name) in groups.enumerated() {
            let start = frame.left + (Double(group) + 0.1) * groupWidth
            for (index, bars) in series.enumerated() {
                guard group < bars.values.count, bars.values[group].isFinite else { continue }
                let value = bars.values[group]
                let (zero, end) = (frame.y(0, axis), frame.y(value, axis))
                svg.rectangle(
                    x: start + Double(index) * barWidth,
                    y: min(zero, end),
                    width: barWidth * 0.92,
                    height: abs(zero - end),
                    fill: PlotTheme.picture.color(index),
                    title: "\(name), \(bars.name): \(Axis.label((value * 1e4).rounded() / 1e4))"
                )
            }
            let middle = start + groupWidth * 0.4
            svg.text(
                PlotFrame.shortened(name, 18),
                x: middle + 4,
                y: frame.bottom + 16,
                size: 11,
                anchor: .end,
                turned: -30
            )
        }
        if series.count > 1 { frame.drawKey(&svg, series.map(\.name)) }
        return svg.file
    }
}
