public import Imaging

/// Combines label volumes of one image that come of slices along several axes.
///
/// 1. Objects of two volumes are the same if their intersection over union is above 0.5. An object has at most one such partner
///    in another volume. Partners form a group with at most one object of each volume; those that agree best come first.
/// 2. A group is kept if more than half of the volumes have an object in it: both of two, or two of three.
/// 3. A voxel belongs to a group if at least half of the objects in the group have it. If several groups could have it, the one
///    with more of these objects gets it, then the one that the volume named first gives it.
///
/// Slices come one after the other, twice: once in ``add(_:)``, once in ``ConsensusLabels/labels(_:)``. Memory holds one slice of
/// each volume, and an entry for each combination of labels that some voxel has.
///
/// - Source: the idea of F. Y. Zhou et al., "Universal consensus 3D segmentation of cells from 2D segmented stacks", Nature
///   Methods 2025: slices along several axes are segmented, and what they agree on counts. The rules are our own.
public struct AxisConsensus: Sendable {
    /// The labels of a voxel in all volumes; 0 is background, also for volumes that there are not.
    struct Combination: Hashable {
        var labels = SIMD3<UInt32>.zero
    }

    /// What is known of the voxels of a combination.
    struct Extent {
        var voxels = 0
        let first: Int
        var slices: ClosedRange<Int>
    }

    private let volumeCount: Int
    private(set) var combinations: [Combination: Extent] = [:]
    private var sliceCount = 0

    /// Begins before the first slice.
    ///
    /// - Parameter volumeCount: Number of volumes, 1...3.
    public init(volumeCount: Int) {
        precondition((1...3).contains(volumeCount), "one to three volumes")
        self.volumeCount = volumeCount
    }

    /// Adds the next slice.
    ///
    /// - Parameter slices: The slice in each volume; all of one size.
    public mutating func add(_ slices: [LabelImage]) {
        precondition(slices.count == volumeCount, "a slice of each volume")
        let start = sliceCount * slices[0].size.count
        Self.forEachRun(slices) { combination, run in
            var extent =
                combinations[combination]
                ?? Extent(first: start + run.lowerBound, slices: sliceCount...sliceCount)
            extent.voxels += run.count
            extent.slices = extent.slices.lowerBound...sliceCount
            combinations[combination] = extent
        }
        sliceCount += 1
    }

    /// What the volumes agree on.
    ///
    /// - Parameter minimumDepth: Smallest number of slices along z over which an object extends; others are left out.
    public consuming func finish(minimumDepth: Int = 1) -> ConsensusLabels {
        let groups = ConsensusGroups(combinations, volumeCount: volumeCount)
        var chosen: [(combination: Combination, group: Int, extent: Extent)] = []
        for (combination, extent) in combinations {
            guard let group = groups.group(of: combination) else { continue }
            chosen.append((combination, group, extent))
        }
        chosen.sort { $0.extent.first < $1.extent.first }
        var depths: [Int: ClosedRange<Int>] = [:]
        for (_, group, extent) in chosen {
            let known = depths[group] ?? extent.slices
            depths[group] =
                min(
                    known.lowerBound,
                    extent.slices.lowerBound
                )...max(known.upperBound, extent.slices.upperBound)
        }
        var numbers: [Int: UInt32] = [:]
        var labels: [Combination: UInt32] = [:]
        for (combination, group, _) in chosen where depths[group]?.count ?? 0 >= minimumDepth {
            let number = numbers[group] ?? UInt32(numbers.count + 1)
            numbers[group] = number
            labels[combination] = number
        }
        return ConsensusLabels(
            labels: labels,
            objectCount: numbers.count,
            lonelyCounts: groups.lonelyCounts
        )
    }

    /// Calls `body` for each run of pixels with one combination other than background in all volumes.
    static func forEachRun(
        _ slices: [LabelImage],
        _ body: (Combination, Range<Int>) -> Void
    ) {
        let count = slices[0].labels.count
        func combination(_ pixel: Int) -> Combination {
            var result = Combination()
            for (volume, slice) in slices.enumerated() {
                result.labels[volume] = slice.labels[pixel]
            }
            return result
        }
        var start = 0
        while start < count {
            let here = combination(start)
            var end = start + 1
            while end < count,
                slices.allSatisfy({ $0.labels[end] == $0.labels[start] })
            {
                end += 1
            }
            if here.labels != .zero { body(here, start..<end) }
            start = end
        }
    }
}

/// The labels on which volumes agree.
public struct ConsensusLabels: Sendable {
    private let numbers: [AxisConsensus.Combination: UInt32]

    /// Number of objects.
    public let objectCount: Int

    /// Number of objects of each volume that were left out because too few others have them.
    public let lonelyCounts: [Int]

    init(
        labels: [AxisConsensus.Combination: UInt32],
        objectCount: Int,
        lonelyCounts: [Int]
    ) {
        (numbers, self.objectCount, self.lonelyCounts) = (labels, objectCount, lonelyCounts)
    }

    /// A slice of the volume: labels 1, 2, … in the order in which objects are met slice by slice and row by row.
    ///
    /// - Parameter slices: The slice in each volume, as it was given to ``AxisConsensus/add(_:)``.
    public func labels(_ slices: [LabelImage]) -> LabelImage {
        var result = LabelImage(size: slices[0].size)
        AxisConsensus.forEachRun(slices) { combination, run in
            guard let number = numbers[combination] else { return }
            for pixel in run { result.labels[pixel] = number }
        }
        return result
    }
}
