import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import Imaging
import Testing

@Suite("Gestures over HTTP")
struct EditTests {
    private static let client = UUID().uuidString

    private static func paint(
        _ box: [Int],
        key: String = UUID().uuidString,
        client: String = Self.client,
        base: Int? = nil,
        label: Int = 0
    ) -> [String: Any] {
        let area = (box[2] - box[0]) * (box[3] - box[1])
        var gesture: [String: Any] = [
            "key": key, "client": client, "kind": "paint", "label": label, "rule": "keep",
            "mask": ["box": box, "runs": [0, area]] as [String: Any],
        ]
        gesture["base"] = base
        return gesture
    }

    @Test("A gesture changes tiles and objects, undo takes it back, redo does it again")
    func roundTrip() async throws {
        try await Site.run { site in
            let answer = try await site.post("/images/1/gestures", Self.paint([10, 250, 20, 270]))
            #expect(answer["created"] as? [Int] == [1])
            #expect((answer["tiles"] as? [Any])?.count == 2)
            #expect(answer["canUndo"] as? Bool == true)
            let tile = try await site.send(.get, "/api/1/images/1/labels/0/0/0/1")
            #expect(tile.bytes.count == 256 * 256 * 4)
            #expect(tile.bytes[(10 * 256 + 13) * 4] == 1)
            #expect(tile.bytes[(10 * 256 + 14) * 4] == 0)
            let step = ["key": UUID().uuidString, "client": Self.client]
            let undone = try await site.post("/images/1/undo", step)
            #expect(undone["removed"] as? [Int] == [1])
            let empty = try await site.send(.get, "/api/1/images/1/labels/0/0/0/1")
            #expect(empty.status == .noContent)
            #expect(empty.header("ETag") == "\"0\"")
            let past = try await site.send(.get, "/api/1/images/1/labels/0/0/0/1?edit=1")
            #expect(past.bytes == tile.bytes)
            let redone = try await site.post(
                "/images/1/redo",
                ["key": UUID().uuidString, "client": Self.client]
            )
            #expect(redone["created"] as? [Int] == [1])
            let history = try await site.get("/images/1/history?limit=10")
            let edits = try #require(history["edits"] as? [[String: Any]])
            #expect(edits.count == 1)
            #expect(edits[0]["undone"] as? Bool == false)
            let back = try await site.post(
                "/images/1/goto",
                ["edit": 0, "key": UUID().uuidString, "client": Self.client]
            )
            #expect(back["edit"] as? Int == 0)
        }
    }

    @Test("The same key twice is one gesture")
    func idempotency() async throws {
        try await Site.run { site in
            let gesture = Self.paint([0, 0, 5, 5])
            let first = try await site.post("/images/1/gestures", gesture)
            let second = try await site.post("/images/1/gestures", gesture)
            #expect(first["repeated"] as? Bool == false)
            #expect(second["repeated"] as? Bool == true)
            #expect(first["edit"] as? Int == second["edit"] as? Int)
            let objects = try await site.get("/images/1/objects")
            #expect((objects["objects"] as? [Any])?.count == 1)
        }
    }

    @Test("A gesture on what somebody else changed is a conflict that tells what is new")
    func conflict() async throws {
        try await Site.run { site in
            let first = try await site.post("/images/1/gestures", Self.paint([0, 0, 8, 8]))
            let base = try #require(first["edit"] as? Int)
            let label = try #require((first["created"] as? [Int])?.first)
            let remove: [String: Any] = [
                "key": UUID().uuidString, "client": UUID().uuidString, "base": base,
                "kind": "delete", "labels": [label],
            ]
            try await site.post("/images/1/gestures", remove)
            let late = Self.paint([2, 2, 12, 12], base: base, label: label)
            let response = try await site.send(
                .post,
                "/api/1/images/1/gestures",
                body: try json(late)
            )
            #expect(response.status == .conflict)
            #expect(response.code == "conflict")
            #expect(response.object["removed"] as? [Int] == [label])
            #expect((response.object["current"] as? Int ?? 0) > base)
            #expect((response.object["tiles"] as? [Any])?.isEmpty == false)
        }
    }

    @Test("A tile that the browser has is not sent again")
    func cachedLabels() async throws {
        try await Site.run { site in
            try await site.post("/images/1/gestures", Self.paint([0, 0, 8, 8]))
            let path = "/api/1/images/1/labels/0/0/0/0"
            let tile = try await site.send(.get, path)
            let tag = try #require(tile.header("ETag"))
            let again = try await site.send(.get, path, headers: ["If-None-Match": tag])
            #expect(again.status == .notModified)
            let list = try await site.get("/images/1/labels")
            let tiles = try #require(list["tiles"] as? [[String: Any]])
            #expect(tiles.count == 1)
            #expect("\"\(tiles[0]["hash"] as? String ?? "")\"" == tag)
        }
    }

    @Test(
        "What cannot be done says why",
        arguments: [
            (#"{"kind":"merge","labels":[7,8]}"#, HTTPResponse.Status.notFound, "no_object"),
            (#"{"kind":"dance"}"#, .badRequest, "malformed"),
            (#"{"kind":"paint","label":0}"#, .badRequest, "malformed"),
            (
                #"{"kind":"paint","label":0,"mask":{"box":[0,0,2,2],"runs":[0,9]}}"#, .badRequest,
                "malformed"
            ),
            (
                #"{"kind":"paint","label":0,"mask":{"box":[0,0,2,9000],"runs":[0,18000]}}"#,
                .unprocessableContent, "bad_gesture"
            ),
        ]
    )
    func refused(_ text: String, _ status: HTTPResponse.Status, _ code: String) async throws {
        try await Site.run { site in
            let id = UUID().uuidString
            let body = text.dropLast() + #","key":"\#(id)","client":"\#(id)"}"#
            let response = try await site.send(
                .post,
                "/api/1/images/1/gestures",
                body: String(body)
            )
            #expect(response.status == status)
            #expect(response.code == code)
        }
    }

    @Test("There is no image 9")
    func unknownImage() async throws {
        try await Site.run { site in
            for path in ["", "/objects", "/labels", "/history", "/labels/0/0/0/0", "/thumbnail"] {
                let response = try await site.send(.get, "/api/1/images/9" + path)
                #expect(response.status == .notFound, "\(path)")
            }
            let gesture = try json(Self.paint([0, 0, 5, 5]))
            let response = try await site.send(.post, "/api/1/images/9/gestures", body: gesture)
            #expect(response.status == .notFound)
        }
    }
}
