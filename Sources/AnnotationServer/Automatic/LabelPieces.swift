import Annotations
import Imaging

/// The pixels of one label: its runs in the order of rows, and what they add up to.
struct LabelPiece {
    private(set) var runs: [(y: Int, start: Int, end: Int)] = []
    private(set) var area = 0
    private(set) var sumX = 0.0
    private(set) var sumY = 0.0
    private var left = Int.max
    private var right = 0

    mutating func append(y: Int, start: Int, end: Int) {
        runs.append((y, start, end))
        let count = end - start
        area += count
        sumY += Double(y * count)
        sumX += Double(start + end - 1) * Double(count) / 2
        left = min(left, start)
        right = max(right, end)
    }

    /// The smallest box around the pixels, of which there is at least one.
    var box: Region {
        let (top, bottom) = (runs.first?.y ?? 0, runs.last?.y ?? 0)
        return Region(x: left, y: top, width: right - left, height: bottom + 1 - top)
    }

    /// The pixels as gestures hold them.
    func mask() throws -> BoxMask {
        let box = box
        var lengths: [Int] = []
        var position = 0
        for run in runs {
            let start = (run.y - box.y) * box.width + run.start - box.x
            if start == position, !lengths.isEmpty {
                lengths[lengths.count - 1] += run.end - run.start
            } else {
                lengths += [start - position, run.end - run.start]
            }
            position = start + run.end - run.start
        }
        if position < box.size.count { lengths.append(box.size.count - position) }
        return try BoxMask(box: box, runs: lengths)
    }
}

extension LabelImage {
    /// The pixels of all labels but the background, by ascending label.
    func pieces() -> [(label: UInt32, piece: LabelPiece)] {
        var found: [UInt32: LabelPiece] = [:]
        let all = labels.span
        for y in 0..<size.height {
            let row = y * size.width
            var x = 0
            while x < size.width {
                let label = all[row + x]
                let start = x
                repeat { x += 1 } while x < size.width && all[row + x] == label
                if label != 0 {
                    found[label, default: LabelPiece()].append(y: y, start: start, end: x)
                }
            }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
