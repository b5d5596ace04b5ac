import ArgumentParser
import Files
import Foundation
import Jobs
import ModelZoo
import Presentation
import Prompting
import Terminal
import Torch
import TrackFiles

/// `usam track`: a movie to tracks.
struct Track: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Find the objects of a movie, follow them through time, and write tracks and lineages.",
        discussion: """
            Objects are found in every frame and linked from frame to frame by overlap, distance, shape and motion; \
            an object may divide. An object has one number from its appearance to its end or its division.

            usam track movie.tif -o tracks
            usam track frames/ -o tracks --model vit_b_lm
            usam track movie.tif --labels labels.tif -o tracks
            usam track movie.tif -o tracks --format tif,ctc --close-gaps 3
            usam track movie.tif --tracks cells.geff --labels labels.tif -o tracks

            The folder gets a label stack, a Cell Tracking Challenge folder, GEFF, a TrackMate file, tables, lineage trees \
            and a page with a small movie. The same command continues an interrupted run.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A file with time points, or the files or the folder of its frames.",
            valueName: "movie"
        ),
        completion: .file()
    )
    var inputs: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder of results.", valueName: "folder"),
        completion: .directory
    )
    var output: String

    @Option(
        help: ArgumentHelp(
            "Link these objects instead of finding them: a label stack, a folder of label images, or a Cell Tracking "
                + "Challenge folder.",
            valueName: "file or folder"
        ),
        completion: .file()
    )
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "Take tracks from here with their links: a Cell Tracking Challenge folder, a GEFF, or the XML of TrackMate.",
            discussion:
                "--labels names the label images of a GEFF that names none, or of spots without outlines.",
            valueName: "file or folder"
        ),
        completion: .file()
    )
    var tracks: String?

    @Option(
        help: ArgumentHelp(
            "Results to write: \(TrackFormatList.allValueStrings.joined(separator: ", ")); separated by commas. Default: all.",
            valueName: "formats"
        ),
        completion: .list(TrackFormatList.allValueStrings)
    )
    var format: TrackFormatList?

    @OptionGroup(title: "Linking") var linking: LinkingArguments
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Images with several planes") var plane: PlaneOptions
    @OptionGroup(title: "Images with several planes") var part: SeriesOptions
    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup var objects: ObjectOptions

    @Flag(help: "Replace an existing folder of results.")
    var force = false

    @OptionGroup var display: DisplayOptions

    func validate() throws {
        guard tracks != nil, linking.saysHow else { return }
        throw ValidationError(
            "--tracks brings its links; leave out --trackastra, --max-distance, --close-gaps and --no-divisions."
        )
    }

    func run() async throws {
        let console = Console.system
        var settings = TrackingRun.Settings()
        linking.set(&settings)
        settings.segmentation.plane = plane.value(in: part)
        settings.segmentation.keepsOpacity = model.referenceBehavior
        let movie = try Movie(
            inputs,
            besides: output,
            settings.segmentation,
            isQuiet: display.quiet
        )
        let results = try TrackResults(
            in: output,
            format?.kinds ?? TrackResultKind.allCases,
            besides: movie.files + [labels, tracks].compactMap(\.self),
            replacing: force
        )
        let (run, modelName) = try await prepared(movie, settings, results)
        let course = TrackingCourse(run, results, model: modelName)
        let summary = try await course.run(console, isQuiet: display.quiet)
        if display.json {
            console.print(try JSONText.encode(summary))
        } else {
            console.print(summary.line)
        }
    }

    /// The run, and the name of the model for results.
    private func prepared(
        _ movie: Movie,
        _ settings: TrackingRun.Settings,
        _ results: TrackResults
    ) async throws -> (TrackingRun, String?) {
        if let tracks {
            let list = try labels.map { try InputList(frameLabels: $0) }
            return (try TrackingRun(movie, settings, tracks: tracks, labels: list), nil)
        }
        if let labels {
            let device: Device = linking.trackastra == nil ? .cpu : try machine.prepare()
            let list = try InputList(frameLabels: labels)
            return (try TrackingRun(movie, settings, labels: list, on: device), nil)
        }
        var settings = settings
        let best = try objects.modes.best()
        let device = try machine.prepare()
        let weights = try await model.weights(.system, on: device)
        settings.segmentation.tiling = tiling.value
        settings.segmentation.behavior = model.behavior
        try objects.set(&settings.segmentation, best, weights)
        let run = TrackingRun(
            movie,
            settings,
            weights,
            on: device,
            workingFolder: results.workingFolder
        )
        return (run, weights.files.name)
    }
}
