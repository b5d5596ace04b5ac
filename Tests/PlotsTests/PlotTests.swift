import Foundation
import Plots
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Plots")
struct PlotTests {
    /// Counts the elements of a document that must be well-formed.
    private func elements(_ svg: String) throws -> [String: Int] {
        final class Counter: NSObject, XMLParserDelegate {
            var counts: [String: Int] = [:]

            func parser(
                _ parser: XMLParser,
                didStartElement name: String,
                namespaceURI: String?,
                qualifiedName: String?,
                attributes: [String: String]
            ) {
                counts[name, default: 0] += 1
            }
        }
        let counter = Counter()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = counter
        #expect(parser.parse(), "not well-formed: \(svg)")
        return counter.counts
    }

    @Test("Trees: a line for each branch and each gap, a step for each daughter, names escaped")
    func trees() throws {
        typealias Branch = TreePlot.Branch
        let branches = [
            Branch(id: 1, parent: nil, span: 0...9, gaps: [3...5], color: "#111111", name: "1 <&>"),
            Branch(id: 2, parent: 1, span: 10...20, color: "#222222", name: "2"),
            Branch(id: 3, parent: 1, span: 11...30, color: "#333333", name: "3"),
            Branch(id: 7, parent: 99, span: 4...4, color: "#444444", name: "alone"),
        ]
        let svg = TreePlot(branches, title: "a & b").svg()
        let found = try elements(svg)
        // Seven lines of time at 0, 5, … 30; of the branches six parts and gaps, and two steps.
        #expect(found["circle"] == 4 && found["polyline"] == 7 + 6 + 2)
        #expect(svg.contains("1 &lt;&amp;&gt;") && svg.contains("stroke-dasharray"))
        _ = try elements(TreePlot([]).svg())
        let twice = [branches[0], Branch(id: 1, parent: 1, span: 0...0, color: "red", name: "")]
        #expect(try elements(TreePlot(twice).svg())["circle"] == nil)
    }

    @Test("A line plot has one curve and one dot for each value, with gaps where there is none")
    func lines() throws {
        var plot = LinePlot(title: "a < b & \"c\"", xLabel: "x\u{1}", yLabel: "y")
        plot.curves = [
            .init(name: "one", x: [0.5, 0.7, 0.9], y: [0.8, 0.4, 0.1]),
            .init(name: "<two>", x: [0.5, 0.7, 0.9], y: [0.8, .nan, 0.1]),
        ]
        plot.yLimits = 0...1
        let counts = try elements(plot.svg)
        #expect(counts["circle"] == 5)
        #expect(!plot.svg.contains("nan") && !plot.svg.contains("<two>"))
    }

    @Test("A plot in a page has the page's colours, and leaves title and key to it")
    func element() throws {
        var plot = LinePlot(title: "rate", xLabel: "x", yLabel: "y")
        var faint = LinePlot.Curve(name: "raw", x: [0, 1], y: [1e-4, 3e-4])
        faint.isFaint = true
        plot.curves = [
            faint, .init(name: "mean", x: [0, 1], y: [1e-4, 2e-4]),
            .init(name: "other", x: [0, 1], y: [0, 2e-4]),
        ]
        plot.curves[2].color = 0
        plot.hasWholePositions = true
        let theme = PlotTheme(
            background: nil,
            grid: "var(--line)",
            axis: "var(--quiet)",
            text: "var(--quiet)",
            palette: ["var(--one)", "var(--two)"]
        )
        let element = plot.element(theme)
        let counts = try elements(element)
        #expect(counts["rect"] == nil && counts["circle"] == 4)
        #expect(element.contains("aria-label=\"rate\"") && !element.contains("#"))
        #expect(
            element.contains(">0.0001<") && element.contains(">0<") && !element.contains(">0.5<")
        )
        let key = plot.key(theme)
        #expect(key.map(\.name) == ["mean", "other"])
        #expect(key.map(\.color) == ["var(--two)", "var(--one)"])
    }

    @Test("Values at the limits lie at the ends of the axes")
    func positions() throws {
        var plot = LinePlot(title: "t", xLabel: "x", yLabel: "y")
        plot.curves = [.init(name: "one", x: [2, 4], y: [0, 1])]
        plot.yLimits = 0...1
        // 64 and 620 are the left and right edge, 350 and 40 the lower and upper one.
        #expect(plot.svg.contains("<polyline points=\"64,350 620,40\""))
    }

    @Test("Plots without values, with one value or with equal values are pictures, too")
    func degenerate() throws {
        var plot = LinePlot(title: "", xLabel: "", yLabel: "")
        _ = try elements(plot.svg)
        plot.curves = [.init(name: "one", x: [3], y: [7])]
        #expect(try elements(plot.svg)["circle"] == 1)
        plot.curves = [.init(name: "one", x: [1, 2], y: [-1e-12, 1e12])]
        _ = try elements(plot.svg)
        let bars = BarPlot(title: "", yLabel: "", groups: [], series: [])
        _ = try elements(bars.svg)
    }

    @Test("A bar plot has one bar for each finite value")
    func bars() throws {
        var plot = BarPlot(
            title: "t",
            yLabel: "score",
            groups: ["a", "b & c"],
            series: [
                .init(name: "one", values: [0.5, .nan]), .init(name: "two", values: [0.25, 1]),
            ]
        )
        plot.yLimits = 0...1
        // The ground, three bars, and two squares of the key.
        #expect(try elements(plot.svg)["rect"] == 6)
        #expect(plot.svg.contains("b &amp; c, two: 1"))
    }
}

@Suite("Bars of characters")
struct SparklineTests {
    @Test("Bars reach from the least to the greatest value")
    func bars() {
        #expect(Sparkline.text([3, 2, 1, 2]) == "█▅▁▅")
        #expect(Sparkline.text([1]).isEmpty && Sparkline.text([1, 1]).isEmpty)
        #expect(Sparkline.text([1, .nan, 2]) == "▁█")
    }
}
