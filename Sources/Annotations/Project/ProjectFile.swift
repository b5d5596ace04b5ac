import Files
import Foundation
import GRDB

/// How a project file is opened: what is looked at before SQLite may touch it.
struct ProjectFile {
    let url: URL

    init(_ url: URL) { self.url = url }

    /// Makes a project under another name first, so that one of this name is always whole.
    func create() throws(ProjectError) -> Project {
        let lock = try ProjectLock(for: url)
        let draft = FileName.join(
            FileName.folder(of: url.path),
            ".\(url.lastPathComponent).\(UUID().uuidString).part"
        )
        do {
            guard FileStatus(of: url.path) == nil else { throw ProjectError.exists(url.path) }
            let database = try DatabaseQueue(path: draft, configuration: configuration)
            try database.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA journal_mode = WAL")
            }
            try database.write { try Schema.migrate($0, from: 0) }
            try database.close()
            guard rename(draft, url.path) == 0 else {
                throw ProjectError.failed(url.path, reason: SystemMessage.last())
            }
            return try open(lock)
        } catch {
            lock.release()
            for ending in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: draft + ending)
            }
            throw ProjectError(error, file: url.path)
        }
    }

    /// Opens a project that is there.
    ///
    /// - Parameter waiting: Called if another program has it, before it is waited for.
    func open(waiting: () -> Void) throws(ProjectError) -> Project {
        try lookAtHeader()
        let lock = try ProjectLock(for: url, waiting: waiting)
        do {
            return try open(lock)
        } catch {
            lock.release()
            throw ProjectError(error, file: url.path)
        }
    }

    private func open(_ lock: ProjectLock) throws -> Project {
        let database = try DatabasePool(path: url.path, configuration: configuration)
        try database.write { try prepare($0) }
        return Project(at: url, database, lock)
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "project"
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            // An answer survives a loss of power.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    private func prepare(_ db: Database) throws {
        let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard application == Schema.applicationID, version > 0 else {
            throw ProjectError.foreign(url.path)
        }
        guard version <= Schema.version else {
            throw ProjectError.newer(url.path, version: version, supported: Schema.version)
        }
        if version < Schema.version { try Schema.migrate(db, from: version) }
        let names = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema")
        for table in Schema.tables where !names.contains(table) {
            throw ProjectError.damaged(url.path, detail: "the table '\(table)' is missing")
        }
    }

    /// Refuses what is no whole SQLite file of this kind, before anything is written beside it.
    private func lookAtHeader() throws(ProjectError) {
        let path = url.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .notFound(path)
        }
        if isFolder.boolValue { throw .foreign(path) }
        let header: [UInt8]
        let size: UInt64
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            header = Array(try file.read(upToCount: 100) ?? Data())
            size = try file.seekToEnd()
        } catch {
            throw .failed(path, reason: "the file cannot be read: \(error.localizedDescription)")
        }
        let log = FileManager.default.fileExists(atPath: path + "-wal")
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw .foreign(path)
        }
        func number(_ start: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 << 8 | UInt64(header[start + $1]) }
        }
        guard number(68, 4) == UInt64(Schema.applicationID) else { throw .foreign(path) }
        let version = Int(number(60, 4))
        guard version <= Schema.version else {
            throw .newer(path, version: version, supported: Schema.version)
        }
        let pageSize = number(16, 2) == 1 ? 65_536 : number(16, 2)
        // With a log beside it the file may lack pages that the log has.
        if !log, number(28, 4) * pageSize > size { throw .truncated(path) }
    }
}
