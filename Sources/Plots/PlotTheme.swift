/// The colours of a plot.
///
/// Every colour is one of CSS: `#0072B2`, or `var(--line)` for a part of a page that defines it.
public struct PlotTheme: Hashable, Codable, Sendable {
    /// The ground; nil for none.
    public var background: String?

    /// Lines across the plot.
    public var grid: String

    /// The axes.
    public var axis: String

    /// All texts.
    public var text: String

    /// The colours of curves and bars, in this order, and then anew.
    public var palette: [String]

    /// Creates a theme.
    public init(
        background: String?,
        grid: String,
        axis: String,
        text: String,
        palette: [String]
    ) {
        (self.background, self.grid, self.axis) = (background, grid, axis)
        (self.text, self.palette) = (text, palette)
    }

    /// A picture of its own: dark on white, in colours that people with any colour vision tell apart.
    ///
    /// - Source: Okabe and Ito, Color Universal Design (2008).
    public static let picture = PlotTheme(
        background: "#ffffff",
        grid: "#e0e0e0",
        axis: "#444444",
        text: "#222222",
        palette: [
            "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C00",
        ]
    )

    func color(_ index: Int) -> String {
        palette.isEmpty ? text : palette[index % palette.count]
    }
}
