import ArgumentParser
import Files
import Foundation
import Prompting
import Segmentation
import Torch

/// `usam rerun`: a run once more, from its manifest.
struct Rerun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Repeat a run of 'usam segment' from its manifest, and compare the results.",
        discussion: """
            usam rerun labels/manifest.jsonl
            usam rerun labels/manifest.jsonl -o again

            The weights and every image must be those of the first run, which their hashes tell; what \
            is different now (version, device, threads, machine) is named. The results go to a folder of \
            their own, and each is compared with that of the first run. The exit status is 1 if one \
            differs or is missing.
            """
    )

    @Argument(help: "The manifest of a run.", completion: .file())
    var manifest: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder for the results (default: that of the manifest with '-rerun' behind).",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String?

    @Option(
        help: ArgumentHelp("Where the images lie now, if they were moved.", valueName: "folder"),
        completion: .directory
    )
    var images: String?

    @OptionGroup(title: "Machine") var machine: DeviceOptions

    @Flag(help: "Replace results that are in the folder already.")
    var force = false

    @Flag(help: "Print the comparison as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    func run() async throws {
        let console = Console.system
        let past = try PastRun(manifest)
        let files = try await past.files(console)
        let (device, notes) = try prepare(past)
        for note in notes where !quiet { console.printError("usam: \(note)") }
        var problems: [String] = []
        let inputs = past.inputs(in: images, problems: &problems)
        guard !inputs.isEmpty else {
            problems.dropLast().forEach { console.printError("usam: \($0)") }
            throw CommandFailure(problems.last ?? "\(manifest): the run had no images")
        }
        let plan = try OutputPlan(InputList(inputs), past.request(output: folder))
        let run = SegmentationRun(
            plan: plan,
            settings: past.header.settings,
            files: files,
            source: try ModelSource(files, behavior: past.header.settings.behavior),
            device: device,
            replacesResults: force,
            manifestPath: plan.folder.map { FileName.join($0, "manifest.jsonl") }
        )
        let result = try await run.result(.init(printsResults: false, isQuiet: quiet))
        var comparison = try past.compare(result.report)
        comparison.problems = problems
        console.print(json ? try JSONText.encode(comparison) : comparison.text)
        let errors = problems + result.report.errors + [result.modelError].compactMap { $0 }
        for error in errors { console.printError("usam: \(error)") }
        if let signal = result.signal { throw ExitCode(128 + signal) }
        if !errors.isEmpty || !comparison.isEqual { throw ExitCode.failure }
    }

    private var folder: String {
        output ?? URL(filePath: RunManifest.whole(manifest)).deletingLastPathComponent().path
            + "-rerun"
    }

    /// The device and number of threads of the first run, unless others are asked for.
    private func prepare(_ past: PastRun) throws -> (Device, notes: [String]) {
        var machine = machine
        if machine.device == .automatic, let device = Device(past.header.device),
            device.isAvailable
        {
            machine.device = .named(device)
        }
        machine.threads = machine.threads ?? past.header.threads
        let device = try machine.prepare()
        return (device, past.notes(device: device.description, threads: Engine.threadCount))
    }
}
