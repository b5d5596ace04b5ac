import Imaging
import Tracking

/// A movie of squares that walk, divide, vanish and return, with its graph; labels are the numbers of the tracks.
struct MovieSample {
    let graph: LineageGraph
    let frames: [LabelImage]

    static let size = Size(width: 40, height: 24)

    /// Five squares at most at a time, each in its own stripe of rows.
    init(seed: UInt64 = 1, frames count: Int = 12) throws {
        var random = SplitMix64(seed: seed)
        var frames: [LabelImage] = []
        var labels: [(label: UInt32, parent: UInt32, row: Int)] = []
        var parents: [UInt32: UInt32] = [:]
        var next: UInt32 = 0
        for frame in 0..<count {
            var image = LabelImage(size: Self.size)
            var kept: [(label: UInt32, parent: UInt32, row: Int)] = []
            let taken = Set(labels.map(\.row))
            for (label, parent, row) in labels {
                let free = (0..<5).first { !taken.contains($0) && !kept.map(\.row).contains($0) }
                switch UInt64.random(in: 0..<12, using: &random) {
                case 0: break
                case 1 where free != nil:
                    for row in [row, free ?? 0] {
                        next += 1
                        parents[next] = label
                        kept.append((next, label, row))
                    }
                default: kept.append((label, parent, row))
                }
            }
            while kept.count < 2,
                let row = (0..<5).first(where: { row in !kept.contains { $0.row == row } })
            {
                next += 1
                kept.append((next, 0, row))
            }
            labels = kept
            for (label, _, row) in kept where frame % 5 != 3 || label % 3 != 0 {
                let side = 2 + Int(label) % 3
                let x = (Int(label) * 7 + 2 * frame) % (Self.size.width - 5)
                for dy in 0..<side {
                    for dx in 0..<side { image[x: x + dx, y: 5 * row + dy] = label }
                }
            }
            frames.append(image)
        }
        // Objects that were never painted are no tracks.
        var spans: [UInt32: (Int, Int)] = [:]
        for (frame, image) in frames.enumerated() {
            for label in image.objectLabels() { spans[label] = (spans[label]?.0 ?? frame, frame) }
        }
        let records = spans.map { label, span in
            let parent = parents[label].flatMap { mother in
                spans[mother].flatMap { $0.1 < span.0 ? mother : nil }
            }
            return TrackRecord(id: label, first: span.0, last: span.1, parent: parent)
        }
        let graph = try LineageGraph(records, objects: frames.map { try $0.measurements() })
        // Only daughters that have a sister are tracks of their own.
        self.frames = frames.enumerated().map { $1.relabeled(graph.trackNumbers(inFrame: $0)) }
        self.graph = graph.labelledByTrack().namedInOrder()
    }
}
