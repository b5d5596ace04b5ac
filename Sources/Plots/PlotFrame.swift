/// Title, axes, marks and key of a plot, and the area inside.
struct PlotFrame {
    static let size = (width: 640.0, height: 400.0)

    /// Colours that people with any colour vision tell apart (Okabe and Ito, 2008).
    static let palette = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C00",
    ]

    static func color(_ index: Int) -> String { palette[index % palette.count] }

    let left = 64.0
    let top = 40.0
    let right: Double
    let bottom: Double

    /// - Parameter hasKey: Whether space at the right is kept for a key.
    init(hasKey: Bool, labelHeight: Double = 20) {
        right = Self.size.width - (hasKey ? 160 : 20)
        bottom = Self.size.height - 30 - labelHeight
    }

    func y(_ value: Double, _ axis: Axis) -> Double {
        bottom - axis.fraction(value) * (bottom - top)
    }

    func x(_ value: Double, _ axis: Axis) -> Double {
        left + axis.fraction(value) * (right - left)
    }

    /// Draws the title, the vertical axis with lines across, and the names of the axes.
    func draw(_ svg: inout SVGDocument, title: String, xLabel: String, yLabel: String, _ axis: Axis)
    {
        svg.text(title, x: left, y: 24, size: 15, weight: "bold")
        for mark in axis.marks {
            let height = y(mark, axis)
            svg.line([(left, height), (right, height)], stroke: "#e0e0e0", width: 1)
            svg.text(Axis.label(mark), x: left - 8, y: height + 4, size: 11, anchor: .end)
        }
        svg.line([(left, top), (left, bottom), (right, bottom)], stroke: "#444444", width: 1)
        let middle = (top + bottom) / 2
        svg.text(yLabel, x: 18, y: middle, anchor: .middle, turned: -90)
        svg.text(xLabel, x: (left + right) / 2, y: Self.size.height - 8, anchor: .middle)
    }

    /// Draws one line of the key for each name.
    func drawKey(_ svg: inout SVGDocument, _ names: [String]) {
        for (index, name) in names.enumerated() {
            let height = top + Double(index) * 18
            svg.rectangle(
                x: right + 12,
                y: height,
                width: 12,
                height: 12,
                fill: Self.color(index)
            )
            svg.text(PlotFrame.shortened(name, 18), x: right + 30, y: height + 10, size: 11)
        }
    }

    static func shortened(_ text: String, _ length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }
}
