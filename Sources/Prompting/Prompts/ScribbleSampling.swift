import Foundation
public import Imaging

/// Turns scribbles into points that the model takes.
///
/// Distances are measured in the model's frame, so that the result does not depend on the size of the
/// image. A stroke gets a point for every 32 pixels of its length and one more for every quarter turn
/// that remains after straightening within 8 pixels; the points have equal distances along the stroke,
/// its ends included, and a single point lies in the middle. Points closer than 4 pixels to a point of an
/// earlier stroke of the same label are left out. There are at most 64 points in total: longer scribbles
/// share them by their need.
///
/// - Source: the rules of micro-sam 2 for path and line shapes.
public struct ScribbleSampling: Hashable, Sendable {
    /// Length of a stroke that gets a point of its own, in the model's frame.
    public var spacing = 32.0

    /// Deviation from a straight line that is no turn.
    public var straighteningTolerance = 8.0

    /// Points closer than this to those of an earlier stroke are left out.
    public var duplicateDistance = 4.0

    /// Most points of all strokes together.
    public var maximumCount = 64

    /// The rules of micro-sam 2.
    public init() {}

    /// One stroke.
    public struct Stroke: Hashable, Sendable {
        /// Its corners, at least one.
        public let points: [Point<OriginalPixels>]

        /// Whether it runs along the object.
        public let label: PromptLabel

        /// Creates a stroke.
        public init(_ points: [Point<OriginalPixels>], _ label: PromptLabel) {
            self.points = points
            self.label = label
        }
    }

    /// One of the points that stand for the strokes.
    public struct Sample: Hashable, Sendable {
        /// Where it is.
        public let point: Point<OriginalPixels>

        /// Whether the object is there.
        public let label: PromptLabel
    }

    /// The points of strokes on one image.
    public func samples(of strokes: [Stroke], _ transform: ResizeLongestSide) -> [Sample] {
        let lines = strokes.filter { !$0.points.isEmpty }.map { stroke in
            (line: Polyline(stroke.points.map(transform.apply)), label: stroke.label)
        }
        var result: [(point: Point<ModelPixels>, label: PromptLabel)] = []
        for ((line, label), count) in zip(lines, shares(of: lines.map(\.line))) {
            let earlier = result.filter { $0.label == label }
            for point in line.points(count: count)
            where !earlier.contains(where: { distance($0.point, point) < duplicateDistance }) {
                result.append((point, label))
            }
        }
        return result.map { Sample(point: transform.invert($0.point), label: $0.label) }
    }

    /// How many points each stroke gets: what it needs, or its share of the most there may be.
    private func shares(of lines: [Polyline]) -> [Int] {
        let wishes = lines.map { line in
            let turns = line.straightened(within: straighteningTolerance).turning / (.pi / 2)
            return max(Int((line.length / spacing).rounded()), 1) + Int(turns + 1e-9)
        }
        let total = wishes.reduce(0, +)
        guard total > maximumCount else { return wishes }
        // Later strokes get nothing where there are more strokes than points.
        var rest = maximumCount
        return wishes.map { wish in
            let share = min(max(wish * maximumCount / total, 1), rest)
            rest -= share
            return share
        }
    }
}

private func distance(_ a: Point<ModelPixels>, _ b: Point<ModelPixels>) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
}

/// An open line in the model's frame.
private struct Polyline {
    let corners: [Point<ModelPixels>]

    init(_ corners: [Point<ModelPixels>]) { self.corners = corners }

    var length: Double { zip(corners, corners.dropFirst()).reduce(0) { $0 + distance($1.0, $1.1) } }

    /// Points at equal distances, from end to end.
    func points(count: Int) -> [Point<ModelPixels>] {
        guard count > 0, let first = corners.first else { return [] }
        let length = length
        guard length > 0 else { return [first] }
        let places = (0..<count).map { index in
            count == 1 ? length / 2 : length * Double(index) / Double(count - 1)
        }
        var result: [Point<ModelPixels>] = []
        var (start, next) = (0.0, 0)
        for (a, b) in zip(corners, corners.dropFirst()) {
            let part = distance(a, b)
            while next < count, part > 0, places[next] <= start + part {
                let share = (places[next] - start) / part
                result.append(Point(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y)))
                next += 1
            }
            start += part
        }
        // Rounding may leave the last place beyond the end.
        if let last = corners.last { while result.count < count { result.append(last) } }
        return result
    }

    /// The line without corners that deviate less than this from it (Ramer, Douglas, Peucker).
    func straightened(within tolerance: Double) -> Polyline {
        guard corners.count > 2 else { return self }
        var isKept = [Bool](repeating: false, count: corners.count)
        (isKept[0], isKept[corners.count - 1]) = (true, true)
        var ranges = [(0, corners.count - 1)]
        while let (first, last) = ranges.popLast() {
            var (worst, most) = (-1, tolerance)
            for index in first + 1..<max(last, first + 1) {
                let offset = deviation(corners[index], from: corners[first], to: corners[last])
                if offset > most { (worst, most) = (index, offset) }
            }
            guard worst > 0 else { continue }
            isKept[worst] = true
            ranges += [(first, worst), (worst, last)]
        }
        return Polyline(corners.indices.filter { isKept[$0] }.map { corners[$0] })
    }

    private func deviation(
        _ point: Point<ModelPixels>,
        from a: Point<ModelPixels>,
        to b: Point<ModelPixels>
    ) -> Double {
        let length = distance(a, b)
        guard length > 0 else { return distance(point, a) }
        let along =
            ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / (length * length)
        let share = min(max(along, 0), 1)
        return distance(point, Point(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y)))
    }

    /// The sum of the angles at all corners, in radians.
    var turning: Double {
        var sum = 0.0
        for index in corners.indices.dropFirst().dropLast() {
            let (a, b, c) = (corners[index - 1], corners[index], corners[index + 1])
            let (ux, uy, vx, vy) = (b.x - a.x, b.y - a.y, c.x - b.x, c.y - b.y)
            let lengths = distance(a, b) * distance(b, c)
            guard lengths > 0 else { continue }
            sum += acos(min(max((ux * vx + uy * vy) / lengths, -1), 1))
        }
        return sum
    }
}
