import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Testing

/// A stack of nine slices; a rod goes through the slices 2 to 6.
@Suite("Objects that are followed through a stack")
struct VolumeTests {
    private static let size = Size(width: 60, height: 50)

    private static func run(
        _ body: @escaping @Sendable (Site) async throws -> Void
    ) async throws {
        try await Site.run(
            prepare: { folder in
                let axes = ImageAxes(z: 9, y: size.height, x: size.width)
                let name = try Site.writeStack(axes, in: folder) { z in
                    Raster(repeating: (2...6).contains(z) ? 100 : 0, size: size)
                }
                return [name]
            },
            body
        )
    }

    private static func point(x: Int = 30, label: String = "positive") -> [String: Any] {
        ["type": "point", "y": 20, "x": x, "label": label]
    }

    private static func key(z: Int, _ prompts: [String: Any]...) -> [String: Any] {
        ["z": z, "prompts": prompts]
    }

    @Test("The masks come outwards as events, and stay within the object")
    func follow() async throws {
        try await Self.run { site in
            let stream = try RawConnection(port: site.port)
            defer { stream.close() }
            try stream.send(site.raw("GET /api/1/events"))
            _ = try await stream.receive(until: "event: hello")
            let run = UUID()
            let begun = try await site.follow(run, [Self.key(z: 4, Self.point())])
            #expect(begun["state"] as? String == "running" && begun["revision"] as? Int == 1)
            let told = try await stream.receive(until: "\"state\":\"done\"")
            let slices = told.matches(of: /"z":(\d)/).map { String($0.output.1) }
            #expect(slices == ["4", "3", "5", "2", "6"])
            #expect(told.contains(run.uuidString) && told.contains("\"origin\":\"projection\""))
            let state = try await site.followed(run)
            #expect(state.slices == [2, 3, 4, 5, 6])
            let first = try #require(state.parts.first?["mask"] as? [String: Any])
            #expect((first["box"] as? [Int])?.count == 4)
            #expect(state.parts[2]["origin"] as? String == "prompts")
        }
    }

    @Test("A mask that was seen is where the object goes on from")
    func seen() async throws {
        try await Self.run { site in
            let run = UUID()
            var key = Self.key(z: 4, Self.point())
            key["mask"] = ["box": [10, 10, 14, 15], "runs": [0, 20]] as [String: Any]
            try await site.follow(run, [key])
            let state = try await site.followed(run)
            #expect(state.slices == [2, 3, 4, 5, 6])
            for part in state.parts {
                let mask = try #require(part["mask"] as? [String: Any])
                #expect(mask["box"] as? [Int] == [10, 10, 14, 15])
            }
        }
    }

    @Test("Several objects go on at once; one that is left out takes its masks along")
    func severalObjects() async throws {
        try await Self.run { site in
            let run = UUID()
            let one = Self.key(z: 4, Self.point(x: 15))
            let other = Self.key(z: 4, Self.point(x: 45)).merging(["object": 2]) { $1 }
            try await site.follow(run, [one, other])
            let both = try await site.followed(run)
            #expect(
                both.parts.map { $0["object"] as? Int } == Array(repeating: 1, count: 5)
                    + Array(repeating: 2, count: 5)
            )
            #expect(both.slices == [2, 3, 4, 5, 6, 2, 3, 4, 5, 6])
            try await site.follow(run, [other], revision: 2)
            let rest = try await site.followed(run)
            #expect(rest.parts.allSatisfy { $0["object"] as? Int == 2 } && rest.parts.count == 5)
            let refused = try await site.send(
                .post,
                "/api/1/images/2/volume/\(UUID())",
                body: try json(["keys": [one, other], "replaces": 1])
            )
            #expect(refused.status == .badRequest && refused.code == "malformed")
        }
    }

    @Test("More prompts change only what they concern; a negative one ends the object")
    func morePrompts() async throws {
        try await Self.run { site in
            let run = UUID()
            try await site.follow(run, [Self.key(z: 4, Self.point())])
            try await site.follow(
                run,
                [Self.key(z: 4, Self.point()), Self.key(z: 6, Self.point(label: "negative"))],
                revision: 2
            )
            let state = try await site.followed(run)
            #expect(state.slices == [2, 3, 4, 5] && state.revision == 2)
            // An older request that comes late changes nothing.
            try await site.follow(run, [Self.key(z: 3, Self.point())], revision: 1)
            #expect(try await site.followed(run).slices == [2, 3, 4, 5])
            let refused = try await site.send(
                .post,
                "/api/1/images/2/volume/\(run)",
                body: try json([
                    "keys": [Self.key(z: 4, Self.point(label: "negative"))], "revision": 3,
                ])
            )
            #expect(refused.status == .unprocessableContent && refused.code == "prompts")
            #expect(try await site.followed(run).slices == [2, 3, 4, 5])
        }
    }

    @Test("Committed objects keep their pixels, but for the one that goes on")
    func occupied() async throws {
        try await Self.run { site in
            try await site.post(
                "/images/2/gestures",
                [
                    "key": UUID().uuidString, "client": UUID().uuidString, "kind": "paint",
                    "label": 0, "z": 5, "mask": ["box": [0, 0, 20, 60], "runs": [0, 1200]],
                ]
            )
            let (run, other) = (UUID(), UUID())
            try await site.follow(run, [Self.key(z: 4, Self.point())])
            let parts = try await site.followed(run).parts
            let boxes = parts.compactMap { ($0["mask"] as? [String: Any])?["box"] as? [Int] }
            #expect(boxes.map { $0[0] } == [16, 16, 16, 20, 20])
            try await site.follow(other, [Self.key(z: 4, Self.point())], replaces: 1)
            let whole = try await site.followed(other).parts
            let tops = whole.compactMap { ($0["mask"] as? [String: Any])?["box"] as? [Int] }
            #expect(tops.map { $0[0] } == [16, 16, 16, 16, 16])
        }
    }

    @Test("Who cancels ends the work, and the run is gone")
    func cancel() async throws {
        try await Self.run { site in
            let run = UUID()
            try await site.follow(run, [Self.key(z: 4, Self.point())])
            let path = "/api/1/images/2/volume/\(run)"
            #expect(try await site.send(.delete, path).status == .noContent)
            let gone = try await site.send(.get, path)
            #expect(gone.status == .notFound && gone.code == "no_run")
            // Again is no error.
            #expect(try await site.send(.delete, path).status == .noContent)
        }
    }

    @Test("Of five runs the oldest is ended")
    func many() async throws {
        try await Self.run { site in
            let runs = (0..<5).map { _ in UUID() }
            for run in runs { try await site.follow(run, [Self.key(z: 4, Self.point())]) }
            let first = try await site.send(.get, "/api/1/images/2/volume/\(runs[0])")
            #expect(first.status == .notFound)
            for run in runs.dropFirst() {
                #expect(try await site.followed(run).slices == [2, 3, 4, 5, 6])
            }
        }
    }

    @Test("What a model refuses is told, and other prompts go on")
    func refused() async throws {
        try await Self.run { site in
            let run = UUID()
            let box: [String: Any] = ["type": "box", "y0": 1, "x0": 1, "y1": 9, "x1": 9]
            try await site.follow(run, [Self.key(z: 4, box)])
            let failed = try await site.followed(run, until: "failed")
            #expect(failed.message?.contains("a disk needs a positive point first") == true)
            try await site.follow(run, [Self.key(z: 4, Self.point())], revision: 2)
            #expect(try await site.followed(run).slices == [2, 3, 4, 5, 6])
        }
    }

    @Test("A slice, a time point or an address that is not there is refused")
    func outside() async throws {
        try await Self.run { site in
            for (path, body, code) in [
                ("2/volume/\(UUID())", ["keys": [Self.key(z: 9, Self.point())]], "prompts"),
                (
                    "2/volume/\(UUID())",
                    ["keys": [Self.key(z: 1, Self.point())], "t": 1] as [String: Any], "malformed"
                ),
                ("2/volume/abc", ["keys": [Self.key(z: 1, Self.point())]], "malformed"),
                ("9/volume/\(UUID())", ["keys": [Self.key(z: 1, Self.point())]], "no_image"),
            ] as [(String, [String: Any], String)] {
                let response = try await site.send(
                    .post,
                    "/api/1/images/" + path,
                    body: try json(body)
                )
                #expect(response.code == code, "\(path): \(response.text)")
            }
        }
    }
}

/// How far a run is, as the server says.
private struct Followed {
    let parts: [[String: Any]]
    let revision: Int
    let message: String?

    var slices: [Int] { parts.compactMap { $0["z"] as? Int } }
}

extension Site {
    /// Follows an object in the second image.
    @discardableResult
    fileprivate func follow(
        _ run: UUID,
        _ keys: [[String: Any]],
        revision: Int = 1,
        replaces: Int? = nil
    ) async throws -> [String: Any] {
        var body: [String: Any] = ["keys": keys, "revision": revision]
        if let replaces { body["replaces"] = replaces }
        return try await post("/images/2/volume/\(run)", body)
    }

    /// What a run has found when it has ended.
    fileprivate func followed(_ run: UUID, until state: String = "done") async throws -> Followed {
        for _ in 0..<1000 {
            let answer = try await get("/images/2/volume/\(run)")
            if answer["state"] as? String == state {
                return Followed(
                    parts: answer["parts"] as? [[String: Any]] ?? [],
                    revision: answer["revision"] as? Int ?? 0,
                    message: answer["message"] as? String
                )
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the run was not \(state) in time")
        return Followed(parts: [], revision: 0, message: nil)
    }
}
