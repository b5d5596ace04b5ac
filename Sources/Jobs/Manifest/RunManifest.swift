import Files
import Foundation
import Prompting
import Synchronization

/// The manifest of a run, to which each image is added durably before its results get their names.
///
/// So whatever moment a run is killed at, the manifest tells what is finished: a result whose line is
/// missing was not given its name, and only the image of the last line may have a line but no result.
/// The file is locked from the beginning, so that two runs cannot work on the same results.
public final class RunManifest: Sendable {
    /// The name of the file in a folder of results; those of single results end in it.
    public static let fileName = "manifest.jsonl"

    /// The file.
    public let path: String

    /// Whether it was there already, of the same run that goes on now.
    public let isContinued: Bool

    private let header: ManifestHeader
    private let known: [String: ManifestItem]
    private let replaced: [String: ManifestItem]
    private let last: ManifestItem?
    private let file: ManifestFile
    private let state: Mutex<Writing>

    private struct Writing {
        /// The bytes that are complete lines.
        var byteCount: Int
        /// What the next line has to follow.
        var pending: String
    }

    /// Opens the manifest of a run; a new one, and its folder, is made with its first line.
    ///
    /// - Parameters:
    ///   - items: The images of the run, for a manifest that has lost what it said of their results.
    ///   - waiting: Called if another run writes to the file, before it is waited for.
    /// - Throws: ``ManifestError`` if the file is that of a run with other settings or weights and the
    ///   header does not replace results, if another run writes to it, or if it is no manifest.
    public init(
        _ path: String,
        header: ManifestHeader,
        for items: [BatchItem] = [],
        waiting: () -> Void = {}
    ) throws {
        self.path = path
        var header = header
        let file = try ManifestFile(path, waiting: waiting)
        self.file = file
        // What prompts have made is replaced as any file is that no run tells of.
        let isText = !file.isEmpty && PromptRecord(at: path) == nil
        let text = isText ? try ManifestText(contentsOf: path) : nil
        if let text, !header.replacesResults, Self.hasResults(text, path) {
            try Self.requireSame(text.header, header, path)
            header.replacesResults = text.header.replacesResults
            header.settings.results = text.header.settings.results
                .joined(with: header.settings.results)
            known = text.latest
            replaced = [:]
            last = text.items.last { $0.status == .segmented }
            isContinued = true
            let line = try JSONText.encodeLine(ManifestContinuation(header)) + "\n"
            state = Mutex(Writing(byteCount: text.validByteCount, pending: line))
        } else {
            known = [:]
            replaced = text?.latest ?? [:]
            last = nil
            isContinued = false
            let line = try JSONText.encodeLine(header) + "\n"
            state = Mutex(Writing(byteCount: 0, pending: line))
            if file.wasThere, file.isEmpty, !header.replacesResults {
                let result = items.lazy.flatMap(\.results)
                    .first { FileStatus(of: $0.path) != nil }
                if let result { throw ManifestError.empty(file: path, result: result.path) }
            }
        }
        self.header = header
        guard file.isEmpty else { return }
        do {
            try write("")
        } catch {
            file.remove()
            throw error
        }
    }

    /// Removes the file if this run made it, and the folder of results if nothing is in it: a run of which
    /// nothing is finished leaves nothing.
    func removeIfNew() {
        if file.isEmpty { file.remove() }
    }

    // MARK: - What is finished

    /// What there is of the results of an image.
    enum State: Sendable {
        /// Nothing that counts; further results of the image as it was are made again, too.
        case missing(also: [ResultFile] = [])
        /// All results.
        case finished
        /// The labels, from which the other results can be made.
        case labelled(KnownLabels)
    }

    /// What there is of the results of an image.
    ///
    /// - Throws: ``OutputPlanError`` if there are results that this run did not make of the image, and that it
    ///   was not asked to replace.
    func state(of item: BatchItem) throws -> State {
        let line = item.results.lazy.compactMap { self.known[self.relative($0.path)] }.first
        guard let line, line.status == .segmented else {
            let foreign = item.results.first { FileStatus(of: $0.path) != nil }
            // A run that replaces results does so when it goes on, too.
            guard let foreign, !header.replacesResults else { return .missing() }
            throw OutputPlanError.existing(output: foreign.path)
        }
        guard try isUnchanged(line, item.input) else {
            guard line.input == Self.whole(item.input) || header.replacesResults else {
                throw OutputPlanError.ofOtherImage(result: item.output, image: line.input)
            }
            return .missing(also: others(of: line, besides: item))
        }
        // Only the results of the last line may not have got their names, where older ones lie.
        if line == last, try !hasResults(line) { return .missing() }
        let missing = item.results.filter { file in
            let isNoted = line.outputs.contains { absolute($0.path) == Self.whole(file.path) }
            return !isNoted || FileStatus(of: file.path) == nil
        }
        if missing.isEmpty { return .finished }
        return try labels(of: line, missing: missing).map { .labelled($0) } ?? .missing()
    }

    /// Results of an image that an earlier run has made, and that are not asked for by a run that replaces
    /// them; they are made again, too, so that none is stale.
    func others(besides item: BatchItem) -> [ResultFile] {
        let line = item.results.lazy.compactMap { self.replaced[self.relative($0.path)] }.first
        return line.map { others(of: $0, besides: item) } ?? []
    }

    /// The tables of the images that a manifest tells of.
    struct Tables {
        /// Their whole paths.
        var files: Set<String> = []
        /// Images with other results only.
        var imagesWithout = 0
    }

    /// The tables of all images that the manifest tells of by now.
    ///
    /// - Throws: ``ManifestError``.
    func tables() throws -> Tables {
        let text = try ManifestText(contentsOf: path)
        var latest: [String: ManifestItem] = [:]
        for item in text.items { latest[item.input] = item }
        var tables = Tables()
        for item in latest.values where item.status == .segmented {
            let files = item.outputs.filter { $0.kind == .table }.map { absolute($0.path) }
            tables.files.formUnion(files)
            if files.isEmpty { tables.imagesWithout += 1 }
        }
        return tables
    }

    /// Results that a line tells of, and that are not asked for now.
    private func others(of line: ManifestItem, besides item: BatchItem) -> [ResultFile] {
        let asked = Set(item.results.map { Self.whole($0.path) })
        return line.outputs.map { ResultFile($0.kind, absolute($0.path)) }
            .filter { !asked.contains($0.path) && FileStatus(of: $0.path) != nil }
    }

    /// The labels that a line tells of, if they are still there.
    private func labels(of line: ManifestItem, missing: [ResultFile]) throws -> KnownLabels? {
        for output in line.outputs where output.kind.holdsLabels {
            let file = absolute(output.path)
            guard FileStatus(of: file) != nil, try ContentDigest.digest(of: file) == output.hash
            else { continue }
            let names = Set(missing.map { relative($0.path) })
            let kept = line.outputs.filter {
                !names.contains($0.path) && FileStatus(of: absolute($0.path)) != nil
            }
            return KnownLabels(file: file, missing: missing, kept: kept)
        }
        return nil
    }

    /// The results of an image in the order in which the manifest has them.
    func ordered(_ outputs: [ManifestItem.Output]) -> [ManifestItem.Output] {
        let order = header.settings.results
        return outputs.sorted {
            (order.firstIndex(of: $0.kind) ?? order.count)
                < (order.firstIndex(of: $1.kind) ?? order.count)
        }
    }

    private func isUnchanged(_ line: ManifestItem, _ input: String) throws -> Bool {
        let now = InputIdentity(of: input)
        if let now, now.byteCount == line.inputBytes, now.modified == line.inputModified {
            return true
        }
        return try ContentDigest.digest(of: input) == line.inputHash
    }

    private func hasResults(_ line: ManifestItem) throws -> Bool {
        try line.outputs.allSatisfy { output in
            let file = absolute(output.path)
            return try FileStatus(of: file) != nil
                && ContentDigest.digest(of: file) == output.hash
        }
    }

    // MARK: - Paths

    /// A path as the manifest writes it: relative to its folder if it lies there.
    func relative(_ path: String) -> String {
        let (folder, whole) = (folder, Self.whole(path))
        return whole.hasPrefix(folder + "/") ? String(whole.dropFirst(folder.count + 1)) : whole
    }

    private func absolute(_ path: String) -> String { Self.absolute(path, beside: self.path) }

    private static func absolute(_ path: String, beside manifest: String) -> String {
        path.hasPrefix("/")
            ? path : "\(URL(filePath: whole(manifest)).deletingLastPathComponent().path)/\(path)"
    }

    private var folder: String {
        URL(filePath: Self.whole(path)).deletingLastPathComponent().path
    }

    /// What a manifest is called after: its folder, or a single result beside it.
    public static func base(of path: String) -> String {
        let whole = whole(path)
        return whole.hasSuffix("." + fileName)
            ? String(whole.dropLast(fileName.count + 1)) : FileName.folder(of: whole)
    }

    /// The path from the root.
    public static func whole(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path
    }

    // MARK: - Writing

    /// Adds a line; when this returns, the line is on the disk.
    ///
    /// - Throws: ``ManifestError`` if it cannot be written; the file then ends as before.
    func append(_ item: ManifestItem) throws {
        try write(try JSONText.encodeLine(item) + "\n")
    }

    /// Adds text behind the complete lines, after what it has to follow.
    private func write(_ text: String) throws {
        try state.withLock { state in
            let bytes = Array((state.pending + text).utf8)
            do throws(FileError) {
                try OpenFile.append(bytes, at: state.byteCount, to: file.descriptor, path: path)
            } catch {
                throw ManifestError.unwritten(file: path, reason: error.reason)
            }
            state.byteCount += bytes.count
            state.pending = ""
        }
    }

    /// Whether there is anything for whose sake a manifest has to be kept.
    private static func hasResults(_ text: ManifestText, _ path: String) -> Bool {
        text.items.contains { item in
            item.status == .segmented
                && item.outputs.contains { FileStatus(of: absolute($0.path, beside: path)) != nil }
        }
    }

    private static func requireSame(
        _ old: ManifestHeader,
        _ new: ManifestHeader,
        _ path: String
    ) throws {
        // Further results can be made of the labels that are there.
        var wanted = new.settings
        wanted.results = old.settings.results
        var changes = try JSONDifference.all(old.settings, wanted)
        if old.model.hash != new.model.hash || old.model.decoderHash != new.model.decoderHash {
            changes.append(.init(key: "model", before: old.model.name, now: new.model.name))
        }
        guard changes.isEmpty else {
            throw ManifestError.otherSettings(file: path, changes: changes)
        }
    }
}

/// Labels that an earlier run has made, and the results that are still to be made of them.
struct KnownLabels: Hashable, Sendable {
    /// The label image, of all planes.
    let file: String

    /// The results that are missing.
    let missing: [ResultFile]

    /// Those that are there.
    let kept: [ManifestItem.Output]
}

/// By what a file is recognised without reading it.
struct InputIdentity: Hashable, Sendable {
    /// Size in bytes.
    let byteCount: Int

    /// When it was changed last, seconds since 1970.
    let modified: Double

    /// Nil for what is no file, such as the folder of a Zarr container.
    init?(of path: String) {
        guard let status = FileStatus(of: FileName.container(of: path)), !status.isFolder
        else { return nil }
        byteCount = status.byteCount
        modified = status.modified
    }
}
