import Foundation
import ImageFormats
import Imaging
import Prompting
import Volumes

/// Compares the ways of merging slices into volumes, and measures their time and memory.
///
///     compare-mergers [--seeds 3] [--steps 1,2,4] [--details] [NAME=]TRUTH.tif ... sim-nuclei sim-neurites
///     compare-mergers --slices SLICES.tif [--gaps 0,1,2] TRUTH.tif
///     compare-mergers --time [--gap 1]
///     compare-mergers --memory SLICES
@main
enum CompareMergers {
    static func main() {
        do {
            var arguments = Arguments(CommandLine.arguments.dropFirst())
            if arguments.flag("--time") {
                try MergeTimer.run(gap: arguments.number("--gap") ?? 0)
            } else if let slices = arguments.number("--memory") {
                try MemoryTest.run(slices: slices)
            } else if let slices = arguments.value("--slices") {
                let gaps = arguments.numbers("--gaps") ?? [0]
                let given = try Volume(slices)
                for path in arguments.rest {
                    try GivenSlices(truth: Volume(path), given, gaps: gaps).print()
                }
            } else {
                let seeds = arguments.number("--seeds") ?? 3
                let steps = arguments.numbers("--steps") ?? [1, 2, 4]
                let showsDetails = arguments.flag("--details")
                let volumes = try arguments.rest.map(Volume.init)
                try DamagedVolumes(volumes, seeds: seeds, steps: steps).print(showsDetails)
            }
        } catch {
            FileHandle.standardError.write(Data("compare-mergers: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// What was typed.
struct Arguments {
    private(set) var rest: [String]

    init(_ words: some Sequence<String>) { rest = Array(words) }

    mutating func flag(_ name: String) -> Bool {
        guard let place = rest.firstIndex(of: name) else { return false }
        rest.remove(at: place)
        return true
    }

    mutating func value(_ name: String) -> String? {
        guard let place = rest.firstIndex(of: name), place + 1 < rest.count else { return nil }
        defer { rest.removeSubrange(place...place + 1) }
        return rest[place + 1]
    }

    mutating func number(_ name: String) -> Int? { value(name).flatMap { Int($0) } }

    mutating func numbers(_ name: String) -> [Int]? {
        value(name).map { $0.split(separator: ",").compactMap { Int($0) } }
    }
}

/// The slices of a stack of labels.
struct Volume {
    let name: String
    let slices: [LabelImage]

    /// Reads a file, or simulates.
    init(_ argument: String) throws {
        switch argument {
        case "sim-nuclei":
            slices = SimulatedVolume.nuclei(slices: 48, side: 192, count: 300, seed: 1)
            name = argument
        case "sim-neurites":
            slices = SimulatedVolume.neurites(slices: 40, side: 192, count: 90, seed: 1)
            name = argument
        default:
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let url = URL(filePath: parts[parts.count - 1])
            name = parts.count > 1 ? parts[0] : url.deletingPathExtension().lastPathComponent
            let source = try ImageSource(opening: url)
            let count = max(source.description.axes.z, source.description.axes.t)
            let isTime = source.description.axes.t > 1
            slices = try (0..<count).map {
                try source.readLabels(PlaneIndex(t: isTime ? $0 : 0, z: isTime ? 0 : $0))
            }
        }
    }
}

extension VolumeOptions {
    init(_ merging: Merging, gap: Int = 0) {
        self.init()
        (self.merging, gapClosing) = (merging, gap)
    }
}

extension [LabelImage] {
    /// The slices as they are merged, after the closing of gaps if the method begins with it.
    func closed(_ options: VolumeOptions) throws -> [LabelImage] {
        guard var closing = ReferenceGapClosing(options) else { return self }
        var result = try compactMap { slice throws in try closing.add(slice) }
        while let slice = try closing.finish() { result.append(slice) }
        return result
    }

    /// The slices of the volume.
    func merged(_ options: VolumeOptions) throws -> [LabelImage] {
        let slices = try closed(options)
        var builder = ObjectGraphBuilder(widestGap: VolumeMerge.widestGap(options))
        for slice in slices { try builder.add(slice) }
        var assembly = VolumeAssembly(VolumeMerge(builder.finish(), options))
        var result = try slices.compactMap { slice throws in try assembly.add(slice) }
        while let slice = assembly.finish() { result.append(slice) }
        return result
    }
}
