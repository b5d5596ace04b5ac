/// Trees through time: every branch is a line from its first time to its last, and divides into others.
///
/// Time goes to the right. Branches have rows of their own, a mother in the middle of her daughters.
public struct TreePlot: Sendable {
    /// A branch of a tree.
    public struct Branch: Hashable, Sendable {
        /// Its number, which no other has.
        public var id: UInt32

        /// The branch that it comes from; nil for the trunk of a tree.
        public var parent: UInt32?

        /// First and last time.
        public var span: ClosedRange<Int>

        /// Parts of the span that were not seen, drawn with dashes.
        public var gaps: [ClosedRange<Int>]

        /// A colour of CSS.
        public var color: String

        /// What a reader sees beside the line, and when the pointer rests on it.
        public var name: String

        /// Describes a branch.
        public init(
            id: UInt32,
            parent: UInt32?,
            span: ClosedRange<Int>,
            gaps: [ClosedRange<Int>] = [],
            color: String,
            name: String
        ) {
            (self.id, self.parent, self.span, self.gaps) = (id, parent, span, gaps)
            (self.color, self.name) = (color, name)
        }
    }

    /// The branches, every one after the branch that it comes from.
    public var branches: [Branch]

    /// What is written above.
    public var title: String

    /// What time counts.
    public var timeLabel: String

    /// Creates a plot.
    ///
    /// - Parameter branches: Every one after the branch that it comes from; one whose parent is not before it is a tree of its own.
    public init(_ branches: [Branch], title: String = "", timeLabel: String = "frame") {
        (self.branches, self.title, self.timeLabel) = (branches, title, timeLabel)
    }

    private static let rowHeight = 14.0
    private static let margin = (left: 16.0, top: 48.0, right: 60.0, bottom: 16.0)

    /// The rows of the branches, from 0; daughters lie around their mother.
    var rows: [UInt32: Double] {
        var seen: Set<UInt32> = []
        var roots: [UInt32] = []
        var daughters: [UInt32: [UInt32]] = [:]
        for branch in branches {
            if let parent = branch.parent, seen.contains(parent) {
                daughters[parent, default: []].append(branch.id)
            } else {
                roots.append(branch.id)
            }
            // A number that comes again would make a tree without an end.
            guard seen.insert(branch.id).inserted else { return [:] }
        }
        var rows: [UInt32: Double] = [:]
        var next = 0.0
        // Trees are visited from the root to the leaves, which get the rows, and back.
        var rest = roots.reversed().map { (id: $0, isDone: false) }
        while let (id, isDone) = rest.popLast() {
            let inner = daughters[id] ?? []
            if inner.isEmpty {
                rows[id] = next
                next += 1
            } else if isDone {
                let around = inner.compactMap { rows[$0] }
                rows[id] = ((around.min() ?? 0) + (around.max() ?? 0)) / 2
            } else {
                rest.append((id, true))
                rest += inner.reversed().map { ($0, false) }
            }
        }
        return rows
    }

    /// The picture as an SVG file.
    ///
    /// - Parameters:
    ///   - width: Width in pixels, labels included; the height follows from the rows.
    ///   - theme: The colours.
    public func svg(width: Double = 960, theme: PlotTheme = .picture) -> String {
        let rows = rows
        let count = (rows.values.max() ?? -1) + 1
        let height = Self.margin.top + count * Self.rowHeight + Self.margin.bottom
        var document = SVGDocument(width: width, height: height, text: theme.text)
        if let background = theme.background {
            document.rectangle(x: 0, y: 0, width: width, height: height, fill: background)
        }
        document.text(title, x: Self.margin.left, y: 18, size: 14, weight: "bold")
        let first = branches.map(\.span.lowerBound).min() ?? 0
        let last = max(branches.map(\.span.upperBound).max() ?? 0, first)
        let inner = width - Self.margin.left - Self.margin.right
        let step = inner / Double(max(last - first, 1))
        func x(_ time: Int) -> Double { Self.margin.left + Double(time - first) * step }
        func y(_ row: Double) -> Double { Self.margin.top + (row + 0.5) * Self.rowHeight }
        drawAxis(first...last, x, height, theme, &document)
        let ends = Dictionary(branches.map { ($0.id, $0.span.upperBound) }) { first, _ in first }
        for branch in branches {
            guard let row = rows[branch.id] else { continue }
            if let parent = branch.parent, let mother = rows[parent], let end = ends[parent] {
                let start = x(branch.span.lowerBound)
                let step = [(x: x(end), y: y(mother)), (x(end), y(row)), (start, y(row))]
                document.line(step, stroke: branch.color, width: 1.5)
            }
            draw(branch, x, y(row), &document)
        }
        return document.file
    }

    private func drawAxis(
        _ times: ClosedRange<Int>,
        _ x: (Int) -> Double,
        _ height: Double,
        _ theme: PlotTheme,
        _ document: inout SVGDocument
    ) {
        let step = Self.step(times.upperBound - times.lowerBound)
        let top = Self.margin.top
        document.text(timeLabel, x: x(times.upperBound) + 12, y: top - 8, size: 11)
        let start = (times.lowerBound + step - 1) / step * step
        for time in stride(from: start, through: times.upperBound, by: step) {
            let points = [(x: x(time), y: top), (x: x(time), y: height - Self.margin.bottom)]
            document.line(points, stroke: theme.grid, width: 1)
            document.text("\(time)", x: x(time), y: top - 8, size: 11, anchor: .middle)
        }
    }

    /// 1, 2 or 5 times a power of ten, so that there are ten lines or fewer.
    private static func step(_ span: Int) -> Int {
        var power = 1
        while span / power > 100 { power *= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= 10 } ?? power
    }

    /// The line of a branch, with its gaps.
    private func draw(
        _ branch: Branch,
        _ x: (Int) -> Double,
        _ y: Double,
        _ document: inout SVGDocument
    ) {
        var time = branch.span.lowerBound
        for gap in branch.gaps {
            document.line([(x(time), y), (x(gap.lowerBound), y)], stroke: branch.color, width: 3)
            document.line(
                [(x(gap.lowerBound), y), (x(gap.upperBound), y)],
                stroke: branch.color,
                width: 1.5,
                dashes: "3 3"
            )
            time = gap.upperBound
        }
        let end = x(branch.span.upperBound)
        document.line([(x(time), y), (end, y)], stroke: branch.color, width: 3)
        document.dot(
            x: x(branch.span.lowerBound),
            y: y,
            radius: 3,
            fill: branch.color,
            title: branch.name
        )
        document.text(branch.name, x: end + 5, y: y + 3.5, size: 9)
    }
}
