public import Files
import Foundation
import ImageFormats
public import ModelZoo
import Prompting
public import Torch

/// A run that a manifest tells of, to be repeated.
///
/// ```swift
/// let past = try PastRun("labels/manifest.jsonl")
/// let files = try past.verified(zoo.fetch(past.header.model.name))
/// let images = past.images()
/// ```
public struct PastRun: Sendable {
    /// How its results were made.
    public let header: ManifestHeader

    private let manifest: String
    private let lines: [ManifestItem]
    private let programs: Set<String>

    /// Reads a manifest.
    ///
    /// - Throws: ``ManifestError``.
    public init(_ manifest: String) throws {
        self.manifest = manifest
        let text: ManifestText
        do {
            text = try ManifestText(contentsOf: manifest)
        } catch {
            if PromptRecord(at: manifest) != nil { throw ManifestError.ofPrompts(file: manifest) }
            throw Self.hint(for: manifest) ?? error
        }
        header = text.header
        programs = text.programs
        var latest: [String: ManifestItem] = [:]
        var order: [String] = []
        for item in text.items where latest.updateValue(item, forKey: item.input) == nil {
            order.append(item.input)
        }
        lines = order.compactMap { latest[$0] }
    }

    /// Where the manifest is, if a path names the folder of the results, or one of them, in its place.
    private static func hint(for path: String) -> ManifestError? {
        if FileStatus(of: path)?.isFolder == true, !FileStatus.isContainer(path) {
            let inside = FileName.join(path, RunManifest.fileName)
            return .elsewhere(path: path, manifest: FileStatus(of: inside).map { _ in inside })
        }
        guard let stem = ResultKind.recognized(in: path)?.stem else { return nil }
        let inFolder = FileName.join(FileName.folder(of: path), RunManifest.fileName)
        return ["\(stem).\(RunManifest.fileName)", inFolder].first { FileStatus(of: $0) != nil }
            .map { .elsewhere(path: path, manifest: $0) }
    }

    /// The weights of the run, from the files that its model has now.
    ///
    /// - Throws: ``RerunError`` if they are other weights; `ModelZooError` if they cannot be read.
    public func verified(_ files: ModelFiles) throws -> ModelFiles {
        var files = files
        if let decoder = header.model.decoder {
            guard FileStatus(of: decoder) != nil else {
                throw RerunError.missingDecoder(file: decoder)
            }
            files = ModelFiles(
                name: files.name,
                model: files.model,
                decoder: URL(filePath: decoder),
                digest: files.digest
            )
        }
        let (was, now) = (
            header.model, try ManifestModel(files, architecture: header.model.architecture)
        )
        guard now.hash == was.hash else {
            throw RerunError.otherModel(name: was.name, hash: now.hash, before: was.hash)
        }
        if was.decoderHash != nil, now.decoderHash != was.decoderHash {
            throw RerunError.otherDecoder(
                file: was.decoder ?? "",
                hash: now.decoderHash,
                before: was.decoderHash
            )
        }
        return files
    }

    /// What is different now and might change results: the program, the machine, the device.
    public func changes(device: Device, threads: Int) -> [JSONDifference] {
        let machine = MachineDescription.current()
        let pairs = [
            ("usam", header.program, ProgramVersion.text),
            ("libtorch", header.libtorch, Engine.version),
            ("device", header.device, device.description),
            ("threads", "\(header.threads)", "\(threads)"),
            ("processor", header.machine.processor, machine.processor),
            ("system", header.machine.system, machine.system),
        ]
        return pairs.filter { $0.1 != $0.2 }
            .map { JSONDifference(key: $0.0, before: $0.1, now: $0.2) }
    }

    /// The paths of the images that have not changed, and why others are left out.
    ///
    /// - Parameter folder: Where they lie now; nil for where they were.
    public func images(in folder: String? = nil) -> (paths: [String], problems: [RerunError]) {
        var problems: [RerunError] = []
        let paths = lines.compactMap { line -> String? in
            let name = URL(filePath: line.input).lastPathComponent
            let path = folder.map { FileName.join($0, name) } ?? line.input
            do {
                let hash = try ContentDigest.digest(of: path)
                guard let was = line.inputHash, was != hash else { return path }
                problems.append(.changedImage(file: path, hash: hash, before: was))
            } catch {
                problems.append(.unreadImage(reason: ErrorText.line(error), folder: folder))
            }
            return nil
        }
        return (paths, problems)
    }

    /// The images, with the folders that their results lie in.
    ///
    /// - Parameter paths: As ``images(in:)`` gives them.
    public func inputs(_ paths: [String]) -> InputList {
        let subfolders = paths.map { path -> String in
            let name = FileName.last(of: path)
            let line =
                lines.first { $0.input == RunManifest.whole(path) }
                ?? lines.first { FileName.last(of: $0.input) == name }
            let output = line?.outputs.first?.path ?? ""
            let isInside = output.contains("/") && !output.hasPrefix("/")
            return isInside ? FileName.folder(of: output) : ""
        }
        return InputList(paths, in: subfolders)
    }

    /// How results are named.
    public func request(output: String) -> OutputPlan.Request {
        let kinds = header.settings.results
        var request = OutputPlan.Request(
            output: output,
            formats: kinds.filter { $0 != .overlay },
            drawsOverlay: kinds.contains(.overlay)
        )
        request.segmentsEachPlane = header.settings.segmentsEachPlane
        return request
    }

    /// Compares the results of a new run with those of this one.
    ///
    /// - Throws: An error that names the file if a result cannot be read.
    public func compare(_ report: BatchReport) throws -> RunComparison {
        var comparison = RunComparison(manifest: manifest)
        let byName = Dictionary(grouping: lines) { URL(filePath: $0.input).lastPathComponent }
        for file in report.files {
            let name = URL(filePath: file.input).lastPathComponent
            let whole = RunManifest.whole(file.input)
            let known = byName[name] ?? []
            guard let line = known.first(where: { $0.input == whole }) ?? known.first else {
                continue
            }
            comparison.images.append(try compare(line, file))
        }
        return comparison
    }

    /// Whether a result is the one with a hash.
    ///
    /// Tables name the version of the program that wrote them; another version alone is no other result.
    private func isSame(_ path: String, _ kind: ResultKind, as hash: String) throws -> Bool {
        if try ContentDigest.digest(of: path) == hash { return true }
        guard kind == .table else { return false }
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        return try programs.contains { program in
            let past = Array(TableOrigin.text(text, by: program).utf8)
            return try FileDigest(of: past, algorithm: .xxh128).description == hash
        }
    }

    private func compare(_ line: ManifestItem, _ file: FileReport) throws
        -> RunComparison.Image
    {
        guard file.status != .failed, line.status == .segmented else {
            let isSame = file.status == .failed && line.status == .failed
            return RunComparison.Image(
                input: file.input,
                outcome: isSame ? .failedAgain : file.status == .failed ? .missing : .new,
                differing: []
            )
        }
        let files = zip(header.settings.results, file.outputs)
        let differing = try files.filter { kind, path in
            guard let was = line.outputs.first(where: { $0.kind == kind }) else { return false }
            return try !isSame(path, kind, as: was.hash)
        }
        return RunComparison.Image(
            input: file.input,
            outcome: differing.isEmpty ? .identical : .different,
            differing: differing.map(\.1)
        )
    }
}
