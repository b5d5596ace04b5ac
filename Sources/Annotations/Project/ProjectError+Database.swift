import Files
import Foundation
import GRDB
import Imaging

extension ProjectError {
    /// What an error of the layers below means for the project.
    init(_ error: any Error, file: String) {
        switch error {
        case let error as ProjectError: self = error
        case let error as DatabaseError: self.init(database: error, file: file)
        case let error as ImagingError: self = .badGesture("\(error)")
        default: self = .failed(file, reason: "\(error)")
        }
    }

    private init(database error: DatabaseError, file: String) {
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(file)
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(file)
        case .SQLITE_CANTOPEN:
            self =
                FileManager.default.isWritableFile(atPath: FileName.folder(of: file))
                ? .failed(file, reason: reason) : .readOnly(file)
        case .SQLITE_NOTADB: self = .foreign(file)
        case .SQLITE_CORRUPT: self = .damaged(file, detail: reason)
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_SCHEMA:
            self = .damaged(file, detail: reason)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(file)
        case .SQLITE_MISUSE: self = .closed(file)
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
            // The file beside the project that is shared in memory cannot grow.
            self = .diskFull(file)
        default: self = .failed(file, reason: reason)
        }
    }
}
