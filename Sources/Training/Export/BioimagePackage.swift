public import Checkpoints
import Files
public import Foundation
import ImageFormats
import Imaging
import ModelZoo
public import Prompting
import SegmentAnything
import Segmentation
import Torch

/// A model as a package for bioimage.io: weights, description, documentation and test data in a zip file.
///
/// The package says that micro-sam's `PredictorAdaptor` runs the weights, so that every program that reads
/// such packages can use them where micro-sam is installed. Inputs are an image and, all optional, boxes,
/// points with labels, mask logits and an embedding; outputs are masks, scores and the embedding. Test
/// inputs and outputs are computed with this program.
///
/// - Source: model description 0.5 of bioimage.io, laid out as `export_sam_model` of micro-sam does.
public struct BioimagePackage: Sendable {
    /// What people should know of the model.
    public struct Details: Codable, Hashable, Sendable {
        /// At least 5 characters: letters, digits, spaces and `_+-()`.
        public var name: String
        /// What it is good for, one sentence.
        public var summary = "Segment Anything, fine-tuned for microscopy with usam."
        /// Who made it; at least one.
        public var authors: [String]
        /// An SPDX identifier.
        public var license = "CC-BY-4.0"
        /// Words to find it by.
        public var tags = ["segment-anything", "instance-segmentation"]
        /// Text of the documentation in Markdown; empty for a short one.
        public var documentation = ""

        /// Details with the defaults.
        public init(name: String, authors: [String]) {
            self.name = name
            self.authors = authors
        }
    }

    private let checkpoint: SAMCheckpoint
    private let details: Details
    private let sample: SimulatedImage

    /// Prepares a package; test data are made from a simulated image.
    ///
    /// - Throws: ``TrainingDataError/invalidOption(name:reason:)`` if details are missing, `ImagingError`.
    public init(_ checkpoint: SAMCheckpoint, _ details: Details) throws {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: " _+-()"))
        guard details.name.count >= 5, details.name.unicodeScalars.allSatisfy(allowed.contains)
        else {
            throw TrainingDataError.invalidOption(
                name: "name of the package",
                reason:
                    "must have at least 5 letters, digits, spaces or _+-(), is '\(details.name)'"
            )
        }
        guard details.authors.contains(where: { !$0.isEmpty }) else {
            throw TrainingDataError.invalidOption(
                name: "authors of the package",
                reason: "a package of bioimage.io names at least one"
            )
        }
        self.checkpoint = checkpoint
        self.details = details
        sample = try NucleiSimulator(size: Size(width: 384, height: 320), seed: 3).simulate()
    }

    /// Writes the package.
    ///
    /// - Parameter work: Can end between two files, and while the model makes the test data.
    /// - Throws: An error of the model or of the files, or `CancellationError`; then nothing is left behind.
    public func write(to url: URL, _ work: Work = Work()) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("usam-package-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files = PackageFiles(folder: folder)
        let type = checkpoint.architecture.modelType
        try checkpoint.writeTorch(to: files.add("\(type).pt"))
        if let decoder = checkpoint.portableDecoder {
            let items = decoder.sorted { $0.key < $1.key }
                .map { TorchFileWriter.Item($0.value, named: $0.key, asFloat32: true) }
            try TorchFileWriter(plain: items).write(to: files.add("\(type)_decoder.pt"))
        }
        try files.write("environment.yaml", environment.document)
        try files.write("README.md", documentation)
        let test = try BioimageTestData(checkpoint, sample, work)
        for (name, content) in test.files { try files.write(name, content) }
        try AnyRaster.uint8(test.cover).writePNG(to: files.add("cover.png"))
        try files.write("rdf.yaml", description(try files.digests(), test).document)
        var archive = try ZipWriter(replacing: url.path)
        for name in files.names {
            try work.checkpoint()
            try archive.append(name, Array(Data(contentsOf: folder.appendingPathComponent(name))))
        }
        try archive.commit()
    }

    private var documentation: String {
        guard details.documentation.isEmpty else { return details.documentation }
        let automatic =
            checkpoint.portableDecoder == nil
            ? "" : " Without prompts it finds all objects with its instance-segmentation decoder."
        return """
            # \(details.name)

            \(details.summary)

            A Segment Anything model of the type \(checkpoint.architecture.modelType) that segments objects \
            from points, boxes or masks.\(automatic) It was trained with usam, and runs in micro-sam, in \
            programs that read packages of bioimage.io, and in usam: unpack the `.pt` file and name it as \
            the model.

            ## Validation

            The test data are a simulated fluorescence image of nuclei with prompts for two of them.

            """
    }

    private var environment: YAMLText {
        .mapping([
            ("name", .text("sam")), ("channels", .list([.text("conda-forge")])),
            ("dependencies", .list([.text("micro_sam")])),
        ])
    }

    private func description(_ digests: [String: String], _ test: BioimageTestData) -> YAMLText {
        func file(_ name: String) -> YAMLText {
            .mapping([("source", .text(name)), ("sha256", .text(digests[name] ?? ""))])
        }
        let type = checkpoint.architecture.modelType
        var entries: [(key: String, value: YAMLText)] = [
            ("type", .text("model")), ("format_version", .text("0.5.5")),
            ("name", .text(details.name)), ("description", .text(details.summary)),
            ("authors", .list(details.authors.map { .mapping([("name", .text($0))]) })),
            (
                "cite",
                .list([
                    .mapping([
                        ("text", .text("Archit et al., Segment Anything for Microscopy")),
                        ("doi", .text("10.1038/s41592-024-02580-4")),
                    ])
                ])
            ),
            ("license", .text(details.license)), ("tags", .list(details.tags.map { .text($0) })),
            ("documentation", .text("README.md")), ("covers", .list([.text("cover.png")])),
        ]
        if checkpoint.portableDecoder != nil {
            entries.append(("attachments", .list([file("\(type)_decoder.pt")])))
        }
        entries.append(("inputs", .list(test.inputs(file))))
        entries.append(("outputs", .list(test.outputs(file))))
        let architecture = YAMLText.mapping([
            ("import_from", .text("micro_sam.bioimageio.predictor_adaptor")),
            ("callable", .text("PredictorAdaptor")),
            ("kwargs", .mapping([("model_type", .text(String(type.prefix(5))))])),
        ])
        let weights = YAMLText.mapping([
            ("source", .text("\(type).pt")), ("sha256", .text(digests["\(type).pt"] ?? "")),
            ("architecture", architecture), ("pytorch_version", .text("2.4")),
            ("dependencies", file("environment.yaml")),
        ])
        entries.append(("weights", .mapping([("pytorch_state_dict", weights)])))
        let tolerance = YAMLText.mapping([
            ("mismatched_elements_per_million", .integer(1000)),
            ("output_ids", .list([.text("masks"), .text("scores"), .text("embeddings")])),
        ])
        entries.append(
            (
                "config",
                .mapping([
                    ("bioimageio", .mapping([("reproducibility_tolerance", .list([tolerance]))]))
                ])
            )
        )
        return .mapping(entries)
    }
}

/// The files of a package while it is put together.
private struct PackageFiles {
    let folder: URL
    private(set) var names: [String] = []

    init(folder: URL) { self.folder = folder }

    /// Where a file of this name goes.
    mutating func add(_ name: String) -> URL {
        names.append(name)
        return folder.appendingPathComponent(name)
    }

    mutating func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: add(name))
    }

    mutating func write(_ name: String, _ content: Data) throws {
        try content.write(to: add(name))
    }

    /// SHA-256 of every file.
    func digests() throws -> [String: String] {
        var result: [String: String] = [:]
        for name in names {
            let url = folder.appendingPathComponent(name)
            result[name] = try FileDigest(of: url, algorithm: .sha256).hexadecimal
        }
        return result
    }
}
