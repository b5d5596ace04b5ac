public import Foundation
import GRDB

/// A project of annotations: one SQLite file with images, labels, objects and every edit.
public final class Project: Sendable {
    /// The place of the project file.
    public let url: URL
    private let database: DatabasePool

    /// Opens a project, or makes it.
    public init(at url: URL) throws {
        self.url = url
        database = try DatabasePool(path: url.path)
    }

    /// Ends the work with the file.
    public func close() throws {
        try database.close()
    }
}
