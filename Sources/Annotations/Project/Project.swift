public import Foundation
import GRDB
import Synchronization

/// A project of annotations: one SQLite file with images, labels, objects and every edit.
///
/// What a method has answered survives the end of the program, however it comes, and a loss of power. All
/// methods may be called from several threads at once; changes are made one after the other. One program at a
/// time works with a file.
public final class Project: Sendable {
    /// The place of the project file.
    public let url: URL
    let database: DatabasePool
    let views = Mutex(HistoryViews())
    private let lock: ProjectLock

    init(at url: URL, _ database: DatabasePool, _ lock: ProjectLock) {
        self.url = url
        self.database = database
        self.lock = lock
    }

    deinit {
        database.invalidateReadOnlyConnections()
        try? database.close()
    }

    /// Makes a project where no file is.
    ///
    /// - Throws: ``ProjectError/exists(_:)``; errors of the folder.
    public static func create(at url: URL) throws(ProjectError) -> Project {
        try ProjectFile(url).create()
    }

    /// Opens a project; files of earlier versions are brought to the present one.
    ///
    /// - Parameter waiting: Called if another program has the project open, before it is waited for.
    /// - Throws: ``ProjectError`` for everything that is no project, cannot be used by this version, or cannot
    ///   be written. The file is then as it was.
    public static func open(
        at url: URL,
        waiting: () -> Void = {}
    ) throws(ProjectError) -> Project {
        try ProjectFile(url).open(waiting: waiting)
    }

    /// Ends the work with the file, and lets other programs use it.
    public func close() throws(ProjectError) {
        try attempt {
            // The connection that is closed last empties the log, which those for reading cannot.
            database.invalidateReadOnlyConnections()
            try database.close()
        }
        lock.release()
    }

    /// Runs a transaction that changes the file.
    func write<Result>(_ body: (Store) throws -> Result) throws(ProjectError) -> Result {
        try attempt { try database.write { try body(Store(db: $0, file: url.path)) } }
    }

    /// Runs statements that see one state of the file.
    func read<Result>(_ body: (Store) throws -> Result) throws(ProjectError) -> Result {
        try attempt { try database.read { try body(Store(db: $0, file: url.path)) } }
    }

    func attempt<Result>(_ body: () throws -> Result) throws(ProjectError) -> Result {
        do {
            return try body()
        } catch {
            throw ProjectError(error, file: url.path)
        }
    }
}
