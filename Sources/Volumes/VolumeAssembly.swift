public import Imaging

/// Turns the labels of single slices into the slices of a label volume, and fills gaps.
///
/// Memory: as many slices as the widest gap has, and two more.
public struct VolumeAssembly: Sendable {
    private let merge: VolumeMerge
    private let widestGap: Int
    /// Slices that wait for what is filled into them: as they were given, and with the labels of the volume.
    private var waiting: [(given: LabelImage, labels: LabelImage)] = []
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
        waiting.append((labels, volumeLabels(labels, slice)))
        while nextGap < merge.gaps.count, merge.gaps[nextGap].second.slice == slice {
            try fill(merge.gaps[nextGap])
            nextGap += 1
        }
        return waiting.count > widestGap + 1 ? takeFirst() : nil
    }

    /// The next of the slices that still wait after the last one; nil if there is none.
    public mutating func finish() -> LabelImage? { waiting.isEmpty ? nil : takeFirst() }

    /// A slice with the labels of the volume.
    private func volumeLabels(_ slice: LabelImage, _ number: Int) -> LabelImage {
        let table = LabelPositions(merge.sliceLabels[number])
        let first = merge.firstNodes[number]
        let labels = [UInt32](unsafeUninitializedCapacity: slice.labels.count) { output, used in
            slice.forEachRun { start, end, label in
                // Safe because runs are disjoint, lie inside the slice and cover it.
                let value =
                    table.position(of: label).map { merge.labels[first + $0] } ?? 0
                output[start..<end].update(repeating: value)
            }
            used = slice.labels.count
        }
        return LabelImage(unchecked: slice.size, labels: labels)
    }

    private mutating func takeFirst() -> LabelImage {
        first += 1
        return waiting.removeFirst().labels
    }

    /// Paints the shapes between both ends of a gap where there is nothing yet.
    private mutating func fill(_ gap: VolumeMerge.Gap) throws(ImagingError) {
        let label = merge.labels[gap.first.node]
        guard label != 0 else { return }
        let box = gap.first.box.united(with: gap.second.box)
        let lower = try mask(of: gap.first, in: box)
        let upper = try mask(of: gap.second, in: box)
        let width = waiting[0].given.size.width
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
                    let place = (box.y + y) * width + box.x + x
                    if waiting[index].labels.labels[place] == 0 {
                        waiting[index].labels.labels[place] = label
                    }
                }
            }
        }
    }

    /// The pixels of an end of a gap.
    private func mask(of end: VolumeMerge.Gap.End, in box: Region) throws(ImagingError) -> Raster<
        Bool
    > {
        let label = merge.sliceLabels[end.slice][end.node - merge.firstNodes[end.slice]]
        let part = try waiting[end.slice - first].given.cropped(to: box)
        return try Raster(size: part.size, samples: part.labels.map { $0 == label })
    }
}
