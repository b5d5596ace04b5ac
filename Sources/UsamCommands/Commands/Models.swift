import ArgumentParser
import Checkpoints
import Evaluation
import Files
import Foundation
import Jobs
import ModelZoo
import Presentation
import Prompting
import SegmentAnything
import Segmentation
import Terminal

/// `usam models`: the models that are known by name.
struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, fetch, describe and convert models.",
        discussion: """
            The model usam-tiny ships with the program. The others are those of micro-sam and are kept \
            in its cache folder; MICROSAM_CACHEDIR can name another folder.
            """,
        subcommands: [List.self, Fetch.self, Describe.self, Convert.self],
        defaultSubcommand: List.self
    )
}

extension Models {
    /// `usam models list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all models."
        )

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let rows = ModelRow.all(in: .standard)
            if json {
                Console.system.print(try JSONText.encode(rows))
            } else {
                let lines = rows.map { [$0.name, $0.family, $0.segmentation, $0.state] }
                Console.system.print(
                    TextTable(header: ["name", "for", "automatic", "here"], rows: lines).text
                )
            }
        }
    }

    /// `usam models fetch`.
    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download models for use without a network."
        )

        @Argument(
            help: ArgumentHelp("Names from 'usam models list'.", valueName: "name"),
            completion: .list(ModelRegistry.official.models.map(\.name))
        )
        var names: [String]

        func run() async throws {
            let zoo = ModelZoo.standard
            for name in names where zoo.availability(of: name) == nil {
                // An unknown name ends the command before anything is downloaded.
                if FileStatus(of: name) != nil {
                    throw CommandFailure(
                        "\(name) is a file on this machine; there is nothing to fetch"
                    )
                }
                _ = try zoo.locate(name)
            }
            for name in names {
                let files = try await ModelFetcher(zoo: zoo, console: .system).files(of: name)
                Console.system.print("\(name): \(files.model.path)")
            }
        }
    }

    /// `usam models info`.
    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Describe a model: network, decoder, size, origin."
        )

        @Argument(
            help: ArgumentHelp(
                "A name from 'usam models list', or a checkpoint file.",
                valueName: "name"
            ),
            completion: .file()
        )
        var name: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let description = try ModelDescription(of: name, in: .standard)
            Console.system.print(json ? try JSONText.encode(description) : description.text)
        }
    }

    /// `usam models convert`.
    struct Convert: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Convert a checkpoint to one safetensors file with model and decoder."
        )

        @Argument(
            help: ArgumentHelp("A checkpoint file, or the name of a model.", valueName: "input"),
            completion: .file()
        )
        var input: String

        @Argument(
            help: ArgumentHelp("The safetensors file to write.", valueName: "output"),
            completion: .file(extensions: ["safetensors"])
        )
        var output: String

        @Option(
            help: ArgumentHelp("A checkpoint with a decoder to include.", valueName: "file"),
            completion: .file()
        )
        var decoder: String?

        @Option(
            help: ArgumentHelp(
                "Parameters to store in the model, from 'usam evaluate grid-search --mode ais'.",
                discussion: "Default: those of the input.",
                valueName: "file"
            ),
            completion: .file(extensions: ["json"])
        )
        var parameters: String?

        @Option(
            help: ArgumentHelp(
                "Diameter of the objects that the model segments best, in pixels of its frame of 1024, 8...512.",
                discussion:
                    "Images with smaller objects are enlarged for it; for long objects, the width counts. "
                    + "Default: that of the input.",
                valueName: "pixels"
            )
        )
        var suitedDiameter: Double?

        @Option(help: ArgumentHelp("The same for the decoder (AIS) alone.", valueName: "pixels"))
        var decoderDiameter: Double?

        @Option(
            help: ArgumentHelp(
                "Filling beside images that are not square: 'zero' (the mean colour), or 'mirror' "
                    + "(the mirrored image) for models that were trained on crops of the frame.",
                discussion: "Default: that of the input, otherwise 'zero'.",
                valueName: "kind"
            )
        )
        var padding: FramePadding?

        @Flag(
            name: .customLong("float16"),
            help: "Store weights in half precision: half the size, almost the same results."
        )
        var storesHalf = false

        @Flag(help: "Replace an existing output.")
        var force = false

        func validate() throws {
            for (name, value) in [("suited", suitedDiameter), ("decoder", decoderDiameter)] {
                guard let value, !ObjectDiameter.range.contains(value) else { continue }
                throw ValidationError(
                    "--\(name)-diameter is \(value); it must be between 8 and 512."
                )
            }
            guard output.lowercased().hasSuffix(".safetensors") else {
                throw ValidationError("The output must end in .safetensors; '\(output)' does not.")
            }
        }

        func run() async throws {
            let output = OutputFile(output).path
            let files = try ModelZoo.standard.locate(input, requiresDecoder: false)
            let inputs = [files.model, files.decoder].compactMap { $0?.path }
            try OutputPlan.requireFree(
                output,
                besides: inputs + [decoder, parameters].compactMap { $0 },
                replacing: force
            )
            let checkpoint = try SAMCheckpoint(
                contentsOf: files.model,
                decoder: decoder.map { URL(filePath: $0) } ?? files.decoder
            )
            var converted = ConvertedModel(checkpoint)
            converted.traits.padding = padding ?? converted.traits.padding
            converted.take(suitedDiameter, decoderDiameter)
            if let parameters { try converted.take(parameters: parameters) }
            try OutputPlan.makeFolder(for: output)
            try converted.write(to: output, storesHalf ? .half : .unchanged, .system)
        }
    }
}
