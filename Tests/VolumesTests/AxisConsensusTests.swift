import Imaging
import Testing
import Volumes

@Suite("Consensus of label volumes")
struct AxisConsensusTests {
    /// A volume that is drawn: one string per row, one label per character, slices one after the other.
    private func volume(_ slices: [String]...) throws -> [LabelImage] {
        try slices.map { rows in
            let labels = rows.flatMap { row in row.map { UInt32($0.wholeNumberValue ?? 0) } }
            return try LabelImage(
                size: Size(width: rows[0].count, height: rows.count),
                labels: labels
            )
        }
    }

    /// What volumes agree on.
    private func consensus(
        _ volumes: [[LabelImage]],
        minimumDepth: Int = 1
    ) -> (labels: [[UInt32]], result: ConsensusLabels) {
        var consensus = AxisConsensus(volumeCount: volumes.count)
        let slices = volumes[0].indices.map { z in volumes.map { $0[z] } }
        for slice in slices { consensus.add(slice) }
        let result = consensus.finish(minimumDepth: minimumDepth)
        return (slices.map { result.labels($0).labels }, result)
    }

    @Test("Two of three outvote one that merges, one that splits, and one that misses an object")
    func majority() throws {
        let truth = try volume(["1111022220333"])
        let merging = try volume(["5555555550777"])
        let splitting = try volume(["1122033330444"])
        let missing = try volume(["0000011110222"])
        for wrong in [merging, splitting, missing] {
            for place in 0..<3 {
                var volumes = [truth, truth]
                volumes.insert(wrong, at: place)
                #expect(consensus(volumes).labels == truth.map(\.labels), "\(place)")
            }
        }
        let (labels, result) = consensus([truth, missing, truth])
        #expect(labels == truth.map(\.labels) && result.objectCount == 3)
        #expect(result.lonelyCounts == [0, 0, 0])
        #expect(consensus([truth, truth, merging]).result.lonelyCounts == [0, 0, 1])
    }

    @Test("An object of one volume alone is left out; of two volumes both have to have it")
    func alone() throws {
        let first = try volume(["1110220"])
        let second = try volume(["1110000"])
        #expect(consensus([first, second]).labels == [[1, 1, 1, 0, 0, 0, 0]])
        #expect(consensus([second, first]).result.lonelyCounts == [0, 1])
        #expect(consensus([second, first, second]).labels == [[1, 1, 1, 0, 0, 0, 0]])
        #expect(consensus([first]).labels == first.map(\.labels))
        let none = try volume(["0000000"])
        #expect(consensus([none, none]).result.objectCount == 0)
    }

    @Test(
        "A voxel needs half of the objects of its group; where two groups are equal the first volume decides"
    )
    func voxels() throws {
        // Three objects: two of three. Two objects: one of two.
        let a = try volume(["11110000"])
        let b = try volume(["01111000"])
        let c = try volume(["00111000"])
        #expect(consensus([a, b, c]).labels == [[0, 1, 1, 1, 1, 0, 0, 0]])
        #expect(consensus([a, b]).labels == [[1, 1, 1, 1, 1, 0, 0, 0]])
        // The fifth voxel is of the left object in one volume and of the right one in the other.
        let left = try volume(["1111122220"])
        let right = try volume(["1111222220"])
        #expect(consensus([left, right]).labels == left.map(\.labels))
        #expect(consensus([right, left]).labels == right.map(\.labels))
    }

    @Test("Half of the union is not enough to be the same, a little more is")
    func partners() throws {
        let whole = try volume(["1111110000"])
        let half = try volume(["1110000000"])
        #expect(consensus([whole, half]).result.objectCount == 0)
        let more = try volume(["1111000000"])
        #expect(consensus([whole, more]).labels == whole.map(\.labels))
    }

    @Test("Numbers follow slices and rows, and thin objects are left out")
    func numbers() throws {
        let first = try volume(["900", "008"], ["900", "000"])
        let second = try volume(["400", "002"], ["400", "000"])
        #expect(consensus([first, second]).labels == [[1, 0, 0, 0, 0, 2], [1, 0, 0, 0, 0, 0]])
        let thick = consensus([first, second], minimumDepth: 2)
        #expect(thick.labels == [[1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]])
        #expect(thick.result.objectCount == 1)
    }

    @Test(
        "In simulated nuclei that each axis gets wrong elsewhere, the consensus finds more than each of them"
    )
    func simulated() throws {
        var nuclei = NucleiSimulator()
        (nuclei.size, nuclei.seed) = (Size(width: 72, height: 64), 4)
        (nuclei.meanRadius, nuclei.coverage) = (7, 0.25)
        var simulator = VolumeSimulator(nuclei, sliceCount: 56)
        simulator.spacing = 1
        let truth = try simulator.simulate().map(\.labels)
        let objects = Set(truth.flatMap(\.labels)).subtracting([0]).sorted()
        try #require(objects.count > 20)
        var random = SplitMix64(seed: 8)
        let damaged = (0..<3).map { _ in Self.damaged(truth, objects, &random) }
        let found = consensus(damaged).labels
        let score = Self.foundCount(truth, found.flatMap { $0 })
        let single = damaged.map { Self.foundCount(truth, $0.flatMap(\.labels)) }
        #expect(score > (single.max() ?? 0), "\(score) of \(objects.count); \(single)")
        #expect(10 * score > 8 * objects.count)
    }

    /// Labels of which each may be cut in two, be joined with the next one, be missing, or grow by a voxel along x.
    private static func damaged(
        _ truth: [LabelImage],
        _ objects: [UInt32],
        _ random: inout SplitMix64
    ) -> [LabelImage] {
        var changes: [UInt32: Int] = [:]
        for object in objects { changes[object] = Int.random(in: 0..<10, using: &random) }
        return truth.enumerated().map { z, slice in
            var result = slice
            for (pixel, label) in slice.labels.enumerated() where label != 0 {
                switch changes[label] ?? 0 {
                case 0: result.labels[pixel] = 0
                case 1: result.labels[pixel] = z % 14 < 7 ? label : label + 10_000
                case 2: result.labels[pixel] = (objects.first { $0 > label }) ?? label
                case 3:
                    let next = pixel + 1
                    if next < slice.labels.count, slice.labels[next] == 0 {
                        result.labels[next] = label
                    }
                default: break
                }
            }
            return result
        }
    }

    /// Number of true objects that have a found one with an intersection over union above 0.5.
    private static func foundCount(_ truth: [LabelImage], _ found: [UInt32]) -> Int {
        var shared: [SIMD2<UInt32>: Int] = [:]
        var (sizes, others): ([UInt32: Int], [UInt32: Int]) = ([:], [:])
        for (label, other) in zip(truth.flatMap(\.labels), found) {
            sizes[label, default: 0] += 1
            others[other, default: 0] += 1
            shared[SIMD2(label, other), default: 0] += 1
        }
        return shared.count { pair, count in
            guard pair.x != 0, pair.y != 0 else { return false }
            return 2 * count > (sizes[pair.x] ?? 0) + (others[pair.y] ?? 0) - count
        }
    }
}
