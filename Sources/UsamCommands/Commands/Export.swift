import ArgumentParser
import Checkpoints
import Files
import Foundation
import Jobs
import Presentation
import Terminal
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
        let checkpoint = try await ModelFetcher(console: console)
            .checkpoint(of: model, base: base, for: output, replacing: force)
        guard let form else { return }
        let exported = ExportedModel(
            checkpoint,
            includesDecoder: !noDecoder,
            isPortable: form != .safetensors
        )
        exported.warn(console)
        switch form {
        case .pt, .pth: try exported.writeTorch(to: output, console)
        case .safetensors:
            try exported.write(to: output, half ? .half : .unchanged, console)
        case .zip:
            try await exported.writePackage(to: output, package.details(for: model), console)
        }
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
