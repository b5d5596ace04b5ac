import Files
import Foundation

/// Files that a page has sent along, in a folder of their own as long as they are read.
struct SentFiles: Sendable {
    /// A file as it is sent.
    struct File: Decodable, Sendable {
        let name: String
        /// Its content, in base64.
        let data: Data
    }

    private let folder: String

    /// The places of the files, in their order.
    let paths: [String]

    /// Writes files into a new folder inside `cache`.
    ///
    /// Of a name only letters, digits, dots, hyphens and underscores of its last part are used: it tells the kind of the
    /// file, and which frame it belongs to.
    init(_ files: [File], in cache: String) throws {
        folder = FileName.join(cache, "import-\(UUID().uuidString)")
        let names = files.map { Self.plain($0.name) }
        guard Set(names).count == names.count else {
            throw ServerError.malformed("two of the files have the same name")
        }
        paths = names.map { [folder] in FileName.join(folder, $0) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        do {
            for (file, path) in zip(files, paths) {
                try FileReplacement.write([UInt8](file.data), to: path, .atomic)
            }
        } catch {
            remove()
            throw error
        }
    }

    private static func plain(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let kept = last.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        // A point in front would hide it, or name the folder.
        let plain = String(kept.drop { $0 == "." }.suffix(100))
        return plain.isEmpty ? "file" : plain
    }

    /// Removes the folder.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
