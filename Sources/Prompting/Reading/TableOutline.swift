import Foundation
import Imaging

/// Corners of one shape, in the order of their rows or of their numbers.
struct TableOutline {
    let kind: Prompt.Kind
    let label: PromptLabel

    /// Whether rectangles and ellipses are given by their four corners, as in napari.
    let isDrawn: Bool

    /// The line of the first corner.
    let line: Int

    private var corners: [(point: Point<OriginalPixels>, number: Double?)] = []

    init(kind: Prompt.Kind, label: PromptLabel, isDrawn: Bool, line: Int) {
        (self.kind, self.label, self.isDrawn, self.line) = (kind, label, isDrawn, line)
    }

    /// Number of corners.
    var count: Int { corners.count }

    mutating func append(_ point: Point<OriginalPixels>, number: Double?) {
        corners.append((point, number))
    }

    /// The prompt that the corners make.
    var prompt: Prompt {
        let points = corners.enumerated().sorted {
            ($0.element.number ?? 0, $0.offset) < ($1.element.number ?? 0, $1.offset)
        }.map(\.element.point)
        switch kind {
        case .scribble: return .scribble(points, label)
        case .point where points.count == 1: return .point(points[0], label)
        case .rectangle, .box:
            if let box = Self.straightBox(points) { return .rectangle(box) }
            return .polygon(points)
        case .ellipse:
            if let box = Self.straightBox(points) { return .ellipse(box) }
            return .polygon(Self.turnedEllipse(points))
        default: return .polygon(points)
        }
    }

    /// The box whose corners the points are; nil for a turned one.
    private static func straightBox(_ points: [Point<OriginalPixels>]) -> Box<OriginalPixels>? {
        guard points.count == 4, let minX = points.map(\.x).min(), let maxX = points.map(\.x).max(),
            let minY = points.map(\.y).min(), let maxY = points.map(\.y).max()
        else { return nil }
        // Programs that turn shapes leave rounding errors in straight ones.
        let tolerance = 1e-3 * max(maxX - minX, maxY - minY)
        let isStraight = points.allSatisfy { point in
            min(point.x - minX, maxX - point.x) <= tolerance
                && min(point.y - minY, maxY - point.y) <= tolerance
        }
        return isStraight ? Box(minX: minX, minY: minY, maxX: maxX, maxY: maxY) : nil
    }

    /// The outline of the ellipse inside a turned rectangle.
    private static func turnedEllipse(
        _ points: [Point<OriginalPixels>]
    ) -> [Point<OriginalPixels>] {
        guard points.count == 4 else { return points }
        let center = Point<OriginalPixels>(
            x: (points[0].x + points[2].x) / 2,
            y: (points[0].y + points[2].y) / 2
        )
        func half(_ end: Point<OriginalPixels>) -> Point<OriginalPixels> {
            Point(x: (end.x - points[0].x) / 2, y: (end.y - points[0].y) / 2)
        }
        let (first, second) = (half(points[1]), half(points[3]))
        return (0..<72).map { step in
            let (along, across) = (cos(Double(step) * .pi / 36), sin(Double(step) * .pi / 36))
            return Point(
                x: center.x + along * first.x + across * second.x,
                y: center.y + along * first.y + across * second.y
            )
        }
    }
}
