/// What the columns of a table of prompts hold, by their names.
struct TableColumns {
    /// What a column holds.
    enum Column: String, CaseIterable {
        case object, name, `class`, type, y, x, label, y0, x0, y1, x1, `extension`, shape
        case z, t, channel, width, height, vertex, parent, state
        /// A plane of an axis that the table does not name.
        case plane
        /// Depths of measured objects: their centre, and the slices of their box.
        case centroidZ = "centroid_z"
        case boxZ = "box_z"
        case boxDepth = "box_depth"
    }

    /// Which program writes such columns.
    enum Style {
        /// The columns of this project, or of napari.
        case own
        /// Results of ImageJ: planes count from 1, coordinates from the corner of the first pixel.
        case imageJ
        /// Measurements of QuPath: coordinates count from the corner of the first pixel.
        case quPath
        /// Measured objects, whose labels are their numbers.
        case measured
    }

    /// A unit that the names of columns leave open.
    enum Unit: Hashable {
        /// Nothing is said of a unit.
        case none
        /// A column says it.
        case named(LengthUnit)
        /// The program writes the unit of the image, but does not say it.
        case ofImage
    }

    /// The position of each column in a row.
    private(set) var positions: [Column: Int] = [:]

    /// The positions of numbered axes, slowest first, without the last two.
    private(set) var leadingAxes: [Int] = []

    /// The positions of the first place and the one behind the last along the same axes, where boxes have them.
    private(set) var leadingEdges: [(first: Int, end: Int)] = []

    /// The column that tells the slice; one that counts slices is preferred to a length.
    private(set) var depthColumn: Column?

    /// The unit of depths; nil for numbers of slices.
    private(set) var depthUnit: LengthUnit?

    /// The names of columns that hold nothing of use.
    private(set) var unused: [String] = []

    private(set) var style = Style.own
    private(set) var unit = Unit.none

    /// Whether the rows of a shape are its corners, as in napari's tables of shapes.
    private(set) var hasVertices = false

    /// The header that cannot be used, and why.
    struct Problem: Error {
        let kind: PromptError.Kind
        let text: String
        let advice: String
        var value: String?
    }

    /// Finds the columns.
    init(_ header: [String], prefersBoxes: Bool) throws(Problem) {
        style = Self.style(of: header)
        var axes: [(number: Int, position: Int)] = []
        var edges: [Int: Int] = [:]
        var units: [Column: LengthUnit] = [:]
        let group = header.contains { ["shape-type", "vertex-index"].contains($0.lowercased()) }
        for (position, text) in header.enumerated() {
            let (name, unit) = Self.parts(of: text)
            if let number = Self.axis(name) {
                axes.append((number, position))
                continue
            }
            if style == .measured, let number = Self.number(name, after: ["bbox-"]) {
                edges[number] = position
                continue
            }
            guard let column = Self.column(name, style, isShapes: group) else {
                unused.append(text)
                continue
            }
            if let unit, unit != .pixel {
                // A column in pixels beside it is preferred.
                if positions[column] == nil {
                    (positions[column], units[column]) = (position, unit)
                }
                continue
            }
            if units.removeValue(forKey: column) == nil, positions[column] != nil {
                throw Problem(
                    kind: .badValue,
                    text: "the column '\(text.lowercased())' occurs twice",
                    advice: "name it once"
                )
            }
            positions[column] = position
        }
        try take(axes)
        take(edges)
        hasVertices = group && positions[.y] != nil && positions[.x] != nil
        try take(units)
        chooseBoxes(prefersBoxes)
        let hasPoints = positions[.y] != nil && positions[.x] != nil
        guard hasPoints || hasBoxes || hasSizes else {
            throw Problem(
                kind: .missing,
                text: "there are neither the columns y and x nor y0, x0, y1 and x1",
                advice: "name the columns in the first line",
                value: "'" + header.joined(separator: ",") + "'"
            )
        }
    }

    /// Whether boxes are given by their edges.
    var hasBoxes: Bool { [Column.y0, .x0, .y1, .x1].allSatisfy { positions[$0] != nil } }

    /// Whether boxes are given by a corner, a width and a height.
    var hasSizes: Bool { [Column.y0, .x0, .width, .height].allSatisfy { positions[$0] != nil } }

    /// Numbered axes: the last two are y and x.
    private mutating func take(_ axes: [(number: Int, position: Int)]) throws(Problem) {
        guard !axes.isEmpty else { return }
        let sorted = axes.sorted { $0.number < $1.number }
        guard sorted.map(\.number) == Array(0..<sorted.count), sorted.count >= 2,
            positions[.y] == nil, positions[.x] == nil
        else {
            throw Problem(
                kind: .badValue,
                text: "the columns of axes are not numbered from 0, or are given twice",
                advice: "name them axis-0, axis-1 and so on, without y and x"
            )
        }
        positions[.y] = sorted[sorted.count - 2].position
        positions[.x] = sorted[sorted.count - 1].position
        leadingAxes = sorted.dropLast(2).map(\.position)
    }

    /// The edges of boxes, first all lower and then all upper ones; the last two axes are y and x.
    private mutating func take(_ edges: [Int: Int]) {
        let count = edges.count / 2
        guard count >= 2, edges.keys.allSatisfy({ $0 < 2 * count }) else { return }
        positions[.y0] = edges[count - 2]
        positions[.x0] = edges[count - 1]
        positions[.y1] = edges[2 * count - 2]
        positions[.x1] = edges[2 * count - 1]
        leadingEdges = (0..<count - 2).compactMap { axis in
            guard let first = edges[axis], let end = edges[axis + count] else { return nil }
            return (first, end)
        }
    }

    private mutating func take(_ all: [Column: LengthUnit]) throws(Problem) {
        let depths = [Column.z, .centroidZ, .boxZ].filter { positions[$0] != nil }
        depthColumn = depths.first { all[$0] == nil } ?? depths.first
        depthUnit = depthColumn.flatMap { all[$0] }
        if all[.boxDepth] != nil { positions[.boxDepth] = nil }
        let units = all.filter { ![.z, .centroidZ, .boxZ, .boxDepth].contains($0.key) }
        let lengths = Set(units.values)
        guard lengths.count <= 1 else {
            throw Problem(
                kind: .badValue,
                text: "the columns are in several units",
                advice: "give all coordinates in one unit"
            )
        }
        if let length = lengths.first {
            unit = .named(length)
        } else if style == .imageJ {
            unit = .ofImage
        }
    }

    /// Of measured objects, either the middle or the box is taken.
    private mutating func chooseBoxes(_ prefersBoxes: Bool) {
        let isMeasured = style != .own
        guard isMeasured, hasBoxes || hasSizes, positions[.y] != nil, positions[.x] != nil else {
            return
        }
        let dropped: [Column] = prefersBoxes ? [.y, .x] : [.y0, .x0, .y1, .x1, .width, .height]
        for column in dropped { positions[column] = nil }
    }

    // MARK: - Names

    private static func style(of header: [String]) -> Style {
        let names = Set(header)
        let isImageJ =
            names.contains("X") && names.contains("Y")
            || names.contains("BX") && names.contains("BY")
            || names.contains("XM") && names.contains("YM")
        if isImageJ {
            let known = [
                "", "Area", "Mean", "XM", "BX", "Slice", "Ch", "Frame", "Counter", "Count",
            ]
            if !names.isDisjoint(with: known) { return .imageJ }
        }
        let plain = header.map { parts(of: $0).name }
        if plain.contains("centroid x"), plain.contains("centroid y") { return .quPath }
        let isMeasured = ["centroid_x", "centroid-0", "bbox-0", "box_x"].contains {
            plain.contains($0)
        }
        return isMeasured ? .measured : .own
    }

    /// The number of an axis.
    private static func axis(_ name: String) -> Int? {
        number(name, after: ["axis-", "axis_", "centroid-"])
    }

    /// The number behind one of the prefixes.
    private static func number(_ name: String, after prefixes: [String]) -> Int? {
        for prefix in prefixes where name.hasPrefix(prefix) {
            return Int(name.dropFirst(prefix.count)).flatMap { (0..<16).contains($0) ? $0 : nil }
        }
        return nil
    }

    private static func column(
        _ name: String,
        _ style: Style,
        isShapes: Bool
    ) -> Column? {
        switch (style, name) {
        case (_, "id"), (_, "track"), (_, "track_id"): .object
        case (_, "index") where isShapes: .object
        case (_, "shape-type"), (_, "shape_type"): .type
        case (_, "vertex-index"), (_, "vertex_index"): .vertex
        case (_, "c"), (_, "ch"), (_, "channel_index"): .channel
        case (_, "slice"), (_, "z_slice"), (_, "slice_index"), (_, "z_index"): .z
        case (_, "frame"), (_, "time"), (_, "timepoint"), (_, "time_point"), (_, "time point"),
            (_, "timeframe"), (_, "frame_index"), (_, "time_index"), (_, "t_index"):
            .t
        case (.imageJ, "label"): .name
        case (.imageJ, "type"), (.imageJ, "area"), (.imageJ, "shape"): nil
        case (.imageJ, "bx"): .x0
        case (.imageJ, "by"): .y0
        case (.imageJ, "width"): .width
        case (.imageJ, "height"): .height
        case (.quPath, "centroid x"), (.measured, "centroid_x"): .x
        case (.quPath, "centroid y"), (.measured, "centroid_y"): .y
        case (.quPath, "classification"): .class
        case (.quPath, "object type"), (.quPath, "type"): nil
        case (.measured, "label"): .object
        case (.measured, "box_x"): .x0
        case (.measured, "box_y"): .y0
        case (.measured, "box_width"): .width
        case (.measured, "box_height"): .height
        case (_, "width"), (_, "height"), (_, "vertex"): nil
        default: Column(rawValue: name)
        }
    }

    /// The name in lower case, and the unit at its end: `x (µm)`, `x [um]`, `x_um`, `Centroid X µm`.
    private static func parts(of header: String) -> (name: String, unit: LengthUnit?) {
        let name = header.lowercased()
        let separators: Set<Character> = [" ", "_", "(", "[", ")", "]"]
        let end = name.trimmingSuffix { $0 == ")" || $0 == "]" }
        guard let start = end.lastIndex(where: { separators.contains($0) }),
            let unit = LengthUnit(named: String(end[end.index(after: start)...]))
        else { return (name, nil) }
        return (String(end[..<start].trimmingSuffix { separators.contains($0) }), unit)
    }
}

extension StringProtocol {
    /// The text without the characters at its end that fulfil a condition.
    fileprivate func trimmingSuffix(_ condition: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, condition(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
