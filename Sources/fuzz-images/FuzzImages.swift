import Foundation
import ImageFormats
import ImageSamples
import Imaging

/// Feeds damaged files to the image readers and counts what becomes of them.
///
/// Usage: `fuzz-images COUNT [SEED] [files|hdf5|containers|archives]`. Input `n` of a seed is always the same.
/// The input at hand lies below the folder that is printed first, so a crash leaves what caused it.
@main
enum FuzzImages {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.compactMap { UInt64($0) }
        let count = numbers.first ?? 10_000
        let seed = numbers.dropFirst().first ?? 1
        let kinds = arguments.compactMap(Kind.init)
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "fuzz-images-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for kind in kinds.isEmpty ? Kind.allCases : kinds {
            print("\(kind.rawValue): \(count) inputs of seed \(seed) below \(folder.path)")
            let inputs = try kind.inputs(in: folder)
            var tally = Tally()
            for number in 0..<count {
                tally.record(try inputs.read(number, seed: seed), number: number)
                if (number + 1).isMultiple(of: 50_000) { show(tally) }
            }
            show(tally)
        }
        try FileManager.default.removeItem(at: folder)
    }

    /// Prints at once, also where the output is a file.
    private static func show(_ tally: Tally) {
        print(tally)
        fflush(nil)
    }
}

/// What is damaged.
private enum Kind: String, CaseIterable {
    case files, hdf5, containers, archives

    func inputs(in folder: URL) throws -> any Inputs {
        switch self {
        case .files: try FileInputs(SeedFiles.all, at: folder.appending(path: "image"))
        case .hdf5:
            try FileInputs(
                [HDF5Samples.chunked, HDF5Samples.contiguous, HDF5Samples.lzf]
                    + SeedFiles.hdf5(in: folder),
                at: folder.appending(path: "image")
            )
        case .archives:
            try FileInputs(
                SeedContainers.archives(in: folder),
                at: folder.appending(path: "image")
            )
        case .containers: try ContainerInputs(in: folder)
        }
    }
}

/// Makes the damaged input of a number and reads it.
private protocol Inputs {
    func read(_ number: UInt64, seed: UInt64) throws -> Outcome
}

/// Files that are images.
private struct FileInputs: Inputs {
    private let seeds: [[UInt8]]
    private let file: URL

    init(_ seeds: [[UInt8]], at file: URL) throws {
        self.seeds = seeds
        self.file = file
        for (index, bytes) in seeds.enumerated() {
            try Data(bytes).write(to: file)
            if readImage(file, 1) != .decoded {
                print("the undamaged file \(index) cannot be read")
            }
        }
    }

    func read(_ number: UInt64, seed: UInt64) throws -> Outcome {
        var mutator = Mutator(generator: SeededGenerator(seed: seed << 40 ^ number))
        let chosen = seeds[Int.random(in: seeds.indices, using: &mutator.generator)]
        let other = seeds[Int.random(in: seeds.indices, using: &mutator.generator)]
        var bytes = mutator.mutated(chosen, other: other)
        // With wrong checksums a PNG reader would never see the damage inside.
        if bytes.first == 0x89, number % 4 != 0 { PNGBuilder.repairChecksums(&bytes) }
        try Data(bytes).write(to: file)
        return readImage(file, number)
    }
}

/// Folders that are images; one file of them is damaged at a time.
private struct ContainerInputs: Inputs {
    private let files: [(folder: URL, file: URL, bytes: [UInt8])]

    init(in folder: URL) throws {
        files = try SeedContainers.create(in: folder).flatMap { container in
            if readImage(container, 1) != .decoded {
                print("the undamaged container \(container.lastPathComponent) cannot be read")
            }
            // One file of a set stands for all that lie beside it.
            let isSet = container.pathExtension == "tif"
            let root = isSet ? container.deletingLastPathComponent() : container
            let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
            return try names.compactMap { name -> (folder: URL, file: URL, bytes: [UInt8])? in
                let file = root.appending(path: name)
                let values = try file.resourceValues(forKeys: [.isRegularFileKey])
                guard values.isRegularFile == true else { return nil }
                return (container, file, Array(try Data(contentsOf: file)))
            }
        }
    }

    func read(_ number: UInt64, seed: UInt64) throws -> Outcome {
        var mutator = Mutator(generator: SeededGenerator(seed: seed << 40 ^ number))
        let chosen = files[Int.random(in: files.indices, using: &mutator.generator)]
        let other = files[Int.random(in: files.indices, using: &mutator.generator)]
        try Data(mutator.mutated(chosen.bytes, other: other.bytes)).write(to: chosen.file)
        let outcome = readImage(chosen.folder, number)
        try Data(chosen.bytes).write(to: chosen.file)
        return outcome
    }
}

/// Opens an image and reads its first and last plane, at the lowest level too, and a region.
private func readImage(_ url: URL, _ number: UInt64) -> Outcome {
    var outcome = Outcome.refused
    do throws(ImageFormatError) {
        var options = ImageSource.Options(
            colorConversion: number.isMultiple(of: 3) ? .asStored : .toRGB,
            maximumDecodedBytes: 32 << 20
        )
        // What users say of dimensions that have no names.
        let names = ["yxc", "cyx", "zcyx", "tyx", "yxs", "xy"]
        if number % 5 == 4 {
            options.dimensionNames = names[Int(number / 5) % names.count].map { String($0) }
        }
        let source = try ImageSource(opening: url, options: options)
        outcome = .opened
        _ = try? PlaneFile(opening: url.path, each: true).notes
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
        if error.problem.hasSuffix("fails on this file") { outcome = .crashedChild }
        if error.description.isEmpty { print("an error without a message: \(number)") }
    }
    return outcome
}

/// How far the reading of an input came.
private enum Outcome {
    case refused, opened, decoded
    /// The child process that reads HDF5 died.
    case crashedChild
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
            damaged inside, \(counts[.decoded] ?? 0) read, \(counts[.crashedChild] ?? 0) ended a child; \
            slowest input \(slowest.number): \
            \(slowest.time); all: \(last - start); peak memory: \(peakMemory / 1024) MiB
            """
    }

    /// In KiB, of this process.
    private var peakMemory: Int {
        var usage = rusage()
        getrusage(0, &usage)  // of this process
        return usage.ru_maxrss
    }
}
