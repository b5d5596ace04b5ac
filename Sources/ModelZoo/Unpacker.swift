import Files
import Foundation

/// Unpacks zip archives of sample data.
enum Unpacker {
    /// Unpacks into a folder, which appears when everything is there; does nothing if it exists.
    static func unpack(_ archive: URL, to folder: URL) throws(ModelZooError) {
        guard !FileManager.default.fileExists(atPath: folder.path) else { return }
        let temporary = folder.deletingLastPathComponent().appendingPathComponent(
            "\(folder.lastPathComponent).\(UUID().uuidString).tmp",
            isDirectory: true
        )
        do {
            let files = try ZipArchive(ByteStorage(mapping: archive.path))
            for entry in files.entries where !entry.name.hasSuffix("/") {
                try write(entry, of: files, to: temporary)
            }
            try FileManager.default.moveItem(at: temporary, to: folder)
        } catch {
            removeIfPresent(temporary)
            throw .fileFailure(file: archive.path, reason: "cannot be unpacked: \(error)")
        }
    }

    private static func write(_ entry: ZipArchive.Entry, of files: ZipArchive, to folder: URL)
        throws
    {
        let name = entry.name
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." || $0.contains("\\") })
        else {
            throw ModelZooError.fileFailure(
                file: name,
                reason: "this name leads out of the archive"
            )
        }
        let target = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        var budget = 2 << 30
        try files.withBytes(of: entry, budget: &budget) { bytes in
            try Data(bytes).write(to: target)
        }
    }

    private static func removeIfPresent(_ folder: URL) {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            // The folder stays behind under its temporary name; the error that led here is reported.
        }
    }
}
