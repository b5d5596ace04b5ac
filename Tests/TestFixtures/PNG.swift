public import Foundation

/// A grey or RGB PNG without interlacing, read independently of the library that is tested.
public struct PNG {
    /// Number of columns.
    public let width: Int
    /// Number of rows.
    public let height: Int
    /// Samples per pixel.
    public let channels: Int
    /// Bits per sample, 8 or 16.
    public let bitDepth: Int
    /// All samples, `[height, width, channels]`.
    public let samples: [UInt16]

    /// Reads the file at `url`.
    public init(contentsOf url: URL) throws {
        let file = [UInt8](try Data(contentsOf: url))
        func word(_ at: Int) -> Int { file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var compressed: [UInt8] = []
        var offset = 8
        var header: [UInt8] = []
        while offset + 8 <= file.count {
            let length = word(offset)
            let kind = String(decoding: file[offset + 4..<offset + 8], as: UTF8.self)
            let body = file[offset + 8..<offset + 8 + length]
            if kind == "IHDR" { header = Array(body) }
            if kind == "IDAT" { compressed += body }
            offset += length + 12
        }
        guard header.count == 13, let channels = [0: 1, 2: 3, 6: 4][header[9]], header[8] >= 8,
            header[12] == 0
        else { throw FixtureError("\(url.path): unsupported kind of PNG") }
        width = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
        height = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
        bitDepth = Int(header[8])
        self.channels = channels
        samples = try Self.unfiltered(
            Inflate.zlib(compressed),
            rows: height,
            rowBytes: width * channels * bitDepth / 8,
            pixelBytes: channels * bitDepth / 8,
            bitDepth: bitDepth
        )
    }

    private static func unfiltered(
        _ raw: [UInt8],
        rows: Int,
        rowBytes: Int,
        pixelBytes: Int,
        bitDepth: Int
    ) throws -> [UInt16] {
        guard raw.count == rows * (rowBytes + 1) else { throw FixtureError("PNG: wrong length") }
        var above = [UInt8](repeating: 0, count: rowBytes)
        var result: [UInt16] = []
        result.reserveCapacity(rows * rowBytes)
        for row in 0..<rows {
            let start = row * (rowBytes + 1)
            var line = Array(raw[start + 1..<start + 1 + rowBytes])
            for index in line.indices {
                let left = index >= pixelBytes ? Int(line[index - pixelBytes]) : 0
                let corner = index >= pixelBytes ? Int(above[index - pixelBytes]) : 0
                let up = Int(above[index])
                let prediction =
                    switch raw[start] {
                    case 1: left
                    case 2: up
                    case 3: (left + up) / 2
                    case 4: paeth(left, up, corner)
                    default: 0
                    }
                line[index] &+= UInt8(truncatingIfNeeded: prediction)
            }
            if bitDepth == 8 {
                result += line.map(UInt16.init)
            } else {
                for index in stride(from: 0, to: rowBytes, by: 2) {
                    result.append(UInt16(line[index]) << 8 | UInt16(line[index + 1]))
                }
            }
            above = line
        }
        return result
    }

    private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
        let estimate = left + up - corner
        let distances = (abs(estimate - left), abs(estimate - up), abs(estimate - corner))
        if distances.0 <= distances.1 && distances.0 <= distances.2 { return left }
        return distances.1 <= distances.2 ? up : corner
    }
}
