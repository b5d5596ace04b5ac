import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Numbers and names of bodies")
struct RangeTests {
    private static let who =
        #""key":"11111111-1111-1111-1111-111111111111","#
        + #""client":"11111111-1111-1111-1111-111111111112""#

    private static func gesture(_ text: String) -> (String, String) {
        ("images/1/gestures", "{\(who),\(text)}")
    }

    private static let mask = #""mask":{"box":[0,0,2,2],"runs":[0,4]}"#

    /// Address, body, and what its answer says.
    private static let numbers = [
        (
            gesture(#""kind":"paint","label":4294967295,\#(mask)"#),
            "'label' of the body is 4294967295;"
        ),
        (gesture(#""kind":"paint","label":-1,\#(mask)"#), "whole number from 0 to 4294967294"),
        (gesture(#""kind":"paint","label":0.5,\#(mask)"#), "'label' of the body is 0.5;"),
        (gesture(#""kind":"paint","label":1e400,\#(mask)"#), "'label' of the body is Infinity;"),
        (gesture(#""kind":"relabel","from":1,"to":4294967295"#), "'to' of the body is 4294967295;"),
        (
            gesture(#""kind":"delete","labels":[1,4294967296]"#),
            "'labels.1' of the body is 4294967296;"
        ),
        (gesture(#""kind":"smooth","labels":[1],"radius":65"#), "whole number from 1 to 64"),
        (gesture(#""kind":"split","label":1,"line":[[0,0],[1,1]],"width":1001"#), "from 0 to 1000"),
        (gesture(#""kind":"fill","label":1,"y":-1,"x":3"#), "'y' of the body is -1;"),
        (gesture(#""kind":"paint","label":0,"t":-1,\#(mask)"#), "'t' of the body is -1;"),
        (
            gesture(#""kind":"paint","label":0,"base":9223372036854775808,\#(mask)"#),
            "'base' of the body"
        ),
        (
            gesture(#""kind":"paint","label":0,"mask":{"box":[0,0,2,16777217],"runs":[]}"#),
            "'mask.box.3' of the body is 16777217;"
        ),
        (
            gesture(#""kind":"commitMany","objects":[{\#(mask),"score":1e9}]"#),
            "'objects.0.score' of the body is"
        ),
        (("images/1/goto", "{\(who),\"edit\":-1}"), "'edit' of the body is -1;"),
        (("images/1/preview", #"{"y":1e10,"x":2}"#), "a number from -1000000000 to 1000000000"),
        (
            (
                "images/1/predict",
                #"{"objects":[{"id":0,"prompts":[{"type":"point","y":1,"x":1}]}]}"#
            ),
            "'objects.0.id' of the body is 0; it must be a whole number from 1 to 4294967295"
        ),
        (
            (
                "images/1/predict",
                #"{"objects":[{"id":1,"prompts":[{"type":"point","y":1,"x":1}]}],"#
                    + #""options":{"refinements":11}}"#
            ), "'options.refinements' of the body is 11;"
        ),
        (
            ("images/1/automatic", #"{"parameters":{"min_size":1e10}}"#),
            "'parameters.min_size' of the"
        ),
        (("images/1/automatic", #"{"z":16777216}"#), "'z' of the body is 16777216;"),
        (("train", #"{"iterations":1000001}"#), "'iterations' of the body is 1000001;"),
        (
            ("train", #"{"epochs":0}"#),
            "'epochs' of the body is 0; it must be a whole number from 1 to"
        ),
        (("train", #"{"images":[0]}"#), "'images.0' of the body is 0;"),
        (("export", #"{"formats":["tif"],"images":[-1]}"#), "'images.0' of the body is -1;"),
        (("import", #"{"image":0,"path":"ramp.tif"}"#), "'image' of the body is 0;"),
    ]

    @Test("A number out of its range is told with its name, its value and the range")
    func ranges() async throws {
        try await Site.run(trainer: FakeTrainer()) { site in
            for ((path, body), words) in Self.numbers {
                let response = try await site.send(.post, "/api/1/" + path, body: body)
                #expect(response.status == .unprocessableContent, "\(body)")
                #expect(response.code == "out_of_range", "\(body)")
                #expect(response.text.contains(words), "\(response.text)")
            }
            #expect(try site.project.history(image: 1).isEmpty)
        }
    }

    @Test(
        "What is not known, missing, or of another kind is told with its name",
        arguments: [
            (
                ("train", #"{"minutes":-1}"#),
                "'minutes' of the body is not known; its names are epochs"
            ),
            (("images/1/undo", "{\(who),\"steps\":2}"), "'steps' of the body is not known"),
            (
                ("images/1/undo", #"{"key":"11111111-1111-1111-1111-111111111111"}"#),
                "lacks 'client'"
            ),
            (("images/1/undo", "{\(who),\"base\":1,\"base\":2}"), "holds 'base' twice"),
            (gesture(#""kind":"paint","label":"1",\#(mask)"#), #"'label' of the body is \"1\";"#),
            (
                gesture(#""kind":"paint","label":0,"mask":[1]"#),
                "'mask' of the body is a list; it must"
            ),
            (
                gesture(#""kind":"paint","label":0,"mask":{"box":[0,0,2],"runs":[0,4]}"#),
                "'mask.box' of the body holds 3 values; it must hold 4"
            ),
            (
                gesture(#""kind":"paint","label":0,"rule":"never",\#(mask)"#),
                "keep, keepObjects, overwrite"
            ),
            (("images/1/gestures", #"{"key":7}"#), "'key' of the body is 7; it must be a UUID"),
            (("images/1/predict", #"{"objects":[]}"#), "'objects' of the body holds 0 values"),
            (("export", #"{"formats":["exe"]}"#), "one of tif, ome-zarr, coco"),
        ] as [((String, String), String)]
    )
    func names(_ request: (String, String), _ words: String) async throws {
        try await Site.run(trainer: FakeTrainer()) { site in
            let response = try await site.send(.post, "/api/1/" + request.0, body: request.1)
            #expect(response.status == .badRequest)
            #expect(response.code == "malformed")
            #expect(response.text.contains(words), "\(response.text)")
        }
    }

    @Test("What is left out may be null; an object that is named twice is one")
    func harmless() async throws {
        try await Site.run { site in
            let paint = Self.gesture(#""kind":"paint","label":0,"class":null,\#(Self.mask)"#)
            #expect(try await site.send(.post, "/api/1/" + paint.0, body: paint.1).status == .ok)
            let body: [String: Any] = [
                "key": UUID().uuidString, "client": UUID().uuidString, "kind": "delete",
                "labels": [1, 1],
            ]
            let answer = try await site.post("/images/1/gestures", body)
            #expect(answer["words"] as? String == "Delete object 1")
        }
    }

    @Test("Of an automatic result and of the project, only what there is can be taken")
    func unknown() async throws {
        try await Site.run(trainer: FakeTrainer()) { site in
            let run = try await site.post("/images/1/automatic", ["mode": "ais"])["run"] as? String
            let path = "/api/1/images/1/automatic/\(run ?? "")/accept"
            let accepted = try await site.send(
                .post,
                path,
                body: "{\(Self.who),\"labels\":[1,99999]}"
            )
            #expect(accepted.status == .notFound && accepted.text.contains("no object 99999"))
            let trained = try await site.send(.post, "/api/1/train", body: #"{"images":[1,7]}"#)
            #expect(trained.status == .notFound && trained.code == "no_image")
        }
    }
}
