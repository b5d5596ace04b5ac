public import Foundation

/// A file or folder that a target of this package brings along.
///
/// It lies in the resource folder that the build puts beside the program. A packaged program may have it
/// beside itself, or in `../share/usam`.
public struct PackagedResource: Sendable {
    private let name: String
    private let bundle: String

    /// Names a resource.
    ///
    /// - Parameters:
    ///   - name: Its path in the folder of resources.
    ///   - target: The target that declares it.
    public init(_ name: String, ofTarget target: String) {
        self.name = name
        bundle = "MicroSAM_\(target)"
    }

    /// Where it is.
    ///
    /// - Parameter folders: Where to look; the folders of the program by default.
    /// - Throws: ``FileError`` of the kind `notFound` that names the places.
    public func url(inOneOf folders: [URL]? = nil) throws(FileError) -> URL {
        let places = places(in: folders ?? Self.folders)
        for place in places where FileManager.default.fileExists(atPath: place.path) {
            return place
        }
        throw FileError(
            .notFound,
            path: name,
            "is not beside the program",
            advice: "keep the program and its folder of resources together"
        )
    }

    /// The places that are looked at, in order.
    public func places(in folders: [URL]) -> [URL] {
        folders.flatMap { folder in
            [
                "\(bundle).resources/\(name)", "\(bundle).bundle/\(name)",
                "\(bundle).bundle/Contents/Resources/\(name)", name, "../share/usam/\(name)",
            ].map { folder.appendingPathComponent($0) }
        }
    }

    /// The folders of the program.
    ///
    /// The generated `Bundle.module` is not used, because it ends the program when nothing is found.
    public static var folders: [URL] {
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
