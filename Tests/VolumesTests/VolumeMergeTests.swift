import Imaging
import Prompting
import Testing
import Volumes

/// A volume that is drawn: one string per row, one label per character, slices one after the other.
private func volume(_ slices: [String]...) throws -> [LabelImage] {
    try slices.map { rows in
        let labels = rows.flatMap { row in row.map { UInt32($0.wholeNumberValue ?? 0) } }
        return try LabelImage(size: Size(width: rows[0].count, height: rows.count), labels: labels)
    }
}

/// The labels of a volume that is merged.
private func merged(_ slices: [LabelImage], _ options: VolumeOptions = VolumeOptions()) throws
    -> [LabelImage]
{
    var builder = ObjectGraphBuilder(widestGap: options.gapClosing)
    for slice in slices { try builder.add(slice) }
    var assembly = VolumeAssembly(VolumeMerge(builder.finish(), options))
    var result = try slices.compactMap { slice throws in try assembly.add(slice) }
    while let slice = assembly.finish() { result.append(slice) }
    return result
}

/// The pixels of each object, whatever its label.
private func partition(_ slices: [LabelImage]) -> Set<Set<Int>> {
    var objects: [UInt32: Set<Int>] = [:]
    for (place, label) in slices.flatMap(\.labels).enumerated() where label != 0 {
        objects[label, default: []].insert(place)
    }
    return Set(objects.values)
}

@Suite("Merging of slices into a volume")
struct VolumeMergeTests {
    @Test(
        "Objects that overlap are one, whatever their labels; the others stay apart",
        arguments: VolumeOptions.Merging.allCases
    )
    func overlap(_ merging: VolumeOptions.Merging) throws {
        var options = VolumeOptions()
        options.merging = merging
        let result = try merged(
            volume(["1110022", "1110022"], ["2220011", "2220011"], ["0000033", "0000033"]),
            options
        )
        #expect(
            result.map(\.labels) == [
                [1, 1, 1, 0, 0, 2, 2, 1, 1, 1, 0, 0, 2, 2],
                [1, 1, 1, 0, 0, 2, 2, 1, 1, 1, 0, 0, 2, 2],
                [0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 2, 2],
            ]
        )
    }

    @Test(
        "An object that is in pieces in one slice stays one for the multicut; a pair takes one of them"
    )
    func pieces() throws {
        let whole = ["11111111", "11111111"]
        let pieces = ["11112222", "11112222"]
        let slices = try volume(whole, pieces, whole)
        #expect(try merged(slices).allSatisfy { Set($0.labels) == [1] })
        var options = VolumeOptions()
        options.merging = .assignment
        let pairs = try merged(slices, options).map { Set($0.labels) }
        #expect(pairs[0].count == 1 && pairs[1].count == 2 && pairs[2].count == 1)
    }

    @Test("Two objects that are one in a slice are one for the multicut, and stay two for pairs")
    func merger() throws {
        let two = ["1111022220", "1111022220"]
        let one = ["1111111110", "1111111110"]
        let slices = try volume(two, one, two)
        #expect(try merged(slices).allSatisfy { Set($0.labels) == [0, 1] })
        var options = VolumeOptions()
        options.merging = .assignment
        #expect(try Set(merged(slices, options)[0].labels) == [0, 1, 2])
    }

    @Test(
        "Empty slices, a slice without background and a single slice",
        arguments: VolumeOptions.Merging.allCases
    )
    func odd(_ merging: VolumeOptions.Merging) throws {
        var options = VolumeOptions()
        options.merging = merging
        #expect(try merged(volume(["11022"]), options).map(\.labels) == [[1, 1, 0, 2, 2]])
        #expect(
            try merged(volume(["000"], ["000"]), options).map(\.labels) == [[0, 0, 0], [0, 0, 0]]
        )
        // Ids go on after an empty slice, so nothing far apart is joined.
        #expect(
            try merged(volume(["110"], ["000"], ["110"]), options).map(\.labels) == [
                [1, 1, 0], [0, 0, 0], [2, 2, 0],
            ]
        )
        // The smallest label counts even if a slice has no background.
        #expect(
            try merged(volume(["1122"], ["3344"]), options).map(\.labels) == [
                [1, 1, 2, 2], [1, 1, 2, 2],
            ]
        )
    }

    @Test("The stack turned upside down gives the same objects")
    func direction() throws {
        for seed in 1...20 {
            let slices = try RandomVolume(seed: UInt64(seed)).slices
            let upwards = try partition(merged(slices))
            let downwards = try partition(merged(slices.reversed()).reversed())
            let isSame = upwards == downwards
            #expect(isSame, "seed \(seed)")
        }
    }

    @Test(
        "An object that is missing in few slices goes on, and two that are missing in the same slice stay two"
    )
    func gaps() throws {
        let both = ["11110022", "11110022"]
        let none = ["00000000", "00000000"]
        let touching = ["11112222", "11112222"]
        var options = VolumeOptions()
        options.gapClosing = 1
        #expect(try merged(volume(both, none, both), options) == merged(volume(both, both, both)))
        #expect(
            try merged(volume(touching, none, touching), options)
                == merged(volume(touching, touching, touching))
        )
        // Two missing slices are more than one; a wider gap closes all that a narrower one closes.
        #expect(try partition(merged(volume(both, none, none, both), options)).count == 4)
        options.gapClosing = 3
        #expect(
            try merged(volume(both, none, none, both), options)
                == merged(volume(both, both, both, both))
        )
        #expect(try merged(volume(both, none, both), options) == merged(volume(both, both, both)))
    }

    @Test("A gap is filled with shapes between both ends, and only where nothing is")
    func filling() throws {
        var options = VolumeOptions()
        options.gapClosing = 1
        let result = try merged(
            volume(
                ["0111100", "0111100", "0111100"],
                ["0000002", "0022000", "0000000"],
                ["0011110", "0011110", "0011110"]
            ),
            options
        )
        let middle = result[1].labels
        #expect(middle[6] != 0 && middle[6] != result[0].labels[1])
        #expect(middle[9] == middle[10] && middle[9] != 0)
        #expect(middle.contains(result[0].labels[1]))
        #expect(result[0].labels[1] == result[2].labels[2])
    }

    @Test("Objects of few slices are left out, also where no objects overlap")
    func depth() throws {
        var options = VolumeOptions()
        options.minimumDepth = 2
        #expect(
            try merged(volume(["1022"], ["1000"]), options).map(\.labels) == [
                [1, 0, 0, 0], [1, 0, 0, 0],
            ]
        )
        #expect(try merged(volume(["1022"]), options).map(\.labels) == [[0, 0, 0, 0]])
        #expect(
            try merged(volume(["1000"], ["0022"]), options).map(\.labels) == [
                [0, 0, 0, 0], [0, 0, 0, 0],
            ]
        )
        // A filled gap counts.
        (options.gapClosing, options.minimumDepth) = (1, 3)
        #expect(
            try merged(volume(["1100"], ["0000"], ["1100"]), options).allSatisfy {
                $0.labels == [1, 1, 0, 0]
            }
        )
    }

    @Test("Slices of different size are refused")
    func sizes() throws {
        var builder = ObjectGraphBuilder()
        try builder.add(LabelImage(size: Size(width: 3, height: 2)))
        #expect(throws: ImagingError.self) {
            try builder.add(LabelImage(size: Size(width: 2, height: 2)))
        }
    }
}

/// Boxes that wander from slice to slice, some missing, some in pieces.
private struct RandomVolume {
    let slices: [LabelImage]

    init(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var boxes = (0..<6).map { _ in
            (x: Int.random(in: 0...20, using: &random), y: Int.random(in: 0...20, using: &random))
        }
        var slices: [LabelImage] = []
        for _ in 0..<8 {
            var labels = LabelImage(size: Size(width: 32, height: 32))
            var next: UInt32 = 1
            for index in boxes.indices {
                boxes[index].x = min(
                    22,
                    max(0, boxes[index].x + Int.random(in: -1...1, using: &random))
                )
                boxes[index].y = min(
                    22,
                    max(0, boxes[index].y + Int.random(in: -1...1, using: &random))
                )
                guard Double.random(in: 0...1, using: &random) > 0.15 else { continue }
                let isSplit = Double.random(in: 0...1, using: &random) < 0.2
                for y in 0..<8 {
                    for x in 0..<9 {
                        labels[x: boxes[index].x + x, y: boxes[index].y + y] =
                            next + (isSplit && x > 3 ? 1 : 0)
                    }
                }
                next += 2
            }
            slices.append(labels)
        }
        self.slices = slices
    }
}
