import Imaging

extension Editor {
    /// The most pixels that are filled at once.
    private static let largestFill = 1 << 24

    /// Gives enclosed background to an object.
    func fill(_ label: UInt32, y: Int, x: Int) throws -> String {
        if label != 0 { _ = try named(label) }
        guard (0..<image.size.height).contains(y), (0..<image.size.width).contains(x) else {
            throw ProjectError.badGesture("the pixel lies outside the image")
        }
        let target = label == 0 ? try newLabel() : label
        guard try flood(with: target, y: y, x: x) > 0 else {
            reset()
            return ""
        }
        if label == 0 {
            var record = ObjectRecord(label: target, source: .brush)
            record.isAccepted = true
            say(record)
        }
        return "Fill background with object \(target)"
    }

    /// Paints background that touches no border of the image, run by run.
    ///
    /// - Returns: How many pixels were painted; 0 if the background is not enclosed.
    private func flood(with label: UInt32, y: Int, x: Int) throws -> Int {
        let (width, height) = (image.size.width, image.size.height)
        var open = [(y, x)]
        var count = 0
        while let (y, x) = open.popLast() {
            guard try value(y, x) == 0 else { continue }
            var (start, end) = (x, x + 1)
            while start > 0, try value(y, start - 1) == 0 { start -= 1 }
            while end < width, try value(y, end) == 0 { end += 1 }
            count += end - start
            let touchesBorder = start == 0 || end == width || y == 0 || y == height - 1
            if touchesBorder || count > Self.largestFill { return 0 }
            var run = PixelSet()
            run.append(y: y, start: start, end: end)
            try write(label, run) { _ in true }
            for row in [y - 1, y + 1] {
                for x in start..<end where try value(row, x) == 0 {
                    let isFirst = try x == start || value(row, x - 1) != 0
                    if isFirst { open.append((row, x)) }
                }
            }
        }
        return count
    }

    private func value(_ y: Int, _ x: Int) throws -> UInt32 {
        let side = TileCodec.side
        let tile = try tile(TileAddress(t: t, z: z, row: y / side, col: x / side))
        return tile.labels[y % side * side + x % side]
    }

    /// The box of an object with a margin, within the image.
    private func surroundings(_ object: ObjectRecord, margin: Int) -> Region {
        let extent = object.extent
        let x = max(extent.x.lowerBound - margin, 0)
        let y = max(extent.y.lowerBound - margin, 0)
        return Region(
            x: x,
            y: y,
            width: min(extent.x.upperBound + margin, image.size.width) - x,
            height: min(extent.y.upperBound + margin, image.size.height) - y
        )
    }

    /// Gives the background that an object encloses to it, in this plane.
    func fillHoles(_ label: UInt32) throws {
        let region = surroundings(try named(label), margin: 0)
        let labels = try labels(in: region)
        let outside = try LabelImage(
            componentsOf: Raster(unchecked: region.size, samples: labels.map { $0 != label }),
            connectivity: .edges
        )
        var open: Set<UInt32> = [0]
        for x in 0..<region.width {
            open.insert(outside[x: x, y: 0])
            open.insert(outside[x: x, y: region.height - 1])
        }
        for y in 0..<region.height {
            open.insert(outside[x: 0, y: y])
            open.insert(outside[x: region.width - 1, y: y])
        }
        let holes = PixelSet(in: region) { !open.contains(outside.labels[$0]) }
        try write(label, holes) { $0 == 0 }
    }

    /// Sets each pixel around an object to what most pixels within the radius are, in this plane.
    ///
    /// The object grows into background only, and stays as it is if nothing would be left.
    func smooth(_ label: UInt32, radius: Int) throws {
        let object = try named(label)
        guard (1...64).contains(radius) else {
            throw ProjectError.badGesture("the smoothing radius must be between 1 and 64")
        }
        let region = surroundings(object, margin: radius)
        let labels = try labels(in: region)
        let isInside = majority(labels.map { $0 == label }, region.size, radius)
        guard labels.indices.contains(where: { isInside[$0] && [0, label].contains(labels[$0]) })
        else { return }
        let lost = PixelSet(in: region) { labels[$0] == label && !isInside[$0] }
        let won = PixelSet(in: region) { labels[$0] == 0 && isInside[$0] }
        try write(0, lost) { $0 == label }
        try write(label, won) { $0 == 0 }
    }

    /// Whether more than half of the pixels of a disk around each pixel are set; beyond the region none is.
    private func majority(_ mask: [Bool], _ size: Size, _ radius: Int) -> [Bool] {
        let widths = (-radius...radius).map { dy in
            Int(Double(radius * radius - dy * dy).squareRoot())
        }
        let diskArea = widths.reduce(0) { $0 + 2 * $1 + 1 }
        let stride = size.width + 1
        var sums = [Int32](repeating: 0, count: stride * size.height)
        for y in 0..<size.height {
            for x in 0..<size.width {
                sums[y * stride + x + 1] =
                    sums[y * stride + x] + (mask[y * size.width + x] ? 1 : 0)
            }
        }
        var result = [Bool](repeating: false, count: size.count)
        for y in 0..<size.height {
            let rows = max(y - radius, 0)...min(y + radius, size.height - 1)
            for x in 0..<size.width {
                var count = 0
                for row in rows {
                    let width = widths[row - y + radius]
                    let end = min(x + width + 1, size.width)
                    let start = max(x - width, 0)
                    count += Int(sums[row * stride + end] - sums[row * stride + start])
                }
                result[y * size.width + x] = 2 * count > diskArea
            }
        }
        return result
    }
}
