import Foundation

/// The image files that the arguments of a command stand for.
package struct InputList: Equatable {
    /// The paths as the user would write them, without repetitions.
    package private(set) var paths: [String] = []

    /// Whether the arguments name just one file, not a folder or a pattern.
    package let isSingleFile: Bool

    /// The endings of the files that are taken from a folder.
    package static let extensions: Set<String> = ["tif", "tiff", "btf", "png", "jpg", "jpeg"]

    private var seen: Set<FileStatus.Identity> = []

    /// Expands files, folders (their images, not those of folders inside) and patterns.
    ///
    /// Images of a folder or pattern come in natural order; arguments keep theirs. A file that does
    /// not exist is kept, so that it is reported with the other failures.
    ///
    /// - Throws: ``CommandFailure`` if a folder or pattern holds no image.
    package init(_ arguments: [String]) throws {
        isSingleFile =
            arguments.count == 1
            && arguments.allSatisfy {
                FileStatus(of: $0)?.isFolder != true
                    && (FilePattern($0) == nil || FileStatus(of: $0) != nil)
            }
        for argument in arguments { try add(argument) }
    }

    private mutating func add(_ argument: String) throws {
        if let status = FileStatus(of: argument) {
            if status.isFolder {
                try addFolder(argument)
            } else {
                append(argument)
            }
        } else if let pattern = FilePattern(argument) {
            let files = pattern.matches().filter { FileStatus(of: $0)?.isFolder == false }
            guard !files.isEmpty else { throw CommandFailure("\(argument): no file matches") }
            files.forEach { append($0) }
        } else {
            append(argument)
        }
    }

    private mutating func addFolder(_ folder: String) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw CommandFailure("\(folder): the folder can not be read; check its permissions")
        }
        let images = names.filter(Self.isImage).sorted { $0.naturallyPrecedes($1) }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let paths = images.map { base + $0 }.filter { FileStatus(of: $0)?.isFolder == false }
        guard !paths.isEmpty else {
            throw CommandFailure(
                "\(folder): the folder holds no image "
                    + "(\(Self.extensions.sorted().joined(separator: ", "))); "
                    + "folders inside it are not searched"
            )
        }
        paths.forEach { append($0) }
    }

    private static func isImage(_ name: String) -> Bool {
        guard !name.hasPrefix("."), let dot = name.lastIndex(of: ".") else { return false }
        return extensions.contains(name[name.index(after: dot)...].lowercased())
    }

    private mutating func append(_ path: String) {
        if let identity = FileStatus(of: path)?.identity {
            guard seen.insert(identity).inserted else { return }
        } else if paths.contains(path) {
            return
        }
        paths.append(path)
    }

    package static func == (left: InputList, right: InputList) -> Bool {
        left.paths == right.paths && left.isSingleFile == right.isSingleFile
    }
}
