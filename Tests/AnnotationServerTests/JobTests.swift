import AnnotationServer
import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Prompting
import Testing

@Suite("Export, import and training over HTTP")
struct JobTests {
    private static func painted(_ site: Site) async throws {
        try await site.post(
            "/images/1/gestures",
            [
                "key": UUID().uuidString, "client": UUID().uuidString, "kind": "paint",
                "label": 0, "mask": ["box": [5, 5, 15, 25], "runs": [0, 200]] as [String: Any],
            ]
        )
    }

    @Test(
        "Curves of long trainings have fewer points with the same course",
        arguments: [300, 301, 7_777]
    )
    func thinned(count: Int) {
        let points = (0..<count).map {
            CurvePoint(step: $0, loss: Double($0 % 2), score: $0 % 100 == 50 ? Double($0) : nil)
        }
        let thinned = CurvePoint.thinned(points, to: 300)
        #expect(thinned.count == 300 && thinned.last?.step == count - 1)
        #expect(thinned.compactMap(\.score) == points.compactMap(\.score))
        if count > 7_000 { #expect(thinned.allSatisfy { abs($0.loss - 0.5) < 0.05 }) }
    }

    @Test("Results lie beside the project, and are what was painted")
    func export() async throws {
        try await Site.run { site in
            try await Self.painted(site)
            // What is named twice is written once.
            let body: [String: Any] = [
                "formats": ["tif", "csv", "geojson", "tif"], "images": [1, 1],
            ]
            let started = try await site.post("/export", body)
            let job = try await site.ended(started["job"])
            #expect(job["state"] as? String == "done")
            let result = try #require(job["result"] as? [String: Any])
            let files = try #require(result["files"] as? [String])
            #expect(files == ["ramp.tif", "ramp.csv", "ramp.geojson"])
            let folder = site.folder.appending(path: "test-results")
            #expect(result["folder"] as? String == folder.path)
            let labels = try LabelFile(opening: folder.appending(path: "ramp.tif").path)
                .read(plane: 0)
            #expect(labels[x: 5, y: 5] == 1 && labels[x: 24, y: 14] == 1)
            #expect(labels[x: 25, y: 14] == 0 && labels.labels.count { $0 != 0 } == 200)
        }
    }

    @Test("An image that is done has its results")
    func done() async throws {
        try await Site.run { site in
            try await Self.painted(site)
            try await site.post(
                "/images/1/gestures",
                [
                    "key": UUID().uuidString, "client": UUID().uuidString, "kind": "status",
                    "status": "done",
                ]
            )
            _ = try await site.ended(1)
            let file = site.folder.appending(path: "test-results/ramp.tif")
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test("Labels of another program come in, and can be undone")
    func imported() async throws {
        var labels = LabelImage(size: Size(width: 700, height: 600))
        for x in 10..<20 { labels[x: x, y: 7] = 5 }
        for x in 30..<44 { labels[x: x, y: 9] = 9 }
        let file = labels
        try await Site.run { site in
            let url = site.folder.appending(path: "labels.tif")
            try file.writeTIFF(to: url)
            let data = try Data(contentsOf: url).base64EncodedString()
            for body in [
                ["image": 1, "path": "labels.tif"],
                ["image": 1, "files": [["name": "../../x/labels.tif", "data": data]]],
            ] as [[String: Any]] {
                let job = try await site.ended(try await site.post("/import", body)["job"])
                #expect((job["result"] as? [String: Any])?["objects"] as? Int == 2)
                #expect(try site.project.labelImage(image: 1).labels.count { $0 != 0 } == 24)
                let undone = try await site.post(
                    "/images/1/undo",
                    ["key": UUID().uuidString, "client": UUID().uuidString]
                )
                #expect((undone["removed"] as? [Int])?.count == 2)
            }
            let rest = try FileManager.default.contentsOfDirectory(
                atPath: site.folder.appending(path: "cache").path
            )
            #expect(!rest.contains { $0.hasPrefix("import-") })
        }
    }

    @Test(
        "What cannot be exported or imported is told",
        arguments: [
            ("/export", #"{"formats":["exe"]}"#, 400), ("/export", #"{"formats":[]}"#, 400),
            ("/export", #"{"formats":["tif"],"images":[7]}"#, 404),
            ("/import", #"{"image":1}"#, 400), ("/import", #"{"image":8,"path":"ramp.tif"}"#, 404),
            ("/import", #"{"image":1,"path":"/etc/passwd"}"#, 403),
            ("/import", #"{"image":1,"path":"../../../etc/passwd"}"#, 403),
            ("/import", #"{"image":1,"path":"nothing.tif"}"#, 404),
            ("/import", #"{"image":1,"files":[{"name":"a.tif","data":"%%%"}]}"#, 400),
            ("/import", #"{"image":1,"files":[]}"#, 400),
            (
                "/import",
                #"{"image":1,"files":[{"name":"a","data":""},{"name":"x/a","data":""}]}"#, 400
            ),
        ]
    )
    func refused(_ path: String, _ body: String, _ status: Int) async throws {
        try await Site.run { site in
            let response = try await site.send(.post, "/api/1" + path, body: body)
            // Where a climbing path leads depends on where the test runs.
            let isClimbing = body.contains("..")
            let code = response.status.code
            #expect(code == status || (isClimbing && code == 404))
        }
    }

    @Test("A file without labels fails as a job, with words")
    func noLabels() async throws {
        try await Site.run { site in
            let data = Data("no labels".utf8).base64EncodedString()
            let body: [String: Any] = ["image": 1, "files": [["name": "a.tif", "data": data]]]
            let job = try await site.ended(try await site.post("/import", body)["job"])
            #expect(job["state"] as? String == "failed")
            let message = (job["error"] as? [String: Any])?["message"] as? String
            #expect(message?.isEmpty == false)
        }
    }

    @Test("A training gets images and accepted objects, tells its course, and offers its model")
    func training() async throws {
        try await Site.run(trainer: FakeTrainer()) { site in
            let early = try await site.ended(try await site.post("/train", [:])["job"])
            #expect(early["state"] as? String == "failed")
            try await Self.painted(site)
            let job = try await site.ended(try await site.post("/train", ["epochs": 2])["job"])
            #expect(job["state"] as? String == "done")
            let result = try #require(job["result"] as? [String: Any])
            #expect(result["model"] as? String == "trained-200-1-disks")
            #expect(result["after"] as? Double == 0.75)
            #expect((job["curves"] as? [Any])?.count == 2)
        }
    }

    @Test("A training gets those planes of a stack that have objects, each with its own labels")
    func stackTraining() async throws {
        let prepare: (URL) throws -> [String] = { folder in
            let size = Size(width: 40, height: 30)
            let axes = ImageAxes(z: 4, y: size.height, x: size.width)
            return [
                try Site.writeStack(axes, in: folder) { z in
                    Raster(repeating: UInt16(10 * z + 7), size: size)
                }
            ]
        }
        try await Site.run(trainer: FakeTrainer(), prepare: prepare) { site in
            for (z, length) in [(1, 60), (3, 90)] {
                try await site.post(
                    "/images/2/gestures",
                    [
                        "key": UUID().uuidString, "client": UUID().uuidString, "kind": "paint",
                        "label": 0, "t": 0, "z": z,
                        "mask": ["box": [5, 5, 15, 25], "runs": [0, length, 200 - length]]
                            as [String: Any],
                    ]
                )
            }
            let job = try await site.ended(try await site.post("/train", ["images": [2]])["job"])
            let result = try #require(job["result"] as? [String: Any], "\(job)")
            // The area is that of the last pair.
            #expect(result["model"] as? String == "trained-90-2-disks")
        }
    }

    @Test("A training can be cancelled, and leaves nothing behind")
    func cancelledTraining() async throws {
        try await Site.run(trainer: FakeTrainer(isEndless: true)) { site in
            try await Self.painted(site)
            let started = try await site.post("/train", ["epochs": 2])
            let id = try #require(started["job"] as? Int)
            while try await site.get("/jobs/\(id)")["curves"] == nil {
                try await Task.sleep(for: .milliseconds(10))
            }
            _ = try await site.send(.delete, "/api/1/jobs/\(id)")
            let job = try await site.ended(id)
            #expect(job["state"] as? String == "cancelled")
            let rest = try FileManager.default.contentsOfDirectory(
                atPath: site.folder.appending(path: "cache").path
            )
            #expect(!rest.contains { $0.hasPrefix("training-") })
        }
    }
}

/// A training that looks at its data and pretends the rest.
struct FakeTrainer: ModelTrainer {
    var isEndless = false
    /// What it tells of itself.
    var words = "Iteration 2"

    func train(
        on data: TrainingData,
        from model: String,
        _ work: Work,
        report: @escaping @Sendable (TrainingState) -> Void
    ) async throws -> TrainedModel {
        let last = "/\(data.count).tif"
        let labels = try LabelFile(opening: data.labels + last).read(plane: 0)
        _ = try ImageSource(opening: URL(filePath: data.images + last)).read()
        let curves = [CurvePoint(step: 0, loss: 1), CurvePoint(step: 1, loss: 0.5, score: 0.4)]
        repeat {
            report(TrainingState(done: 2, total: 2, words: words, curves: curves))
            try await Task.sleep(for: .milliseconds(20))
        } while isEndless
        let area = labels.labels.count { $0 != 0 }
        return TrainedModel(
            name: "trained-\(area)-\(data.count)-\(model)",
            before: 0.5,
            after: 0.75
        )
    }
}

extension Site {
    /// A job when it has ended.
    func ended(_ id: Any?) async throws -> [String: Any] {
        let id = try #require(id as? Int)
        for _ in 0..<1000 {
            let job = try await get("/jobs/\(id)")
            if ["done", "failed", "cancelled"].contains(job["state"] as? String) { return job }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the job did not end in time")
        return [:]
    }
}
