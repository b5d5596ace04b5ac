public import Imaging

/// Turns the labels of single slices into the slices of a label volume, and fills gaps.
///
/// Memory: as many slices as the widest gap has, and two more.
public struct VolumeAssembly: Sendable {
    private let merge: VolumeMerge
    private let widestGap: Int
    /// Slices that wait for what is filled into them: as nodes, and with their labels.
    private var waiting: [(nodes: LabelImage, labels: LabelImage)] = []
    /// The number of the first slice that waits.
    private var first = 0
    private var nextGap = 0

    /// Prepares for the first slice.
    public init(_ merge: VolumeMerge) {
        self.merge = merge
        widestGap = merge.gaps.map { $0.second.slice - $0.first.slice - 1 }.max() ?? 0
    }

    /// Takes the next slice.
    ///
    /// - Parameter labels: The slice as it was given to ``ObjectGraphBuilder/add(_:)``.
    /// - Returns: The slice that is finished by it, if there is one; slices come in their order.
    /// - Throws: `ImagingError` if a shape cannot be interpolated because slices are too large.
    public mutating func add(_ labels: LabelImage) throws(ImagingError) -> LabelImage? {
        let slice = first + waiting.count
        guard slice < merge.firstNodes.count else {
            throw .invalidParameter(
                "slice",
                reason: "all \(merge.firstNodes.count) slices have arrived"
            )
        }
        let nodes = labels.numbered(from: merge.firstNodes[slice]).image
        var labels = nodes
        for place in labels.labels.indices {
            labels.labels[place] = merge.labels[Int(nodes.labels[place])]
        }
        waiting.append((nodes, labels))
        while nextGap < merge.gaps.count, merge.gaps[nextGap].second.slice == slice {
            try fill(merge.gaps[nextGap])
            nextGap += 1
        }
        return waiting.count > widestGap + 1 ? takeFirst() : nil
    }

    /// The next of the slices that still wait after the last one; nil if there is none.
    public mutating func finish() -> LabelImage? { waiting.isEmpty ? nil : takeFirst() }

    private mutating func takeFirst() -> LabelImage {
        first += 1
        return waiting.removeFirst().labels
    }

    /// Paints the shapes between both ends of a gap where there is nothing yet.
    private mutating func fill(_ gap: VolumeMerge.Gap) throws(ImagingError) {
        let label = merge.labels[gap.first.node]
        guard label != 0 else { return }
        let (from, to) = (
            waiting[gap.first.slice - first].nodes, waiting[gap.second.slice - first].nodes
        )
        guard let box = Self.box(UInt32(gap.first.node), in: from, UInt32(gap.second.node), in: to)
        else { return }
        let lower = try from.cropped(to: box).mask(of: UInt32(gap.first.node))
        let upper = try to.cropped(to: box).mask(of: UInt32(gap.second.node))
        let distance = gap.second.slice - gap.first.slice
        for step in 1..<distance {
            let mask = try ShapeInterpolation.mask(
                between: lower,
                upper,
                at: Double(step) / Double(distance)
            )
            let index = gap.first.slice + step - first
            for y in 0..<box.height {
                for x in 0..<box.width where mask.samples[y * box.width + x] {
                    let place = (box.y + y) * from.size.width + box.x + x
                    if waiting[index].labels.labels[place] == 0 {
                        waiting[index].labels.labels[place] = label
                    }
                }
            }
        }
    }

    /// The smallest region with both objects.
    private static func box(
        _ first: UInt32,
        in lower: LabelImage,
        _ second: UInt32,
        in upper: LabelImage
    ) -> Region? {
        var (top, bottom, left, right) = (Int.max, -1, Int.max, -1)
        let width = lower.size.width
        for (label, slice) in [(first, lower), (second, upper)] {
            for (place, value) in slice.labels.enumerated() where value == label {
                let (y, x) = (place / width, place % width)
                (top, bottom) = (min(top, y), max(bottom, y))
                (left, right) = (min(left, x), max(right, x))
            }
        }
        guard bottom >= 0 else { return nil }
        return Region(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }
}

extension LabelImage {
    /// The pixels of an object.
    fileprivate func mask(of label: UInt32) throws(ImagingError) -> Raster<Bool> {
        try Raster(size: size, samples: labels.map { $0 == label })
    }
}
