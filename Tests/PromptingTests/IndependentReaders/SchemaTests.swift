import Foundation
import Imaging
import Prompting
import Testing

/// The Python that `Scripts/independent-readers` has installed; nil where it has none of the library.
private let python: String? = {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardized
    let candidates: [String?] = [
        ProcessInfo.processInfo.environment["INDEPENDENT_PYTHON"],
        checkout.appending(path: ".tools/independent/python").path,
    ]
    return candidates.compactMap(\.self).first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
}()

/// Where everything has to run: as `.ci/run` does it.
private let isRequired = ["CI", "INDEPENDENT_PYTHON"].contains {
    !(ProcessInfo.processInfo.environment[$0] ?? "").isEmpty
}

@Suite("The JSON schema")
struct SchemaTests {
    private static let image = PromptDocument.Image(name: "a.tif", width: 61, height: 40)

    /// One object with every kind of prompt.
    private static let full = PromptDocument(
        image: image,
        objects: [
            PromptedObject(
                id: 3,
                name: "left",
                category: "nucleus",
                prompts: [
                    .point(Point(x: 7, y: 4.5), .negative), .point(Point(x: 1, y: 2)),
                    .box(Box(minX: 2, minY: 1, maxX: 40.25, maxY: 30), margin: 0.5),
                    .polygon([Point(x: 1, y: 2), Point(x: 20, y: 3), Point(x: 9, y: 15)]),
                    .ellipse(Box(minX: -2, minY: 1, maxX: 30, maxY: 9)),
                    .scribble([Point(x: 0, y: 1), Point(x: 5, y: 6)], .negative),
                    .mask(EncodedMask(size: Size(width: 61, height: 40), counts: "PWP10000")),
                ]
            ),
            PromptedObject(
                id: 1,
                prompts: [.rectangle(Box(minX: 0, minY: 0, maxX: 3, maxY: 2))]
            ),
        ],
        options: PromptOptions()
    )

    private static func list(_ prompts: String, id: String = "1", version: Int = 1) -> String {
        #"{"format": "microsam.prompts", "version": \#(version), "#
            + #""objects": [{"id": \#(id), "prompts": [\#(prompts)]}]}"#
    }

    /// What our reader accepts, as a user may write it.
    private static let accepted = [
        #"{"format": "microsam.prompts", "version": 1, "objects": []}"#,
        list(#"{"type": "point", "y": 1, "x": 2.5, "label": 0}"#),
        list(
            #"{"type": "box", "y0": 1, "x0": 2, "y1": 3, "x1": 4}, {"type": "point", "y": 1, "x": 2}"#
        ),
        list(#"{"type": "scribble", "points": [[1, 2]], "label": "negative"}"#),
    ]

    /// What our reader refuses, and a schema can tell.
    private static let refused = [
        list(""), list(#"{"type": "star", "y": 1, "x": 2}"#), list(#"{"type": "point", "y": 1}"#),
        list(#"{"type": "point", "y": 1, "x": 2e9}"#),
        list(#"{"type": "point", "y": 1, "x": 2, "label": 2}"#),
        list(#"{"type": "point", "y": 1, "x": 2}"#, id: "0"),
        list(#"{"type": "point", "y": 1, "x": 2}"#, version: 2),
        list(#"{"type": "polygon", "points": [[1, 2], [3, 4]]}"#),
        list(#"{"type": "polygon", "points": [[1, 2, 3], [3, 4, 5], [5, 6, 7]]}"#),
        list(#"{"type": "mask", "size": [1], "counts": ""}"#),
        list(
            #"{"type": "box", "y0": 1, "x0": 2, "y1": 3, "x1": 4}, "#
                + #"{"type": "rectangle", "y0": 1, "x0": 2, "y1": 3, "x1": 4}"#
        ),
        #"{"format": "microsam.prompts", "version": 1}"#,
        #"{"format": "microsam.prompts", "version": 1, "objects": [], "options": {"masks": "two"}}"#,
        #"{"format": "microsam.prompts", "version": 1, "objects": [], "options": {"refinements": 11}}"#,
    ]

    @Test("The reader and the schema agree on the documents of this suite")
    func reader() throws {
        for text in Self.accepted {
            _ = try PromptDocument(json: Data(text.utf8), file: "a.json")
        }
        for text in Self.refused {
            #expect(throws: PromptError.self, "\(text)") {
                try PromptDocument(json: Data(text.utf8), file: "a.json")
            }
        }
    }

    @Test(
        "Documents that are written here, and those the reader accepts or refuses, are so by the schema",
        .enabled(if: python != nil || isRequired, "Scripts/independent-readers installs jsonschema")
    )
    func schema() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ data: Data, _ name: String) throws {
            try data.write(to: folder.appending(path: name + ".json"))
        }
        try write(Self.full.json(), "good-prompts")
        let mask = RunLengthMask(
            filling: [[Point(x: 1, y: 2), Point(x: 20, y: 3), Point(x: 9, y: 15)]],
            size: Size(width: 61, height: 40)
        )
        let empty = RunLengthMask(filling: [], size: mask.size)
        let predictions = PredictionDocument(
            image: Self.image,
            model: "usam-tiny",
            options: PromptOptions(),
            predictions: zip(Self.full.objects, [mask, empty]).map { object, mask in
                ObjectPrediction(
                    PredictedMask(object: 0, pixels: mask, score: 0.75, stability: 0.5),
                    of: object
                )
            }
        )
        try write(JSONEncoder().encode(predictions), "good-predictions")
        for (number, text) in Self.accepted.enumerated() {
            try write(Data(text.utf8), "good-\(number)")
        }
        for (number, text) in Self.refused.enumerated() {
            try write(Data(text.utf8), "bad-\(number)")
        }
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: try #require(python))
        process.arguments = [
            here.appending(path: "schema.py").path,
            here.appending(path: "../../../docs/schema/prompts.schema.json").standardized.path,
            folder.path,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
