import ArgumentParser
import Foundation
import ImageFormats
import Jobs
import ModelZoo
import Torch

/// `usam info`: what is known of a file, or of this machine.
struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is known of an image or checkpoint, or of this machine.",
        discussion: "Files are recognised by their content. Pixels and weights are not read."
    )

    @Argument(
        help: ArgumentHelp(
            "Images or checkpoints; without any, versions and devices are shown.",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String] = []

    @OptionGroup var part: SeriesOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        if files.isEmpty {
            let program = try ProgramDescription()
            Console.system.print(json ? try JSONText.encode(program) : program.text)
            return
        }
        var failures = 0
        for (index, file) in files.enumerated() {
            do {
                let description = try FileDescription(of: file, part.value)
                if index > 0, !json { Console.system.writeOutput("\n") }
                Console.system.print(json ? try JSONText.encode(description) : description.text)
            } catch {
                Console.system.printError("usam: \(describe(error, naming: [file]))")
                failures += 1
            }
        }
        if failures > 0 { throw ExitCode.failure }
    }
}

/// What is known of a file.
enum FileDescription: Encodable {
    case image(ImageFileDescription)
    case checkpoint(CheckpointDescription)

    /// Looks at a file.
    init(of path: String, _ options: ImageSource.Options) throws {
        if FileStatus(of: path)?.isFolder == true, !FileStatus.isContainer(path) {
            throw CommandFailure("\(path) is a folder; name a file in it")
        }
        do {
            self = .image(try ImageFileDescription(of: path, options))
        } catch let error as ImageFormatError where error.kind == .unknownFormat {
            do {
                self = .checkpoint(try CheckpointDescription(contentsOf: path))
            } catch let checkpointError {
                throw Self.looksLikeCheckpoint(path) ? checkpointError : error
            }
        }
    }

    private static func looksLikeCheckpoint(_ path: String) -> Bool {
        ["pt", "pth", "safetensors", "ckpt", "bin"]
            .contains(URL(filePath: path).pathExtension.lowercased())
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .image(let description): try description.encode(to: encoder)
        case .checkpoint(let description): try description.encode(to: encoder)
        }
    }

    var text: String {
        switch self {
        case .image(let description): description.text
        case .checkpoint(let description): description.text
        }
    }
}
