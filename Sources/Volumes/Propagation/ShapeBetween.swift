import Imaging

extension RunLengthMask {
    /// The shape between two masks of the same object, which may have moved.
    ///
    /// Both are moved so that their centres of mass lie on the way from one to the other, then the shape between them is
    /// taken (``ShapeInterpolation``).
    ///
    /// - Parameters:
    ///   - other: The mask at position 1, of the same size.
    ///   - position: A position between this mask and the other one, 0...1.
    /// - Returns: The shape; empty if one of both is.
    func shape(
        towards other: RunLengthMask,
        at position: Double
    ) throws(ImagingError) -> RunLengthMask {
        guard let (y0, x0) = centre, let (y1, x1) = other.centre else {
            return RunLengthMask(unchecked: size, runs: [])
        }
        let (y, x) = (y0 + position * (y1 - y0), x0 + position * (x1 - x0))
        let here = (y: Int((y - y0).rounded()), x: Int((x - x0).rounded()))
        let there = (y: Int((y - y1).rounded()), x: Int((x - x1).rounded()))
        guard let first = boundingBox, let second = other.boundingBox else { return self }
        let box = first.moved(here).united(with: second.moved(there)).enlarged(by: 1)
        let shape = try ShapeInterpolation.mask(
            between: raster(in: box, moved: here),
            other.raster(in: box, moved: there),
            at: position
        )
        return try placed(shape, at: box)
    }

    /// The centre of mass; nil if the mask is empty.
    var centre: (y: Double, x: Double)? {
        var (sumX, sumY, count) = (0.0, 0.0, 0.0)
        forEachRowRun { y, columns in
            let length = Double(columns.count)
            sumX += length * Double(columns.lowerBound + columns.upperBound - 1) / 2
            sumY += length * Double(y)
            count += length
        }
        return count == 0 ? nil : (sumY / count, sumX / count)
    }

    /// The mask in a box, which may reach beyond the image, after it was moved.
    private func raster(in box: Region, moved: (y: Int, x: Int)) -> Raster<Bool> {
        var result = Raster(repeating: false, size: box.size)
        forEachRowRun { y, columns in
            let row = (y + moved.y - box.y) * box.width
            for x in columns { result.samples[row + x + moved.x - box.x] = true }
        }
        return result
    }

    /// A shape in a box as a mask of the image; what lies beyond the image is cut off.
    private func placed(
        _ shape: Raster<Bool>,
        at box: Region
    ) throws(ImagingError) -> RunLengthMask {
        var result = Raster(repeating: false, size: size)
        for y in 0..<box.height {
            for x in 0..<box.width where shape.samples[y * box.width + x] {
                let (y, x) = (box.y + y, box.x + x)
                if (0..<size.height).contains(y), (0..<size.width).contains(x) {
                    result[x: x, y: y] = true
                }
            }
        }
        return try RunLengthMask(result)
    }

    /// Calls a function with each run of pixels in a row.
    func forEachRowRun(_ body: (_ y: Int, _ columns: Range<Int>) -> Void) {
        for run in runs {
            var start = run.start
            while start < run.end {
                let row = start / size.width
                let end = min(run.end, (row + 1) * size.width)
                body(row, start - row * size.width..<end - row * size.width)
                start = end
            }
        }
    }
}

extension Region {
    fileprivate func moved(_ way: (y: Int, x: Int)) -> Region {
        Region(x: x + way.x, y: y + way.y, width: width, height: height)
    }

    fileprivate func enlarged(by margin: Int) -> Region {
        Region(
            x: x - margin,
            y: y - margin,
            width: width + 2 * margin,
            height: height + 2 * margin
        )
    }
}
