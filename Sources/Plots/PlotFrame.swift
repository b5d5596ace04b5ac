/// Title, axes, marks and key of a plot, and the area inside.
struct PlotFrame {
    static let size = (width: 640.0, height: 400.0)

    let left = 64.0
    let top: Double
    let right: Double
    let bottom: Double
    private let theme: PlotTheme
    private let height: Double

    /// - Parameters:
    ///   - hasTitle: Whether space at the top is kept for a title.
    ///   - hasKey: Whether space at the right is kept for a key.
    init(
        _ theme: PlotTheme = .picture,
        hasTitle: Bool = true,
        hasKey: Bool,
        labelHeight: Double = 20
    ) {
        self.theme = theme
        top = hasTitle ? 40 : 16
        height = Self.size.height - (hasTitle ? 0 : 80)
        right = Self.size.width - (hasKey ? 160 : 20)
        bottom = height - 30 - labelHeight
    }

    /// A document of the frame's size.
    var document: SVGDocument {
        var svg = SVGDocument(width: Self.size.width, height: height, text: theme.text)
        if let background = theme.background {
            svg.rectangle(x: 0, y: 0, width: Self.size.width, height: height, fill: background)
        }
        return svg
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
        if !title.isEmpty { svg.text(title, x: left, y: 24, size: 15, weight: "bold") }
        for mark in axis.marks {
            let place = y(mark, axis)
            svg.line([(left, place), (right, place)], stroke: theme.grid, width: 1)
            svg.text(axis.label(mark), x: left - 8, y: place + 4, size: 11, anchor: .end)
        }
        svg.line([(left, top), (left, bottom), (right, bottom)], stroke: theme.axis, width: 1)
        let middle = (top + bottom) / 2
        svg.text(yLabel, x: 18, y: middle, anchor: .middle, turned: -90)
        svg.text(xLabel, x: (left + right) / 2, y: height - 8, anchor: .middle)
    }

    /// Draws one line of the key for each name.
    func drawKey(_ svg: inout SVGDocument, _ names: [String]) {
        for (index, name) in names.enumerated() {
            let place = top + Double(index) * 18
            svg.rectangle(
                x: right + 12,
                y: place,
                width: 12,
                height: 12,
                fill: theme.color(index)
            )
            svg.text(PlotFrame.shortened(name, 18), x: right + 30, y: place + 10, size: 11)
        }
    }

    static func shortened(_ text: String, _ length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }
}
