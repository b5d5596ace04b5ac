import ArgumentParser
import Evaluation
import Files
import Judging
import Presentation
import Terminal

/// `usam evaluate tracks`: compares tracks with the truth.
struct EvaluateTracks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracks",
        abstract: "Score tracked objects against true ones.",
        discussion: """
            usam evaluate tracks 01_RES --truth 01_GT -o scores
            usam evaluate tracks tracks.tif --truth truth.tif --measure TRA CHOTA

            Both are folders of the Cell Tracking Challenge, or label stacks with a table beside them (tracks.txt) that has \
            number, first frame, last frame and parent of each track.
            """
    )

    @Argument(help: ArgumentHelp("The result.", valueName: "result"), completion: .file())
    var result: String

    @Option(help: ArgumentHelp("The truth.", valueName: "truth"), completion: .file())
    var truth: String

    @Option(
        help: ArgumentHelp("The table of a label stack; default: beside it.", valueName: "file"),
        completion: .file()
    )
    var table: String?

    @Option(
        help: ArgumentHelp("The table of a true label stack.", valueName: "file"),
        completion: .file()
    )
    var truthTable: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Measures to report, such as TRA or 'BC(2)' (default: the usual ones).",
            valueName: "names"
        )
    )
    var measure: [String] = []

    @Option(
        help: ArgumentHelp("Report BC(i) for up to so many frames i.", valueName: "frames")
    )
    var tolerance = 3

    @Option(help: AxesOption.help)
    var axes: String?

    @Flag(help: "Print all measures, or those chosen, as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A folder for all measures (CSV and JSON).", valueName: "folder"),
        completion: .directory
    )
    var output: String?

    func validate() throws {
        try AxesOption.validate(axes)
        guard (0...1000).contains(tolerance) else {
            throw ValidationError("--tolerance is \(tolerance); it must be 0 to 1000.")
        }
        let known = TrackScore.names(tolerance: tolerance)
        for name in measure where !known.contains(where: { $0.lowercased() == name.lowercased() }) {
            throw ValidationError(
                "--measure has '\(name)'; the measures are \(Wording.list(known))."
            )
        }
    }

    func run() async throws {
        let console = Console.system
        let score = try await TracksScore.judging(
            TrackedLabels(opening: result, table: table, axes: axes),
            TrackedLabels(opening: truth, table: truthTable, axes: axes),
            tolerance: tolerance,
            SharedLine(console, isQuiet: quiet),
            console
        )
        if let output { try EvaluationFiles(output).write(score) }
        let names = measure.isEmpty ? nil : measure
        console.print(
            json ? try JSONText.encode(score.report(of: names)) : score.text(of: names).text
        )
        score.remarks().forEach { console.printError("usam: \($0)") }
    }
}
