import ArgumentParser
import Files
import Foundation
import ImageFormats
import Jobs
import ModelZoo
import Presentation
import Terminal
import Torch

/// `usam info`: what is known of a file, or of this machine.
struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe an image, a checkpoint, or this machine.",
        discussion: "Files are recognised by their content. Pixels and weights are not read."
    )

    @Argument(
        help: ArgumentHelp(
            "Images or checkpoints; without them, versions and devices are shown.",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String] = []

    @OptionGroup var part: SeriesOptions

    @Flag(help: "Describe this machine, as without files.")
    var machine = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if machine, !files.isEmpty { throw ValidationError("--machine takes no files.") }
    }

    func run() async throws {
        if files.isEmpty {
            let program = try ProgramDescription()
            Console.system.print(json ? try JSONText.encode(program) : program.text)
            return
        }
        var failures = 0
        for (index, file) in files.enumerated() {
            do {
                if FileStatus(of: file)?.isFolder == true, !FileStatus.isContainer(file) {
                    throw CommandFailure("\(file) is a folder; name a file in it")
                }
                let description = try FileDescription(of: file, part.value)
                if index > 0, !json { Console.system.writeOutput("\n") }
                Console.system.print(json ? try JSONText.encode(description) : description.text)
            } catch {
                let remark = ModelRow.remark(onMissing: file)
                Console.system.printError("usam: \(describe(error, naming: [file]))\(remark)")
                failures += 1
            }
        }
        if failures > 0 { throw ExitCode.failure }
    }
}

extension FileDescription {
    /// Lines for a person.
    var text: String {
        switch self {
        case .image(let description): description.text
        case .checkpoint(let description): description.text
        }
    }
}
