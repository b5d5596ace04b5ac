import AnnotationServer
import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

extension LoadTests {
    // `MICROSAM_FUZZ_INPUTS` sets another number of bodies, `MICROSAM_FUZZ_SEED` another seed; `docs/fuzzing.md` says
    // which were tried. The tests of this suite follow each other, because others measure the memory.
    @Suite("Damaged bodies")
    struct FuzzTests {
        private static func number(_ name: String) -> Int? {
            ProcessInfo.processInfo.environment[name].flatMap(Int.init)
        }

        private static let inputs = number("MICROSAM_FUZZ_INPUTS") ?? 2400
        private static let seed = number("MICROSAM_FUZZ_SEED") ?? 11

        private static let who =
            #""key":"11111111-1111-1111-1111-111111111111","#
            + #""client":"11111111-1111-1111-1111-111111111112""#

        private static let mask = #""mask":{"box":[0,0,4,4],"runs":[3,5,8]}"#

        private static let point = #"{"type":"point","y":3,"x":4,"label":"positive"}"#

        private static let gestures = [
            #""kind":"commit","base":0,\#(mask),"t":0,"z":0,"prompts":[\#(point)],"rule":"keep","class":"a","score":0.5,"#
                + #""stability":1,"threshold":0,"options":{"masks":"all","mask_threshold":0.5},"source":"prompt""#,
            #""kind":"commitMany","objects":[{\#(mask),"label":9},{\#(mask),"t":0}],"rule":"keepObjects""#,
            #""kind":"commitVolume","objects":[{\#(mask),"z":0}],"replaces":1,"rule":"keep""#,
            #""kind":"accept","objects":[{\#(mask)}],"rule":"overwrite""#,
            #""kind":"importLabels","objects":[{\#(mask),"label":5}]"#,
            #""kind":"paint","label":0,\#(mask)"#, #""kind":"erase",\#(mask),"label":1"#,
            #""kind":"fill","label":1,"y":2,"x":3"#, #""kind":"fillHoles","labels":[1]"#,
            #""kind":"smooth","labels":[1,2],"radius":3"#,
            #""kind":"split","label":1,"line":[[0,0],[3,2.5],[9,9]],"width":1"#,
            #""kind":"merge","labels":[1,2]"#, #""kind":"delete","labels":[1]"#,
            #""kind":"relabel","from":1,"to":70000"#, #""kind":"class","labels":[1],"class":"b""#,
            #""kind":"name","label":1,"name":"c""#, #""kind":"flags","labels":[1],"locked":true"#,
            #""kind":"status","status":"work""#,
            #""kind":"track","edit":"break","nodes":[[1,0]],"scope":"future""#,
            #""kind":"link","links":[[1,0,2]],"parents":[[2,1]]"#,
        ]

        /// Bodies that are answered, by the end of their address: every route that takes one, every kind of gesture.
        private static let bodies =
            gestures.map { ("images/1/gestures", "{\(who),\($0)}") } + [
                ("images/1/undo", "{\(who)}"), ("images/1/redo", "{\(who)}"),
                ("images/1/goto", "{\"edit\":0,\(who)}"), ("images/1/prepare", "{}"),
                ("images/1/preview", #"{"y":1,"x":2,"t":0,"z":0}"#),
                (
                    "images/1/predict",
                    #"{"objects":[{"id":1,"prompts":[\#(point),{"type":"box","y0":1,"x0":1,"y1":9,"x1":9}]}],"#
                        + #""options":{"masks":"all","refinements":1},"logits":true,"t":0,"z":0}"#
                ),
                (
                    "images/1/predict",
                    #"{"objects":[{"id":1,"prompts":[\#(point),{"type":"polygon","points":[[1,2],[3,4],[9,1]]},"#
                        + #"{"type":"scribble","points":[[1,2],[3,4]],"label":"negative"},"#
                        + #"{"type":"mask","size":[600,700],"counts":"04"}]}]}"#
                ),
                (
                    "images/1/automatic",
                    #"{"mode":"ais","parameters":{"min_size":5,"foreground_threshold":0.5},"t":0,"z":0}"#
                ),
                (
                    "images/1/automatic/RUN/accept",
                    "{\(who),\"labels\":[1,2,3],\"rule\":\"overwrite\"}"
                ),
                (
                    "images/1/volume/RUN",
                    #"{"keys":[{"z":0,"prompts":[\#(point)],\#(mask)}],"t":0,"revision":1,"replaces":1,"#
                        + #""options":{"projection":"box","fill":"bisect","first":0,"last":0}}"#
                ),
                (
                    "images/1/tracks/link",
                    #"{"extent":"loose","distance":20,"gap":1,"divisions":true}"#
                ),
                ("images/1/tracks/export", #"{"formats":["ctc","geff"]}"#),
                ("models/current", #"{"name":"disks"}"#),
                ("export", #"{"images":[1],"formats":["tif","csv"]}"#),
                (
                    "import",
                    #"{"image":1,"files":[{"name":"a.tif","data":"SUkqAAgAAAA="}],"rule":"keep"}"#
                ),
                ("import", #"{"image":1,"path":"ramp.tif"}"#),
                ("train", #"{"epochs":2,"images":[1]}"#),
            ]

        @Test("Every route that takes a body is among them")
        func everyRoute() async throws {
            try await Site.run { site in
                let tried = Set(Self.bodies.map { "/api/1/" + $0.0 })
                let routes = site.server.operations.filter(\.takesBody).map { operation in
                    operation.path.replacing("{id}", with: "1").replacing("{run}", with: "RUN")
                }
                #expect(tried == Set(routes))
            }
        }

        @Test(
            "Damaged bodies are answered, none with a failure of the server, and those refused change nothing"
        )
        func damaged() async throws {
            try await Site.run(trainer: FakeTrainer()) { site in
                var damage = DamagedBodies(seed: UInt64(Self.seed))
                var counts: [Int: Int] = [:]
                var connection = site.connection()
                var run = ""
                for round in 0..<Self.inputs {
                    // Results of automatic segmentation are forgotten after some more of them.
                    if round % 100 == 0 {
                        let answer = try await site.post("/images/1/automatic", ["mode": "ais"])
                        run = answer["run"] as? String ?? ""
                    }
                    let (path, body) = Self.bodies[round % Self.bodies.count]
                    let address = "/api/1/" + path.replacing("RUN", with: run)
                    // The same key would be the same gesture.
                    let key = "1111-\(100_000_000_000 + round)"
                    let sent = damage.damaged(body.replacing("1111-111111111111", with: key))
                    let before = try Contents(site)
                    let response = try await connection.execute(
                        site.request(.post, address, body: sent)
                    )
                    let status = response.status.code
                    counts[status, default: 0] += 1
                    #expect(status < 500, "\(path): \(sent)")
                    if status >= 400 {
                        #expect(try Contents(site) == before, "\(path): \(sent)")
                        #expect(response.code != nil, "\(path): \(sent)")
                    } else if let job = response.object["job"] {
                        // What a job changes is not ascribed to the next body.
                        _ = try await site.ended(job)
                    }
                    if response.header("Connection") == "close" {
                        try await connection.shutdown()
                        connection = site.connection()
                    }
                }
                try await connection.shutdown()
                let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) times \($0.key)" }
                print(
                    "\(Self.inputs) bodies of seed \(Self.seed): \(words.joined(separator: ", "))"
                )
                #expect(try site.project.check().isEmpty)
            }
        }
    }
}

/// What a project holds: its current edit, its objects and the hashes of its labels.
private struct Contents: Equatable {
    let current: Int64
    let objects: [AnnotatedObject]
    let tiles: [TileState]

    init(_ site: Site) throws {
        current = try site.project.current(image: 1)
        objects = try site.project.objects(image: 1)
        tiles = try site.project.tiles(image: 1)
    }
}

extension Site {
    /// A connection for many requests.
    fileprivate func connection() -> TestClient {
        let client = TestClient(host: "127.0.0.1", port: port)
        client.connect()
        return client
    }
}
