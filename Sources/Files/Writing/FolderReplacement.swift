import Foundation

/// A folder that is written beside its destination and takes its place when it is complete.
///
/// Until ``commit()`` the destination is untouched; if this value ends before, what was written is removed. A
/// program that is killed leaves a hidden folder behind, which ``FileReplacement/isFragment(_:)`` recognises.
public struct FolderReplacement: ~Copyable {
    /// Where the content is written: `.NAME.….part` beside the destination.
    public let temporaryPath: String

    /// Where it will be.
    public let path: String

    private var isCommitted = false

    /// Creates an empty folder beside the destination, whose own folder must exist.
    ///
    /// - Parameters:
    ///   - path: The destination.
    ///   - mayReplace: Whether something that has the name of the destination may be replaced; asked for its path. An
    ///     empty folder always may.
    /// - Throws: ``FileError`` if the folder cannot be made, or something has its name that may not be replaced.
    public init(
        of path: String,
        mayReplace: (String) -> Bool = { _ in false }
    ) throws(FileError) {
        let path = FileName.trimmed(path)
        guard Self.isFree(path) || mayReplace(path) else {
            throw FileError(
                .cannotWrite,
                path: path,
                "something of this name exists",
                advice: "choose another name for the output, or remove what is there"
            )
        }
        let tag = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let temporaryPath = FileName.join(
            FileName.folder(of: path),
            ".\(FileName.last(of: path)).\(tag).part"
        )
        do {
            try FileManager.default.createDirectory(
                atPath: temporaryPath,
                withIntermediateDirectories: false
            )
        } catch {
            throw Self.cannotWrite(path, error)
        }
        self.path = path
        self.temporaryPath = temporaryPath
    }

    deinit {
        // What cannot be removed is a fragment, which does no harm.
        if !isCommitted { try? FileManager.default.removeItem(atPath: temporaryPath) }
    }

    /// The path of a file in the folder, before it has its name.
    public func file(_ name: String) -> String { FileName.join(temporaryPath, name) }

    /// Gives the folder its name.
    ///
    /// What had the name before is removed afterwards; if the program ends in between, it is kept beside it under a
    /// hidden name.
    ///
    /// - Throws: ``FileError`` if the name cannot be given; the destination is then as it was.
    public consuming func commit() throws(FileError) {
        let isThere = FileStatus(of: path) != nil
        let aside = temporaryPath + ".part"
        if isThere { try OpenFile.rename(path, to: aside, .atomic) }
        do throws(FileError) {
            try OpenFile.rename(temporaryPath, to: path, .durable)
        } catch {
            if isThere { try OpenFile.rename(aside, to: path, .atomic) }
            throw error
        }
        isCommitted = true
        if isThere { try? FileManager.default.removeItem(atPath: aside) }
    }

    /// Whether nothing, or an empty folder, has the name.
    private static func isFree(_ path: String) -> Bool {
        guard let status = FileStatus(of: path) else { return !FileStatus.isLink(path) }
        guard status.isFolder else { return false }
        do throws(FileError) {
            return try FolderContents.names(in: path).isEmpty
        } catch {
            return false
        }
    }

    private static func cannotWrite(_ path: String, _ error: any Error) -> FileError {
        FileError(
            .cannotWrite,
            path: path,
            "cannot be written: \(error.localizedDescription)",
            advice: "check free space and the permissions of the folder"
        )
    }
}
