public import Files
import Foundation
import Zarr

/// Folders that are images as a whole.
public enum ImageContainer {
    /// Whether a folder holds something that is no label image of OME-Zarr, such as an image, so that it must
    /// not be replaced by labels.
    ///
    /// False for an empty folder, a file, and where nothing is.
    public static func isOtherThanLabels(_ path: String) -> Bool {
        guard FileStatus(of: path)?.isFolder == true else { return false }
        do {
            let names = try FolderContents.names(in: path)
            guard !names.isEmpty else { return false }
            let attributes = try ZarrGroup(opening: URL(filePath: path)).attributes()
            return attributes["image-label"] == nil && attributes["ome"]?["image-label"] == nil
        } catch {
            // What cannot be looked at may be anything.
            return true
        }
    }
}

extension FileStatus {
    /// Whether a path is a folder that is an image as a whole: a Zarr or N5 container.
    public static func isContainer(_ path: String) -> Bool {
        guard let status = FileStatus(of: path), status.isFolder else { return false }
        let ending = URL(filePath: path).pathExtension.lowercased()
        return ["zarr", "n5"].contains(ending)
            || ["zarr.json", ".zgroup", ".zarray"].contains {
                FileStatus(of: "\(path)/\($0)") != nil
            } || isN5(path)
    }

    /// Whether a folder without the ending of N5 describes itself as such.
    private static func isN5(_ folder: String) -> Bool {
        let file = "\(folder)/attributes.json"
        guard let status = FileStatus(of: file), !status.isFolder, status.byteCount < 1 << 20,
            let text = try? String(contentsOfFile: file, encoding: .utf8)
        else { return false }
        return text.contains("\"n5\"") || text.contains("\"dimensions\"")
    }
}
