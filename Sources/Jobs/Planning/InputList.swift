import Files
import Foundation
import ImageFormats

/// The image files that the arguments of a command stand for.
public struct InputList: Equatable, Sendable {
    /// The paths as the user would write them, without repetitions.
    public private(set) var paths: [String] = []

    /// Whether the arguments name just one file, not a folder or a pattern.
    public private(set) var isSingleFile: Bool

    /// The endings of the files that are taken from a folder.
    public static let extensions: Set<String> = [
        "tif", "tiff", "btf", "png", "jpg", "jpeg", "h5", "hdf5", "hdf",
    ]

    private var seen: Set<FileStatus.Identity> = []
    private var containers: [String: Int] = [:]

    /// Expands files, folders and patterns.
    ///
    /// A folder stands for its images, not for those of folders inside it; the folder of a Zarr or
    /// N5 container is itself an image, that of a plate with several fields stands for all of them.
    ///
    /// Images of a folder or pattern come in natural order; arguments keep theirs. A file that does
    /// not exist is kept, so that it is reported with the other failures, as are links that lead nowhere
    /// and names that are no UTF-8.
    ///
    /// - Throws: ``InputError`` if a folder or pattern holds no image.
    public init(_ arguments: [String]) throws {
        isSingleFile =
            arguments.count == 1
            && arguments.allSatisfy {
                (FileStatus(of: $0)?.isFolder != true || FileStatus.isContainer($0))
                    && (FilePattern($0) == nil || FileStatus(of: $0) != nil)
            }
        for argument in arguments { try add(argument) }
        isSingleFile = isSingleFile && paths.count == 1
        for path in paths { containers[FileName.container(of: path), default: 0] += 1 }
    }

    /// The name of what is made of an image: that of its file, with the data set where several images lie in
    /// one file, `plate_B_3_0` for `plate.zarr#B/3/0`.
    public func stem(of path: String) -> String {
        let isShared = containers[FileName.container(of: path), default: 0] > 1
        return FileName.stem(path, dataset: isShared ? .kept : .dropped)
    }

    private mutating func add(_ argument: String) throws {
        if let status = FileStatus(of: argument) {
            if status.isFolder, !FileStatus.isContainer(argument) {
                try addFolder(argument)
            } else {
                try append(argument)
            }
        } else if let pattern = FilePattern(argument), !FileStatus.isLink(argument) {
            let files = pattern.matches().filter { !Self.isOtherFolder($0) }
            guard !files.isEmpty else { throw InputError.noMatch(pattern: argument) }
            try files.forEach { try append($0) }
        } else {
            try append(argument)
        }
    }

    private mutating func addFolder(_ folder: String) throws {
        let names: [String]
        do {
            names = try FolderContents.names(in: folder)
        } catch {
            throw InputError.unreadableFolder(folder: folder)
        }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let paths = names.filter { !$0.hasPrefix(".") }.sorted { $0.naturallyPrecedes($1) }
            .map { base + $0 }
            .filter { path in
                Self.hasImageEnding(path) && !Self.isOtherFolder(path)
                    || FileStatus.isContainer(path)
            }
        guard !paths.isEmpty else {
            throw InputError.noImages(folder: folder, endings: Self.extensions.sorted())
        }
        try paths.forEach { try append($0) }
    }

    private static func hasImageEnding(_ path: String) -> Bool {
        let name = path.lowercased()
        // Other archives hold regions of ImageJ, or anything.
        return extensions.contains(URL(filePath: name).pathExtension) || name.hasSuffix(".zarr.zip")
            || name.hasSuffix(".ozx")
    }

    /// A folder that is no image.
    private static func isOtherFolder(_ path: String) -> Bool {
        FileStatus(of: path)?.isFolder == true && !FileStatus.isContainer(path)
    }

    private mutating func append(_ path: String) throws {
        if let identity = FileStatus(of: path)?.identity {
            guard seen.insert(identity).inserted else { return }
        } else if paths.contains(path) {
            return
        }
        if let plate = Self.plate(path) {
            paths += plate.inputs.filter { !paths.contains($0) }
        } else {
            paths.append(path)
        }
    }

    /// A plate or a well with several fields.
    ///
    /// One whose description is damaged is reported when it is
    /// opened.
    private static func plate(_ path: String) -> Plate? {
        let plate = try? Plate(at: path)
        return plate.flatMap { $0.fields.count > 1 ? $0 : nil }
    }

    /// Whether two lists have the same paths.
    public static func == (left: InputList, right: InputList) -> Bool {
        left.paths == right.paths && left.isSingleFile == right.isSingleFile
    }
}
