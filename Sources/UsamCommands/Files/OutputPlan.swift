import ArgumentParser
import Files
import Foundation
import ImageFormats

/// One image to segment, and where its results go.
package struct BatchItem: Hashable, Sendable {
    /// The image.
    package let input: String

    /// All results, in the order in which they are written; at least one.
    package let results: [ResultFile]

    /// The first result; by default the label image.
    package var output: String { results[0].path }

    /// The picture with contours, if one is asked for.
    package var overlay: String? { results.first { $0.kind == .overlay }?.path }

    /// Names an image and its results, of which there is at least one.
    package init(input: String, results: [ResultFile]) {
        precondition(!results.isEmpty, "an image without results")
        self.input = input
        self.results = results
    }

    /// Names an image, its label image and perhaps a picture.
    package init(input: String, output: String, overlay: String? = nil) {
        self.init(
            input: input,
            results: [ResultFile(.tiff, output)]
                + (overlay.map { [ResultFile(.overlay, $0)] } ?? [])
        )
    }

    /// Whether all results are there already.
    package var isFinished: Bool { results.allSatisfy { FileStatus(of: $0.path) != nil } }
}

/// Where the results of several images go.
package struct OutputPlan {
    /// How the user wants results to be named.
    package struct Request {
        /// A file for one image, or a folder.
        package var output: String

        /// The forms of the results; nil for what the name of the file says, by default TIFF.
        package var formats: [ResultKind]?

        /// Whether pictures are drawn.
        package var drawsOverlay: Bool

        /// The folder of the pictures; beside the label images if nil.
        package var overlayFolder: String?

        /// Creates a request, by default without pictures.
        package init(
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
    package let items: [BatchItem]

    /// The folders that have to exist.
    package let folders: [String]

    /// The folder of the results; nil if the user named a file.
    package let folder: String?

    /// The forms of the results, in the order in which they are written.
    package let kinds: [ResultKind]

    /// Decides all names before any work starts.
    ///
    /// - Throws: `ValidationError` if a folder is needed and a file is named or the reverse;
    ///   ``CommandFailure`` if two images would get the same result, or an image would be replaced.
    package init(_ inputs: InputList, _ request: Request) throws {
        let file = try Self.file(request, for: inputs)
        let formats = request.formats ?? [file?.kind ?? .tiff]
        let folder =
            file == nil ? FileName.trimmed(request.output) : FileName.folder(of: request.output)
        let drawsOverlay = request.drawsOverlay || request.overlayFolder != nil
        let overlayFolder = request.overlayFolder.map(FileName.trimmed) ?? folder
        items = inputs.paths.map { input in
            let stem = file?.stem ?? FileName.join(folder, FileName.stem(input))
            var results = formats.map { kind in
                ResultFile(kind, kind == file?.kind ? request.output : stem + kind.ending)
            }
            if drawsOverlay {
                let name = URL(filePath: stem).lastPathComponent + ResultKind.overlay.ending
                results.append(ResultFile(.overlay, FileName.join(overlayFolder, name)))
            }
            return BatchItem(input: input, results: results)
        }
        self.folder = file == nil ? folder : nil
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
        if output.isEmpty { throw ValidationError("The output has an empty name.") }
        let recognized = output.hasSuffix("/") ? nil : ResultKind.recognized(in: output)
        let isFolder = FileStatus(of: output)?.isFolder == true
        if isFolder, recognized?.kind != .omeZarr || !FileStatus.isContainer(output) { return nil }
        guard let recognized else {
            let ending = URL(filePath: output).pathExtension.lowercased()
            if inputs.isSingleFile, ["png", "jpg", "jpeg", "h5", "npy"].contains(ending) {
                throw ValidationError(
                    "Label images are written as TIFF or OME-Zarr; "
                        + "give a name that ends in .tif, or a folder, instead of '\(output)'."
                )
            }
            if FileStatus(of: output) != nil {
                throw ValidationError("The output '\(output)' is a file, a folder is needed.")
            }
            return nil
        }
        guard inputs.paths.count == 1 else {
            throw ValidationError(
                "\(inputs.paths.count) images can not go to one file; "
                    + "give a folder as output instead of '\(output)'."
            )
        }
        if let formats = request.formats, !formats.contains(recognized.kind) {
            let names = formats.map(\.rawValue).joined(separator: ",")
            throw ValidationError(
                "The output '\(output)' is named as \(recognized.kind.rawValue), "
                    + "but --format asks for \(names)."
            )
        }
        return recognized
    }

    // MARK: - Checks

    private func refuseEqualNames() throws {
        var owners: [String: String] = [:]
        for item in items {
            for result in item.results {
                guard let other = owners.updateValue(item.input, forKey: result.path) else {
                    continue
                }
                throw CommandFailure(
                    "'\(other)' and '\(item.input)' would both be written to '\(result.path)'; "
                        + "rename one, or segment them into different folders"
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
            if let identity = FileStatus(of: result.path)?.identity, let input = inputs[identity] {
                throw CommandFailure(
                    "the result '\(result.path)' would replace the image '\(input)'; "
                        + "choose another output"
                )
            }
        }
    }

    // MARK: - Folders

    /// Checks that results can be written, so that no work is done in vain; makes nothing yet.
    package func checkFolders() throws {
        for folder in folders {
            var existing = folder
            while existing != "/", existing != ".", FileStatus(of: existing) == nil {
                existing = FileName.folder(of: existing)
            }
            guard FileStatus(of: existing)?.isFolder == true else {
                throw CommandFailure(
                    "\(folder): no folder can be made here, '\(existing)' is a file"
                )
            }
            guard FileManager.default.isWritableFile(atPath: existing) else {
                throw CommandFailure(
                    "\(existing): the folder can not be written to; "
                        + "check its permissions or choose another output"
                )
            }
        }
    }

    /// Makes the folder of a file that is about to be written.
    package static func makeFolder(for file: String) throws {
        let folder = FileName.folder(of: file)
        guard FileStatus(of: folder) == nil else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw CommandFailure(
                "\(folder): the folder can not be made; check permissions and space"
            )
        }
    }
}
