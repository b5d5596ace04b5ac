import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Damaged bodies")
struct FuzzTests {
    private static let seeds = [
        (
            "gestures",
            #"{"key":"11111111-1111-1111-1111-111111111111","client":"#
                + #""11111111-1111-1111-1111-111111111112","base":0,"t":0,"z":0,"kind":"commit","#
                + #""mask":{"box":[0,0,4,4],"runs":[3,5,8]},"prompts":[{"type":"point","y":1,"x":2}],"#
                + #""rule":"keep","class":"a","score":0.5}"#
        ),
        (
            "predict",
            #"{"objects":[{"id":1,"prompts":[{"type":"point","y":3,"x":4},{"type":"box","y0":1,"x0":"#
                + #"1,"y1":9,"x1":9}]}],"options":{"masks":"all"},"logits":true}"#
        ),
        ("automatic", #"{"mode":"ais","parameters":{"min_size":5,"foreground_threshold":0.5}}"#),
        (
            "goto",
            #"{"edit":0,"key":"11111111-1111-1111-1111-111111111113","client":"#
                + #""11111111-1111-1111-1111-111111111112"}"#
        ),
        ("preview", #"{"y":1,"x":2,"client":"11111111-1111-1111-1111-111111111112"}"#),
    ]

    @Test("2 000 damaged bodies are answered, none with a failure of the server")
    func bodies() async throws {
        try await Site.run { site in
            var random = RandomBytes(seed: 11)
            let client = TestClient(host: "127.0.0.1", port: site.port)
            client.connect()
            for round in 0..<2000 {
                let (path, seed) = Self.seeds[round % Self.seeds.count]
                let body = random.damaged(seed)
                let request = site.request(.post, "/api/1/images/1/" + path, body: body)
                // After this route the connection is closed.
                let response =
                    path == "automatic"
                    ? try await site.send(.post, "/api/1/images/1/automatic", body: body)
                    : try await client.execute(request)
                #expect(response.status.code < 500, "\(path): \(body)")
            }
            try await client.shutdown()
            #expect(try site.project.check().isEmpty)
        }
    }
}

/// Changes texts by chance, the same way for the same seed.
struct RandomBytes {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    /// The text with one to four changes.
    mutating func damaged(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let pieces = [
            "-1", "1e308", "null", "[]", "{}", "4294967296", "\"\"", "0.5", "true", "NaN",
        ]
        for _ in 0...next(4) {
            let place = next(max(bytes.count, 1))
            switch next(5) {
            case 0: bytes.removeSubrange(place..<min(place + 1 + next(8), bytes.count))
            case 1: bytes.insert(UInt8(32 + next(95)), at: place)
            case 2: if place < bytes.count { bytes[place] = UInt8(32 + next(95)) }
            case 3:
                // A number becomes something else.
                if let digit = bytes[place...].firstIndex(where: { (48...57).contains($0) }) {
                    bytes.replaceSubrange(
                        digit...digit,
                        with: Array(pieces[next(pieces.count)].utf8)
                    )
                }
            default: bytes = Array(bytes.prefix(place))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
