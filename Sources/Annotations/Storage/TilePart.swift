/// What a tile holds of one object.
struct TilePart: Hashable, Sendable {
    let label: UInt32
    var area: UInt32 = 0
    var minX = UInt32.max
    var minY = UInt32.max
    var maxX: UInt32 = 0
    var maxY: UInt32 = 0
    /// Sums of the columns and rows of all pixels, counted from the corner of the tile.
    var sumX: UInt32 = 0
    var sumY: UInt32 = 0

    init(label: UInt32) { self.label = label }
}

extension [TilePart] {
    /// The objects of a tile by ascending label.
    init(of labels: [UInt32]) {
        // Safe because the buffer has the labels of one tile, and all indices are below their number.
        var parts: [UInt32: TilePart] = [:]
        let side = TileCodec.side
        labels.withUnsafeBufferPointer { labels in
            var part = TilePart(label: 0)
            for y in 0..<side {
                var x = 0
                while x < side {
                    let label = labels[y &* side &+ x]
                    let start = x
                    repeat { x &+= 1 } while x < side && labels[y &* side &+ x] == label
                    guard label != 0 else { continue }
                    if part.label != label {
                        if part.label != 0 { parts[part.label] = part }
                        part = parts[label] ?? TilePart(label: label)
                    }
                    part.add(row: y, from: start, to: x)
                }
            }
            if part.label != 0 { parts[part.label] = part }
        }
        self = parts.values.sorted { $0.label < $1.label }
    }

    /// The part of one object; nil if the tile has none of it.
    func part(of label: UInt32) -> TilePart? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].label < label { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].label == label ? self[low] : nil
    }

    /// The form in the project file: five numbers of 32 bits for each object.
    var bytes: [UInt8] {
        // Safe because the bytes are copied.
        var numbers: [UInt32] = []
        numbers.reserveCapacity(5 * count)
        for part in self {
            let box = part.minX | part.minY << 8 | part.maxX << 16 | part.maxY << 24
            numbers += [part.label, part.area, box, part.sumX, part.sumY]
        }
        return numbers.withUnsafeBytes { [UInt8]($0) }
    }

    /// Reads the form of the project file; nil if it is none.
    init?(bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: 20) else { return nil }
        var last: UInt32 = 0
        self.init()
        reserveCapacity(bytes.count / 20)
        for start in stride(from: 0, to: bytes.count, by: 20) {
            func number(_ index: Int) -> UInt32 {
                let first = start + 4 * index
                return (0..<4).reduce(UInt32(0)) {
                    $0 | UInt32(bytes[first + $1]) << UInt32(8 * $1)
                }
            }
            var part = TilePart(label: number(0))
            guard part.label > last else { return nil }
            last = part.label
            part.area = number(1)
            let box = number(2)
            part.minX = box & 255
            part.minY = box >> 8 & 255
            part.maxX = box >> 16 & 255
            part.maxY = box >> 24
            part.sumX = number(3)
            part.sumY = number(4)
            let isPossible =
                (1...UInt32(TileCodec.count)).contains(part.area) && part.minX <= part.maxX
                && part.minY <= part.maxY && Swift.max(part.sumX, part.sumY) <= 255 * part.area
            guard isPossible else { return nil }
            append(part)
        }
    }
}

extension TilePart {
    fileprivate mutating func add(row: Int, from start: Int, to end: Int) {
        let (first, last) = (UInt32(start), UInt32(end - 1))
        let (y, count) = (UInt32(row), UInt32(end - start))
        area &+= count
        minX = Swift.min(minX, first)
        maxX = Swift.max(maxX, last)
        minY = Swift.min(minY, y)
        maxY = Swift.max(maxY, y)
        sumX &+= (first &+ last) &* count / 2
        sumY &+= y &* count
    }
}
