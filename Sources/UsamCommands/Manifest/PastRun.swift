import Files
import Foundation
import ModelZoo
import Prompting
import Torch

/// A run that a manifest tells of, to be repeated.
struct PastRun {
    /// How its results were made.
    let header: ManifestHeader

    private let manifest: String
    private let lines: [ManifestItem]

    /// Reads a manifest.
    init(_ manifest: String) throws {
        self.manifest = manifest
        let text = try ManifestText(contentsOf: manifest)
        header = text.header
        var latest: [String: ManifestItem] = [:]
        var order: [String] = []
        for item in text.items where latest.updateValue(item, forKey: item.input) == nil {
            order.append(item.input)
        }
        lines = order.compactMap { latest[$0] }
    }

    /// The weights of the run.
    ///
    /// - Throws: ``CommandFailure`` if the weights of this name are others now.
    func files(_ console: Console) async throws -> ModelFiles {
        var files = try await ModelFetcher(console: console).files(of: header.model.name)
        if let decoder = header.model.decoder {
            guard FileStatus(of: decoder) != nil else {
                throw CommandFailure("\(decoder): the decoder of the run is not there any more")
            }
            files = ModelFiles(
                name: files.name,
                model: files.model,
                decoder: URL(filePath: decoder),
                digest: files.digest
            )
        }
        let now = try SegmentationRun.manifestModel(
            files,
            architecture: header.model.architecture
        )
        guard now.hash == header.model.hash else {
            throw CommandFailure(
                "the model '\(header.model.name)' is not that of the run: its hash is \(now.hash), "
                    + "was \(header.model.hash); bring the old file back to repeat the run"
            )
        }
        if header.model.decoderHash != nil, now.decoderHash != header.model.decoderHash {
            throw CommandFailure(
                "\(header.model.decoder ?? ""): the decoder is not that of the run: its hash is "
                    + "\(now.decoderHash ?? "none"), was \(header.model.decoderHash ?? "none")"
            )
        }
        return files
    }

    /// What is different now and might change results.
    func notes(device: String, threads: Int) -> [String] {
        let machine = MachineDescription.current()
        let pairs = [
            ("usam", header.program, ProgramVersion.text),
            ("libtorch", header.libtorch, Engine.version),
            ("device", header.device, device), ("threads", "\(header.threads)", "\(threads)"),
            ("processor", header.machine.processor, machine.processor),
            ("system", header.machine.system, machine.system),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { "\($0.0) is \($0.2), was \($0.1)" }
    }

    /// The images, where they lie now and if they have not changed.
    ///
    /// - Parameters:
    ///   - folder: Where to look first.
    ///   - problems: Receives a message for each image that is left out.
    func inputs(in folder: String?, problems: inout [String]) -> [String] {
        lines.compactMap { line in
            let name = URL(filePath: line.input).lastPathComponent
            let path = folder.map { FileName.join($0, name) } ?? line.input
            do {
                let hash = try ContentDigest.digest(of: path)
                guard let was = line.inputHash, was != hash else { return path }
                problems.append("\(path): the image has changed: its hash is \(hash), was \(was)")
            } catch {
                problems.append(
                    describe(error)
                        + (folder == nil ? "; name the folder it is in now with --images" : "")
                )
            }
            return nil
        }
    }

    /// How results are named.
    func request(output: String) -> OutputPlan.Request {
        let kinds = header.settings.results
        return OutputPlan.Request(
            output: output,
            formats: kinds.filter { $0 != .overlay },
            drawsOverlay: kinds.contains(.overlay)
        )
    }

    /// Compares the results of a new run with those of this one.
    func compare(_ report: BatchReport) throws -> RunComparison {
        var comparison = RunComparison(manifest: manifest)
        let byName = Dictionary(grouping: lines) { URL(filePath: $0.input).lastPathComponent }
        for file in report.files {
            let name = URL(filePath: file.input).lastPathComponent
            let whole = RunManifest.whole(file.input)
            let known = byName[name] ?? []
            guard let line = known.first(where: { $0.input == whole }) ?? known.first else {
                continue
            }
            guard file.status != .failed, line.status == .segmented else {
                let isSame = file.status == .failed && line.status == .failed
                comparison.images.append(
                    .init(
                        input: file.input,
                        outcome: isSame
                            ? .failedAgain : file.status == .failed ? .missing : .new
                    )
                )
                continue
            }
            let differing = try zip(line.outputs, file.outputs).filter { was, path in
                try ContentDigest.digest(of: path) != was.hash
            }
            comparison.images.append(
                .init(
                    input: file.input,
                    outcome: differing.isEmpty ? .identical : .different,
                    differing: differing.map(\.1)
                )
            )
        }
        return comparison
    }
}

/// How the results of two runs compare.
struct RunComparison: Encodable {
    /// How the results of an image compare.
    enum Outcome: String, Encodable {
        /// Byte by byte equal.
        case identical
        /// At least one file differs.
        case different
        /// The first run had a result, the second has none.
        case missing
        /// The first run had no result, the second has one.
        case new
        /// Neither has a result.
        case failedAgain = "failed_again"
    }

    /// An image.
    struct Image: Encodable {
        var input: String
        var outcome: Outcome
        var differing: [String] = []
    }

    /// The manifest of the first run.
    var manifest: String

    /// The images of both runs.
    var images: [Image] = []

    /// The images that could not be compared.
    var problems: [String] = []

    /// Whether nothing differs.
    var isEqual: Bool { images.allSatisfy { [.identical, .failedAgain].contains($0.outcome) } }

    /// Lines for a person: what differs, and the sum.
    var text: String {
        let lines = images.filter { $0.outcome != .identical }.map { image in
            switch image.outcome {
            case .different: "\(image.input): differs: \(image.differing.joined(separator: ", "))"
            case .missing: "\(image.input): has no result any more"
            case .new: "\(image.input): has a result now"
            case .failedAgain: "\(image.input): failed again"
            case .identical: ""
            }
        }
        let same = images.filter { $0.outcome == .identical }.count
        let sum = "\(Wording.count(images.count, "image")): \(same) with identical results"
        return (lines + [sum]).joined(separator: "\n")
    }
}
