import Foundation

/// The hash of a file, or of a folder that is one image, by which a run can be repeated.
public enum ContentDigest {
    /// Folders beyond this size are not read as a whole.
    private static let largestFolder = 4 << 30

    /// `xxh128:…` of the bytes of a file; `xxh128-tree:…` of a folder.
    ///
    /// Of a folder the names, sizes and contents of all files are hashed; in folders of more than
    /// 4 GiB, of which usually a part is segmented, the contents of metadata only (`.json`, `.z*`).
    ///
    /// - Parameter path: A data set behind a `#` is left out.
    /// - Throws: ``FileError`` if something cannot be read.
    public static func digest(of path: String) throws(FileError) -> String {
        let file = FileName.container(of: path)
        guard let status = FileStatus(of: file) else {
            throw FileError(.notFound, path: path, "there is no such file")
        }
        guard status.isFolder else {
            return try FileDigest(of: URL(filePath: file), algorithm: .xxh128).description
        }
        return try folderDigest(file)
    }

    private static func folderDigest(_ folder: String) throws(FileError) -> String {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .cannotList(folder)
        }
        let files = names.compactMap { name -> (name: String, byteCount: Int)? in
            guard let status = FileStatus(of: "\(folder)/\(name)"), !status.isFolder else {
                return nil
            }
            return (name, status.byteCount)
        }
        let isLarge = files.reduce(0) { $0 + $1.byteCount } > largestFolder
        var list = ""
        for file in files {
            list += "\(file.name)\t\(file.byteCount)"
            if !isLarge || isMetadata(file.name) {
                let url = URL(filePath: "\(folder)/\(file.name)")
                list += "\t" + (try FileDigest(of: url, algorithm: .xxh128).description)
            }
            list += "\n"
        }
        let digest = try FileDigest(of: Array(list.utf8), algorithm: .xxh128)
        return "xxh128-tree:\(digest.hexadecimal)"
    }

    private static func isMetadata(_ name: String) -> Bool {
        let file = URL(filePath: name).lastPathComponent
        return file.hasSuffix(".json") || file.hasPrefix(".z")
    }
}
