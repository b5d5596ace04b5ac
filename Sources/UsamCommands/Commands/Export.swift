import ArgumentParser
import Checkpoints
import Files
import Foundation
import Jobs
import ModelZoo
import Presentation
import Prompting
import SegmentAnything
import Segmentation
import Terminal
import Torch
import Training

/// `usam export`: a trained model in the form that other programs read.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a model as a PyTorch file, safetensors or a bioimage.io package.",
        discussion: """
            The extension of the result decides what is written:

            usam export run/best.safetensors -o cells.pt
                                  micro-sam loads it, with the decoder if there is one
            usam export run/best.safetensors -o cells.safetensors
                                  for usam and other programs
            usam export usam-tiny -o nuclei.zip --name 'Nuclei model' --author 'A. Name'
                                  for programs that read bioimage.io packages
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A checkpoint file of usam or PyTorch, or a name from 'usam models list'.",
            valueName: "checkpoint"
        ),
        completion: .file()
    )
    var model: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The result: .pt, .safetensors or .zip.", valueName: "file"),
        completion: .file()
    )
    var output: String

    @Option(
        help: ArgumentHelp(
            "The start model, if only the decoder was trained.",
            valueName: "name or file"
        ),
        completion: .file()
    )
    var base: String?

    @Flag(help: "Leave out the decoder for automatic segmentation.")
    var noDecoder = false

    @Flag(help: "Store weights in half precision (only .safetensors).")
    var half = false

    @OptionGroup(title: "bioimage.io package") var package: PackageOptions

    @Flag(help: "Replace an existing result.")
    var force = false

    /// The forms by their endings.
    private enum Form: String, CaseIterable {
        case pt, pth, safetensors, zip
    }

    private var form: Form? { Form(rawValue: URL(filePath: output).pathExtension.lowercased()) }

    func validate() throws {
        guard let form else {
            throw ValidationError(
                "The result '\(output)' must end in .pt, .pth, .safetensors or .zip."
            )
        }
        if half, form != .safetensors {
            throw ValidationError(
                "--half is for .safetensors files; micro-sam needs full precision."
            )
        }
        if noDecoder, form != .pt, form != .pth {
            throw ValidationError("--no-decoder is for .pt files, the form of the original SAM.")
        }
        if form == .zip, package.author.isEmpty {
            throw ValidationError("A package needs the author of the model; give --author.")
        }
        if form != .zip, package.isUsed {
            throw ValidationError("--name, --author and so on are for .zip packages.")
        }
    }

    func run() async throws {
        let console = Console.system
        // Before a model is downloaded.
        let named = [model, base].compactMap { $0 }
        try OutputPlan.requireFree(output, besides: named, replacing: force)
        let checkpoint = try await checkpoint(console)
        for warning in checkpoint.allWarnings { console.printError("usam: \(warning)") }
        if let adapter = checkpoint.adapter {
            let rank = adapter.rank.map { ", rank: \($0)" } ?? ""
            console.printError(
                "usam: the model has adapters (\(adapter.method.rawValue)\(rank)); micro-sam loads it "
                    + "only with the same peft_kwargs"
            )
        }
        let decoder = form == .safetensors ? checkpoint.decoder : checkpoint.portableDecoder
        let hasDecoder = decoder != nil && !noDecoder
        if !noDecoder, checkpoint.decoder != nil, !hasDecoder {
            console.printError(
                "usam: the decoder for automatic segmentation has a detail path, which micro-sam cannot read; "
                    + "only the part for prompts is exported"
            )
        }
        var traits = ModelTraits(metadata: checkpoint.metadata)
        if !hasDecoder { traits.parameters = [:] }
        if !traits.parameters.isEmpty {
            let values = traits.parameters.sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }
            console.printError(
                "usam: the best parameters of automatic segmentation, which micro-sam does not read from the "
                    + "file: \(values.joined(separator: ", "))"
            )
        }
        let url = URL(filePath: output)
        switch form {
        case .pt, .pth: try checkpoint.writeTorch(to: url, includesDecoder: !noDecoder)
        case .safetensors:
            var options = SAMCheckpoint.ConversionOptions()
            options.precision = half ? .half : .unchanged
            options.metadata = traits.metadata
            try checkpoint.write(to: url, options: options)
        case .zip:
            let package = try BioimagePackage(checkpoint, package.details(for: model))
            try await interruptible(on: .cpu, console, notice: "stopped, nothing is written") {
                try package.write(to: url, $0)
            }
        case nil: return
        }
        let size = FileStatus(of: output)?.byteCount ?? 0
        console.print(
            "\(output): \(checkpoint.architecture.modelType) \(hasDecoder ? "with" : "without") decoder, "
                + Wording.byteCount(size)
        )
    }

    private func checkpoint(_ console: Console) async throws -> SAMCheckpoint {
        let fetcher = ModelFetcher(console: console)
        let files = try await fetcher.files(of: model)
        var start: ModelFiles?
        if let base { start = try await fetcher.files(of: base) }
        let inputs = [files.model, files.decoder, start?.model].compactMap { $0?.path }
        try OutputPlan.requireFree(output, besides: inputs, replacing: force)
        let checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
        guard let start else { return checkpoint }
        return try checkpoint.completed(by: SAMCheckpoint(contentsOf: start.model))
    }
}

/// What a bioimage.io package tells of its model.
struct PackageOptions: ParsableArguments {
    @Option(help: "Name of the model in the package.")
    var name: String?

    @Option(help: "Author of the model. Repeatable.")
    var author: [String] = []

    @Option(help: "Purpose of the model in one sentence.")
    var description: String?

    @Option(help: "Licence of the model, an SPDX identifier such as CC-BY-4.0 or MIT.")
    var license: String?

    func validate() throws {
        guard let license, !LicenseName.isKnown(license) else { return }
        let near = license.nearest(among: LicenseName.known)
        throw ValidationError(
            "--license '\(license)' is not an SPDX identifier"
                + (near.map { "; did you mean \($0)?" }
                    ?? ", such as \(LicenseName.examples.joined(separator: ", ")); for your own licence, "
                    + "write LicenseRef-NAME.")
        )
    }

    /// Whether any of the options was given.
    var isUsed: Bool {
        name != nil || !author.isEmpty || description != nil || license != nil
    }

    /// The options as the library takes them.
    func details(for model: String) -> BioimagePackage.Details {
        let stem = URL(filePath: model).deletingPathExtension().lastPathComponent
        var details = BioimagePackage.Details(name: name ?? "usam model \(stem)", authors: author)
        if let description { details.summary = description }
        if let license { details.license = license }
        return details
    }
}
