import Foundation

/// A plane across the slices of a stack, along one line of each slice.
public enum SectionAxis: String, Hashable, Codable, Sendable, CaseIterable {
    /// Through a row of every slice: its plane holds x and z.
    case y
    /// Through a column of every slice: its plane holds y and z.
    case x
}

extension Project {
    /// The labels along a line of several slices.
    ///
    /// - Parameters:
    ///   - axis: Whether the line is a row or a column.
    ///   - position: Number of the row or column.
    ///   - slices: Which slices, at least one.
    ///   - range: Which pixels of the line.
    ///   - edit: Nil for the present state; looking at another one changes nothing.
    /// - Returns: A row of labels for each slice, one after the other.
    /// - Throws: ``ProjectError/unknownImage(_:)``, ``ProjectError/unknownEdit(_:)``,
    ///   ``ProjectError/badGesture(_:)`` for pixels outside of the image.
    public func labelSection(
        image: Int64,
        t: Int = 0,
        axis: SectionAxis,
        at position: Int,
        slices: Range<Int>,
        along range: Range<Int>,
        at edit: Int64? = nil
    ) throws(ProjectError) -> [UInt32] {
        try read { store in
            let side = TileCodec.side
            var result = [UInt32](repeating: 0, count: slices.count * range.count)
            for (row, z) in slices.enumerated() {
                for piece in range.lowerBound / side...(range.upperBound - 1) / side {
                    let address =
                        switch axis {
                        case .y: TileAddress(t: t, z: z, row: position / side, col: piece)
                        case .x: TileAddress(t: t, z: z, row: piece, col: position / side)
                        }
                    guard let blob = try blob(address, image, edit, store) else { continue }
                    let labels = try store.labels(blob)
                    let own = (piece * side..<(piece + 1) * side).clamped(to: range)
                    for pixel in own {
                        let place =
                            switch axis {
                            case .y: position % side * side + pixel % side
                            case .x: pixel % side * side + position % side
                            }
                        let target = row * range.count + pixel - range.lowerBound
                        result[target] = labels[place]
                    }
                }
            }
            return result
        }
    }
}
