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
            The sample 'simulated' is computed: a fluorescence image of nuclei, NAME.tif, and its \
            true objects, NAME_truth.tif. The others are downloaded once and kept in the cache \
            folder; --output copies them.
            """
    )

    @Argument(
        help: ArgumentHelp("Names from --list (default: simulated).", valueName: "name"),
        completion: .list([simulated] + SampleData.official.map(\.name))
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

    @Option(help: "Seed of the simulated image; another number gives another image.")
    var seed: UInt64 = 2

    @Flag(help: "Replace another image of the same name.")
    var force = false

    static let simulated = "simulated"

    func validate() throws {
        for (name, value) in [("--width", width), ("--height", height)]
        where !(16...8192).contains(value) {
            throw ValidationError("\(name) is \(value); it must be between 16 and 8192 pixels.")
        }
    }

    func run() async throws {
        if list {
            let rows =
                [[Self.simulated, "nuclei in fluorescence, simulated, with the true objects"]]
                + SampleData.official.map { [$0.name, $0.summary] }
            Console.system.print(TextTable(rows: rows).text)
            return
        }
        let names = names.isEmpty ? [Self.simulated] : names
        let known = [Self.simulated] + SampleData.official.flatMap { [$0.name, $0.file.name] }
        for name in names where !known.contains(name) {
            throw CommandFailure("there is no sample '\(name)'; 'usam sample --list' shows all")
        }
        for name in names {
            if name == Self.simulated {
                try writeSimulated()
            } else {
                try await fetch(name)
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
