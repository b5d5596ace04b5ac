import Files
public import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder of a training; only one program at a time trains in it.
///
/// It is made if it is not there, and removed again if it is empty at the end of this object.
public final class TrainingFolder: Sendable {
    /// As the user named it, without slashes at the end.
    public let path: String

    private let lock: FileLock
    private let wasMade: Bool

    /// Whether a run of this program is at work here.
    private let isRunning = Atomic(false)

    /// Name of the report.
    public static let reportName = "report.html"

    /// Makes the folder if it is not there, and keeps others from training in it.
    ///
    /// - Parameter waiting: Called if another program trains in the folder, before it is waited for.
    /// - Throws: ``TrainingRunError``.
    public init(_ path: String, waiting: () -> Void = {}) throws(TrainingRunError) {
        let path = FileName.trimmed(path)
        self.path = path
        let status = FileStatus(of: path)
        guard status?.isFolder != false else { throw .notAFolder(path) }
        wasMade = status == nil
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw .inaccessible(
                path: path,
                reason: "the folder cannot be made; check its permissions"
            )
        }
        do throws(FileError) {
            lock = try FileLock(folder: path, waiting: waiting)
        } catch {
            guard error.kind != .isLocked else { throw .inUse(folder: path) }
            throw .inaccessible(path: path, reason: error.reason)
        }
    }

    deinit { removeIfEmpty() }

    /// Removes the folder if it was made by this object and nothing is in it.
    ///
    /// Happens at the end of the object, too; a program that ends at once does not wait for that.
    public func removeIfEmpty() {
        // Fails, as it should, if something is in it.
        if wasMade { rmdir(path) }
    }

    /// The same as an URL.
    public var url: URL { URL(filePath: path) }

    /// The path of a file in the folder.
    func path(of name: String) -> String { "\(path)/\(name)" }

    /// The record of the run that is there; nil for an empty folder.
    ///
    /// - Parameter recipe: The recipe, which may lie in the folder before the run begins.
    /// - Throws: ``TrainingRunError`` if the folder holds something else.
    public func record(recipe: String? = nil) throws(TrainingRunError) -> TrainingRecord? {
        if has(TrainingRecord.fileName) { return try TrainingRecord(in: path) }
        let own = recipe.flatMap { FileStatus(of: $0)?.identity }
        let files = try names().filter { FileStatus(of: path(of: $0))?.identity != own }
        if let example = files.first { throw .otherFiles(folder: path, example: example) }
        return nil
    }

    /// Whether something of this name is there.
    func has(_ name: String) -> Bool { FileStatus(of: path(of: name)) != nil }

    /// Removes what a run writes, and nothing else.
    ///
    /// - Throws: ``TrainingRunError``.
    public func clear() throws(TrainingRunError) {
        guard has(TrainingRecord.fileName) else { return }
        for name in try names() where Self.isOfRun(name) {
            do {
                try FileManager.default.removeItem(atPath: path(of: name))
            } catch {
                throw .inaccessible(
                    path: path(of: name),
                    reason: "cannot be removed; check its permissions"
                )
            }
        }
    }

    /// Runs the training of this folder, which nothing else in this program may do meanwhile.
    func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isRunning.exchange(true, ordering: .acquiringAndReleasing) else {
            throw TrainingRunError.inUse(folder: path)
        }
        defer { isRunning.store(false, ordering: .releasing) }
        return try body()
    }

    private func names() throws(TrainingRunError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw .inaccessible(
                path: path,
                reason: "the folder cannot be read; check its permissions"
            )
        }
    }

    private static func isOfRun(_ name: String) -> Bool {
        let known = [
            TrainingRecord.fileName, reportName, TrainingLog.fileName, "tensorboard",
            Trainer.stateFileName, Trainer.latestFileName, Trainer.bestFileName,
        ]
        return known.contains(name)
            || name.hasPrefix("epoch-") && name.hasSuffix(".safetensors")
    }
}
