#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What lies in a folder.
public enum FolderContents {
    /// The names of all files and folders in a folder, hidden ones too, in no order.
    ///
    /// Nothing is left out: a link that leads nowhere has its name, and a name with bytes that are no UTF-8
    /// has the sign for unknown characters (U+FFFD) in their place, by which no file is found.
    ///
    /// - Throws: ``FileError`` if the folder cannot be listed.
    public static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw .cannotList(folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // Safe because the system ends the name with a zero, and the text is a copy.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
