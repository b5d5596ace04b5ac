import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Synchronization
import Testing

@Suite("Prompts, previews and automatic segmentation over HTTP")
struct ModelTests {
    @Test("Prompts become masks, with logits that give them again")
    func predict() async throws {
        try await Site.run { site in
            let body: [String: Any] = [
                "objects": [
                    ["id": 7, "prompts": [["type": "point", "y": 40, "x": 30]]] as [String: Any]
                ],
                "logits": true,
            ]
            let answer = try await site.post("/images/1/predict", body)
            let masks = try #require(answer["masks"] as? [[String: Any]])
            #expect(masks.count == 1)
            #expect(masks[0]["id"] as? Int == 7)
            let mask = try #require(masks[0]["mask"] as? [String: Any])
            let box = try #require(mask["box"] as? [Int])
            #expect(box[0] >= 35 && box[2] <= 46 && box[1] >= 25 && box[3] <= 36)
            let runs = try #require(mask["runs"] as? [Int])
            #expect(runs.reduce(0, +) == (box[2] - box[0]) * (box[3] - box[1]))
            let logits = try #require(masks[0]["logits"] as? [String: Any])
            let (rows, columns) = (logits["rows"] as? Int ?? 0, logits["cols"] as? Int ?? 0)
            let data = try #require(
                (logits["data"] as? String).flatMap { Data(base64Encoded: $0) }
            )
            #expect(data.count == rows * columns)
            let place = try #require(logits["box"] as? [Double])
            let scale = try #require(logits["scale"] as? Double)
            let index = (40 - Int(place[0])) * columns + 30 - Int(place[1])
            #expect(abs(Double(Int8(bitPattern: data[index])) * scale - 5) < 0.06)
        }
    }

    @Test("A preview is empty until the image is ready, then the masks come by size")
    func preview() async throws {
        try await Site.run { site in
            let early = try await site.post("/images/1/preview", ["y": 20, "x": 20])
            #expect(early["state"] as? String == "new")
            #expect((early["masks"] as? [Any])?.isEmpty == true)
            try await site.prepared()
            let answer = try await site.post("/images/1/preview", ["y": 20, "x": 20])
            #expect(answer["state"] as? String == "ready")
            let masks = try #require(answer["masks"] as? [[String: Any]])
            let heights = masks.compactMap { mask -> Int? in
                guard let box = (mask["mask"] as? [String: Any])?["box"] as? [Int] else {
                    return nil
                }
                return box[2] - box[0]
            }
            #expect(heights.count == 3)
            #expect(heights == heights.sorted())
        }
    }

    @Test(
        "Of many channels the model sees the first three, and opacity where it is asked for",
        arguments: [false, true]
    )
    func channels(keepsOpacity: Bool) async throws {
        let size = Size(width: 6, height: 4)
        let seen = Mutex<[Int: Int]>([:])
        let models = DiskModels { plane in
            let channels = (try? plane.read().channels) ?? 0
            seen.withLock { $0[plane.size.width] = channels }
        }
        try await Site.run(
            models: models,
            keepsOpacity: keepsOpacity,
            prepare: { folder in
                let url = folder.appending(path: "five.tif")
                let axes = ImageAxes(c: 5, y: size.height, x: size.width)
                var writer = try TIFFWriter(creating: url, axes: axes, sampleType: .uint16)
                for channel in 0..<5 {
                    try writer.append(.uint16(Raster(repeating: UInt16(channel), size: size)))
                }
                try writer.finish()
                let grey = Raster<UInt8>(repeating: 9, size: Size(width: 7, height: 5))
                try AnyRaster(channels: [.uint8(grey), .uint8(grey)])
                    .writePNG(to: folder.appending(path: "veil.png"))
                return ["five.tif", "veil.png"]
            },
            { site in
                let prompts: [String: Any] = [
                    "objects": [
                        ["id": 1, "prompts": [["type": "point", "y": 1, "x": 1]]] as [String: Any]
                    ]
                ]
                for image in [2, 3] {
                    _ = try await site.post("/images/\(image)/predict", prompts)
                }
            }
        )
        #expect(seen.withLock { $0 } == [6: 3, 7: keepsOpacity ? 2 : 1])
    }

    @Test("Prompts that a model cannot use are the fault of the prompts, and said in its words")
    func refusedPrompts() async throws {
        try await Site.run { site in
            let body =
                #"{"objects":[{"id":1,"prompts":[{"type":"point","y":3,"x":4,"label":"negative"}]}]}"#
            let response = try await site.send(.post, "/api/1/images/1/predict", body: body)
            #expect(response.status == .unprocessableContent && response.code == "prompts")
            #expect(response.text.contains("a disk needs a positive point first"))
        }
    }

    @Test("A newer preview of a client takes the place of the older one")
    func replacedPreview() async throws {
        try await Site.run { site in
            try await site.prepared()
            let client = UUID().uuidString
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for x in 0..<4 {
                    group.addTask {
                        let body = try json(["y": 20, "x": 20 + x, "client": client])
                        let path = "/api/1/images/1/preview"
                        return try await site.send(.post, path, body: body).status.code
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { [200, 409].contains($0) })
            #expect(statuses.contains(200))
            #expect(statuses.contains(409))
        }
    }

    @Test("Automatic segmentation is looked at, and taken as one gesture")
    func automatic() async throws {
        try await Site.run { site in
            let answer = try await site.post(
                "/images/1/automatic",
                ["mode": "ais", "parameters": ["min_size": 6]]
            )
            let run = try #require(answer["run"] as? String)
            #expect(answer["count"] as? Int == 22 * 19)
            let path = "/images/1/automatic/\(run)"
            let found = try await site.get(path + "/objects")
            #expect((found["objects"] as? [Any])?.count == 22 * 19)
            let tile = try await site.send(.get, "/api/1" + path + "/labels/0/0/2/2")
            #expect(tile.bytes.count == 256 * 256 * 4)
            let outside = try await site.send(.get, "/api/1" + path + "/labels/0/0/3/0")
            #expect(outside.status == .notFound)
            let keys = ["key": UUID().uuidString, "client": UUID().uuidString]
            let body = keys.merging(["rule": "keep"]) { $1 } as [String: Any]
            let one = try await site.post(
                path + "/accept",
                body.merging(["labels": [3]]) { $1 }
            )
            #expect((one["created"] as? [Int])?.count == 1)
            let free = try await site.get(path + "/free")["labels"] as? [Int]
            #expect(free?.count == 22 * 19 - 1)
            #expect(free?.contains(3) == false)
            let all = try await site.post(
                path + "/accept",
                ["key": UUID().uuidString, "client": UUID().uuidString, "rule": "keepObjects"]
            )
            #expect((all["created"] as? [Int])?.count == 22 * 19 - 1)
            let gone = try await site.send(.delete, "/api/1" + path)
            #expect(gone.status == .noContent)
            let forgotten = try await site.send(.get, "/api/1" + path + "/objects")
            #expect(forgotten.status == .notFound)
            #expect(forgotten.code == "no_run")
        }
    }

    @Test("Parameters and modes that there are not are refused")
    func refusedOptions() async throws {
        try await Site.run { site in
            for body in [
                #"{"mode":"amg"}"#, #"{"mode":"ais","parameters":{"nms_threshold":0.5}}"#,
                #"{"mode":"ais","parameters":{"min_size":1e300}}"#,
            ] {
                let response = try await site.send(
                    .post,
                    "/api/1/images/1/automatic",
                    body: body
                )
                #expect(response.status == .unprocessableContent, "\(body)")
            }
            for body in [#"{"mode":"magic"}"#, #"{"mode":"ais","parameters":{"size":3}}"#] {
                let response = try await site.send(
                    .post,
                    "/api/1/images/1/automatic",
                    body: body
                )
                #expect(response.status == .badRequest, "\(body)")
            }
        }
    }

    @Test("Another model is used from then on; one that cannot be loaded changes nothing")
    func otherModel() async throws {
        try await Site.run { site in
            try await site.prepared()
            let models = try await site.get("/models")
            #expect(models["current"] as? String == "disks")
            #expect((models["available"] as? [Any])?.count == 3)
            let broken = try await site.send(
                .post,
                "/api/1/models/current",
                body: #"{"name":"broken"}"#
            )
            #expect(broken.status == .unprocessableContent && broken.code == "model")
            #expect(broken.text.contains("the weights are damaged"))
            #expect(try await site.get("/models")["current"] as? String == "disks")
            try await site.post("/models/current", ["name": "other-disks"])
            let project = try await site.get("/project")
            #expect((project["model"] as? [String: Any])?["name"] as? String == "other-disks")
            let unknown = try await site.send(
                .post,
                "/api/1/models/current",
                body: #"{"name":"../../x"}"#
            )
            #expect(unknown.status == .notFound)
        }
    }
}

extension Site {
    /// Prepares the first image, and waits until it is ready.
    func prepared() async throws {
        let response = try await send(.post, "/api/1/images/1/prepare", body: "{}")
        #expect(response.status == .accepted)
        for _ in 0..<500 {
            let answer = try await post("/images/1/preview", ["y": 1, "x": 1])
            if answer["state"] as? String == "ready" { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the image was not ready in time")
    }
}
