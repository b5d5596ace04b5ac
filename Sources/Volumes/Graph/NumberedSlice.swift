import Imaging

/// The objects of a slice as runs of pixels, with the numbers of their nodes.
struct NumberedSlice: Sendable {
    /// Pixels of one object in a row, in row-major order; the background has no runs.
    struct Run {
        let start: Int32
        let end: Int32
        /// The object, from 0 in the order of the labels.
        var object: UInt32
    }

    let size: Size

    /// The number of the first object; the others follow in the order of the labels.
    let first: Int

    /// The labels of the objects, ascending.
    let labels: [UInt32]

    /// The runs in row-major order.
    let runs: [Run]

    /// Number of pixels of each object.
    let sizes: [Int]

    /// The smallest region around each object.
    let boxes: [Region]

    init(_ slice: LabelImage, from first: Int) {
        size = slice.size
        self.first = first
        var runs: [Run] = []
        slice.forEachRun { start, end, label in
            if label != 0 {
                // A slice that fits into memory as labels has fewer pixels than 31 bits count.
                runs.append(Run(start: Int32(start), end: Int32(end), object: label))
            }
        }
        let labels = Self.labels(runs)
        let positions = LabelPositions(labels)
        var extents = [Extent](repeating: Extent(), count: labels.count)
        let width = slice.size.width
        for index in runs.indices {
            let (run, object) = (runs[index], positions.known(runs[index].object))
            runs[index].object = UInt32(truncatingIfNeeded: object)
            let (start, end) = (Int(run.start), Int(run.end))
            extents[object].add(row: start / width, from: start % width, count: end - start)
        }
        self.runs = runs
        self.labels = labels
        sizes = extents.map(\.pixels)
        boxes = extents.map(\.box)
    }

    /// The labels that occur, ascending.
    private static func labels(_ runs: [Run]) -> [UInt32] {
        let largest = Int(runs.reduce(0) { max($0, $1.object) })
        guard largest <= 4 * runs.count + 65_536 else {
            return Set(runs.map(\.object)).sorted()
        }
        var isUsed = [Bool](repeating: false, count: largest + 1)
        for run in runs { isUsed[Int(run.object)] = true }
        return isUsed.indices.filter { isUsed[$0] }.map { UInt32($0) }
    }

    /// What is known of an object after some of its runs.
    private struct Extent {
        var pixels = 0
        private var (top, bottom, left, right) = (Int.max, -1, Int.max, -1)

        mutating func add(row: Int, from column: Int, count: Int) {
            pixels += count
            (top, bottom) = (min(top, row), max(bottom, row))
            (left, right) = (min(left, column), max(right, column + count - 1))
        }

        var box: Region {
            Region(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
        }
    }
}

/// The way from a label back to its position among ascending ones.
struct LabelPositions {
    private let labels: [UInt32]
    /// Whether labels are 1, 2, …, the usual case.
    private let hasNoGaps: Bool

    init(_ labels: [UInt32]) {
        self.labels = labels
        hasNoGaps = Int(labels.last ?? 0) == labels.count
    }

    /// The position of a label that is among them.
    func known(_ label: UInt32) -> Int {
        hasNoGaps ? Int(label) - 1 : searched(label)
    }

    /// The position of a label; nil for 0 and for others that are not among them.
    func position(of label: UInt32) -> Int? {
        guard label != 0 else { return nil }
        if hasNoGaps { return Int(label) <= labels.count ? Int(label) - 1 : nil }
        let place = searched(label)
        return place < labels.count && labels[place] == label ? place : nil
    }

    private func searched(_ label: UInt32) -> Int {
        var (low, high) = (0, labels.count)
        while low < high {
            let middle = (low + high) / 2
            if labels[middle] < label { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension LabelImage {
    /// Calls `body` for each run of equal labels in a row, with its first pixel, the one behind its last, and the label.
    @inline(__always)
    func forEachRun(_ body: (Int, Int, UInt32) -> Void) {
        let (width, count) = (size.width, labels.count)
        // Safe because pixels are only read, and only below the count.
        labels.withUnsafeBufferPointer { labels in
            var rowEnd = width
            var start = 0
            while start < count {
                let label = labels[start]
                var end = start + 1
                while end < rowEnd, labels[end] == label { end += 1 }
                body(start, end, label)
                start = end
                if end == rowEnd { rowEnd += width }
            }
        }
    }
}
