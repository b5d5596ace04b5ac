package import Foundation
import Jobs
import Training

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder of a training; only one program at a time trains in it.
package final class RunFolder: Sendable {
    /// As the user named it, without slashes at the end.
    package let path: String

    private let descriptor: Int32

    /// Name of the report.
    package static let reportName = "report.html"

    /// Makes the folder if it is not there, and keeps others from training in it.
    ///
    /// - Throws: ``CommandFailure``.
    package init(_ path: String) throws {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        if let status = FileStatus(of: path), !status.isFolder {
            throw CommandFailure("\(path): is a file; name a folder for the run")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw CommandFailure("\(path): the folder can not be made; check its permissions")
        }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure("\(path): \(String(cString: strerror(errno)))")
        }
        guard FileLock.take(descriptor) else {
            close(descriptor)
            throw CommandFailure(
                "\(path): another program trains in this folder; wait until it ends, or name another"
            )
        }
    }

    deinit { close(descriptor) }

    package var url: URL { URL(filePath: path) }

    /// The record of the run that is there; nil for an empty folder.
    ///
    /// - Parameter recipe: The recipe, which may lie in the folder before the run begins.
    /// - Throws: ``CommandFailure`` if the folder holds something else.
    package func record(recipe: String? = nil) throws -> TrainingRecord? {
        if has(TrainingRecord.fileName) { return try TrainingRecord(in: path) }
        let own = recipe.flatMap { FileStatus(of: $0)?.identity }
        let files = try names().filter { FileStatus(of: "\(path)/\($0)")?.identity != own }
        guard files.isEmpty else {
            throw CommandFailure(
                "\(path): the folder holds other files, for example \(files[0]); name a new folder"
            )
        }
        return nil
    }

    /// Whether something of this name is there.
    package func has(_ name: String) -> Bool { FileStatus(of: "\(path)/\(name)") != nil }

    /// Removes what a run writes, and nothing else.
    package func clear() throws {
        guard has(TrainingRecord.fileName) else { return }
        for name in try names() where Self.isOfRun(name) {
            do {
                try FileManager.default.removeItem(atPath: "\(path)/\(name)")
            } catch {
                throw CommandFailure("\(path)/\(name): can not be removed; check its permissions")
            }
        }
    }

    /// Removes the folder if nothing is in it.
    package func removeIfEmpty() { rmdir(path) }

    private func names() throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw CommandFailure("\(path): the folder can not be read; check its permissions")
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
