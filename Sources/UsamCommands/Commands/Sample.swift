import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Presentation
import Terminal

/// `usam sample`: images to try things out with.
struct Sample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Get sample images: simulated ones, or micro-sam's public ones.",
        discussion: """
            The sample 'simulated' is computed: a fluorescence image of nuclei, simulated.tif, and its \
            true objects, simulated_truth.tif. So is 'movie': nuclei that divide, movie.tif, and their true tracks, \
            the Cell Tracking Challenge folder movie_truth. The others are downloaded once and kept in the cache \
            folder; --output copies them.
            """
    )

    @Argument(
        help: ArgumentHelp("Names from --list (default: simulated).", valueName: "name"),
        completion: .list([simulated, movie] + SampleData.official.map(\.name))
    )
    var names: [String] = []

    @Flag(help: "List the samples.")
    var list = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder for the files (default: the current one for 'simulated').",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String?

    @Option(help: "Width of the simulated image in pixels.")
    var width = 512

    @Option(help: "Height of the simulated image in pixels.")
    var height = 512

    @Option(help: "Number of frames of the simulated movie.")
    var frames = 20

    @Option(help: "Seed of the simulated image; another number gives another image.")
    var seed: UInt64 = 2

    @Flag(help: "Replace another image of the same name.")
    var force = false

    static let simulated = "simulated"
    static let movie = "movie"

    func validate() throws {
        for (name, value) in [("--width", width), ("--height", height)]
        where !(16...8192).contains(value) {
            throw ValidationError("\(name) is \(value); it must be between 16 and 8192 pixels.")
        }
        guard (1...1000).contains(frames) else {
            throw ValidationError("--frames is \(frames); it must be between 1 and 1000.")
        }
    }

    func run() async throws {
        if list {
            let rows =
                [
                    [Self.simulated, "nuclei in fluorescence, simulated, with the true objects"],
                    [Self.movie, "nuclei that move and divide, simulated, with the true tracks"],
                ]
                + SampleData.official.map { [$0.name, $0.summary] }
            Console.system.print(TextTable(rows: rows).text)
            return
        }
        let names = names.isEmpty ? [Self.simulated] : names
        let known = [Self.simulated, Self.movie] + SampleData.official.flatMap { [$0.name, $0.file.name] }
        for name in names where !known.contains(name) {
            throw CommandFailure("there is no sample '\(name)'; 'usam sample --list' shows all")
        }
        for name in names {
            switch name {
            case Self.simulated: try writeSimulated()
            case Self.movie: try writeMovie()
            default: try await fetch(name)
            }
        }
    }

    private func writeSimulated() throws {
        let size = Size(width: width, height: height)
        let sample = try SimulatedSample(size: size, seed: seed).sample()
        let base = FileName.join(output ?? ".", Self.simulated)
        try OutputPlan.makeFolder(for: base)
        let image = try AnyRaster.uint16(sample.image).tiffData()
        if let old = try? Data(contentsOf: URL(filePath: base + ".tif")), old != image, !force {
            throw CommandFailure(
                "\(base).tif is another image; replace it with --force, or name a folder with --output"
            )
        }
        try FileReplacement.write([UInt8](image), to: base + ".tif")
        try sample.labels.writeTIFF(to: URL(filePath: base + "_truth.tif"))
        let objects = Wording.count(sample.labels.objectLabels().count, "nucleus", plural: "nuclei")
        Console.system.print("\(base).tif: \(sample.image.size) pixels, \(objects)")
        Console.system.print("\(base)_truth.tif: the true objects")
    }

    private func writeMovie() throws {
        let base = FileName.join(output ?? ".", Self.movie)
        try OutputPlan.makeFolder(for: base)
        for path in [base + ".tif", base + "_truth"] where FileStatus(of: path) != nil && !force {
            throw CommandFailure(
                "\(path) exists; replace it with --force, or name a folder with --output"
            )
        }
        let sample = SimulatedSample(size: Size(width: width, height: height), seed: seed)
        let movie = try sample.movie(frameCount: frames)
        let tracks = try movie.write(to: base + ".tif", truth: base + "_truth", replacing: force)
        Console.system.print(
            "\(base).tif: \(Wording.count(frames, "frame")) of \(sample.size) pixels, "
                + Wording.count(tracks, "track")
        )
        Console.system.print("\(base)_truth: the true tracks")
    }

    private func fetch(_ name: String) async throws {
        let console = Console.system
        let file = try await withDownloadProgress(console) { progress in
            try await SampleData.standard.fetch(name, progress: progress)
        }
        guard let output else { return console.print(file.path) }
        let target = FileName.join(output, file.lastPathComponent)
        guard FileStatus(of: target) == nil else {
            return console.print("\(target): exists already")
        }
        try OutputPlan.makeFolder(for: target)
        do {
            try FileManager.default.copyItem(at: file, to: URL(filePath: target))
        } catch {
            throw CommandFailure("\(target): cannot be written: \(error.localizedDescription)")
        }
        console.print(target)
    }
}
