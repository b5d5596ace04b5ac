import Files
public import Foundation
import Imaging

extension PromptDocument {
    /// Reads prompts from a table, one point, box or corner a row.
    ///
    /// The first line names the columns, in any order: `object`, `name`, `class`, `type`, `y`, `x`,
    /// `label`, `y0`, `x0`, `y1`, `x1`, `extension`, `shape`. napari's `axis-0` and `axis-1` are y and
    /// x; other columns are ignored. Rows of the same `object` belong together; without that column
    /// every point, box and shape is an object. `docs/prompts.md` explains each column.
    ///
    /// - Parameters:
    ///   - csv: The bytes of the file; separated by commas, semicolons or tabs.
    ///   - file: Its name, for messages.
    /// - Throws: ``PromptError`` that names the line, the column and what stands there.
    public init(csv: Data, file: String) throws(PromptError) {
        guard csv.count <= Self.maximumByteCount else { throw .tooLarge(csv.count, file: file) }
        var builder = try TableReader(file: file, text: csv)
        self.init(objects: try builder.objects())
    }
}

/// Collects the rows of a table into objects.
private struct TableReader {
    private enum Column: String, CaseIterable {
        case object, name, `class`, type, y, x, label, y0, x0, y1, x1, `extension`, shape

        init?(header: String) {
            switch header {
            case "axis-0": self = .y
            case "axis-1": self = .x
            case "id": self = .object
            default: self.init(rawValue: header)
            }
        }
    }

    private let file: String
    private var lines: DelimitedText
    private var columns: [Column: Int] = [:]

    /// Corners of one polygon or scribble, in the order of their rows.
    private struct Outline {
        let kind: Prompt.Kind
        let label: PromptLabel
        var points: [Point<OriginalPixels>]
        let line: Int
    }

    init(file: String, text: Data) throws(PromptError) {
        self.file = file
        do throws(DelimitedTextError) {
            lines = try DelimitedText(text, file: file)
        } catch {
            throw PromptError(error)
        }
        guard let header = try next() else {
            throw PromptError(
                .empty,
                file: file,
                "it has no lines",
                advice: "begin with the names of the columns, such as y,x"
            )
        }
        for (index, field) in header.fields.enumerated() {
            let name = field.lowercased()
            guard let column = Column(header: name) else { continue }
            guard columns.updateValue(index, forKey: column) == nil else {
                throw error(header, .badValue, "the column '\(name)' occurs twice", "name it once")
            }
        }
        let hasPoints = columns[.y] != nil && columns[.x] != nil
        let hasBoxes = [Column.y0, .x0, .y1, .x1].allSatisfy { columns[$0] != nil }
        guard hasPoints || hasBoxes else {
            throw error(
                header,
                .missing,
                "there are neither the columns y and x nor y0, x0, y1 and x1",
                "name the columns in the first line",
                value: "'" + header.fields.joined(separator: ",") + "'"
            )
        }
    }

    mutating func objects() throws(PromptError) -> [PromptedObject] {
        var objects: [PromptedObject] = []
        var places: [String: Int] = [:]
        var used: Set<UInt32> = []
        var outlines: [String: Outline] = [:]
        var order: [(key: String, object: Int)] = []
        while let row = try next() {
            let kind = try kind(of: row)
            let isCorner = kind == .polygon || kind == .scribble
            let shape = text(row, .shape) ?? ""
            let name = text(row, .object) ?? (isCorner ? "shape \(shape)" : nil)
            let place: Int
            if let name, let known = places[name] {
                place = known
            } else {
                let id = try newID(text(row, .object), row, &used)
                place = objects.count
                objects.append(PromptedObject(id: id, prompts: []))
                if let name { places[name] = place }
            }
            objects[place].name = objects[place].name ?? text(row, .name)
            objects[place].category = objects[place].category ?? text(row, .class)
            if isCorner {
                let key = "\(place) \(kind.rawValue) \(shape)"
                if outlines[key] == nil {
                    outlines[key] = Outline(
                        kind: kind,
                        label: try label(row),
                        points: [],
                        line: row.number
                    )
                    order.append((key, place))
                }
                outlines[key]?.points.append(try point(row))
            } else {
                objects[place].prompts.append(try prompt(kind, row))
            }
        }
        for (key, place) in order {
            guard let outline = outlines[key] else { continue }
            let prompt =
                outline.kind == .polygon
                ? Prompt.polygon(outline.points) : .scribble(outline.points, outline.label)
            objects[place].prompts.append(prompt)
            try check(prompt.defect, line: outline.line)
        }
        for object in objects { try check(object.defect.map { "object \(object.id) has " + $0 }) }
        return objects
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

    // MARK: - Cells

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
        guard let text = text(row, .type) else {
            return text(row, .y) == nil && text(row, .x) == nil ? .box : .point
        }
        guard let kind = Prompt.Kind(rawValue: text.lowercased()), kind != .mask else {
            throw error(
                row,
                .badValue,
                "column type: there is no such prompt in a table",
                "use point, box, rectangle, ellipse, polygon or scribble",
                value: "'\(text)'"
            )
        }
        return kind
    }

    private func newID(
        _ text: String?,
        _ row: DelimitedText.Row,
        _ used: inout Set<UInt32>
    ) throws(PromptError) -> UInt32 {
        let id: UInt32
        if let text {
            guard let number = UInt32(text), number > 0 else {
                throw error(
                    row,
                    .badValue,
                    "column object: no number of an object",
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

    private func label(_ row: DelimitedText.Row) throws(PromptError) -> PromptLabel {
        switch text(row, .label)?.lowercased() {
        case nil, "1", "positive", "+": return .positive
        case "0", "negative", "-", "-1": return .negative
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

    private func point(_ row: DelimitedText.Row) throws(PromptError) -> Point<OriginalPixels> {
        Point(x: try number(row, .x), y: try number(row, .y))
    }

    private func box(_ row: DelimitedText.Row) throws(PromptError) -> Box<OriginalPixels> {
        Box(
            minX: try number(row, .x0),
            minY: try number(row, .y0),
            maxX: try number(row, .x1),
            maxY: try number(row, .y1)
        )
    }

    private func number(_ row: DelimitedText.Row, _ column: Column) throws(PromptError) -> Double {
        guard let text = text(row, column) else {
            throw error(
                row,
                .missing,
                "column \(column.rawValue): empty or not there",
                "give a number of pixels"
            )
        }
        guard let number = Double(text), number.isFinite, abs(number) <= Prompt.coordinateLimit
        else {
            throw error(
                row,
                .badValue,
                "column \(column.rawValue): not a number of pixels",
                "use numbers such as 12 or 12.5",
                value: "'\(text)'"
            )
        }
        return number
    }

    /// The cell of a column; nil if it is empty or not there.
    private func text(_ row: DelimitedText.Row, _ column: Column) -> String? {
        guard let index = columns[column], index < row.fields.count, !row.fields[index].isEmpty
        else { return nil }
        return row.fields[index]
    }

    private func error(
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
