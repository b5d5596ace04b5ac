import Files
import Foundation
import Synchronization

/// The right to work with a project file, held by one program at a time.
final class ProjectLock: Sendable {
    private let path: String
    private let held: Mutex<FileLock?>

    init(for url: URL, waiting: () -> Void = {}) throws(ProjectError) {
        path = url.path + "-lock"
        do {
            held = Mutex(try FileLock(file: path, waiting: waiting))
        } catch {
            switch error.kind {
            case .isLocked: throw .inUse(url.path)
            case .notFound: throw .notFound(FileName.folder(of: url.path))
            default:
                let folder = FileName.folder(of: url.path)
                throw FileManager.default.fileExists(atPath: folder)
                    ? .readOnly(url.path) : .notFound(folder)
            }
        }
    }

    /// Lets other programs have it.
    func release() {
        held.withLock { $0 = nil }
    }
}
