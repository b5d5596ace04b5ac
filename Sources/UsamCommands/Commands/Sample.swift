import ArgumentParser
import Files
import Imaging
import Jobs
import Presentation
import Terminal

/// `usam sample`: images to try things out with.
struct Sample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Get sample images: simulated ones, or micro-sam's public ones.",
        discussion: """
            The sample 'simulated' is computed: a fluorescence image of nuclei, simulated.tif, and its \
            true objects, simulated_truth.tif. So is 'movie': nuclei that divide, movie.tif, and their true tracks, \
            the Cell Tracking Challenge folder movie_truth, and 'volume': a confocal stack of nuclei, volume.tif, and its \
            true objects, volume_truth.tif. The others are downloaded once and kept in the cache \
            folder; --output copies them.
            """
    )

    @Argument(
        help: ArgumentHelp("Names from --list (default: simulated).", valueName: "name"),
        completion: .list(SampleFiles.names)
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

    @Option(help: "Number of slices of the simulated stack.")
    var slices = 24

    @Option(help: "Distance of the slices of the simulated stack in pixels; 1 gives cubes.")
    var spacing = 3.0

    @Option(help: "Seed of the simulated image; another number gives another image.")
    var seed: UInt64 = 2

    @Flag(help: "Replace another image of the same name.")
    var force = false

    func validate() throws {
        for (name, value) in [("--width", width), ("--height", height)]
        where !(16...8192).contains(value) {
            throw ValidationError("\(name) is \(value); it must be between 16 and 8192 pixels.")
        }
        for (name, value) in [("--frames", frames), ("--slices", slices)]
        where !(1...1000).contains(value) {
            throw ValidationError("\(name) is \(value); it must be between 1 and 1000.")
        }
        guard (0.2...50).contains(spacing) else {
            throw ValidationError("--spacing is \(spacing); it must be between 0.2 and 50 pixels.")
        }
    }

    func run() async throws {
        guard !list else { return Console.system.print(SampleFiles.table) }
        let sample = SimulatedSample(size: Size(width: width, height: height), seed: seed)
        let files = SampleFiles(sample, in: output, replaces: force, .system)
        try await files.write(names, frameCount: frames, sliceCount: slices, spacing: spacing)
    }
}
