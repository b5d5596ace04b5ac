import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

/// `MICROSAM_FUZZ_INPUTS` sets another number of bodies, `MICROSAM_FUZZ_SEED` another seed; `docs/fuzzing.md` says which were
/// tried.
@Suite("Damaged bodies")
struct FuzzTests {
    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init)
    }

    private static let inputs = number("MICROSAM_FUZZ_INPUTS") ?? 2000
    private static let seed = number("MICROSAM_FUZZ_SEED") ?? 11

    private static let who =
        #""key":"11111111-1111-1111-1111-111111111111","#
        + #""client":"11111111-1111-1111-1111-111111111112""#

    private static let mask = #""mask":{"box":[0,0,4,4],"runs":[3,5,8]}"#

    /// Bodies that are answered, by the end of their address.
    private static let bodies = [
        (
            "images/1/gestures",
            "{\(who),\"base\":0,\"t\":0,\"z\":0,\"kind\":\"commit\",\(mask),"
                + #""prompts":[{"type":"point","y":1,"x":2}],"rule":"keep","class":"a","score":0.5}"#
        ),
        ("images/1/gestures", "{\(who),\"kind\":\"commitMany\",\"objects\":[{\(mask)},{\(mask)}]}"),
        ("images/1/gestures", "{\(who),\"kind\":\"paint\",\"label\":0,\(mask)}"),
        ("images/1/gestures", "{\(who),\"kind\":\"erase\",\(mask)}"),
        ("images/1/gestures", "{\(who),\"kind\":\"smooth\",\"labels\":[1,2],\"radius\":3}"),
        (
            "images/1/gestures",
            "{\(who),\"kind\":\"split\",\"label\":1,\"line\":[[0,0],[3,2.5],[9,9]],\"width\":1}"
        ),
        ("images/1/gestures", "{\(who),\"kind\":\"merge\",\"labels\":[1,2]}"),
        ("images/1/gestures", "{\(who),\"kind\":\"relabel\",\"from\":1,\"to\":70000}"),
        ("images/1/gestures", "{\(who),\"kind\":\"flags\",\"labels\":[1],\"locked\":true}"),
        ("images/1/gestures", "{\(who),\"kind\":\"fill\",\"label\":1,\"y\":2,\"x\":3}"),
        (
            "images/1/predict",
            #"{"objects":[{"id":1,"prompts":[{"type":"point","y":3,"x":4},{"type":"box","y0":1,"x0":"#
                + #"1,"y1":9,"x1":9}]}],"options":{"masks":"all"},"logits":true}"#
        ),
        (
            "images/1/predict",
            #"{"objects":[{"prompts":[{"type":"polygon","points":[[1,2],[3,4],[9,1]]},{"type":"#
                + #""scribble","points":[[1,2],[3,4]],"label":"negative"}]}],"t":0,"z":0}"#
        ),
        (
            "images/1/automatic",
            #"{"mode":"ais","parameters":{"min_size":5,"foreground_threshold":0.5}}"#
        ),
        ("images/1/automatic/RUN/accept", "{\(who),\"labels\":[1,2,3],\"rule\":\"overwrite\"}"),
        ("images/1/undo", "{\(who)}"), ("images/1/redo", "{\(who)}"),
        ("images/1/goto", "{\"edit\":0,\(who)}"),
        ("images/1/preview", #"{"y":1,"x":2,"client":"11111111-1111-1111-1111-111111111112"}"#),
        ("images/1/prepare", "{}"), ("models/current", #"{"name":"disks"}"#),
        ("export", #"{"images":[1],"formats":["tif","csv"]}"#),
        ("import", #"{"image":1,"name":"a.tif","data":"SUkqAAgAAAA=","rule":"keep"}"#),
        ("import", #"{"image":1,"path":"ramp.tif"}"#),
    ]

    @Test("Damaged bodies are answered, none with a failure of the server")
    func damaged() async throws {
        try await Site.run { site in
            var random = RandomBytes(seed: UInt64(Self.seed))
            let run = try await site.post("/images/1/automatic", ["mode": "ais"])["run"] as? String
            var client = TestClient(host: "127.0.0.1", port: site.port)
            client.connect()
            var counts: [Int: Int] = [:]
            for round in 0..<Self.inputs {
                let (path, body) = Self.bodies[round % Self.bodies.count]
                let address = "/api/1/" + path.replacing("RUN", with: run ?? "")
                // The same key would be the same gesture.
                let fresh = body.replacing(
                    "1111-111111111111",
                    with: "1111-\(100_000_000_000 + round)"
                )
                let damaged = random.damaged(fresh)
                let response = try await client.execute(
                    site.request(.post, address, body: damaged)
                )
                counts[response.status.code, default: 0] += 1
                #expect(response.status.code < 500, "\(path): \(damaged)")
                if response.header("Connection") == "close" {
                    try await client.shutdown()
                    client = TestClient(host: "127.0.0.1", port: site.port)
                    client.connect()
                }
            }
            try await client.shutdown()
            let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) times \($0.key)" }
            print("\(Self.inputs) bodies of seed \(Self.seed): \(words.joined(separator: ", "))")
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
