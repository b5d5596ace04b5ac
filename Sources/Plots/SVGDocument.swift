/// The text of an SVG picture, element by element.
struct SVGDocument {
    private var body = ""
    private let width: Double
    private let height: Double
    private let textColor: String

    init(width: Double, height: Double, text: String) {
        (self.width, self.height, textColor) = (width, height, text)
    }

    mutating func rectangle(
        x: Double,
        y: Double,
        width: Double,
        height: Double,
        fill: String,
        title: String? = nil
    ) {
        let tip = title.map { "<title>\($0.escapedForMarkup)</title>" } ?? ""
        body +=
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
            + "height=\"\(Self.number(height))\" fill=\"\(fill)\">\(tip)</rect>\n"
    }

    mutating func line(
        _ points: [(x: Double, y: Double)],
        stroke: String,
        width: Double,
        dashes: String? = nil,
        opacity: Double = 1
    ) {
        guard !points.isEmpty else { return }
        let text = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
            .joined(separator: " ")
        var dash = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        if opacity < 1 { dash += " opacity=\"\(Self.number(opacity))\"" }
        body +=
            "<polyline points=\"\(text)\" fill=\"none\" stroke=\"\(stroke)\" "
            + "stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\"\(dash)/>\n"
    }

    mutating func dot(x: Double, y: Double, radius: Double, fill: String, title: String) {
        body +=
            "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" "
            + "fill=\"\(fill)\"><title>\(title.escapedForMarkup)</title></circle>\n"
    }

    mutating func text(
        _ text: String,
        x: Double,
        y: Double,
        size: Double = 12,
        anchor: TextAnchor = .start,
        turned: Double = 0,
        weight: String = "normal"
    ) {
        let turn =
            turned == 0
            ? ""
            : " transform=\"rotate(\(Self.number(turned)) \(Self.number(x)) \(Self.number(y)))\""
        body +=
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" "
            + "font-weight=\"\(weight)\" text-anchor=\"\(anchor.rawValue)\"\(turn)>"
            + "\(text.escapedForMarkup)</text>\n"
    }

    enum TextAnchor: String {
        case start, middle, end
    }

    /// The whole file.
    var file: String {
        let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(content)"
    }

    /// An element of an HTML page, as large as the page makes it.
    ///
    /// - Parameter label: What it shows, for readers who do not see it.
    func element(label: String) -> String {
        "<svg role=\"img\" aria-label=\"\(label.escapedForMarkup)\" \(content)"
    }

    private var content: String {
        """
        viewBox="0 0 \(Self.number(width)) \(Self.number(height))" font-family="sans-serif" \
        fill="\(textColor)">
        \(body)</svg>

        """
    }

    /// At most two decimals, without an exponent and without zeros at the end.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        let digits = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)"
        return "\(sign)\(whole).\(digits)"
    }
}

extension String {
    /// The text with what means something in XML and HTML written out; characters that XML forbids are
    /// left out.
    public var escapedForMarkup: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
