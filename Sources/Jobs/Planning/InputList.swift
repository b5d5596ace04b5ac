import Files
import Foundation
import ImageFormats
public import Prompting

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

    /// Files of folders that are no images but were written beside one, such as `a_masks.tif` beside `a.tif`.
    public private(set) var companions: [String] = []

    /// What is said of files that are not taken.
    public var notes: [FileNote] {
        guard let first = companions.first else { return [] }
        let rest = companions.count - 1
        let more = rest > 0 ? "; \(Wording.count(rest, "more such file")) left out" : ""
        return [FileNote(first, .note("no image, because it was written beside one" + more))]
    }

    /// What is looked for.
    public enum Kind: Hashable, Sendable {
        /// Images.
        case images
        /// Label images, and files of outlined objects.
        case labels
    }

    /// The endings of files of outlined objects, which are taken from a folder without label images.
    public static let outlineExtensions: Set<String> = ["geojson", "json", "roi", "zip"]

    private let kind: Kind
    private var seen: Set<FileStatus.Identity> = []

    /// Expands files, folders and patterns.
    ///
    /// A folder stands for its images, not for those of folders inside it; the folder of a Zarr or
    /// N5 container is itself an image. Files that a program has written beside an image, such as
    /// `a_masks.tif` beside `a.tif`, are not taken as images; where labels are looked for, they are all
    /// that is taken.
    ///
    /// Images of a folder or pattern come in natural order; arguments keep theirs. A file that does
    /// not exist is kept, so that it is reported with the other failures.
    ///
    /// - Throws: ``InputError`` if a folder or pattern holds no image.
    public init(_ arguments: [String], of kind: Kind = .images) throws {
        self.kind = kind
        isSingleFile =
            arguments.count == 1
            && arguments.allSatisfy {
                (FileStatus(of: $0)?.isFolder != true || FileStatus.isContainer($0))
                    && (FilePattern($0) == nil || FileStatus(of: $0) != nil)
            }
        for argument in arguments { try add(argument) }
    }

    private mutating func add(_ argument: String) throws {
        if let status = FileStatus(of: argument) {
            if status.isFolder, !FileStatus.isContainer(argument) {
                try addFolder(argument)
            } else {
                append(argument)
            }
        } else if let pattern = FilePattern(argument) {
            let files = pattern.matches().filter(Self.isReadable)
            guard !files.isEmpty else { throw InputError.noMatch(pattern: argument) }
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
            throw InputError.unreadableFolder(folder: folder)
        }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let all = names.filter { !$0.hasPrefix(".") }.sorted { $0.naturallyPrecedes($1) }
            .map { base + $0 }
        let images = all.filter {
            Self.hasEnding($0, Self.extensions) && Self.isReadable($0) || FileStatus.isContainer($0)
        }
        let sorted = CompanionFiles(images)
        var paths = sorted.images
        switch kind {
        case .images: companions += sorted.labels + sorted.pictures
        case .labels where !sorted.labels.isEmpty: paths = sorted.labels
        case .labels:
            let stems = Set(paths.map { FileName.stem($0) })
            let outlines = all.filter {
                Self.hasEnding($0, Self.outlineExtensions) && Self.isReadable($0)
                    && (paths.isEmpty || stems.contains(FileName.stem($0)))
            }
            if outlines.isEmpty { companions += sorted.pictures } else { paths = outlines }
        }
        guard !paths.isEmpty else {
            throw InputError.noImages(folder: folder, endings: Self.extensions.sorted())
        }
        paths.forEach { append($0) }
    }

    private static func hasEnding(_ path: String, _ extensions: Set<String>) -> Bool {
        extensions.contains(URL(filePath: path).pathExtension.lowercased())
    }

    /// A file, or a folder that is an image.
    private static func isReadable(_ path: String) -> Bool {
        FileStatus(of: path)?.isFolder == false || FileStatus.isContainer(path)
    }

    private mutating func append(_ path: String) {
        if let identity = FileStatus(of: path)?.identity {
            guard seen.insert(identity).inserted else { return }
        } else if paths.contains(path) {
            return
        }
        paths.append(path)
    }

    /// Whether two lists have the same paths.
    public static func == (left: InputList, right: InputList) -> Bool {
        left.paths == right.paths && left.isSingleFile == right.isSingleFile
    }
}
