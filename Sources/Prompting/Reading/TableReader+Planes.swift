import Files
import Imaging

// Which plane of a stack a row is for.
extension TableReader {
    /// The plane that a row selects.
    func place(of row: DelimitedText.Row) throws(PromptError) -> ObjectPlace {
        var place = ObjectPlace(
            z: try depth(of: row),
            t: try plane(row, .t),
            channel: try plane(row, .channel)
        )
        // Of a stack that is no hyperstack, ImageJ names the slice alone.
        if columns.style == .imageJ, columns.positions[.t] == nil,
            columns.positions[.channel] == nil
        {
            (place.stack, place.z) = (place.z, nil)
        }
        place.axes = try axes(of: row)
        return place
    }

    /// The slice of a row, or in the middle of its object.
    private func depth(of row: DelimitedText.Row) throws(PromptError) -> Int? {
        guard let column = columns.depthColumn, text(row, column) != nil else { return nil }
        guard column != .z else { return try plane(row, .z) }
        var middle = try number(row, column)
        if column == .boxZ, text(row, .boxDepth) != nil {
            middle = Self.middle(from: middle, to: middle + (try number(row, .boxDepth)))
        }
        return try whole((middle * depthScale).rounded(), row, column.rawValue)
    }

    /// The places along axes without names.
    private func axes(of row: DelimitedText.Row) throws(PromptError) -> [Int]? {
        if !columns.leadingAxes.isEmpty {
            return try columns.leadingAxes.enumerated().map {
                entry throws(PromptError) -> Int in
                let value = try number(row, at: entry.element, "axis-\(entry.offset)")
                return try whole(value.rounded(), row, "axis-\(entry.offset)")
            }
        }
        if !columns.leadingEdges.isEmpty {
            return try columns.leadingEdges.enumerated().map {
                entry throws(PromptError) -> Int in
                let name = "bbox-\(entry.offset)"
                let middle = Self.middle(
                    from: try number(row, at: entry.element.first, name),
                    to: try number(row, at: entry.element.end, name)
                )
                return try whole(middle, row, name)
            }
        }
        guard text(row, .plane) != nil else { return nil }
        return [try whole(try number(row, .plane), row, "plane")]
    }

    /// The plane in the middle of those from one to before another; of two, the first.
    private static func middle(from first: Double, to end: Double) -> Double {
        max(first, ((first + end - 1) / 2).rounded(.down))
    }

    private func plane(_ row: DelimitedText.Row, _ column: Column) throws(PromptError) -> Int? {
        guard text(row, column) != nil else { return nil }
        var value = try number(row, column)
        if column == .z, columns.depthUnit != nil { value = (value * depthScale).rounded() }
        guard columns.style == .imageJ else { return try whole(value, row, column.rawValue) }
        // ImageJ counts from 1; 0 is no plane in particular.
        return value == 0 ? nil : try whole(value - 1, row, column.rawValue)
    }

    private func whole(
        _ value: Double,
        _ row: DelimitedText.Row,
        _ column: String
    ) throws(PromptError) -> Int {
        guard let place = Int(exactly: value), (0...1 << 24).contains(place) else {
            throw error(
                row,
                .badValue,
                "column \(column): not the number of a plane",
                "use whole numbers, counted from 0",
                value: "\(value)"
            )
        }
        return place
    }

    /// What depths are multiplied by to become numbers of slices.
    static func depthScale(
        _ unit: LengthUnit?,
        _ options: PromptReadingOptions,
        file: String
    ) throws(PromptError) -> Double {
        guard let unit else { return 1 }
        guard let chosen = options.unit else {
            throw PromptError(
                .unitUnknown,
                file: file,
                "the column z is in \(unit.rawValue), and no number of a slice",
                advice: "give the unit: pixel, nm, um or mm"
            )
        }
        guard let micrometres = chosen.micrometres else { return 1 }
        guard let depth = options.pixelSize?.z, depth > 0 else {
            throw PromptError(
                .badValue,
                file: file,
                "the image has no distance of slices, so depths cannot be converted to slices",
                advice: "give the number of the slice, counted from 0"
            )
        }
        return micrometres / depth
    }
}
