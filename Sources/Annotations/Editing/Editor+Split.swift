import Imaging

extension Editor {
    /// Cuts an object along a line, in this plane: the largest piece stays, others become objects.
    ///
    /// - Parameter dividesParts: Whether an object that lies in several parts, none of which is cut, is divided into these.
    func split(
        _ label: UInt32,
        along line: [Point<OriginalPixels>],
        width: Double,
        intoParts dividesParts: Bool = false
    ) throws -> String {
        let object = try named(label)
        guard line.count > 1, line.count < 100_000 else {
            throw ProjectError.badGesture(
                "the line of a split has \(line.count) points; it must have 2 to 99999"
            )
        }
        guard (0...1000).contains(width) else {
            throw ProjectError.badGesture("the width of a split is \(width), not 0 to 1000")
        }
        guard line.allSatisfy({ abs($0.x) <= 1e8 && abs($0.y) <= 1e8 }) else {
            throw ProjectError.badGesture("the line of a split is too far away from the image")
        }
        let extent = object.extent
        let region = Region(
            x: extent.x.lowerBound,
            y: extent.y.lowerBound,
            width: extent.x.count,
            height: extent.y.count
        )
        let isObject = try labels(in: region).map { $0 == label }
        let cut = LineCut(line, width: width, region)
        let pieces = try Pieces(isObject, cut.isCut, region.size, dividesParts)
        guard !pieces.split.isEmpty else {
            reset()
            return ""
        }
        var places = pieces.places
        if width == 0 { spread(&places, over: isObject, region.size) }
        if width > 0 {
            let gap = PixelSet(in: region) { isObject[$0] && cut.isCut[$0] }
            try write(0, gap) { $0 == label }
        }
        for piece in pieces.split {
            var record = object
            record.label = try newLabel()
            record.prompt = nil
            record.parent = nil
            let pixels = PixelSet(in: region) { places[$0] == piece }
            try write(record.label, pixels) { $0 == label }
            say(record)
        }
        return "Split object \(label) into \(pieces.split.count + 1)"
    }

    /// Gives the pixels of the cut to the piece that is nearest, step by step along edges.
    private func spread(_ places: inout [UInt32], over isObject: [Bool], _ size: Size) {
        var open = places.indices.filter { places[$0] != 0 }
        while !open.isEmpty {
            var next: [Int] = []
            for pixel in open {
                let x = pixel % size.width
                for (isThere, neighbor) in [
                    (pixel >= size.width, pixel - size.width), (x > 0, pixel - 1),
                    (x + 1 < size.width, pixel + 1),
                    (pixel + size.width < size.count, pixel + size.width),
                ] where isThere && isObject[neighbor] && places[neighbor] == 0 {
                    places[neighbor] = places[pixel]
                    next.append(neighbor)
                }
            }
            open = next
        }
    }
}

/// The parts of an object beside a cut.
private struct Pieces {
    /// Which piece each pixel belongs to; 0 on the cut and outside.
    var places: [UInt32]
    /// The pieces that become objects: all but the largest of each part that the cut divides.
    var split: [UInt32] = []

    /// - Parameter dividesParts: Whether an object of several parts, of which the cut divides none, is divided into these.
    init(_ isObject: [Bool], _ isCut: [Bool], _ size: Size, _ dividesParts: Bool) throws {
        let before = try LabelImage(
            componentsOf: Raster(unchecked: size, samples: isObject),
            connectivity: .edges
        )
        let after = try LabelImage(
            componentsOf: Raster(
                unchecked: size,
                samples: isObject.indices.map { isObject[$0] && !isCut[$0] }
            ),
            connectivity: .edges
        )
        places = after.labels
        var sizes: [UInt32: [UInt32: Int]] = [:]
        for (pixel, piece) in after.labels.enumerated() where piece != 0 {
            sizes[before.labels[pixel], default: [:]][piece, default: 0] += 1
        }
        if dividesParts, sizes.values.allSatisfy({ $0.count == 1 }) {
            sizes = [0: sizes.values.reduce(into: [:]) { $0.merge($1) { one, _ in one } }]
        }
        for pieces in sizes.values {
            let order = pieces.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            split += order.dropFirst().map(\.key)
        }
        split.sort()
    }
}

/// The pixels of a region on a line.
private struct LineCut {
    var isCut: [Bool]

    init(_ line: [Point<OriginalPixels>], width: Double, _ region: Region) {
        isCut = [Bool](repeating: false, count: region.size.count)
        for (from, to) in zip(line, line.dropFirst()) {
            trace(from, to, region)
            if width > 0 { thicken(from, to, width, region) }
        }
    }

    /// Pixels from end to end, each beside the last one or at its corner, clipped to the region.
    private mutating func trace(
        _ from: Point<OriginalPixels>,
        _ to: Point<OriginalPixels>,
        _ region: Region
    ) {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let isSteep = abs(dy) > abs(dx)
        // Along the longer side every row or column has one pixel.
        let (first, last) = isSteep ? (from.y, to.y) : (from.x, to.x)
        let low = Int(min(first, last).rounded())
        let high = Int(max(first, last).rounded())
        let range = isSteep ? region.y..<region.endY : region.x..<region.endX
        for step in max(
            low,
            range.lowerBound
        )..<max(min(high + 1, range.upperBound), max(low, range.lowerBound)) {
            let share = last == first ? 0 : (Double(step) - first) / (last - first)
            let clamped = min(max(share, 0), 1)
            let other = Int((isSteep ? from.x + clamped * dx : from.y + clamped * dy).rounded())
            set(x: isSteep ? other : step, y: isSteep ? step : other, region)
        }
    }

    private mutating func set(x: Int, y: Int, _ region: Region) {
        guard x >= region.x, x < region.endX, y >= region.y, y < region.endY else { return }
        isCut[(y - region.y) * region.width + x - region.x] = true
    }

    /// All pixels whose middle is not farther than half the width.
    private mutating func thicken(
        _ from: Point<OriginalPixels>,
        _ to: Point<OriginalPixels>,
        _ width: Double,
        _ region: Region
    ) {
        let reach = width / 2
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let length = dx * dx + dy * dy
        func range(_ a: Double, _ b: Double, _ limit: Range<Int>) -> Range<Int> {
            let low = max(Int((min(a, b) - reach).rounded(.up)), limit.lowerBound)
            let high = min(Int((max(a, b) + reach).rounded(.down)) + 1, limit.upperBound)
            return low..<max(low, high)
        }
        for y in range(from.y, to.y, region.y..<region.endY) {
            for x in range(from.x, to.x, region.x..<region.endX) {
                let (px, py) = (Double(x) - from.x, Double(y) - from.y)
                let share = length == 0 ? 0 : min(max((px * dx + py * dy) / length, 0), 1)
                let (ex, ey) = (px - share * dx, py - share * dy)
                if ex * ex + ey * ey <= reach * reach { set(x: x, y: y, region) }
            }
        }
    }
}
