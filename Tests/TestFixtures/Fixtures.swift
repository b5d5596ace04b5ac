public import Foundation

/// Where the reference outputs are, and whether they can be used.
public enum Fixtures {
    /// The folder of the reference outputs, beside the checkout.
    public static let folder = sharedFolder.appendingPathComponent("fixtures")

    /// The folder of the sample images, beside the checkout.
    public static let dataFolder = sharedFolder.appendingPathComponent("data")

    /// The files of users' reports, rebuilt from simulated discs; nil where they are missing, which is an
    /// error on the machines that decide.
    public static let cases: URL? = {
        let folder = sharedFolder.appendingPathComponent("cases")
        if FileManager.default.fileExists(atPath: folder.path) { return folder }
        precondition(
            ProcessInfo.processInfo.environment["CI"] == nil,
            "the cases beside the checkout (../shared/cases) are missing"
        )
        print("skipped: no cases in ../shared/cases")
        return nil
    }()

    /// False if the reference outputs are missing and may be: outside of CI tests then skip.
    public static let areAvailable =
        ProcessInfo.processInfo.environment["CI"] != nil
        || FileManager.default.fileExists(atPath: folder.path)

    /// Reads one of the safetensors files.
    public static func tensors(_ name: String) throws -> SafeTensors {
        try SafeTensors(contentsOf: folder.appendingPathComponent("\(name).safetensors"))
    }

    /// Reads one of the PNG files, given by its path below the folder without the extension.
    public static func png(_ name: String) throws -> PNG {
        try PNG(contentsOf: folder.appendingPathComponent("\(name).png"))
    }

    /// `../shared`, seen from the root of the checkout; worktrees may lie one folder deeper.
    private static let sharedFolder: URL = {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [root, root.deletingLastPathComponent()].map {
            $0.deletingLastPathComponent().appendingPathComponent("shared")
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) } ?? candidates[0]
    }()
}
