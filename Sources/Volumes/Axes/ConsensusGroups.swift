/// Objects of several volumes that are the same.
struct ConsensusGroups {
    /// An object of a volume.
    private struct Object: Hashable, Comparable {
        let volume: Int
        let label: UInt32

        static func < (a: Object, b: Object) -> Bool {
            (a.volume, a.label) < (b.volume, b.label)
        }
    }

    /// Two objects of different volumes that agree.
    private struct Partners {
        let first: Object
        let second: Object
        let overlap: Double

        func precedes(_ other: Partners) -> Bool {
            if overlap != other.overlap { return overlap > other.overlap }
            return (first, second) < (other.first, other.second)
        }
    }

    private let volumeCount: Int
    /// The group of each object that is kept.
    private var groups: [Object: Int] = [:]
    /// Number of objects in each group.
    private var sizes: [Int: Int] = [:]

    /// Number of objects of each volume that are in no group that is kept.
    private(set) var lonelyCounts: [Int]

    init(
        _ combinations: [AxisConsensus.Combination: AxisConsensus.Extent],
        volumeCount: Int
    ) {
        self.volumeCount = volumeCount
        lonelyCounts = [Int](repeating: 0, count: volumeCount)
        let objects = Self.sizes(combinations, volumeCount)
        // The volumes of a group have one object each, so a group is named by its first object.
        var members: [Object: [Object]] = [:]
        var heads: [Object: Object] = [:]
        for object in objects.keys { (members[object], heads[object]) = ([object], object) }
        for pair in Self.partners(combinations, objects, volumeCount) {
            guard let first = heads[pair.first], let second = heads[pair.second], first != second,
                let kept = members[first], let added = members[second],
                Set(kept.map(\.volume)).isDisjoint(with: added.map(\.volume))
            else { continue }
            for object in added { heads[object] = first }
            members[first] = kept + added
            members[second] = nil
        }
        for (number, head) in members.keys.sorted().enumerated() {
            let group = members[head] ?? []
            if 2 * group.count > volumeCount {
                for object in group { groups[object] = number }
                sizes[number] = group.count
            } else {
                for object in group { lonelyCounts[object.volume] += 1 }
            }
        }
    }

    /// The group that voxels of a combination belong to; nil for the background.
    func group(of combination: AxisConsensus.Combination) -> Int? {
        // At most three groups; in the order of the volumes, which decides where groups are equal.
        var votes: [(group: Int, count: Int)] = []
        for volume in 0..<volumeCount where combination.labels[volume] != 0 {
            let object = Object(volume: volume, label: combination.labels[volume])
            guard let group = groups[object] else { continue }
            if let place = votes.firstIndex(where: { $0.group == group }) {
                votes[place].count += 1
            } else {
                votes.append((group, 1))
            }
        }
        let able = votes.filter { 2 * $0.count >= sizes[$0.group] ?? 0 }
        let most = able.map(\.count).max()
        return able.first { $0.count == most }?.group
    }

    /// Number of voxels of each object.
    private static func sizes(
        _ combinations: [AxisConsensus.Combination: AxisConsensus.Extent],
        _ volumeCount: Int
    ) -> [Object: Int] {
        var sizes: [Object: Int] = [:]
        for (combination, extent) in combinations {
            for volume in 0..<volumeCount where combination.labels[volume] != 0 {
                let object = Object(volume: volume, label: combination.labels[volume])
                sizes[object, default: 0] += extent.voxels
            }
        }
        return sizes
    }

    /// All partners, the ones that agree best first.
    private static func partners(
        _ combinations: [AxisConsensus.Combination: AxisConsensus.Extent],
        _ sizes: [Object: Int],
        _ volumeCount: Int
    ) -> [Partners] {
        var result: [Partners] = []
        for second in 0..<volumeCount {
            for first in 0..<second {
                var shared: [SIMD2<UInt32>: Int] = [:]
                for (combination, extent) in combinations {
                    let labels = SIMD2(combination.labels[first], combination.labels[second])
                    guard labels.x != 0, labels.y != 0 else { continue }
                    shared[labels, default: 0] += extent.voxels
                }
                for (labels, count) in shared {
                    let one = Object(volume: first, label: labels.x)
                    let other = Object(volume: second, label: labels.y)
                    let union = (sizes[one] ?? 0) + (sizes[other] ?? 0) - count
                    guard 2 * count > union else { continue }
                    let overlap = Double(count) / Double(union)
                    result.append(Partners(first: one, second: other, overlap: overlap))
                }
            }
        }
        return result.sorted { $0.precedes($1) }
    }
}
