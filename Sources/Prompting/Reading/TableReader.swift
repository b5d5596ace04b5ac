import Files
import Foundation
import Imaging

/// Collects the rows of a table into objects.
struct TableReader {
    typealias Column = TableColumns.Column

    let file: String
    let columns: TableColumns

    /// Fields of the header.
    private let columnCount: Int

    /// How many pixels the unit of coordinates is, in x and y.
    private let scale: (x: Double, y: Double)

    /// How many slices the unit of depths is.
    let depthScale: Double

    private var lines: DelimitedText
    private var found: [PromptedObject] = []
    private var places: [PlaceKey: Int] = [:]
    private var ids: [String: UInt32] = [:]
    private var used: Set<UInt32> = []
    private let joinsPlanes: Bool
    private var outlines: [OutlineKey: TableOutline] = [:]
    private var order: [OutlineKey] = []
    private var counts = PromptCounts()

    /// An object; where it may lie in several planes, in one of them.
    private struct PlaceKey: Hashable {
        let name: String
        let plane: ObjectPlace?
    }

    private struct OutlineKey: Hashable {
        let object: Int
        let kind: String
        let shape: String
    }

    init(file: String, text: Data, _ options: PromptReadingOptions) throws(PromptError) {
        self.file = file
        joinsPlanes = options.joinsPlanes
        let header: DelimitedText.Row?
        do throws(DelimitedTextError) {
            lines = try DelimitedText(text, file: file)
            header = try lines.next()
        } catch {
            throw PromptError(error)
        }
        guard let header else {
            throw PromptError(
                .empty,
                file: file,
                "it is empty",
                advice: "begin with the names of the columns, such as y,x"
            )
        }
        columnCount = header.fields.count
        do throws(TableColumns.Problem) {
            columns = try TableColumns(header.fields, prefersBoxes: options.outlines == .box)
        } catch {
            throw PromptError(
                error.kind,
                file: file,
                place: "line \(header.number)",
                value: error.value,
                error.text,
                advice: error.advice
            )
        }
        scale = try Self.scale(columns.unit, options, file: file)
        depthScale = try Self.depthScale(columns.depthUnit, options, file: file)
    }

    /// What coordinates are multiplied by to become pixels.
    private static func scale(
        _ unit: TableColumns.Unit,
        _ options: PromptReadingOptions,
        file: String
    ) throws(PromptError) -> (x: Double, y: Double) {
        func unknown(_ problem: String) -> PromptError {
            PromptError(
                .unitUnknown,
                file: file,
                problem,
                advice: "give the unit: pixel, nm, um or mm"
            )
        }
        let chosen = options.unit
        switch unit {
        case .named(let named) where chosen == nil:
            throw unknown("the coordinates are in \(named.rawValue), not in pixels")
        case .ofImage where chosen == nil && options.pixelSize != nil:
            throw unknown(
                "ImageJ writes coordinates in the unit of the image, which may not be pixels"
            )
        default: break
        }
        guard let micrometres = chosen?.micrometres else { return (1, 1) }
        guard let size = options.pixelSize, size.x > 0, size.y > 0 else {
            throw PromptError(
                .unitUnknown,
                file: file,
                "the image has no pixel size, so lengths cannot be converted to pixels",
                advice: "give coordinates in pixels"
            )
        }
        return (micrometres / size.x, micrometres / size.y)
    }

    mutating func objects() throws(PromptError) -> [PromptedObject] {
        while let row = try next() {
            try requireNamed(row)
            try add(row)
            counts.objects = found.count
            try counts.check(file)
        }
        for key in order {
            guard let outline = outlines.removeValue(forKey: key) else { continue }
            let prompt = outline.prompt
            found[key.object].prompts.append(prompt)
            try check(prompt.defect, line: outline.line)
            if case .polygon(let corners) = prompt { counts.addRows(of: corners) }
        }
        try counts.check(file)
        for object in found { try check(object.defect.map { "object \(object.id) has " + $0 }) }
        return found
    }

    /// A field that no column names, such as a label or the decimals behind a comma, would be lost.
    private func requireNamed(_ row: DelimitedText.Row) throws(PromptError) {
        guard let unnamed = row.fields.dropFirst(columnCount).first(where: { !$0.isEmpty }) else {
            return
        }
        throw PromptError(
            .malformed,
            file: file,
            place: "line \(row.number)",
            value: unnamed,
            "the row has \(row.fields.count) fields, but the header names \(columnCount) columns",
            advice: "name all columns, and write decimals with a point"
        )
    }

    private mutating func add(_ row: DelimitedText.Row) throws(PromptError) {
        let kind = try kind(of: row)
        let isCorner = columns.hasVertices || kind == .polygon || kind == .scribble
        let shape = isCorner ? text(row, .shape) ?? "" : ""
        let name = text(row, .object) ?? (isCorner ? "shape \(shape)" : nil)
        let plane = try place(of: row)
        let object: Int
        let owner = name.map { PlaceKey(name: $0, plane: joinsPlanes ? plane : nil) }
        if let owner, let known = places[owner] {
            object = known
            guard found[known].place == plane else {
                throw error(
                    row,
                    .badValue,
                    "object \(found[known].id) lies on several planes",
                    "give the prompts of each plane a separate number"
                )
            }
        } else {
            let known = name.flatMap { ids[$0] }
            let id = if let known { known } else { try newID(row) }
            object = found.count
            found.append(PromptedObject(id: id, place: plane, prompts: []))
            if let owner {
                places[owner] = object
                ids[owner.name] = id
            }
        }
        found[object].name = found[object].name ?? text(row, .name)
        found[object].category = found[object].category ?? text(row, .class)
        if let parent = try parent(row) { found[object].parent = found[object].parent ?? parent }
        if try divides(row) { found[object].divides = true }
        counts.positions += 1
        guard isCorner else {
            counts.prompts += 1
            found[object].prompts.append(try prompt(kind, row))
            try PromptCounts.check(
                prompts: found[object].prompts.count,
                positions: 0,
                of: "line \(row.number)",
                file: file
            )
            return
        }
        let key = OutlineKey(object: object, kind: kind.rawValue, shape: shape)
        if outlines[key] == nil {
            outlines[key] = TableOutline(
                kind: kind,
                label: try label(row),
                isDrawn: columns.hasVertices,
                line: row.number
            )
            order.append(key)
            counts.prompts += 1
        }
        let number = text(row, .vertex) == nil ? nil : try number(row, .vertex)
        let corner = try point(row)
        outlines[key]?.append(corner, number: number)
        if outlines[key]?.count ?? 0 > Prompt.cornerLimit {
            try check("an outline has more than \(Prompt.cornerLimit) corners", line: row.number)
        }
    }

    private func check(_ defect: String?, line: Int? = nil) throws(PromptError) {
        guard let defect else { return }
        throw PromptError(
            .badValue,
            file: file,
            place: line.map { "line \($0)" },
            defect,
            advice: "see docs/prompts.md for the columns"
        )
    }

    private mutating func next() throws(PromptError) -> DelimitedText.Row? {
        do throws(DelimitedTextError) {
            return try lines.next()
        } catch {
            throw PromptError(error)
        }
    }

    // MARK: - Rows

    private func prompt(
        _ kind: Prompt.Kind,
        _ row: DelimitedText.Row
    ) throws(PromptError) -> Prompt {
        let prompt: Prompt
        switch kind {
        case .point: prompt = .point(try point(row), try label(row))
        case .rectangle: prompt = .rectangle(try box(row))
        case .ellipse: prompt = .ellipse(try box(row))
        default:
            let margin = text(row, .extension) == nil ? nil : try number(row, .extension)
            prompt = .box(try box(row), margin: margin)
        }
        try check(prompt.defect, line: row.number)
        return prompt
    }

    private func kind(of row: DelimitedText.Row) throws(PromptError) -> Prompt.Kind {
        guard let text = text(row, .type)?.lowercased() else {
            if columns.hasVertices { return .polygon }
            return text(row, .y) == nil && text(row, .x) == nil ? .box : .point
        }
        if columns.hasVertices, text == "path" || text == "line" { return .scribble }
        guard let kind = Prompt.Kind(rawValue: text), kind != .mask else {
            throw error(
                row,
                .badValue,
                "column type: not a type of prompt in tables",
                "use point, box, rectangle, ellipse, polygon or scribble",
                value: "'\(text)'"
            )
        }
        return kind
    }

    private mutating func newID(_ row: DelimitedText.Row) throws(PromptError) -> UInt32 {
        let id: UInt32
        if let text = text(row, .object), !columns.hasVertices {
            let number = UInt32(text) ?? Double(text).flatMap { UInt32(exactly: $0) }
            guard let number, number > 0 else {
                throw error(
                    row,
                    .badValue,
                    "column object: not the number of an object",
                    "use whole numbers from 1",
                    value: "'\(text)'"
                )
            }
            id = number
        } else {
            id = UInt32(truncatingIfNeeded: used.count + 1)
        }
        guard used.insert(id).inserted else {
            throw error(
                row,
                .missing,
                "column object: empty, while other rows have numbers",
                "give every row a number, or none"
            )
        }
        return id
    }

    /// The object that this one comes from; nil for none, which some write as 0.
    private func parent(_ row: DelimitedText.Row) throws(PromptError) -> UInt32? {
        guard let text = text(row, .parent) else { return nil }
        guard let number = Double(text).flatMap({ UInt32(exactly: $0) }) else {
            throw error(
                row,
                .badValue,
                "column parent: not the number of an object",
                "use the number of the object that this one comes from, or nothing",
                value: "'\(text)'"
            )
        }
        return number == 0 ? nil : number
    }

    /// Whether the object divides after this frame, as micro-sam's annotator writes it.
    private func divides(_ row: DelimitedText.Row) throws(PromptError) -> Bool {
        switch text(row, .state)?.lowercased() {
        case nil, "track": return false
        case "division": return true
        case let text?:
            throw error(
                row,
                .badValue,
                "column state: neither track nor division",
                "use division in the last frame of an object that divides",
                value: "'\(text)'"
            )
        }
    }

    private func label(_ row: DelimitedText.Row) throws(PromptError) -> PromptLabel {
        switch text(row, .label)?.lowercased() {
        case nil, "1", "positive", "+", "1.0": return .positive
        case "0", "negative", "-", "-1", "0.0": return .negative
        case let text?:
            throw error(
                row,
                .badValue,
                "column label: neither positive nor negative",
                "use positive (1) or negative (0)",
                value: "'\(text)'"
            )
        }
    }

    // MARK: - Cells

    private func point(_ row: DelimitedText.Row) throws(PromptError) -> Point<OriginalPixels> {
        let point = Point<OriginalPixels>(
            x: try number(row, .x) * scale.x,
            y: try number(row, .y) * scale.y
        )
        guard columns.style == .imageJ || columns.style == .quPath else { return point }
        // These programs count from the corner of the first pixel, but mean a pixel by whole numbers.
        let isWhole =
            abs(point.x - point.x.rounded()) < 1e-4 && abs(point.y - point.y.rounded()) < 1e-4
        return isWhole
            ? Point(x: point.x.rounded(), y: point.y.rounded())
            : Point(x: point.x - 0.5, y: point.y - 0.5)
    }

    private func box(_ row: DelimitedText.Row) throws(PromptError) -> Box<OriginalPixels> {
        let (x, y) = (try number(row, .x0) * scale.x, try number(row, .y0) * scale.y)
        guard columns.hasSizes, !columns.hasBoxes else {
            return Box(
                minX: x,
                minY: y,
                maxX: try number(row, .x1) * scale.x,
                maxY: try number(row, .y1) * scale.y
            )
        }
        return Box(
            minX: x,
            minY: y,
            maxX: x + (try number(row, .width)) * scale.x,
            maxY: y + (try number(row, .height)) * scale.y
        )
    }

    func number(_ row: DelimitedText.Row, _ column: Column) throws(PromptError) -> Double {
        guard let position = columns.positions[column] else {
            throw error(
                row,
                .missing,
                "column \(column.rawValue): empty or missing",
                "give a number of pixels"
            )
        }
        return try number(row, at: position, column.rawValue)
    }

    func number(
        _ row: DelimitedText.Row,
        at position: Int,
        _ column: String
    ) throws(PromptError) -> Double {
        guard position < row.fields.count, !row.fields[position].isEmpty else {
            throw error(
                row,
                .missing,
                "column \(column): empty or missing",
                "give a number of pixels"
            )
        }
        let text = row.fields[position]
        guard let number = Double(text), number.isFinite, abs(number) <= Prompt.coordinateLimit
        else {
            throw error(
                row,
                .badValue,
                "column \(column): not a number of pixels",
                "use numbers such as 12 or 12.5",
                value: "'\(text)'"
            )
        }
        return number
    }

    /// The cell of a column; nil if it is empty or not there.
    func text(_ row: DelimitedText.Row, _ column: Column) -> String? {
        guard let index = columns.positions[column], index < row.fields.count,
            !row.fields[index].isEmpty
        else { return nil }
        return row.fields[index]
    }

    func error(
        _ row: DelimitedText.Row,
        _ kind: PromptError.Kind,
        _ problem: String,
        _ advice: String,
        value: String? = nil
    ) -> PromptError {
        PromptError(
            kind,
            file: file,
            place: "line \(row.number)",
            value: value,
            problem,
            advice: advice
        )
    }
}

extension PromptError {
    fileprivate init(_ error: DelimitedTextError) {
        self.init(
            .malformed,
            file: error.file,
            place: error.line.map { "line \($0)" },
            error.problem,
            advice: error.advice
        )
    }
}
