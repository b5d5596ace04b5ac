import Imaging

/// What the pixels of one label add up to.
struct LabelPiece {
    private(set) var area = 0
    private var sums = (x: 0.0, y: 0.0)
    private var edges = (left: Int.max, right: 0, top: Int.max, bottom: 0)

    mutating func append(y: Int, start: Int, end: Int) {
        let count = end - start
        area += count
        sums.y += Double(y * count)
        sums.x += Double(start + end - 1) * Double(count) / 2
        edges = (
            min(edges.left, start), max(edges.right, end), min(edges.top, y),
            max(edges.bottom, y + 1)
        )
    }

    /// The smallest box around the pixels: y0, x0, y1, x1.
    var box: [Int] { [edges.top, edges.left, edges.bottom, edges.right] }

    /// The mean position, y and x.
    var centroid: [Double] { [sums.y / Double(area), sums.x / Double(area)] }
}

extension LabelImage {
    /// What there is of all labels but the background, by ascending label.
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
