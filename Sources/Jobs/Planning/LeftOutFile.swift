import Files
import Foundation

/// Something in a folder of images that is not taken as an image.
public struct LeftOutFile: Hashable, Sendable {
    /// Why it is left out.
    public enum Reason: Hashable, Sendable {
        /// It is a result of an earlier run: a picture with contours, labels, a store of embeddings.
        case result
        /// It was written beside an image, such as `a_masks.tif` beside `a.tif`.
        case companion
        /// It is a folder, and folders inside folders are not searched.
        case folder
        /// Its ending is none of those that are read.
        case format
        /// It is a manifest that cannot be read, so that label images of its run cannot be told from images.
        case manifest
    }

    /// The file or folder.
    public let path: String

    /// Why it is left out.
    public let reason: Reason

    init(_ path: String, _ reason: Reason) { (self.path, self.reason) = (path, reason) }

    /// Whether the ending of a file does not say that it is no image: a text, a table, a model.
    static func mayBeImage(_ path: String) -> Bool {
        let ending = URL(filePath: path).pathExtension.lowercased()
        return !ending.isEmpty && !otherEndings.contains(ending)
    }

    /// Endings of what often lies beside images.
    private static let otherEndings: Set<String> = [
        "txt", "md", "csv", "tsv", "json", "jsonl", "geojson", "xml", "html", "htm", "pdf", "log",
        "xls", "xlsx", "ods", "doc", "docx", "ppt", "pptx", "ini", "yaml", "yml", "toml", "py",
        "ijm", "m", "r", "sh", "ipynb", "swift", "groovy", "roi", "zip", "gz", "safetensors", "pt",
        "pth", "onnx", "db", "lock", "bak", "tmp", "parquet", "svg",
    ]
}

/// Files that are left out for the same reason.
public struct LeftOutFiles: Hashable, Sendable {
    /// Why.
    public let reason: LeftOutFile.Reason

    /// The files, in the order in which they were met.
    public let paths: [String]

    /// `3 files of formats that are not read (a.czi, b.nd2, c.lif)`.
    public var text: String {
        let names = paths.prefix(3).map(FileName.last).joined(separator: ", ")
        let list = " (\(names)\(paths.count > 3 ? ", …" : ""))"
        return switch reason {
        case .format:
            Wording.count(paths.count, "file") + list + " in formats that are not read here; "
                + "export them as OME-TIFF"
        case .companion:
            Wording.count(paths.count, "file") + list
                + " that belong\(paths.count == 1 ? "s" : "") to other images"
        case .folder: Wording.count(paths.count, "folder") + list
        case .manifest:
            Wording.count(paths.count, "damaged manifest") + list
                + ", so label images of earlier runs may be taken for images"
        case .result: Wording.count(paths.count, "result") + list + " of earlier runs"
        }
    }
}

extension [LeftOutFile] {
    /// The files by the reason why they are left out.
    public var summary: [LeftOutFiles] {
        [LeftOutFile.Reason.manifest, .format, .companion, .folder, .result].compactMap { reason in
            let files = filter { $0.reason == reason }
            return files.isEmpty ? nil : LeftOutFiles(reason: reason, paths: files.map(\.path))
        }
    }
}
