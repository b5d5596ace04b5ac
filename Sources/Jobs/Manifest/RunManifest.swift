import Files
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The manifest of a run, to which each image is added durably before its results get their names.
///
/// So whatever moment a run is killed at, the manifest tells what is finished: a result whose line is
/// missing was not given its name, and only the image of the last line may have a line but no result.
/// The file is locked, so that two runs can not work on the same results.
public final class RunManifest: Sendable {
    /// The file.
    public let path: String

    /// Whether it was there already, of the same run that goes on now.
    public let isContinued: Bool

    private let header: ManifestHeader
    private let known: [String: ManifestItem]
    private let last: ManifestItem?
    private let state: Mutex<State>

    private struct State {
        /// The file, once it is open.
        var descriptor: Int32?
        /// The bytes that are complete lines.
        var byteCount: Int
        /// What the next line has to follow.
        var pending: String
    }

    /// Opens the manifest of a run; a new one appears with its first line.
    ///
    /// - Throws: ``ManifestError`` if the file is that of a run with other settings or weights and the
    ///   header does not replace results, if another run writes to it, or if it is no manifest.
    public init(_ path: String, header: ManifestHeader) throws {
        self.path = path
        var header = header
        guard FileStatus(of: path) != nil else {
            known = [:]
            last = nil
            isContinued = false
            self.header = header
            state = Mutex(State(byteCount: 0, pending: try JSONText.encodeLine(header) + "\n"))
            return
        }
        let descriptor = try Self.locked(path, O_RDWR | O_CLOEXEC)
        do {
            let text = try Self.text(path)
            if let text, !header.replacesResults {
                try Self.requireSame(text.header, header, path)
                header.replacesResults = text.header.replacesResults
                known = text.latest
                last = text.items.last { $0.status == .segmented }
                isContinued = true
                let line = try JSONText.encodeLine(ManifestContinuation(header)) + "\n"
                let count = text.validByteCount
                state = Mutex(State(descriptor: descriptor, byteCount: count, pending: line))
            } else {
                known = [:]
                last = nil
                isContinued = false
                let line = try JSONText.encodeLine(header) + "\n"
                state = Mutex(State(descriptor: descriptor, byteCount: 0, pending: line))
            }
        } catch {
            close(descriptor)
            throw error
        }
        self.header = header
    }

    deinit {
        let descriptor = state.withLock { $0.descriptor }
        if let descriptor { close(descriptor) }
    }

    // MARK: - What is finished

    /// Whether the results of an image are there, so that it is left out.
    ///
    /// Results of which the manifest does not tell are taken as they are, unless the run replaces results.
    func isFinished(_ item: BatchItem) throws -> Bool {
        let isThere = item.isFinished
        guard let line = known[relative(item.output)], line.status == .segmented else {
            // A run that replaces results does so when it goes on, too.
            return isThere && !header.replacesResults
        }
        guard isThere, try isUnchanged(line, item.input) else { return false }
        // Only the results of the last line may not have got their names, where older ones lie.
        if line == last { return try hasResults(line) }
        return true
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

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private var folder: String {
        URL(filePath: Self.whole(path)).deletingLastPathComponent().path
    }

    /// The path from the root.
    public static func whole(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path
    }

    // MARK: - Writing

    /// Adds a line; when this returns, the line is on the disk.
    ///
    /// - Throws: ``ManifestError`` if it can not be written; the file then ends as before.
    func append(_ item: ManifestItem) throws {
        let line = try JSONText.encodeLine(item) + "\n"
        try state.withLock { state in
            let descriptor: Int32
            if let open = state.descriptor {
                descriptor = open
            } else {
                try OutputPlan.makeFolder(for: path)
                descriptor = try Self.locked(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC)
                state.descriptor = descriptor
            }
            let bytes = Array((state.pending + line).utf8)
            do throws(FileError) {
                try OpenFile.append(bytes, at: state.byteCount, to: descriptor, path: path)
            } catch {
                throw ManifestError.unwritten(file: path, reason: error.reason)
            }
            state.byteCount += bytes.count
            state.pending = ""
        }
    }

    private static func locked(_ path: String, _ flags: Int32) throws -> Int32 {
        let descriptor = open(path, flags, 0o666)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ManifestError.unopened(file: path, reason: reason)
        }
        guard FileLock.take(descriptor) else {
            close(descriptor)
            throw ManifestError.inUse(file: path)
        }
        return descriptor
    }

    /// The content of a manifest; nil if nothing was written to it yet.
    private static func text(_ path: String) throws -> ManifestText? {
        guard let status = FileStatus(of: path), !status.isFolder, status.byteCount > 0 else {
            return nil
        }
        return try ManifestText(contentsOf: path)
    }

    private static func requireSame(
        _ old: ManifestHeader,
        _ new: ManifestHeader,
        _ path: String
    ) throws {
        var changes = try JSONDifference.all(old.settings, new.settings)
        if old.model.hash != new.model.hash || old.model.decoderHash != new.model.decoderHash {
            changes.append(.init(key: "model", before: old.model.name, now: new.model.name))
        }
        guard changes.isEmpty else {
            throw ManifestError.otherSettings(file: path, changes: changes)
        }
    }
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
