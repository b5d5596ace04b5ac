import Files
import Foundation
import ImageFormats
public import Prompting

/// One image to segment, and where its results go.
public struct BatchItem: Hashable, Sendable {
    /// The image.
    public let input: String

    /// All results, in the order in which they are written; at least one.
    public let results: [ResultFile]

    /// The name of the image in tables: that of its file, after the folders inside the named one.
    public let name: String

    /// The first result; by default the label image.
    public var output: String { results[0].path }

    /// Where the labels of tiles lie until they are joined, if the image is so large.
    var workingFolder: URL { URL(filePath: output + ".usam-tiles") }

    /// The picture with contours, if one is asked for.
    public var overlay: String? { results.first { $0.kind == .overlay }?.path }

    /// Names an image and its results, of which there is at least one.
    ///
    /// - Parameter name: Of the image in tables; nil for that of its file.
    public init(input: String, results: [ResultFile], name: String? = nil) {
        precondition(!results.isEmpty, "an image without results")
        self.input = input
        self.name = name ?? FileName.last(of: FileName.container(of: input))
        self.results = results
    }

    /// Names an image, its label image and perhaps a picture.
    public init(input: String, output: String, overlay: String? = nil) {
        self.init(
            input: input,
            results: [ResultFile(.tiff, output)]
                + (overlay.map { [ResultFile(.overlay, $0)] } ?? [])
        )
    }

    /// Whether all results are there already.
    public var isFinished: Bool { results.allSatisfy { FileStatus(of: $0.path) != nil } }
}

/// Where the results of several images go.
public struct OutputPlan: Sendable {
    /// How the user wants results to be named.
    public struct Request: Sendable {
        /// A file for one image, or a folder.
        public var output: String

        /// The forms of the results; nil for what the name of the file says, by default TIFF.
        public var formats: [ResultKind]?

        /// Whether pictures are drawn.
        public var drawsOverlay: Bool

        /// Whether each plane of a stack is a result, so that pictures have pages.
        public var segmentsEachPlane = false

        /// Whether the planes of a stack are a volume, whose objects have surfaces.
        public var isVolume = false

        /// The folder of the pictures; beside the label images if nil.
        public var overlayFolder: String?

        /// Creates a request, by default without pictures.
        public init(
            output: String,
            formats: [ResultKind]? = nil,
            drawsOverlay: Bool = false,
            overlayFolder: String? = nil
        ) {
            self.output = output
            self.formats = formats
            self.drawsOverlay = drawsOverlay
            self.overlayFolder = overlayFolder
        }
    }

    /// The images in order.
    public let items: [BatchItem]

    /// The folders that have to exist.
    public let folders: [String]

    /// The folder of the results; nil if the user named a file.
    public let folder: String?

    /// The manifest, if the user names none: in the folder, or beside the result of a single image.
    public let manifestPath: String

    /// The table of the objects of all images, if tables are asked for, or an earlier run has left one; nil
    /// for none.
    public let joinedTable: String?

    /// The forms of the results, in the order in which they are written.
    public let kinds: [ResultKind]

    /// Decides all names before any work starts.
    ///
    /// - Throws: ``OutputPlanError`` if a folder is needed and a file is named or the reverse, if two
    ///   images would get the same result, or an image would be replaced.
    public init(_ inputs: InputList, _ request: Request) throws {
        var request = request
        // A folder that is made later must not turn a checked path into another one.
        request.output = OutputFile(request.output).path
        request.overlayFolder = request.overlayFolder.map { OutputFile($0).path }
        let file = try Self.file(request, for: inputs)
        let formats = request.formats ?? [file?.kind ?? .tiff]
        if !request.isVolume, let mesh = formats.first(where: \.holdsMeshes) {
            throw OutputPlanError.noVolume(mesh)
        }
        let folder =
            file == nil ? FileName.trimmed(request.output) : FileName.folder(of: request.output)
        let drawsOverlay = request.drawsOverlay || request.overlayFolder != nil
        let overlayFolder = request.overlayFolder.map(FileName.trimmed) ?? folder
        let overlayEnding =
            request.segmentsEachPlane
            ? ResultKind.stackOverlayEnding : ResultKind.overlay.ending
        items = zip(inputs.paths, inputs.subfolders).map { input, subfolder in
            // Results of folders in a folder lie in folders of the same names.
            let place = subfolder.isEmpty ? folder : FileName.join(folder, subfolder)
            let stem = file?.stem ?? FileName.join(place, inputs.stem(of: input))
            var results = formats.map { kind in
                ResultFile(kind, kind == file?.kind ? request.output : stem + kind.ending)
            }
            if drawsOverlay {
                let name = FileName.last(of: stem) + overlayEnding
                let place =
                    subfolder.isEmpty ? overlayFolder : FileName.join(overlayFolder, subfolder)
                results.append(ResultFile(.overlay, FileName.join(place, name)))
            }
            let name = FileName.last(of: FileName.container(of: input))
            return BatchItem(
                input: input,
                results: results,
                name: subfolder.isEmpty ? name : FileName.join(subfolder, name)
            )
        }
        self.folder = file == nil ? folder : nil
        manifestPath =
            file.map { "\($0.stem).\(RunManifest.fileName)" }
            ?? FileName.join(folder, RunManifest.fileName)
        let table = FileName.join(folder, JoinedTable.fileName)
        let isJoined = formats.contains(.table) || FileStatus(of: table) != nil
        joinedTable = file == nil && isJoined ? table : nil
        kinds = formats + (drawsOverlay ? [.overlay] : [])
        folders = drawsOverlay && overlayFolder != folder ? [folder, overlayFolder] : [folder]
        try refuseEqualNames()
        try refuseReplacedInputs()
    }

    // MARK: - Names

    /// The form and the stem of the file that the user names for one image; nil for a folder.
    private static func file(_ request: Request, for inputs: InputList) throws
        -> (kind: ResultKind, stem: String)?
    {
        let output = request.output
        if output.isEmpty { throw OutputPlanError.emptyName }
        let recognized = output.hasSuffix("/") ? nil : ResultKind.recognized(in: output)
        let isFolder = FileStatus(of: output)?.isFolder == true
        if isFolder, recognized?.kind != .omeZarr || !FileStatus.isContainer(output) { return nil }
        guard let recognized else {
            let ending = URL(filePath: output).pathExtension.lowercased()
            if inputs.isSingleFile, ["png", "jpg", "jpeg", "h5", "npy", "stl"].contains(ending) {
                throw OutputPlanError.noLabelFormat(output: output)
            }
            if FileStatus(of: output) != nil {
                throw OutputPlanError.fileInPlaceOfFolder(output: output)
            }
            return nil
        }
        guard inputs.paths.count == 1 else {
            throw OutputPlanError.severalImages(count: inputs.paths.count, output: output)
        }
        if let formats = request.formats, !formats.contains(recognized.kind) {
            throw OutputPlanError.otherFormat(
                output: output,
                named: recognized.kind,
                wanted: formats
            )
        }
        return recognized
    }

    // MARK: - Checks

    private func refuseEqualNames() throws {
        var owners = joinedTable.map { [$0: "all images"] } ?? [:]
        for item in items {
            for result in item.results {
                guard let other = owners.updateValue(item.input, forKey: result.path) else {
                    continue
                }
                throw OutputPlanError.sameResult(
                    first: other,
                    second: item.input,
                    result: result.path
                )
            }
        }
    }

    private func refuseReplacedInputs() throws {
        var inputs: [FileStatus.Identity: String] = [:]
        for item in items {
            let file = FileName.container(of: item.input)
            if let identity = FileStatus(of: file)?.identity { inputs[identity] = item.input }
        }
        for result in items.flatMap(\.results) {
            if result.replacesOther {
                throw OutputPlanError.replacedContainer(result: result.path)
            }
            if let identity = FileStatus(of: result.path)?.identity, let input = inputs[identity] {
                throw OutputPlanError.replacedImage(result: result.path, image: input)
            }
        }
    }

    /// Checks that a single result can have its name.
    ///
    /// - Parameters:
    ///   - inputs: What it is made from, which must not be replaced.
    ///   - replaces: Whether another file that is there may be replaced.
    /// - Throws: ``OutputPlanError``.
    public static func requireFree(
        _ output: String,
        besides inputs: [String],
        replacing replaces: Bool
    ) throws(OutputPlanError) {
        let file = OutputFile(output)
        guard let status = file.status else { return }
        if let input = file.replaced(among: inputs) { throw .isInput(output: output, input: input) }
        if status.isFolder { throw .folderInPlaceOfFile(output: output) }
        guard replaces else { throw .existing(output: output) }
    }

    // MARK: - Folders

    /// Checks that results can be written, so that no work is done in vain; makes nothing yet.
    ///
    /// - Throws: ``OutputPlanError``.
    public func checkFolders() throws {
        for folder in folders {
            var existing = folder
            while existing != "/", existing != ".", FileStatus(of: existing) == nil {
                existing = FileName.folder(of: existing)
            }
            guard FileStatus(of: existing)?.isFolder == true else {
                throw OutputPlanError.blockedFolder(folder: folder, file: existing)
            }
            guard FileManager.default.isWritableFile(atPath: existing) else {
                throw OutputPlanError.lockedFolder(folder: existing)
            }
        }
    }

    /// Makes the folder of a file that is about to be written.
    public static func makeFolder(for file: String) throws {
        let folder = FileName.folder(of: file)
        guard FileStatus(of: folder) == nil else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw OutputPlanError.unmadeFolder(folder: folder)
        }
    }
}
