import Imaging
import Tracking

/// Discs that move, divide and are missing at times, with their true links; the same for the same seed.
struct DiscMovie {
    struct Disc {
        var x: Double
        var y: Double
        var radius: Double
        var velocity = (x: 0.0, y: 0.0)
        /// The detection that it was last.
        var node: Int?
    }

    let size: Size
    private(set) var frames: [LabelImage] = []
    private(set) var links: Set<Link> = []
    private(set) var nodeCount = 0
    var discs: [Disc]

    init(size: Size, discs: [Disc]) {
        self.size = size
        self.discs = discs
    }

    /// Paints the discs as the next frame; those at the positions in `hidden` are missing.
    ///
    /// Discs that lie outside, or under others, are missing, too. Labels are a different order of numbers in each frame.
    mutating func paint(hidden: Set<Int> = []) {
        var labels = LabelImage(size: size)
        let order = Self.order(discs.count, frames.count)
        for (position, disc) in discs.enumerated() where !hidden.contains(position) {
            Self.paint(disc, UInt32(order[position] + 1), &labels)
        }
        let visible = labels.objectLabels()
        var next = discs
        for (place, label) in visible.enumerated() {
            guard let position = order.firstIndex(of: Int(label) - 1) else { continue }
            if let node = discs[position].node {
                links.insert(Link(from: node, to: nodeCount + place))
            }
            next[position].node = nodeCount + place
        }
        discs = next
        nodeCount += visible.count
        frames.append(labels)
    }

    /// A disc becomes two smaller ones, side by side.
    mutating func divide(_ position: Int, along angle: (x: Double, y: Double)) {
        let mother = discs[position]
        var daughters = [mother, mother]
        for (index, sign) in [-1.0, 1.0].enumerated() {
            daughters[index].radius = mother.radius * 0.7
            daughters[index].x += sign * angle.x * mother.radius * 0.75
            daughters[index].y += sign * angle.y * mother.radius * 0.75
        }
        discs[position] = daughters[0]
        discs.append(daughters[1])
    }

    /// A permutation that differs from frame to frame.
    private static func order(_ count: Int, _ frame: Int) -> [Int] {
        var generator = SplitMix64(seed: UInt64(frame))
        return (0..<count).map { ($0, generator.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    private static func paint(_ disc: Disc, _ label: UInt32, _ labels: inout LabelImage) {
        let reach = Int(disc.radius) + 1
        let (x, y) = (Int(disc.x.rounded()), Int(disc.y.rounded()))
        for py in max(y - reach, 0)..<max(min(y + reach + 1, labels.size.height), max(y - reach, 0))
        {
            for px in max(
                x - reach,
                0
            )..<max(min(x + reach + 1, labels.size.width), max(x - reach, 0)) {
                let (dx, dy) = (Double(px) - disc.x, Double(py) - disc.y)
                guard dx * dx + dy * dy <= disc.radius * disc.radius, labels[x: px, y: py] == 0
                else { continue }
                labels[x: px, y: py] = label
            }
        }
    }

    /// Discs on a grid with room around each, slightly displaced.
    static func grid(
        columns: Int,
        rows: Int,
        spacing: Double,
        radius: Double,
        jitter: Double = 2,
        seed: UInt64
    )
        -> DiscMovie
    {
        var generator = SplitMix64(seed: seed)
        let discs = (0..<columns * rows).map { index in
            Disc(
                x: (Double(index % columns) + 0.5) * spacing + generator.uniform(-jitter...jitter),
                y: (Double(index / columns) + 0.5) * spacing + generator.uniform(-jitter...jitter),
                radius: radius * generator.uniform(0.85...1.15)
            )
        }
        let size = Size(width: Int(Double(columns) * spacing), height: Int(Double(rows) * spacing))
        return DiscMovie(size: size, discs: discs)
    }

    /// Moves every disc by a random step.
    mutating func wander(_ step: Double, _ generator: inout SplitMix64) {
        for index in discs.indices {
            discs[index].x += generator.normal() * step
            discs[index].y += generator.normal() * step
        }
    }
}
