import CImageCodecs

/// The rows of a PNG that were decoded last, and the decoder, which goes on behind them.
///
/// PNG can only be decoded from the top. Whoever reads a large image tile by tile, row of tiles after
/// row, so decodes it once.
final class PNGBand {
    let header: mic_png_header

    private let file: PNGFile
    private let rowBytes: Int

    /// The first row that is kept, and the one that the decoder gives next.
    private(set) var first = 0
    private var next = 0
    private var rows: [UInt8] = []

    /// More bytes are not kept.
    static let mostBytes = 128 << 20

    /// Begins at the top of the image.
    init(path: String) throws(ImageFormatError) {
        file = try PNGFile(path: path)
        header = try file.open()
        rowBytes = Int(header.row_bytes)
        guard mic_png_begin_rows(file.handle) == 0 else { throw file.damaged("the pixels") }
    }

    /// Calls `body` with each of these rows in turn.
    ///
    /// - Parameter range: Rows of the image, from ``first`` on.
    func read(
        _ range: Range<Int>,
        _ body: (Int, UnsafeRawBufferPointer) -> Void
    ) throws(ImageFormatError) {
        let kept = max(first, min(range.lowerBound, next))
        rows.removeFirst((kept - first) * rowBytes)
        first = kept
        if next < range.lowerBound {
            (rows, first) = ([], range.lowerBound)
            let scratch = TemporaryBytes(rowBytes)
            while next < range.lowerBound { try decode(into: scratch.bytes) }
        }
        rows.reserveCapacity(range.count * rowBytes)
        while next < range.upperBound {
            rows.append(contentsOf: repeatElement(0, count: rowBytes))
            let start = rows.count - rowBytes
            let outcome: Result<Void, ImageFormatError> = rows.withUnsafeMutableBytes { bytes in
                // Safe because the row was just appended.
                Result { () throws(ImageFormatError) in
                    try decode(into: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
                }
            }
            try outcome.get()
        }
        rows.withUnsafeBytes { bytes in
            for row in range {
                let start = (row - first) * rowBytes
                body(row, UnsafeRawBufferPointer(rebasing: bytes[start..<start + rowBytes]))
            }
        }
    }

    private func decode(into row: UnsafeMutableRawBufferPointer) throws(ImageFormatError) {
        // Safe because the C function is told how much room there is.
        guard mic_png_read_row(file.handle, row.baseAddress, UInt64(rowBytes)) == 0 else {
            throw file.damaged("row \(next)")
        }
        next += 1
    }
}
