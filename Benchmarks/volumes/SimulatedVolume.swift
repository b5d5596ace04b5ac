import Imaging

/// True labels of volumes that are drawn by chance.
enum SimulatedVolume {
    /// Ellipsoids that touch, like nuclei of a tissue.
    static func nuclei(slices: Int, side: Int, count: Int, seed: UInt64) -> [LabelImage] {
        var random = SplitMix64(seed: seed)
        let size = Size(width: side, height: side)
        var volume = [LabelImage](repeating: LabelImage(size: size), count: slices)
        let radius = (Double(side * side * slices) * 0.35 / Double(count) / 4.19).cubeRoot
        for label in 1...count {
            let center = (
                random.uniform(0...Double(slices)), random.uniform(0...Double(side)),
                random.uniform(0...Double(side))
            )
            let axes = (0..<3).map { _ in radius * random.uniform(0.75...1.35) }
            let reach = (0..<3).map { Int(axes[$0].rounded(.up)) }
            for z in max(0, Int(center.0) - reach[0])..<min(slices, Int(center.0) + reach[0] + 1) {
                for y in max(0, Int(center.1) - reach[1])..<min(side, Int(center.1) + reach[1] + 1)
                {
                    for x in max(
                        0,
                        Int(center.2) - reach[2]
                    )..<min(
                        side,
                        Int(center.2) + reach[2] + 1
                    ) {
                        let d = (
                            (Double(z) - center.0) / axes[0], (Double(y) - center.1) / axes[1],
                            (Double(x) - center.2) / axes[2]
                        )
                        if d.0 * d.0 + d.1 * d.1 + d.2 * d.2 < 1, volume[z][x: x, y: y] == 0 {
                            volume[z][x: x, y: y] = UInt32(label)
                        }
                    }
                }
            }
        }
        return volume
    }

    /// Cells around points that wander from slice to slice, without background between them: like neurites in sections.
    static func neurites(slices: Int, side: Int, count: Int, seed: UInt64) -> [LabelImage] {
        var random = SplitMix64(seed: seed)
        let size = Size(width: side, height: side)
        let step = Double(side) / Double(count).squareRoot() * 0.06
        var points = (0..<count).map { _ in
            Walker(
                x: random.uniform(0...Double(side)),
                y: random.uniform(0...Double(side)),
                dx: random.normal() * step,
                dy: random.normal() * step
            )
        }
        for _ in 0..<50 { push(&points, apart: 0.75 * Double(side) / Double(count).squareRoot()) }
        return (0..<slices).map { _ in
            for index in points.indices {
                points[index].dx = 0.7 * points[index].dx + 0.5 * step * random.normal()
                points[index].dy = 0.7 * points[index].dy + 0.5 * step * random.normal()
                points[index].x = min(max(points[index].x + points[index].dx, 0), Double(side))
                points[index].y = min(max(points[index].y + points[index].dy, 0), Double(side))
            }
            push(&points, apart: 0.75 * Double(side) / Double(count).squareRoot())
            var labels = LabelImage(size: size)
            for y in 0..<side {
                for x in 0..<side {
                    var nearest = (index: 0, distance: Double.infinity)
                    var second = Double.infinity
                    for (index, point) in points.enumerated() {
                        let (dx, dy) = (Double(x) - point.x, Double(y) - point.y)
                        let distance = dx * dx + dy * dy
                        if distance < nearest.distance {
                            (second, nearest) = (nearest.distance, (index, distance))
                        } else if distance < second {
                            second = distance
                        }
                    }
                    if second.squareRoot() - nearest.distance.squareRoot() > 2 {
                        labels[x: x, y: y] = UInt32(nearest.index + 1)
                    }
                }
            }
            return labels
        }
    }
}

/// A point that wanders.
private struct Walker {
    var x, y, dx, dy: Double
}

/// Moves points that are nearer to each other than `distance`.
private func push(_ points: inout [Walker], apart distance: Double) {
    for first in points.indices {
        for second in points.indices where second > first {
            let (dx, dy) = (points[second].x - points[first].x, points[second].y - points[first].y)
            let length = (dx * dx + dy * dy).squareRoot()
            guard length < distance, length > 0 else { continue }
            let share = 0.25 * (distance - length) / length
            points[first].x -= share * dx
            points[first].y -= share * dy
            points[second].x += share * dx
            points[second].y += share * dy
        }
    }
}

extension Double {
    fileprivate var cubeRoot: Double { Elementary.exp(Elementary.log(self) / 3) }
}
