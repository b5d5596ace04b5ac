import Annotations
import ImageFormats
import Imaging

/// A piece of a plane across slices: a row for each slice, a column for each pixel of a line through it.
///
/// Pieces are small, because every row of one may cost the decoding of a block of the file.
struct SectionTile: Hashable, Sendable {
    /// The most slices of a piece.
    static let depth = 64

    /// The most pixels of a piece along the line.
    static let length = 512

    let axis: SectionAxis

    /// Number of the row or column that the line is.
    let position: Int
    let slices: Range<Int>
    let range: Range<Int>

    /// Nil where there is no such piece.
    init?(_ axis: SectionAxis, at position: Int, row: Int, column: Int, in shape: ImageShape) {
        let (line, lines) = axis == .y ? (shape.x, shape.y) : (shape.y, shape.x)
        let (first, start) = (
            row.multipliedReportingOverflow(by: Self.depth),
            column.multipliedReportingOverflow(by: Self.length)
        )
        guard (0..<lines).contains(position), !first.overflow, !start.overflow,
            (0..<shape.z).contains(first.partialValue), (0..<line).contains(start.partialValue)
        else { return nil }
        (self.axis, self.position) = (axis, position)
        slices = first.partialValue..<min(first.partialValue + Self.depth, shape.z)
        range = start.partialValue..<min(start.partialValue + Self.length, line)
    }

    /// Width along the line, height across the slices.
    var size: Size { Size(width: range.count, height: slices.count) }

    /// Where the line lies in a slice.
    var region: Region {
        switch axis {
        case .y: Region(x: range.lowerBound, y: position, width: range.count, height: 1)
        case .x: Region(x: position, y: range.lowerBound, width: 1, height: range.count)
        }
    }
}

extension OpenImage {
    /// The pixels of a piece of a plane across slices, of one channel; nil where there is no such channel.
    func section(_ tile: SectionTile, t: Int, channel: Int) throws -> [UInt8]? {
        let perPixel = source.description.colorModel.visibleSamples
        guard (0..<channelCount).contains(channel) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tile.size.count * type.byteCount)
        for z in tile.slices {
            let plane = PlaneIndex(t: t, c: channel / perPixel, z: z)
            let pixels = DisplayPixels(try source.read(plane, region: tile.region))
            bytes += pixels.channel(channel % perPixel).bytes
        }
        return bytes
    }
}
