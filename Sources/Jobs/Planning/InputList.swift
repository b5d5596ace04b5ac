import Files
import Foundation
import ImageFormats

/// The image files that the arguments of a command stand for.
public struct InputList: Equatable, Sendable {
    /// The paths as the user would write them, without repetitions.
    public private(set) var paths: [String] = []

    /// Whether the arguments name just one image, not a folder or a pattern.
    public private(set) var isSingleFile: Bool

    /// The endings of the files that are taken from a folder.
    public static let extensions: Set<String> = [
        "tif", "tiff", "btf", "png", "jpg", "jpeg", "h5", "hdf5", "hdf",
    ]

    /// The endings of files of outlined objects, which are taken from a folder without label images.
    public static let outlineExtensions: Set<String> = ["geojson", "json", "roi", "zip"]

    /// What lies in the folders and patterns and is not taken, in the order in which it was met.
    public private(set) var leftOut: [LeftOutFile] = []

    /// The only argument, if it is a result of an earlier run; it is taken, because it was named.
    public private(set) var namedResult: String?

    /// For each path the folder inside the named folder that it lies in; empty for the named one itself.
    private(set) var subfolders: [String] = []

    private var seen: Set<FileStatus.Identity> = []
    private var containers: [String: Int] = [:]

    /// What is known of folders.
    private var pastResults: [String: PastResults] = [:]

    /// Images that were met, repetitions included.
    private var found = 0

    /// What is looked for.
    public let kind: Kind
    private let options: Options

    /// What is looked for.
    public enum Kind: Hashable, Sendable {
        /// Images.
        case images
        /// Label images, and files of outlined objects.
        case labels
    }

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
    /// A folder stands for its images; the folder of a Zarr or N5 container is itself an image, and that of
    /// a plate with several fields stands for all of them. Files that a program has written beside an image,
    /// such as `a_masks.tif` beside `a.tif`, are not taken as images; where labels are looked for, they are
    /// all that is taken.
    ///
    /// Images of a folder or pattern come in natural order; arguments keep theirs. A file that does
    /// not exist is kept, so that it is reported with the other failures, as are links that lead nowhere
    /// and names that are no UTF-8.
    ///
    /// - Throws: ``InputError`` if a folder or pattern holds no image.
    public init(
        _ arguments: [String],
        of kind: Kind = .images,
        _ options: Options = Options()
    ) throws {
        self.kind = kind
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
        isSingleFile = isSingleFile && paths.count == 1
        countContainers()
    }

    /// Takes images as they are.
    ///
    /// - Parameter subfolders: The folder that the results of each lie in; empty for that of all results.
    init(_ paths: [String], in subfolders: [String]) {
        kind = .images
        options = Options()
        isSingleFile = false
        (self.paths, self.subfolders) = (paths, subfolders)
        countContainers()
    }

    private mutating func countContainers() {
        for path in paths { containers[FileName.container(of: path), default: 0] += 1 }
    }

    /// Checks that all files are there, for work that needs all of them.
    ///
    /// - Throws: ``InputError`` that names the first one that is not.
    public func requireFiles() throws(InputError) {
        let missing = paths.first { FileStatus(of: FileName.container(of: $0)) == nil }
        if let missing { throw .missing(file: missing) }
    }

    /// The name of what is made of an image: that of its file, with the data set where several images lie in
    /// one file, `plate_B_3_0` for `plate.zarr#B/3/0`.
    public func stem(of path: String) -> String {
        let isShared = containers[FileName.container(of: path), default: 0] > 1
        return FileName.stem(path, dataset: isShared ? .kept : .dropped)
    }

    // MARK: - Arguments

    /// - Parameter isAlone: Whether nothing else was named. A shell makes a long list of a pattern, in which
    ///   results are left out as they are in a folder.
    private mutating func add(_ argument: String, isAlone: Bool) throws {
        if let status = FileStatus(of: argument) {
            if status.isFolder, !FileStatus.isContainer(argument) {
                try addFolder(argument)
            } else if !isAlone, isResult(argument) {
                leftOut.append(LeftOutFile(argument, .result))
            } else {
                if isAlone, isResult(argument) { namedResult = argument }
                append(argument, "")
            }
        } else if let pattern = FilePattern(argument), !FileStatus.isLink(argument) {
            try addMatches(pattern, argument)
        } else {
            append(argument, "")
        }
    }

    private mutating func addMatches(_ pattern: FilePattern, _ argument: String) throws {
        let matches = pattern.matches().filter { !Self.isOtherFolder($0) }
        let before = (found, leftOut.count)
        for path in matches { take(path, in: "") }
        guard found == before.0 else { return }
        let others = Array(leftOut[before.1...])
        throw others.isEmpty
            ? InputError.noMatch(pattern: argument)
            : InputError.onlyResults(pattern: argument, leftOut: others)
    }

    // MARK: - Folders

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
            names = try FolderContents.names(in: folder)
        } catch {
            throw InputError.unreadableFolder(folder: folder)
        }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let visible = names.filter { !$0.hasPrefix(".") }.sorted { $0.naturallyPrecedes($1) }
        let chosen = choice(among: visible.map { base + $0 })
        for name in visible {
            let path = base + name
            if chosen.taken.contains(path) {
                take(path, in: subfolder)
            } else if chosen.companions.contains(path) || path.hasSuffix("_seg.npy") {
                leftOut.append(LeftOutFile(path, isResult(path) ? .result : .companion))
            } else if let status = FileStatus(of: path), status.isFolder {
                let inside = subfolder.isEmpty ? name : FileName.join(subfolder, name)
                try addSubfolder(path, status, inside: inside)
            } else if !chosen.images.contains(path), LeftOutFile.mayBeImage(path) {
                leftOut.append(LeftOutFile(path, .format))
            }
        }
        guard let first = visible.first else { return }
        leftOut += pastResults(beside: base + first).damagedManifests
            .map { LeftOutFile($0, .manifest) }
    }

    private mutating func addSubfolder(
        _ path: String,
        _ status: FileStatus,
        inside subfolder: String
    ) throws {
        if FileStatus.isContainer(path) { return }
        let output = options.output.flatMap { FileStatus(of: $0) }
        if let output, output.identity == status.identity { return }
        guard options.isRecursive else {
            leftOut.append(LeftOutFile(path, .folder))
            return
        }
        // A link may lead back to a folder above.
        guard seen.insert(status.identity).inserted else { return }
        try addFolder(path, inside: subfolder)
    }

    /// Which files of a folder are taken, and which were written beside others.
    private mutating func choice(
        among files: [String]
    ) -> (images: Set<String>, taken: Set<String>, companions: Set<String>) {
        let images = files.filter { path in
            Self.hasImageEnding(path) && !Self.isOtherFolder(path) || FileStatus.isContainer(path)
        }
        let sorted = CompanionFiles(images)
        var (taken, companions) = (sorted.images, sorted.labels + sorted.pictures)
        if kind == .labels {
            companions = sorted.pictures
            let stems = Set(taken.map { FileName.stem($0) })
            var outlines = files.filter {
                Self.outlineExtensions.contains(Self.ending(of: $0)) && !Self.isOtherFolder($0)
                    && (taken.isEmpty || stems.contains(FileName.stem($0)))
            }
            // Outlines that an earlier run has written beside its label images say nothing new.
            outlines.removeAll { !taken.isEmpty && isResult($0) }
            if !sorted.labels.isEmpty {
                taken = sorted.labels
                companions = []
            } else if !outlines.isEmpty {
                taken = outlines
                companions = []
            }
        }
        return (Set(images), Set(taken), Set(companions))
    }

    private static func ending(of path: String) -> String {
        URL(filePath: path).pathExtension.lowercased()
    }

    private static func hasImageEnding(_ path: String) -> Bool {
        let name = path.lowercased()
        // Other archives hold regions of ImageJ, or anything.
        return extensions.contains(ending(of: name)) || name.hasSuffix(".zarr.zip")
            || name.hasSuffix(".ozx")
    }

    /// A folder that is no image.
    private static func isOtherFolder(_ path: String) -> Bool {
        FileStatus(of: path)?.isFolder == true && !FileStatus.isContainer(path)
    }

    // MARK: - Images

    /// Takes a file of a folder or pattern, unless an earlier run has written it.
    private mutating func take(_ path: String, in subfolder: String) {
        if isResult(path) {
            leftOut.append(LeftOutFile(path, .result))
        } else {
            append(path, subfolder)
        }
    }

    private mutating func isResult(_ path: String) -> Bool {
        pastResults(beside: path).holds(path, labels: options.leavesOutLabels)
    }

    private mutating func pastResults(beside path: String) -> PastResults {
        let folder = FileName.folder(of: path)
        let results = pastResults[folder] ?? PastResults(in: folder)
        pastResults[folder] = results
        return results
    }

    private mutating func append(_ path: String, _ subfolder: String) {
        found += 1
        if let identity = FileStatus(of: path)?.identity {
            guard seen.insert(identity).inserted else { return }
        } else if paths.contains(path) {
            return
        }
        // A field may have been named by itself; anything else was compared above.
        let images = Self.plate(path).map { $0.inputs.filter { !paths.contains($0) } } ?? [path]
        paths += images
        subfolders += images.map { _ in subfolder }
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
