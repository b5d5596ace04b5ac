import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Testing

@Suite("No path leaves the folders")
struct PathTests {
    @Test(
        "Addresses that climb, or hide separators, lead nowhere",
        arguments: [
            "/../etc/passwd", "/model/../../test.usam", "/..", "/%2e%2e/test.usam",
            "/%2e%2e%2ftest.usam", "/model%2fa.js", "/model%5ca.js", "//etc/passwd", "/model//a.js",
            "/./index.html", "/api/1/../../test.usam",
            "/api/1/images/1/pixels/0/0/0/0/..", "/index.html%00.js", "/etc/passwd",
            "/test.usam", "/cache/token", "/tests/secret.js", "/notes.txt", "/.hidden.js",
            "index.html", "*",
        ]
    )
    func climbing(_ path: String) async throws {
        try await Site.run { site in
            let response = try await site.send(.get, path)
            #expect(response.status == .badRequest || response.status == .notFound)
            #expect(!response.text.contains("root:"))
        }
    }

    @Test("The page has the files of its folder, and their types")
    func page() async throws {
        try await Site.run { site in
            let script = try await site.send(.get, "/model/a.js")
            #expect(script.status == .ok)
            #expect(script.header("Content-Type")?.hasPrefix("text/javascript") == true)
            let tag = try #require(script.header("ETag"))
            let again = try await site.send(
                .get,
                "/model/a.js",
                headers: ["If-None-Match": tag]
            )
            #expect(again.status == .notModified)
            #expect(again.bytes.isEmpty)
        }
    }

    @Test("An image that a link leads out of the folder is not shown")
    func links() async throws {
        let outside = FileManager.default.temporaryDirectory
            .appending(path: "outside-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: outside) }
        try Site.image.writeTIFF(to: outside.appending(path: "far.tif"))
        try await Site.run(
            prepare: { folder in
                try FileManager.default.createSymbolicLink(
                    at: folder.appending(path: "link.tif"),
                    withDestinationURL: outside.appending(path: "far.tif")
                )
                try FileManager.default.createSymbolicLink(
                    at: folder.appending(path: "inside.tif"),
                    withDestinationURL: folder.appending(path: "ramp.tif")
                )
                try FileManager.default.createSymbolicLink(
                    at: folder.appending(path: "sub"),
                    withDestinationURL: outside
                )
                return ["link.tif", "inside.tif", "sub/far.tif"]
            },
            { site in
                for id in [2, 4] {
                    let summary = try await site.get("/images/\(id)")
                    #expect((summary["problem"] as? String)?.contains("outside") == true)
                    for path in ["pixels/0/0/0/0/0", "thumbnail"] {
                        let response = try await site.send(.get, "/api/1/images/\(id)/\(path)")
                        #expect(response.status == .forbidden)
                        #expect(response.code == "outside")
                    }
                }
                for path in ["link.tif", "sub/far.tif", outside.path + "/far.tif"] {
                    let body = try json(["image": 1, "path": path])
                    let response = try await site.send(.post, "/api/1/import", body: body)
                    #expect(response.status == .forbidden && response.code == "outside")
                }
                let inside = try await site.send(.get, "/api/1/images/3/pixels/0/0/0/0/0")
                #expect(inside.status == .ok)
            }
        )
    }

    @Test("A file that is gone is told, and shown when it is back")
    func missing() async throws {
        try await Site.run { site in
            let file = site.folder.appending(path: "ramp.tif")
            let aside = site.folder.appending(path: "aside.tif")
            try FileManager.default.moveItem(at: file, to: aside)
            let summary = try await site.get("/images/1")
            #expect((summary["problem"] as? String)?.contains("not there") == true)
            #expect((summary["shape"] as? [String: Any])?["x"] as? Int == 700)
            try FileManager.default.moveItem(at: aside, to: file)
            #expect(try await site.get("/images/1")["problem"] == nil)
        }
    }
}
