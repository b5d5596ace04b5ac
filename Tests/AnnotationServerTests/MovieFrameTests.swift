import AnnotationServer
import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Prompting
import Testing
import TrackFiles
import Tracking

@Suite("Movies in several files, or in slices, over HTTP")
struct MovieFrameTests {
    private static let count = 4
    private static let size = Size(width: 40, height: 30)

    /// A square that moves to the right.
    private static func labels(_ t: Int) -> LabelImage {
        var labels = LabelImage(size: size)
        for y in 10..<16 {
            for x in 5 + t..<11 + t { labels[x: x, y: y] = UInt32(t + 1) }
        }
        return labels
    }

    private static func frame(_ t: Int) throws -> Raster<UInt16> {
        try Raster(
            size: size,
            samples: labels(t).labels.map { UInt16(100 * t + 50 * min(Int($0), 1)) }
        )
    }

    /// Writes the movie, and adds it as image 2 of the site.
    private static func add(_ frames: MovieFrames, to site: Site) throws {
        var (file, selection) = (site.folder.appending(path: "movie"), PlaneSelection())
        selection.frames = frames
        switch frames {
        case .slices:
            file = site.folder.appending(path: "movie.tif")
            var writer = try TIFFWriter(
                creating: file,
                axes: ImageAxes(z: count, y: size.height, x: size.width),
                sampleType: .uint16
            )
            for t in 0..<count { try writer.append(.uint16(frame(t))) }
            try writer.finish()
        case .files(let names):
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
            for (t, name) in names.enumerated() {
                try AnyRaster.uint16(frame(t)).writeTIFF(to: file.appending(path: name))
            }
        }
        try site.project.addImages([
            ImageEntry(file: file.path, selection, relativeTo: site.folder.path)
        ])
    }

    private static let names = (0..<count).map { "t\($0).tif" }

    @Test(
        "Pixels are shown, objects linked, corrected, written and read again",
        arguments: [MovieFrames.files(names), .slices]
    )
    func tracked(_ frames: MovieFrames) async throws {
        try await Site.run { site in
            try Self.add(frames, to: site)
            let image = try await site.get("/images/2")
            #expect(image["problem"] == nil, "\(image)")
            let shape = try #require(image["shape"] as? [String: Int])
            #expect(shape == ["t": Self.count, "z": 1, "y": 30, "x": 40, "c": 1])
            for t in 0..<Self.count {
                let tile = try await site.send(.get, "/api/1/images/2/pixels/0/\(t)/0/0/0")
                let samples = try Self.frame(t).samples.withUnsafeBytes { Array($0) }
                #expect(tile.bytes == samples)
            }
            // Models see the frames, too.
            let prompted: [String: Any] = [
                "t": 3,
                "objects": [
                    ["id": 7, "prompts": [["type": "point", "y": 12, "x": 10]]] as [String: Any]
                ],
            ]
            let predicted = try await site.post("/images/2/predict", prompted)
            #expect((predicted["masks"] as? [Any])?.count == 1, "\(predicted)")
            let objects = (0..<Self.count).flatMap {
                NewObject.all(in: Self.labels($0), source: .imported, t: $0)
            }
            _ = try site.project.apply(Gesture(.importLabels(objects), client: UUID()), to: 2)
            let link = try await site.post("/images/2/tracks/link", [:])
            #expect(try await site.ended(link["job"])["state"] as? String == "done")
            #expect(try site.project.tracks(image: 2).tracks.map(\.places.count) == [Self.count])
            let cut: [String: Any] = [
                "key": UUID().uuidString, "client": UUID().uuidString, "kind": "track",
                "edit": "break", "nodes": [[2, 1]],
            ]
            #expect(try await site.post("/images/2/gestures", cut)["created"] as? [Int] == [5])
            let tracks = try site.project.tracks(image: 2).tracks

            let export = try await site.post(
                "/images/2/tracks/export",
                ["formats": TrackResultKind.allCases.map(\.rawValue)]
            )
            let job = try await site.ended(export["job"])
            #expect(job["state"] as? String == "done", "\(job)")
            let folder = site.folder.appending(path: "test-results/movie-tracks")
            #expect(
                try CTCFolder(reading: folder.appending(path: "ctc")).lineage().count == Self.count
            )
            // The table has the intensities of each frame.
            let table = try String(
                contentsOf: folder.appending(path: "objects.csv"),
                encoding: .utf8
            )
            #expect(table.split(whereSeparator: \.isNewline).count == Self.count + 1)
            #expect(table.contains("350") && table.contains("50"), "\(table)")
            let step = ["key": UUID().uuidString, "client": UUID().uuidString]
            for _ in 0..<3 {
                _ = try await site.post(
                    "/images/2/undo",
                    step.merging(["key": UUID().uuidString]) { $1 }
                )
            }
            #expect(try site.project.image(2).objectCount == 0)
            let body: [String: Any] = ["image": 2, "path": "test-results/movie-tracks/ctc"]
            #expect(
                try await site.ended(try await site.post("/import", body)["job"])["state"]
                    as? String == "done"
            )
            #expect(
                try site.project.tracks(image: 2).tracks.map(\.places.count)
                    == tracks.map(\.places.count)
            )
            #expect(try site.project.check() == [])
        }
    }

    @Test("Label images of the frames are sent along, and belong to them by their names")
    func labelFiles() async throws {
        try await Site.run { site in
            try Self.add(.files(Self.names), to: site)
            let files = try [2, 0, 3, 1].map { t in
                let url = site.folder.appending(path: "sent.tif")
                // Each frame was segmented by itself.
                var labels = Self.labels(t)
                labels.labels = labels.labels.map { min($0, 1) }
                try labels.writeTIFF(to: url)
                let data = try Data(contentsOf: url).base64EncodedString()
                return ["name": "C:\\masks\\t\(t)_cp_masks.tif", "data": data]
            }
            let body: [String: Any] = ["image": 2, "files": files, "eachPlane": true]
            let job = try await site.ended(try await site.post("/import", body)["job"])
            #expect((job["result"] as? [String: Any])?["objects"] as? Int == Self.count, "\(job)")
            for t in 0..<Self.count {
                let labels = try site.project.labelImage(image: 2, t: t)
                #expect(
                    labels.labels.map { min($0, 1) } == Self.labels(t).labels.map { min($0, 1) }
                )
            }
            #expect(try site.project.tracks(image: 2).tracks.count == Self.count)
            let few: [String: Any] = ["image": 2, "files": Array(files.dropLast())]
            let failed = try await site.ended(try await site.post("/import", few)["job"])
            #expect("\(failed["error"] ?? "")".contains("one file for each plane"), "\(failed)")
        }
    }

    @Test("A frame that is gone, or lies behind a link outside the folders, is told")
    func refused() async throws {
        try await Site.run { site in
            try Self.add(.files(Self.names), to: site)
            let frame = site.folder.appending(path: "movie/t2.tif")
            let outside = FileManager.default.temporaryDirectory.appending(
                path: "far-\(UUID().uuidString).tif"
            )
            try FileManager.default.moveItem(at: frame, to: outside)
            defer { try? FileManager.default.removeItem(at: outside) }
            let gone = try await site.send(.get, "/api/1/images/2/pixels/0/0/0/0/0")
            #expect(gone.status.code == 404 && gone.text.contains("t2.tif"), "\(gone.text)")
            try FileManager.default.createSymbolicLink(at: frame, withDestinationURL: outside)
            let far = try await site.send(.get, "/api/1/images/2/pixels/0/0/0/0/0")
            #expect(far.code == "outside", "\(far.text)")
        }
    }

    @Test("An export that would replace a frame is refused")
    func replacing() async throws {
        try await Site.run { site in
            try Self.add(.files(["tracks.tif", "t1.tif", "t2.tif", "t3.tif"]), to: site)
            #expect(throws: ExchangeError.self) {
                try site.project.exportTracks(
                    2,
                    as: [.labels],
                    to: site.folder.appending(path: "movie").path
                )
            }
        }
    }
}
