import Foundation
import ImageFormats
import ImageSamples
import Imaging

/// Feeds damaged files to the image readers and counts what becomes of them.
///
/// Usage: `fuzz-images COUNT [SEED]`. Input `n` of a seed is always the same. The input at hand lies in
/// the file that is printed first, so a crash leaves what caused it.
@main
enum FuzzImages {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let count = arguments.first ?? 10_000
        let seed = arguments.dropFirst().first ?? 1
        let file = FileManager.default.temporaryDirectory
            .appending(path: "fuzz-images-\(ProcessInfo.processInfo.processIdentifier)")
        print("\(count) inputs of seed \(seed) by way of \(file.path)")
        for (index, bytes) in SeedFiles.all.enumerated() {
            try Data(bytes).write(to: file)
            if read(file, 1) != .decoded { print("the undamaged file \(index) can not be read") }
        }
        var tally = Tally()
        for number in 0..<count {
            let bytes = input(number, seed: seed)
            try Data(bytes).write(to: file)
            tally.record(read(file, number), number: number)
            if (number + 1).isMultiple(of: 50_000) { print(tally) }
        }
        try FileManager.default.removeItem(at: file)
        print(tally)
    }

    /// The damaged file of a number.
    private static func input(_ number: UInt64, seed: UInt64) -> [UInt8] {
        var mutator = Mutator(generator: SeededGenerator(seed: seed << 40 ^ number))
        let seeds = SeedFiles.all
        let chosen = seeds[Int.random(in: seeds.indices, using: &mutator.generator)]
        let other = seeds[Int.random(in: seeds.indices, using: &mutator.generator)]
        var bytes = mutator.mutated(chosen, other: other)
        // With wrong checksums a PNG reader would never see the damage inside.
        if bytes.first == 0x89, number % 4 != 0 { PNGBuilder.repairChecksums(&bytes) }
        return bytes
    }

    /// Opens the file and reads its first and last plane, at the lowest level too, and a region.
    private static func read(_ file: URL, _ number: UInt64) -> Outcome {
        var outcome = Outcome.refused
        do throws(ImageFormatError) {
            let options = ImageSource.Options(
                colorConversion: number.isMultiple(of: 3) ? .asStored : .toRGB,
                maximumDecodedBytes: 32 << 20
            )
            let source = try ImageSource(opening: file, options: options)
            outcome = .opened
            let axes = source.description.axes
            let last = PlaneIndex(t: axes.t - 1, c: axes.c - 1, z: axes.z - 1)
            _ = try source.read()
            _ = try source.read(last, level: source.description.levels.count - 1)
            let region = Region(
                x: axes.x / 2,
                y: axes.y / 3,
                width: axes.x - axes.x / 2,
                height: axes.y - axes.y / 3
            )
            _ = try source.read(last, region: region)
            outcome = .decoded
        } catch {
            if error.description.isEmpty { print("an error without a message: \(number)") }
        }
        return outcome
    }
}

/// How far the reading of an input came.
private enum Outcome {
    case refused, opened, decoded
}

/// What became of the inputs so far.
private struct Tally: CustomStringConvertible {
    private var counts: [Outcome: Int] = [:]
    private var start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var slowest = (number: UInt64(0), time: Duration.zero)

    mutating func record(_ outcome: Outcome, number: UInt64) {
        counts[outcome, default: 0] += 1
        let now = ContinuousClock.now
        if now - last > slowest.time { slowest = (number, now - last) }
        last = now
    }

    var description: String {
        let total = counts.values.reduce(0, +)
        return """
            \(total) inputs: \(counts[.refused] ?? 0) refused, \(counts[.opened] ?? 0) opened but \
            damaged inside, \(counts[.decoded] ?? 0) read; slowest input \(slowest.number): \
            \(slowest.time); all: \(last - start)
            """
    }
}
