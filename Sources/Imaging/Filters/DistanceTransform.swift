extension Raster where Sample == Bool {
    /// The squared Euclidean distance of every pixel to the nearest true pixel.
    ///
    /// Exact, in whole numbers; `Int32.max` everywhere if no pixel is true. Cost: linear.
    ///
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` for several channels,
    ///   ``ImagingError/invalidSize(_:_:)`` if squared distances would not fit 31 bits (sides
    ///   beyond 23 000 pixels).
    /// - Source: A. Meijster et al., "A general algorithm for computing distance transforms in
    ///   linear time", 2000.
    public func squaredDistances() throws(ImagingError) -> Raster<Int32> {
        try requireOneChannel("mask")
        guard size.longestSide <= 23_000 else { throw .invalidSize("distance transform", size) }
        var columns = distancesWithinColumns(self)
        var result = [Int32](repeating: .max, count: size.count)
        columns.withUnsafeMutableBufferPointer { columns in
            result.withUnsafeMutableBufferPointer { result in
                var parabolas = LowerEnvelope(width: size.width)
                for row in 0..<size.height {
                    // Safe because both slices are one whole row.
                    let range = row * size.width..<(row + 1) * size.width
                    parabolas.evaluate(
                        UnsafeBufferPointer(rebasing: columns[range]),
                        into: UnsafeMutableBufferPointer(rebasing: result[range])
                    )
                }
            }
        }
        return Raster<Int32>(unchecked: size, samples: result)
    }

    /// The Euclidean distance of every pixel to the nearest true pixel, infinite if there is none.
    ///
    /// - Throws: As ``squaredDistances()``.
    public func distances() throws(ImagingError) -> Raster<Float> {
        try squaredDistances().map { $0 == .max ? .infinity : Float($0).squareRoot() }
    }
}

/// The distance along the column to the nearest true pixel, or -1 if the column has none.
private func distancesWithinColumns(_ mask: Raster<Bool>) -> [Int32] {
    let width = mask.size.width
    var result = [Int32](repeating: -1, count: mask.samples.count)
    for index in result.indices {
        if mask.samples[index] {
            result[index] = 0
        } else if index >= width, result[index - width] >= 0 {
            result[index] = result[index - width] + 1
        }
    }
    for index in result.indices.reversed().dropFirst(width) {
        let below = result[index + width]
        if below >= 0, result[index] < 0 || below + 1 < result[index] { result[index] = below + 1 }
    }
    return result
}

/// The minimum of the parabolas `(x - column)² + height²` of one row, kept between rows to reuse
/// its memory.
private struct LowerEnvelope {
    private var columns: [Int]
    private var starts: [Int]

    init(width: Int) {
        columns = [Int](repeating: 0, count: width)
        starts = columns
    }

    mutating func evaluate(
        _ distances: UnsafeBufferPointer<Int32>,
        into row: UnsafeMutableBufferPointer<Int32>
    ) {
        // Safe because indices come from the buffers themselves, and the parabolas number at most
        // as many as the columns.
        func height(_ column: Int) -> Int { Int(distances[column]) * Int(distances[column]) }
        func value(_ x: Int, _ column: Int) -> Int {
            (x - column) * (x - column) + height(column)
        }
        var last = -1
        for column in distances.indices where distances[column] >= 0 {
            while last >= 0, value(starts[last], columns[last]) > value(starts[last], column) {
                last -= 1
            }
            if last < 0 {
                last = 0
                columns[0] = column
                starts[0] = 0
                continue
            }
            // The first x at which the new parabola is lower than the last one.
            let other = columns[last]
            let numerator = column * column - other * other + height(column) - height(other)
            let start = 1 + Self.floorDivided(numerator, by: 2 * (column - other))
            if start < row.count {
                last += 1
                columns[last] = column
                starts[last] = start
            }
        }
        guard last >= 0 else { return }
        for x in row.indices.reversed() {
            row[x] = Int32(truncatingIfNeeded: value(x, columns[last]))
            if x == starts[last] { last -= 1 }
        }
    }

    private static func floorDivided(_ value: Int, by divisor: Int) -> Int {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
