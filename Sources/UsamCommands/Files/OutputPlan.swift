import ArgumentParser
import Foundation

/// One image to segment, and where its results go.
package struct BatchItem: Hashable, Sendable {
    /// The image.
    package let input: String

    /// The label image.
    package let output: String

    /// The picture with contours, if one is asked for.
    package let overlay: String?

    /// Names an image and its results.
    package init(input: String, output: String, overlay: String? = nil) {
        self.input = input
        self.output = output
        self.overlay = overlay
    }

    /// Whether all results are there already.
    package var isFinished: Bool {
        FileStatus(of: output) != nil && (overlay.map { FileStatus(of: $0) != nil } ?? true)
    }
}

/// Where the results of several images go.
package struct OutputPlan {
    /// How the user wants results to be named.
    package struct Request {
        /// A `.tif` file for one image, or a folder.
        package var output: String

        /// Whether pictures are drawn.
        package var drawsOverlay: Bool

        /// The folder of the pictures; beside the label images if nil.
        package var overlayFolder: String?

        /// Creates a request, by default without pictures.
        package init(output: String, drawsOverlay: Bool = false, overlayFolder: String? = nil) {
            self.output = output
            self.drawsOverlay = drawsOverlay
            self.overlayFolder = overlayFolder
        }
    }

    /// The images in order.
    package let items: [BatchItem]

    /// The folders that have to exist.
    package let folders: [String]

    /// Decides all names before any work starts.
    ///
    /// - Throws: `ValidationError` if a folder is needed and a file is named or the reverse;
    ///   ``CommandFailure`` if two images would get the same result, or an image would be replaced.
    package init(_ inputs: InputList, _ request: Request) throws {
        let isFile = try Self.namesFile(request.output, for: inputs)
        let folder = isFile ? Self.folder(of: request.output) : Self.trimmed(request.output)
        let drawsOverlay = request.drawsOverlay || request.overlayFolder != nil
        let overlayFolder = request.overlayFolder.map(Self.trimmed) ?? folder
        items = inputs.paths.map { input in
            let output = isFile ? request.output : Self.join(folder, Self.stem(input) + ".tif")
            let overlay = Self.join(overlayFolder, Self.stem(output) + "_overlay.png")
            return BatchItem(input: input, output: output, overlay: drawsOverlay ? overlay : nil)
        }
        folders = drawsOverlay && overlayFolder != folder ? [folder, overlayFolder] : [folder]
        try refuseEqualNames()
        try refuseReplacedInputs()
    }

    // MARK: - Names

    /// The last component of a path without its ending; `.ome.tif` counts as one ending, and the data
    /// set after a `#` is left out.
    package static func stem(_ path: String) -> String {
        var file = Substring(path)
        if FileStatus(of: path) == nil, let sign = file.lastIndex(of: "#"), sign > file.startIndex {
            file = file[..<sign]
        }
        let name = URL(filePath: String(file)).deletingPathExtension().lastPathComponent
        return name.lowercased().hasSuffix(".ome") && name.count > 4
            ? String(name.dropLast(4)) : name
    }

    private static func isTIFF(_ path: String) -> Bool {
        ["tif", "tiff"].contains(URL(filePath: path).pathExtension.lowercased())
    }

    private static func namesFile(_ output: String, for inputs: InputList) throws -> Bool {
        if output.isEmpty { throw ValidationError("The output has an empty name.") }
        if output.hasSuffix("/") || FileStatus(of: output)?.isFolder == true { return false }
        if isTIFF(output) {
            guard inputs.paths.count == 1 else {
                throw ValidationError(
                    "\(inputs.paths.count) images can not go to one file; "
                        + "give a folder as output instead of '\(output)'."
                )
            }
            return true
        }
        let ending = URL(filePath: output).pathExtension.lowercased()
        if inputs.isSingleFile, ["png", "jpg", "jpeg", "zarr", "h5", "npy"].contains(ending) {
            throw ValidationError(
                "Label images are written as TIFF; "
                    + "give a name that ends in .tif, or a folder, instead of '\(output)'."
            )
        }
        if FileStatus(of: output) != nil {
            throw ValidationError("The output '\(output)' is a file, a folder is needed.")
        }
        return false
    }

    private static func trimmed(_ folder: String) -> String {
        var folder = Substring(folder)
        while folder.count > 1, folder.last == "/" { folder.removeLast() }
        return String(folder)
    }

    private static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : trimmed(String(file[..<slash]))
    }

    /// The path of a file in a folder.
    package static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder == "/" ? "/\(name)" : "\(folder)/\(name)"
    }

    // MARK: - Checks

    private func refuseEqualNames() throws {
        var owners: [String: String] = [:]
        for item in items {
            if let other = owners.updateValue(item.input, forKey: item.output) {
                throw CommandFailure(
                    "'\(other)' and '\(item.input)' would both be written to '\(item.output)'; "
                        + "rename one, or segment them into different folders"
                )
            }
        }
    }

    private func refuseReplacedInputs() throws {
        var inputs: [FileStatus.Identity: String] = [:]
        for item in items {
            if let identity = FileStatus(of: item.input)?.identity { inputs[identity] = item.input }
        }
        for item in items {
            for result in [item.output, item.overlay].compactMap({ $0 }) {
                if let identity = FileStatus(of: result)?.identity, let input = inputs[identity] {
                    throw CommandFailure(
                        "the result '\(result)' would replace the image '\(input)'; "
                            + "choose another output"
                    )
                }
            }
        }
    }

    // MARK: - Folders

    /// Checks that results can be written, so that no work is done in vain; makes nothing yet.
    package func checkFolders() throws {
        for folder in folders {
            var existing = folder
            while existing != "/", existing != ".", FileStatus(of: existing) == nil {
                existing = Self.folder(of: existing)
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
        let folder = folder(of: file)
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
