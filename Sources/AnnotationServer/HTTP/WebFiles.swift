import Files
import Foundation
import Hummingbird

/// The files of the page: those that lay in its folder when the server began, and no others.
struct WebFiles: Sendable {
    private struct File: Sendable {
        let path: String
        let type: String
    }

    private let files: [String: File]

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8", "json": "application/json", "svg": "image/svg+xml",
        "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2",
        "webmanifest": "application/manifest+json",
    ]

    /// Lists a folder; tests and hidden files in it are no part of the page.
    init(_ folder: URL) {
        let root = folder.resolvingSymlinksInPath().path
        var files: [String: File] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
            let parts = name.split(separator: "/")
            guard parts.first != "tests", !parts.contains(where: { $0.hasPrefix(".") }),
                let type = Self.types[URL(filePath: name).pathExtension]
            else { continue }
            files["/" + name] = File(path: FileName.join(root, name), type: type)
        }
        files["/"] = files["/index.html"]
        self.files = files
    }

    /// A file of the page; it is read anew each time, so that a developer sees what was changed.
    func answer(_ request: Request) throws -> Response {
        guard request.method == .get, let file = files[request.uri.path] else {
            throw ServerError.noSuchRoute
        }
        let data = try Data(contentsOf: URL(filePath: file.path))
        let tag = try FileDigest(of: Array(data), algorithm: .xxh128).hexadecimal
        guard !request.headers[values: .ifNoneMatch].contains(where: { $0.contains(tag) }) else {
            return .notModified(tag: tag, isLasting: false)
        }
        return .bytes(Array(data), type: file.type, tag: tag, isLasting: false)
    }
}
