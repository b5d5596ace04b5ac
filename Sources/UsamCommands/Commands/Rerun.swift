import ArgumentParser
import Files
import Foundation
import Jobs
import ModelZoo
import Presentation
import Prompting
import Terminal
import Torch

/// `usam rerun`: a run once more, from its manifest.
struct Rerun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Repeat a run of 'usam segment' from its manifest, and compare the results.",
        discussion: """
            usam rerun labels/manifest.jsonl
            usam rerun labels/manifest.jsonl -o again

            The weights and images must be those of the first run; their hashes are checked. Differences \
            in version, device, threads and machine are listed. The results go to a separate folder, and \
            each is compared with that of the first run. The exit status is 1 if a result \
            differs or is missing.
            """
    )

    @Argument(help: "The manifest of a run.", completion: .file())
    var manifest: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder for the results (default: the folder of the manifest with '-rerun' appended).",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String?

    @Option(
        help: ArgumentHelp("The folder of the images, if they were moved.", valueName: "folder"),
        completion: .directory
    )
    var images: String?

    @OptionGroup(title: "Machine") var machine: DeviceOptions

    @Flag(help: "Replace existing results in the folder.")
    var force = false

    @Flag(help: "Print the comparison as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    func run() async throws {
        let console = Console.system
        let past = try PastRun(manifest)
        let fetched = try await ModelFetcher(console: console).files(of: past.header.model.name)
        let files = try past.verified(fetched)
        let device = try prepare(past)
        let changes = past.changes(device: device, threads: Engine.threadCount)
        for change in changes where !quiet {
            console.printError("usam: \(change.key) is \(change.now), was \(change.before)")
        }
        let images = past.images(in: images)
        let problems = images.problems.map { describe($0) }
        guard !images.paths.isEmpty else {
            problems.dropLast().forEach { console.printError("usam: \($0)") }
            throw images.problems.last ?? .noImages(manifest: manifest)
        }
        let ending = try await repeated(past, images.paths, files, on: device)
        let report = ending.result.report
        var comparison = try past.compare(report)
        comparison.problems = problems
        console.print(json ? try JSONText.encode(comparison) : comparison.text)
        let errors = problems + ending.result.errors
        for error in problems + [ending.result.modelError].compactMap({ $0 }) {
            console.printError("usam: \(error)")
        }
        if let signal = ending.signal { throw StoppedBySignal(signal) }
        if !errors.isEmpty || !comparison.isEqual { throw ExitCode.failure }
    }

    private func repeated(
        _ past: PastRun,
        _ images: [String],
        _ files: ModelFiles,
        on device: Device
    ) async throws -> RunDisplay.Ending {
        let run = try past.run(images, files, in: folder, replacing: force, on: device, .system)
        let prepared = try run.prepared()
        if !quiet { Console.system.printError(prepared.announcement) }
        let display = RunDisplay(.system, printsResults: false, isQuiet: quiet)
        return await display.show(prepared)
    }

    private var folder: String {
        output ?? RunManifest.base(of: manifest) + "-rerun"
    }

    /// The device and number of threads of the first run, unless others are asked for.
    private func prepare(_ past: PastRun) throws -> Device {
        var machine = machine
        if machine.device == .automatic, let device = Device(past.header.device),
            device.isAvailable
        {
            machine.device = .named(device)
        }
        machine.threads = machine.threads ?? past.header.threads
        return try machine.prepare()
    }
}
