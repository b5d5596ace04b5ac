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
    var slices = slices
    if var closing = ReferenceGapClosing(options) { slices = try closing.closed(slices) }
    var builder = ObjectGraphBuilder(widestGap: VolumeMerge.widestGap(options))
    for slice in slices { try builder.add(slice) }
    var assembly = VolumeAssembly(VolumeMerge(builder.finish(), options))
    var result = try slices.compactMap { slice throws in try assembly.add(slice) }
    while let slice = assembly.finish() { result.append(slice) }
    return result
}

extension ReferenceGapClosing {
    /// All slices after closing.
    mutating func closed(_ slices: [LabelImage]) throws -> [LabelImage] {
        var result = try slices.compactMap { slice throws in try add(slice) }
        while let slice = try finish() { result.append(slice) }
        return result
    }
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

    /// Methods that mend single slices.
    private static let mending: [VolumeOptions.Merging] = [.multicut, .transport]

    private func options(_ merging: VolumeOptions.Merging) -> VolumeOptions {
        var options = VolumeOptions()
        options.merging = merging
        return options
    }

    @Test("An object that is in pieces in one slice stays one; a pair takes one of them")
    func pieces() throws {
        let whole = ["11111111", "11111111"]
        let pieces = ["11112222", "11112222"]
        let slices = try volume(whole, pieces, whole)
        for merging in Self.mending + [.reference] {
            let isOne = try merged(slices, options(merging)).allSatisfy { Set($0.labels) == [1] }
            #expect(isOne, "\(merging)")
        }
        let pairs = try merged(slices, options(.assignment)).map { Set($0.labels) }
        #expect(pairs[0].count == 1 && pairs[1].count == 2 && pairs[2].count == 1)
    }

    @Test("Two objects that are one object in a slice stay two, except for micro-sam")
    func merger() throws {
        let two = ["1111022220", "1111022220"]
        let one = ["1111111110", "1111111110"]
        for slices in [try volume(two, one, two), try volume(two, two, one, two, two)] {
            for merging in Self.mending {
                let result = try merged(slices, options(merging))
                let last = try #require(result.last)
                #expect(Set(result[0].labels) == [0, 1, 2], "\(merging)")
                #expect(last == result[0], "\(merging)")
            }
            #expect(try Set(merged(slices, options(.assignment))[0].labels) == [0, 1, 2])
            #expect(try Set(merged(slices, options(.reference))[0].labels) == [0, 1])
        }
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

    @Test(
        "The stack turned upside down gives the same objects",
        arguments: [VolumeOptions.Merging.multicut, .transport]
    )
    func direction(_ merging: VolumeOptions.Merging) throws {
        for seed in 1...20 {
            let slices = try RandomVolume(seed: UInt64(seed)).slices
            for gap in [0, 2] {
                var options = options(merging)
                options.gapClosing = gap
                let upwards = try partition(merged(slices, options))
                let downwards = try partition(merged(slices.reversed(), options).reversed())
                let isSame = upwards == downwards
                #expect(isSame, "seed \(seed), gap \(gap)")
            }
        }
    }

    @Test(
        "More objects than 16 bits can count keep their numbers through the slices",
        arguments: VolumeOptions.Merging.allCases
    )
    func many(_ merging: VolumeOptions.Merging) throws {
        // 300 x 240 objects of one pixel, in a grid with gaps.
        let size = Size(width: 600, height: 480)
        var slice = LabelImage(size: size)
        for y in 0..<240 {
            for x in 0..<300 { slice[x: 2 * x, y: 2 * y] = UInt32(y * 300 + x + 1) }
        }
        // Labels of slices do not have to agree, nor to be without gaps.
        var other = slice
        other.labels = slice.labels.map { $0 == 0 ? 0 : 3_000_000_000 - 7 * $0 }
        let result = try merged([slice, other, slice], options(merging))
        #expect(result[0].labels.max() == 72_000)
        let isSame = result.allSatisfy { $0 == result[0] }
        #expect(isSame)
    }

    @Test("Volumes without any slice, of one slice and of empty slices", arguments: [0, 1, 3])
    func few(_ gap: Int) throws {
        for merging in VolumeOptions.Merging.allCases {
            var options = options(merging)
            options.gapClosing = gap
            #expect(try merged([], options).isEmpty)
            #expect(try merged(volume(["102"]), options).map(\.labels) == [[1, 0, 2]])
            let empty = try volume(["000"], ["000"], ["000"], ["000"])
            #expect(try merged(empty, options) == empty)
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

    @Test(
        "micro-sam's way of closing gaps is that of the reference only, and bridges objects that touch"
    )
    func referenceGaps() throws {
        let touching = ["11112222", "11112222"]
        let none = ["00000000", "00000000"]
        let slices = try volume(touching, touching, none, touching, touching)
        var options = options(.reference)
        options.gapClosing = 1
        #expect(try partition(merged(slices, options)).count == 1)
        options.merging = .multicut
        #expect(try partition(merged(slices, options)).count == 2)
        // The first and last slices are left alone by micro-sam.
        let short = try volume(touching, none, touching)
        options.gapClosing = 2
        #expect(try partition(merged(short, options)).count == 2)
        options.merging = .reference
        #expect(try merged(short, options)[1].labels.allSatisfy { $0 == 0 })
    }

    @Test("A gap is filled with shapes between both ends, and only where nothing is")
    func filling() throws {
        var options = VolumeOptions()
        options.gapClosing = 1
        let result = try merged(
            volume(
                ["0111100", "0111100", "0111100"],
                ["0000002", "0002002", "0000000"],
                ["0011110", "0011110", "0011110"]
            ),
            options
        )
        let middle = result[1].labels
        #expect(middle[6] != 0 && middle[6] != result[0].labels[1])
        #expect(middle[10] == middle[6] && middle[13] == middle[6])
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
