import Files
import Foundation
import ImageFormats

/// The image files that the arguments of a command stand for.
public struct InputList: Equatable, Sendable {
    /// The paths as the user would write them, without repetitions.
    public private(set) var paths: [String] = []

    /// Whether the arguments name just one file, not a folder or a pattern.
    public let isSingleFile: Bool

    /// The endings of the files that are taken from a folder.
    public static let extensions: Set<String> = [
        "tif", "tiff", "btf", "png", "jpg", "jpeg", "h5", "hdf5", "hdf",
    ]

    /// What lies in the folders and patterns and is not taken, in the order in which it was met.
    public private(set) var leftOut: [LeftOutFile] = []

    /// For each path the folder inside the named folder that it lies in; empty for the named one itself.
    private(set) var subfolders: [String] = []

    private var seen: Set<FileStatus.Identity> = []

    /// What is known of folders.
    private var pastResults: [String: PastResults] = [:]

    /// Images that were met, repetitions included.
    private var found = 0
    private let options: Options

    /// What is taken from folders.
    public struct Options: Hashable, Sendable {
        /// Whether folders inside folders are searched.
        public var isRecursive = false

        /// Whether label images that `usam segment` has written are left out.
        ///
        /// Pictures with contours always are.
        public var leavesOutLabels = false

        /// A folder that is not searched, because results go there.
        public var output: String?

        /// Folders alone, and all images in them.
        public init() {}
    }

    /// Expands files, folders and patterns.
    ///
    /// A folder stands for its images; the folder of a Zarr or N5 container is itself an image.
    ///
    /// Images of a folder or pattern come in natural order; arguments keep theirs. A file that does
    /// not exist is kept, so that it is reported with the other failures.
    ///
    /// - Throws: ``InputError`` if a folder or pattern holds no image.
    public init(_ arguments: [String], _ options: Options = Options()) throws {
        self.options = options
        isSingleFile =
            arguments.count == 1
            && arguments.allSatisfy {
                (FileStatus(of: $0)?.isFolder != true || FileStatus.isContainer($0))
                    && (FilePattern($0) == nil || FileStatus(of: $0) != nil)
            }
        for argument in arguments { try add(argument, isAlone: arguments.count == 1) }
        if paths.isEmpty, let first = arguments.first {
            throw InputError.onlyResults(pattern: first, leftOut: leftOut)
        }
    }

    /// Takes images as they are.
    ///
    /// - Parameter subfolders: The folder that the results of each lie in; empty for that of all results.
    init(_ paths: [String], in subfolders: [String]) {
        options = Options()
        isSingleFile = false
        (self.paths, self.subfolders) = (paths, subfolders)
    }

    /// - Parameter isAlone: Whether nothing else was named. A shell makes a long list of a pattern, in which
    ///   results are left out as they are in a folder.
    private mutating func add(_ argument: String, isAlone: Bool) throws {
        if let status = FileStatus(of: argument) {
            if status.isFolder, !FileStatus.isContainer(argument) {
                try addFolder(argument)
            } else if !isAlone, isResult(argument) {
                leftOut.append(LeftOutFile(argument, .result))
            } else {
                append(argument, "")
            }
        } else if let pattern = FilePattern(argument) {
            try addMatches(pattern, argument)
        } else {
            append(argument, "")
        }
    }

    private mutating func addMatches(_ pattern: FilePattern, _ argument: String) throws {
        let matches = pattern.matches().filter(Self.isReadable)
        let before = (found, leftOut.count)
        for path in matches {
            if isResult(path) {
                leftOut.append(LeftOutFile(path, .result))
            } else {
                append(path, "")
            }
        }
        guard found == before.0 else { return }
        let others = Array(leftOut[before.1...])
        throw others.isEmpty
            ? InputError.noMatch(pattern: argument)
            : InputError.onlyResults(pattern: argument, leftOut: others)
    }

    private mutating func isResult(_ path: String) -> Bool {
        let folder = FileName.folder(of: path)
        let results = pastResults[folder] ?? PastResults(in: folder)
        pastResults[folder] = results
        return results.holds(path, labels: options.leavesOutLabels)
    }

    private mutating func addFolder(_ folder: String) throws {
        let before = (found, leftOut.count)
        try addFolder(folder, inside: "")
        guard found == before.0 else { return }
        throw InputError.noImages(
            folder: folder,
            endings: Self.extensions.sorted(),
            leftOut: Array(leftOut[before.1...])
        )
    }

    private mutating func addFolder(_ folder: String, inside subfolder: String) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw InputError.unreadableFolder(folder: folder)
        }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let visible = names.filter { !$0.hasPrefix(".") }
        for name in visible.sorted(by: { $0.naturallyPrecedes($1) }) {
            let path = base + name
            let isImage =
                Self.hasImageEnding(path) && Self.isReadable(path) || FileStatus.isContainer(path)
            if isImage {
                if isResult(path) {
                    leftOut.append(LeftOutFile(path, .result))
                } else {
                    append(path, subfolder)
                }
            } else if let status = FileStatus(of: path), status.isFolder {
                let isOutput =
                    options.output.flatMap { FileStatus(of: $0) }?.identity == status.identity
                if isOutput { continue }
                if options.isRecursive {
                    // A link may lead back to a folder above.
                    guard seen.insert(status.identity).inserted else { continue }
                    let inside = subfolder.isEmpty ? name : FileName.join(subfolder, name)
                    try addFolder(path, inside: inside)
                } else {
                    leftOut.append(LeftOutFile(path, .folder))
                }
            } else if LeftOutFile.mayBeImage(path) {
                leftOut.append(LeftOutFile(path, .format))
            }
        }
    }

    private static func hasImageEnding(_ path: String) -> Bool {
        extensions.contains(URL(filePath: path).pathExtension.lowercased())
    }

    /// A file, or a folder that is an image.
    private static func isReadable(_ path: String) -> Bool {
        FileStatus(of: path)?.isFolder == false || FileStatus.isContainer(path)
    }

    private mutating func append(_ path: String, _ subfolder: String) {
        found += 1
        if let identity = FileStatus(of: path)?.identity {
            guard seen.insert(identity).inserted else { return }
        } else if paths.contains(path) {
            return
        }
        paths.append(path)
        subfolders.append(subfolder)
    }

    /// Whether two lists have the same paths.
    public static func == (left: InputList, right: InputList) -> Bool {
        left.paths == right.paths && left.isSingleFile == right.isSingleFile
    }
}
