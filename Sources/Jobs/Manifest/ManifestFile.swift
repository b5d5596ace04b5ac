import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file of a manifest, open and locked from before the first image until this value ends.
///
/// So a second run for the same results is refused before it has computed anything. Where there is no file, it is
/// made, with its folder.
final class ManifestFile: Sendable {
    let path: String

    /// Whether it was there already.
    let wasThere: Bool

    /// Whether it had no content when it was locked.
    let isEmpty: Bool

    let descriptor: Int32

    /// The folders that were made for it, the innermost first.
    private let madeFolders: [String]

    /// How often another run may make or remove the file meanwhile.
    private static let mostAttempts = 100

    /// - Parameter waiting: Called if another run has the file, before it is waited for.
    /// - Throws: ``ManifestError`` if another run has the file, or if it cannot be opened.
    init(_ path: String, waiting: () -> Void = {}) throws {
        var made: [String] = []
        for _ in 0..<Self.mostAttempts {
            var wasThere = true
            var descriptor = open(path, O_RDWR | O_CLOEXEC)
            if descriptor < 0, errno == ENOENT {
                made += try Self.makeFolders(for: path)
                wasThere = false
                descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
                if descriptor < 0, errno == EEXIST || errno == ENOENT { continue }
            }
            guard descriptor >= 0 else {
                throw ManifestError.unopened(file: path, reason: String(cString: strerror(errno)))
            }
            guard FileLock.take(descriptor, waiting: waiting) else {
                close(descriptor)
                throw ManifestError.inUse(file: path)
            }
            // The run that had it may have removed it at its end.
            var (own, named) = (stat(), stat())
            guard fstat(descriptor, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino
            else {
                close(descriptor)
                continue
            }
            (self.path, self.wasThere, self.descriptor) = (path, wasThere, descriptor)
            (isEmpty, madeFolders) = (own.st_size == 0, made)
            return
        }
        throw ManifestError.unopened(file: path, reason: "another program makes and removes it")
    }

    deinit { close(descriptor) }

    /// Removes the file, and the folders that were made for it and hold nothing else.
    func remove() {
        unlink(path)
        // Stops, as it should, where something is in a folder.
        for folder in madeFolders where rmdir(folder) != 0 { return }
    }

    private static func makeFolders(for path: String) throws -> [String] {
        var missing: [String] = []
        var folder = FileName.folder(of: path)
        while FileStatus(of: folder) == nil, folder != FileName.folder(of: folder) {
            missing.append(folder)
            folder = FileName.folder(of: folder)
        }
        try OutputPlan.makeFolder(for: path)
        return missing
    }
}
