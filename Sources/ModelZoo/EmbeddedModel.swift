public import Foundation

/// The default model, which ships with the program.
public enum EmbeddedModel {
    /// Its name.
    public static let name = "usam-tiny"

    private static let fileName = "usam-tiny.safetensors"
    private static let bundleName = "MicroSAM_ModelZoo"

    /// The file of the model.
    ///
    /// It lies in the resource folder that the build puts beside the program. A packaged program may have
    /// it beside itself, or in `../share/usam`.
    ///
    /// - Throws: ``ModelZooError/embeddedModelMissing(searched:)``.
    public static func url() throws(ModelZooError) -> URL {
        try url(inOneOf: folders)
    }

    static func url(inOneOf folders: [URL]) throws(ModelZooError) -> URL {
        var searched: [String] = []
        for folder in folders {
            for relative in [
                "\(bundleName).resources/\(fileName)", "\(bundleName).bundle/\(fileName)",
                "\(bundleName).bundle/Contents/Resources/\(fileName)", fileName,
                "../share/usam/\(fileName)",
            ] {
                let candidate = folder.appendingPathComponent(relative)
                if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
                searched.append(candidate.path)
            }
        }
        throw .embeddedModelMissing(searched: searched)
    }

    /// The generated `Bundle.module` is not used, because it ends the program when nothing is found.
    private static var folders: [URL] {
        var folders: [URL] = []
        if let program = Bundle.main.executableURL {
            folders.append(program.resolvingSymlinksInPath().deletingLastPathComponent())
        }
        folders.append(Bundle.main.bundleURL)
        // A test bundle lies beside the resources, while the program is the test runner.
        folders.append(Bundle(for: Anchor.self).bundleURL.deletingLastPathComponent())
        return folders
    }

    private final class Anchor {}
}
