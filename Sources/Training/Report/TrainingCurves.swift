import Plots

/// The course of a training as curves for a page.
struct TrainingCurves {
    private let history: TrainingLog.History

    init(_ history: TrainingLog.History) { self.history = history }

    /// Colours of the page's style sheet.
    private static let theme = PlotTheme(
        background: nil,
        grid: "var(--line)",
        axis: "var(--quiet)",
        text: "var(--quiet)",
        palette: ["var(--series-1)", "var(--series-2)", "var(--series-3)"]
    )

    /// Places in the palette; what is the same has the same colour in all curves.
    private enum Color {
        static let whole = 0
        static let prompts = 1
        static let decoder = 2
    }

    /// A figure for each plot.
    var figures: [String] { plots.map(Self.figure) }

    private static func figure(_ plot: LinePlot) -> String {
        let caption = "<figcaption>\(plot.title.escapedForMarkup)</figcaption>"
        guard plot.curves.contains(where: { $0.y.contains(where: \.isFinite) }) else {
            let text = "\(plot.title.escapedForMarkup): no values."
            return "<figure>\(caption)<p class=\"empty\">\(text)</p></figure>"
        }
        let entries = plot.key(theme).map {
            "<span><i style=\"background:\($0.color)\"></i>\($0.name.escapedForMarkup)</span>"
        }
        let key = entries.isEmpty ? "" : "<p class=\"legend\">\(entries.joined())</p>"
        return "<figure>\(caption)\(plot.element(theme))\(key)</figure>"
    }

    // MARK: - Plots

    private var plots: [LinePlot] {
        [
            plot(
                "Loss of the training data",
                "loss",
                losses(\.loss, "masks from prompts", Color.prompts)
                    + losses(\.decoderLoss, "decoder", Color.decoder)
            ),
            plot("Validation (lower is better)", "metric", metrics),
            plot(
                "Learning rate",
                "rate",
                [
                    curve(
                        "learning rate",
                        history.iterations.map { (Double($0.iteration), $0.learningRate) },
                        Color.whole
                    )
                ]
            ),
        ]
    }

    private func plot(_ title: String, _ yLabel: String, _ curves: [LinePlot.Curve]) -> LinePlot {
        var plot = LinePlot(title: title, xLabel: "iteration", yLabel: yLabel)
        plot.curves = curves
        plot.hasWholePositions = true
        return plot
    }

    /// The metric, and its parts where it has any.
    private var metrics: [LinePlot.Curve] {
        let validations = history.validations
        let parts: [(name: String, value: (ValidationReport) -> Double?, color: Int)] = [
            ("masks from prompts (1 - Dice)", \.maskLoss, Color.prompts),
            ("decoder", \.decoderLoss, Color.decoder),
        ]
        var metric = curve(
            "metric",
            validations.map { (Double($0.iteration), $0.metric) },
            Color.whole
        )
        metric.hasDots = true
        return [metric]
            + parts.filter { part in validations.contains { part.value($0) != nil } }.map { part in
                curve(
                    part.name,
                    validations.map { (Double($0.iteration), part.value($0) ?? .nan) },
                    part.color
                )
            }
    }

    /// The values themselves, pale, and their running mean.
    private func losses(
        _ value: (IterationReport) -> Double?,
        _ name: String,
        _ color: Int
    ) -> [LinePlot.Curve] {
        let points = history.iterations.compactMap { report in
            value(report).map { (Double(report.iteration), $0) }
        }
        guard !points.isEmpty else { return [] }
        let window = max(points.count / 40, 1)
        var sum = 0.0
        var smooth: [(Double, Double)] = []
        for (index, point) in points.enumerated() {
            sum += point.1
            if index >= window { sum -= points[index - window].1 }
            smooth.append((point.0, sum / Double(min(index + 1, window))))
        }
        var faint = curve(name, points, color)
        faint.isFaint = true
        return [faint, curve(name, smooth, color)]
    }

    /// A line through at most a thousand of the points, so that the page stays small.
    private func curve(
        _ name: String,
        _ points: [(x: Double, y: Double)],
        _ color: Int
    ) -> LinePlot.Curve {
        let step = max(points.count / 1000, 1)
        let thinned = stride(from: 0, to: points.count, by: step).map { points[$0] }
        var curve = LinePlot.Curve(name: name, x: thinned.map(\.x), y: thinned.map(\.y))
        curve.color = color
        // A line needs two points; a single one would be invisible.
        curve.hasDots = curve.x.count == 1
        return curve
    }
}
