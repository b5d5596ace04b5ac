/// Greedy removal of candidates that overlap a better one.
public enum NonMaximumSuppression {
    /// How much two masks overlap.
    public enum OverlapMeasure: String, Hashable, Codable, Sendable, CaseIterable {
        /// Shared pixels divided by the pixels that either has.
        case intersectionOverUnion
        /// Shared pixels divided by the pixels of the smaller mask.
        case intersectionOverMinimum
    }

    /// The boxes that remain when each suppresses worse ones that it overlaps too much.
    ///
    /// Computed in single precision, as `torchvision.ops.nms`; equal scores keep their order.
    /// Cost: quadratic.
    ///
    /// - Parameters:
    ///   - boxes: The candidates.
    ///   - scores: One number per candidate, the higher the better.
    ///   - threshold: A candidate is dropped if its IoU with a better one exceeds this.
    /// - Returns: Indices of the remaining candidates, best first.
    public static func keptBoxes<Space>(
        _ boxes: [Box<Space>],
        scores: [Double],
        threshold: Double
    ) -> [Int] {
        keptBoxes(boxes, scores: scores, threshold: threshold, between: {})
    }

    /// The same, where the work can be ended.
    ///
    /// - Parameter step: Called between two candidates that remain; throw to end the work.
    public static func keptBoxes<Space>(
        _ boxes: [Box<Space>],
        scores: [Double],
        threshold: Double,
        between step: () throws -> Void
    ) rethrows -> [Int] {
        precondition(boxes.count == scores.count, "one score per box")
        let corners = boxes.map(FloatBox.init)
        let limit = Float(threshold)
        return try kept(scores: scores, step) {
            corners[$0].intersectionOverUnion(corners[$1]) > limit
        }
    }

    /// The masks that remain when each suppresses worse ones that it overlaps too much.
    ///
    /// Masks are compared only if their bounding boxes meet. Cost: quadratic in the boxes.
    ///
    /// - Parameters:
    ///   - masks: The candidates, of one image.
    ///   - scores: One number per candidate, the higher the better.
    ///   - threshold: A candidate is dropped if its overlap with a better one exceeds this.
    ///   - measure: How overlap is computed.
    /// - Returns: Indices of the remaining candidates, best first; of equal scores the first.
    /// - Source: `apply_nms` in micro-sam, `instance_segmentation.py`.
    public static func keptMasks(
        _ masks: [RunLengthMask],
        scores: [Double],
        threshold: Double,
        measure: OverlapMeasure = .intersectionOverUnion
    ) -> [Int] {
        keptMasks(masks, scores: scores, threshold: threshold, measure: measure, between: {})
    }

    /// The same, where the work can be ended.
    ///
    /// - Parameter step: Called between two candidates that remain; throw to end the work.
    public static func keptMasks(
        _ masks: [RunLengthMask],
        scores: [Double],
        threshold: Double,
        measure: OverlapMeasure = .intersectionOverUnion,
        between step: () throws -> Void
    ) rethrows -> [Int] {
        precondition(masks.count == scores.count, "one score per mask")
        let boxes = masks.map(\.boundingBox)
        let areas = masks.map(\.area)
        return try kept(scores: scores, step) { better, worse in
            guard let a = boxes[better], let b = boxes[worse], a.intersects(b) else {
                return 0 > threshold
            }
            let shared = masks[better].intersectionArea(with: masks[worse])
            let whole =
                switch measure {
                case .intersectionOverUnion: areas[better] + areas[worse] - shared
                case .intersectionOverMinimum: min(areas[better], areas[worse])
                }
            return Double(shared) / Double(whole) > threshold
        }
    }

    private static func kept(
        scores: [Double],
        _ step: () throws -> Void,
        _ suppresses: (_ better: Int, _ worse: Int) -> Bool
    ) rethrows -> [Int] {
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        var isDropped = [Bool](repeating: false, count: scores.count)
        var result: [Int] = []
        for (rank, candidate) in order.enumerated() where !isDropped[candidate] {
            try step()
            result.append(candidate)
            for other in order[(rank + 1)...] where !isDropped[other] {
                if suppresses(candidate, other) { isDropped[other] = true }
            }
        }
        return result
    }
}

extension PixelRegion {
    /// Whether the two rectangles share a pixel.
    public func intersects(_ other: PixelRegion) -> Bool {
        x < other.endX && other.x < endX && y < other.endY && other.y < endY
    }

    /// The pixels that both rectangles have, `nil` if there are none.
    public func intersection(_ other: PixelRegion) -> PixelRegion? {
        guard intersects(other) else { return nil }
        let (left, top) = (max(x, other.x), max(y, other.y))
        return PixelRegion(
            x: left,
            y: top,
            width: min(endX, other.endX) - left,
            height: min(endY, other.endY) - top
        )
    }
}

/// A box in single precision with its area.
private struct FloatBox {
    let minX: Float
    let minY: Float
    let maxX: Float
    let maxY: Float
    let area: Float

    init<Space>(_ box: Box<Space>) {
        (minX, minY) = (Float(box.minX), Float(box.minY))
        (maxX, maxY) = (Float(box.maxX), Float(box.maxY))
        area = (maxX - minX) * (maxY - minY)
    }

    func intersectionOverUnion(_ other: FloatBox) -> Float {
        let width = max(min(maxX, other.maxX) - max(minX, other.minX), 0)
        let height = max(min(maxY, other.maxY) - max(minY, other.minY), 0)
        let shared = width * height
        return shared / (area + other.area - shared)
    }
}
