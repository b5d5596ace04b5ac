import Files
import Foundation
import Prompting

/// What stands beside a VSI of Olympus cellSens: a TIFF that holds an overview, while the image itself lies in `.ets`
/// files of a folder.
enum VSIFolder {
    /// What is said of an image that may be the overview only; nil for other files.
    static func note(for path: String) -> ReadingNote? {
        let file = (path as NSString).lastPathComponent as NSString
        let folder = "_\(file.deletingPathExtension)_"
        let parent = (path as NSString).deletingLastPathComponent
        if hasStacks(FileName.join(parent, folder)) {
            return .note(
                "this is an overview; the image itself lies in .ets files of the folder \(folder), which cannot "
                    + "be read here; convert it with the tools of Bio-Formats (bfconvert)"
            )
        }
        guard file.pathExtension.lowercased() == "vsi" else { return nil }
        return .note(
            "a VSI is often an overview only, whose image lies in .ets files of a folder \(folder); there is no "
                + "such folder beside it"
        )
    }

    /// Whether a folder has a `stack1` or the like with pixels in it.
    private static func hasStacks(_ folder: String) -> Bool {
        guard FileStatus(of: folder) != nil,
            let names = try? FolderContents.names(in: folder)
        else { return false }
        return names.contains { name in
            guard name.hasPrefix("stack") else { return false }
            let files = (try? FolderContents.names(in: FileName.join(folder, name))) ?? []
            return files.contains { $0.lowercased().hasSuffix(".ets") }
        }
    }
}
