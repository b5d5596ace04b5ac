import AnnotationServer
import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Testing
import TrackFiles
import Tracking

@Suite("Tracks over HTTP")
struct TrackRouteTests {
    /// A movie of two squares that move to the right, as image 2 of the site.
    private static func run(
        frames: Int = 5,
        _ body: @escaping @Sendable (Site) async throws -> Void
    ) async throws {
        try await Site.run(
            prepare: { folder in
                var writer = try TIFFWriter(
                    creating: folder.appending(path: "movie.tif"),
                    axes: ImageAxes(t: frames, y: 60, x: 120),
                    sampleType: .uint16,
                    options: .init()
                )
                for t in 0..<frames {
                    let raster = labels(t).labels.map { UInt16(100 + 900 * min($0, 1)) }
                    let size = Size(width: 120, height: 60)
                    try writer.append(.uint16(try Raster(size: size, samples: raster)))
                }
                try writer.finish()
                return ["movie.tif"]
            },
            body
        )
    }

    /// The squares of a frame, with labels of their own in each.
    private static func labels(_ t: Int) -> LabelImage {
        var labels = LabelImage(size: Size(width: 120, height: 60))
        for (index, left) in [20 + 2 * t, 70 + 2 * t].enumerated() {
            for y in 20..<30 {
                for x in left..<left + 10 { labels[x: x, y: y] = UInt32(2 * t + index + 1) }
            }
        }
        return labels
    }

    /// Imports the squares as a label stack.
    private static func fill(_ site: Site) throws {
        let objects = (0..<5).flatMap { NewObject.all(in: labels($0), source: .imported, t: $0) }
        _ = try site.project.apply(Gesture(.importLabels(objects), client: UUID()), to: 2)
    }

    private static func link(_ site: Site) async throws {
        let started = try await site.post("/images/2/tracks/link", [:])
        let job = try await site.ended(started["job"])
        #expect(job["state"] as? String == "done" && job["kind"] as? String == "link")
        #expect((job["result"] as? [String: Any])?["objects"] as? Int == 2)
    }

    private static func track(_ site: Site, _ edit: [String: Any]) async throws -> [String: Any] {
        let sender = ["key": UUID().uuidString, "client": UUID().uuidString, "kind": "track"]
        return try await site.post("/images/2/gestures", edit.merging(sender) { $1 })
    }

    private static func tracks(_ site: Site) async throws -> [Int: [Int]] {
        let list = try await site.get("/images/2/tracks")["tracks"] as? [[String: Any]] ?? []
        return Dictionary(
            list.map { track in
                let places = track["places"] as? [[Double]] ?? []
                return (track["label"] as? Int ?? 0, places.map { Int($0[0]) })
            },
            uniquingKeysWith: { one, _ in one }
        )
    }

    @Test("A movie is linked, corrected and undone")
    func linked() async throws {
        try await Self.run { site in
            try Self.fill(site)
            #expect(try await Self.tracks(site).count == 10)
            try await Self.link(site)
            #expect(try await Self.tracks(site) == [1: [0, 1, 2, 3, 4], 2: [0, 1, 2, 3, 4]])
            let cut = try await Self.track(site, ["edit": "break", "nodes": [[3, 1]]])
            #expect(cut["created"] as? [Int] == [11])
            #expect(try await Self.tracks(site)[11] == [3, 4])
            let some = try await site.get("/images/2/tracks?labels=11,99")
            #expect((some["tracks"] as? [Any])?.count == 1)
            let joined = try await Self.track(
                site,
                ["edit": "connect", "nodes": [[2, 1], [3, 11]]]
            )
            #expect(joined["removed"] as? [Int] == [11])
            let step = ["key": UUID().uuidString, "client": UUID().uuidString]
            _ = try await site.post("/images/2/undo", step)
            #expect(try await Self.tracks(site)[11] == [3, 4])
        }
    }

    @Test("A job that links is cancelled, and changes nothing; the next one works")
    func cancelled() async throws {
        try await Self.run { site in
            // Longer than any request takes: empty time points have to be looked at, too.
            let shape = ImageShape(t: 20_000, y: 600, x: 600)
            let entry = ImageEntry(name: "long", path: "long.tif", shape: shape)
            let id = try #require(try site.project.addImages([entry]).first)
            let objects = (0..<5).flatMap {
                NewObject.all(in: Self.labels($0), source: .imported, t: $0)
            }
            _ = try site.project.apply(Gesture(.importLabels(objects), client: UUID()), to: id)
            let (tiles, edit) = (
                try site.project.tiles(image: id), try site.project.current(image: id)
            )
            let started = try await site.post("/images/\(id)/tracks/link", [:])
            let job = try #require(started["job"] as? Int)
            while try await site.get("/jobs/\(job)")["done"] as? Int ?? 0 < 2 {
                try await Task.sleep(for: .milliseconds(5))
            }
            _ = try await site.send(.delete, "/api/1/jobs/\(job)")
            let ended = try await site.ended(job)
            #expect(ended["state"] as? String == "cancelled" && ended["result"] == nil, "\(ended)")
            #expect(try site.project.current(image: id) == edit)
            #expect(try site.project.tiles(image: id) == tiles)
            #expect(try site.project.tracks(image: id).tracks.count == 10)
            #expect(try site.project.check() == [])
            // A job that waits behind it was not held up, and links another movie.
            try Self.fill(site)
            try await Self.link(site)
        }
    }

    @Test("Places that look wrong are listed")
    func suspicions() async throws {
        try await Self.run { site in
            try Self.fill(site)
            try await Self.link(site)
            let before = try await site.get("/images/2/tracks/suspicions")
            #expect((before["places"] as? [Any])?.isEmpty == true)
            _ = try await Self.track(
                site,
                ["edit": "break", "nodes": [[2, 1]], "scope": "one"]
            )
            let list = try await site.get("/images/2/tracks/suspicions")
            let place = try #require((list["places"] as? [[String: Any]])?.first)
            #expect(place["kind"] as? String == "shortTrack")
            #expect((place["node"] as? [Int])?.first == 2)
        }
    }

    @Test("Tracks are written as usam track writes them, and read again")
    func exported() async throws {
        try await Self.run { site in
            try Self.fill(site)
            try await Self.link(site)
            let formats = TrackResultKind.allCases.map(\.rawValue)
            let started = try await site.post("/images/2/tracks/export", ["formats": formats])
            let job = try await site.ended(started["job"])
            let result = try #require(job["result"] as? [String: Any])
            let folder = site.folder.appending(path: "test-results/movie-tracks")
            #expect(result["folder"] as? String == folder.path)
            #expect(result["files"] as? [String] == TrackResultKind.allCases.flatMap(\.names))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(Set(names) == Set(TrackResultKind.allCases.flatMap(\.names)))
            let graph = try site.project.lineage(image: 2)
            let challenge = try CTCFolder(reading: folder.appending(path: "ctc"))
            #expect(try challenge.lineage().links.count == 8)
            let geff = try GEFFFile(reading: folder.appending(path: "tracks.geff"))
            #expect(geff.graph == graph.namedInOrder())
            #expect(
                try TrackMateFile(reading: folder.appending(path: "tracks.xml")).graph.count == 10
            )
            // The same names a second time.
            let again = try await site.post("/images/2/tracks/export", ["formats": ["ctc"]])
            #expect(try await site.ended(again["job"])["state"] as? String == "done")

            // A folder of the challenge comes in as objects, a GEFF as links of those that are there.
            _ = try await Self.track(
                site,
                ["edit": "delete", "nodes": [[0, 1], [0, 2]], "scope": "all"]
            )
            #expect(try await Self.tracks(site).isEmpty)
            for path in ["ctc", "tracks.geff", "tracks.xml"] {
                let body: [String: Any] = [
                    "image": 2, "path": "test-results/movie-tracks/" + path,
                ]
                let job = try await site.ended(try await site.post("/import", body)["job"])
                #expect(job["state"] as? String == "done", "\(job["error"] ?? "")")
                #expect(try await Self.tracks(site) == [1: [0, 1, 2, 3, 4], 2: [0, 1, 2, 3, 4]])
            }
        }
    }

    @Test(
        "What has no tracks, or makes none, is refused",
        arguments: [
            ("/images/1/tracks/link", "{}", 422), ("/images/9/tracks/link", "{}", 404),
            ("/images/2/tracks/link", #"{"extent":"some"}"#, 400),
            ("/images/2/tracks/link", #"{"gap":-1}"#, 422),
            ("/images/2/tracks/export", #"{"formats":[]}"#, 400),
            ("/images/2/tracks/export", #"{"formats":["exe"]}"#, 400),
            ("/images/1/tracks/export", #"{"formats":["ctc"]}"#, 422),
        ]
    )
    func refused(_ path: String, _ body: String, _ status: Int) async throws {
        try await Self.run { site in
            let response = try await site.send(.post, "/api/1" + path, body: body)
            #expect(response.status.code == status, "\(response.text)")
        }
    }

    @Test("Labels in the query are checked", arguments: ["", "0", "1,,2", "x", "1;2", "-1"])
    func badLabels(_ labels: String) async throws {
        try await Self.run { site in
            let response = try await site.send(.get, "/api/1/images/2/tracks?labels=" + labels)
            #expect(response.status.code == 400)
        }
    }
}
