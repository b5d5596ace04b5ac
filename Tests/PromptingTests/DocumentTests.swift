import Foundation
import Imaging
import Prompting
import Testing

@Suite("Lists of prompts")
struct DocumentTests {
    private let full = PromptDocument(
        image: .init(name: "a.tif", width: 61, height: 40),
        objects: [
            PromptedObject(
                id: 3,
                name: "left",
                category: "nucleus",
                prompts: [
                    .point(Point(x: 7, y: 4.5), .negative),
                    .box(Box(minX: 2, minY: 1, maxX: 40.25, maxY: 30), margin: 0.5),
                    .polygon([Point(x: 1, y: 2), Point(x: 20, y: 3), Point(x: 9, y: 15)]),
                ]
            ),
            PromptedObject(
                id: 1,
                prompts: [
                    .rectangle(Box(minX: 0, minY: 0, maxX: 3, maxY: 2)),
                    .ellipse(Box(minX: -2, minY: 1, maxX: 30, maxY: 9)),
                    .scribble([Point(x: 0, y: 1), Point(x: 5, y: 6)], .negative),
                    .mask(EncodedMask(size: Size(width: 61, height: 40), counts: "PWP10000")),
                ]
            ),
        ],
        options: PromptOptions()
    )

    private func read(_ json: String) throws(PromptError) -> PromptDocument {
        try PromptDocument(json: Data(json.utf8), file: "p.json")
    }

    private func object(_ prompts: String) -> String {
        #"{"format": "microsam.prompts", "version": 1, "objects": [{"id": 1, "prompts": [\#(prompts)]}]}"#
    }

    @Test("What is written is read again, every kind of prompt")
    func roundTrip() throws {
        #expect(try PromptDocument(json: full.json(), file: "p.json") == full)
    }

    @Test("Positions are y before x, labels may be numbers, options may be left out")
    func form() throws {
        let document = try read(
            object(
                #"{"type": "scribble", "points": [[1, 2]], "label": 0}, {"type": "point", "y": 3, "x": 4}"#
            )
        )
        #expect(
            document.objects[0].prompts
                == [.scribble([Point(x: 2, y: 1)], .negative), .point(Point(x: 4, y: 3))]
        )
        #expect(document.options == nil)
    }

    @Test(
        "Mistakes are named with their key and value",
        arguments: [
            (#"{"type": "point", "y": 3}"#, "objects[0].prompts[0]", "'x' is missing"),
            (#"{"type": "point", "y": 3, "x": "left"}"#, "objects[0].prompts[0].x", "'left'"),
            (#"{"type": "star"}"#, "objects[0].prompts[0].type", "'star'"),
            (#"{"type": "point", "y": 3, "x": 2e9}"#, "objects[0].prompts[0]", "2000000000"),
            (
                #"{"type": "box", "y0": 9, "x0": 1, "y1": 3, "x1": 4}"#, "objects[0].prompts[0]",
                "below"
            ),
            (#"{"type": "polygon", "points": [[1, 2], [3, 4]]}"#, "prompts[0]", "at least 3"),
            (#"{"type": "polygon", "points": [[1, 2, 3]]}"#, "points", "[y, x]"),
            (#"{"type": "point", "y": 3, "x": 1, "label": 2}"#, "label", "positive"),
            (#"{"type": "mask", "size": [1], "counts": ""}"#, "size", "height"),
            ("", "objects[0]", "no prompts"),
        ]
    )
    func mistakes(prompts: String, place: String, mention: String) throws {
        let error = try #require(throws: PromptError.self) { try read(object(prompts)) }
        #expect(error.description.hasPrefix("p.json, "))
        #expect(error.place?.contains(place) == true, "\(error)")
        #expect(error.description.contains(mention), "\(error)")
    }

    @Test("Broken JSON, foreign files, newer versions and equal numbers are refused")
    func refused() throws {
        let syntax = try #require(throws: PromptError.self) { try read("{\"format\": \n nope}") }
        #expect(syntax.kind == .malformed && syntax.description.contains("not JSON"))
        let foreign = try #require(throws: PromptError.self) { try read(#"{"format": "x"}"#) }
        #expect(foreign.description.contains("'microsam.prompts'"))
        let newer = try #require(throws: PromptError.self) {
            try read(#"{"format": "microsam.prompts", "version": 2, "objects": []}"#)
        }
        #expect(newer.place == "version" && newer.value == "2")
        let one = #"{"id": 1, "prompts": [{"type": "point", "y": 3, "x": 4}]}"#
        let twice = try #require(throws: PromptError.self) {
            try read(
                #"{"format": "microsam.prompts", "version": 1, "objects": [\#(one), \#(one)]}"#
            )
        }
        #expect(twice.description.contains("id 1"))
        #expect(throws: PromptError.self) { try read(String(repeating: "[", count: 100_000)) }
    }

    @Test("Options that make no sense are refused")
    func options() throws {
        for text in [
            #"{"refinements": 11}"#, #"{"masks": "all", "refinements": 1}"#,
            #"{"box_extension": -1}"#, #"{"batch_size": 0}"#,
        ] {
            #expect(throws: PromptError.self) {
                try read(
                    #"{"format": "microsam.prompts", "version": 1, "objects": [], "options": \#(text)}"#
                )
            }
        }
    }

    @Test("Prompts for an image of another size are noticed")
    func mismatch() {
        #expect(full.mismatch(with: Size(width: 61, height: 40)) == nil)
        #expect(full.mismatch(with: Size(width: 40, height: 61)) != nil)
    }
}

@Suite("Tables of prompts")
struct TableTests {
    private func read(_ csv: String) throws(PromptError) -> [PromptedObject] {
        try PromptDocument(csv: Data(csv.utf8), file: "p.csv").objects
    }

    @Test("Without numbers every row is an object")
    func points() throws {
        let objects = try read("y,x,label\n3,4,1\n\n5.5,6,negative\r\n")
        #expect(objects.map(\.id) == [1, 2])
        #expect(objects[0].prompts == [.point(Point(x: 4, y: 3))])
        #expect(objects[1].prompts == [.point(Point(x: 6, y: 5.5), .negative)])
    }

    @Test("The points of napari are read")
    func napari() throws {
        let objects = try read("\u{FEFF}index;axis-0;axis-1\n0;1.25;2\n1;3;4\n")
        #expect(
            objects.map(\.prompts) == [[.point(Point(x: 2, y: 1.25))], [.point(Point(x: 4, y: 3))]]
        )
    }

    @Test("Rows of one object belong together, corners of one shape, too")
    func objects() throws {
        let objects = try read(
            """
            object,type,y,x,y0,x0,y1,x1,extension,shape,name,class
            7,point,3,4,,,,,,,"a ""b"", c",nucleus
            2,box,,,1,2,9,8,0.1,,,
            7,box,,,1,2,9,8,,,,
            2,polygon,1,1,,,,,,p,,
            2,polygon,9,1,,,,,,p,,
            2,polygon,9,9,,,,,,p,,
            """
        )
        #expect(objects.map(\.id) == [7, 2])
        #expect(objects[0].name == "a \"b\", c" && objects[0].category == "nucleus")
        let box = Box<OriginalPixels>(minX: 2, minY: 1, maxX: 8, maxY: 9)
        #expect(objects[0].prompts == [.point(Point(x: 4, y: 3)), .box(box)])
        #expect(
            objects[1].prompts
                == [
                    .box(box, margin: 0.1),
                    .polygon([Point(x: 1, y: 1), Point(x: 1, y: 9), Point(x: 9, y: 9)]),
                ]
        )
    }

    @Test(
        "Mistakes are named with line, column and value",
        arguments: [
            ("y,x\n3,left\n", "line 2", "column x", "'left'"),
            ("y,x\n3,4\n5\n", "line 3", "column x", "empty"),
            ("a,b\n", "line 1", "neither the columns y and x", "'a,b'"),
            ("y,x,y\n", "line 1", "twice", "'y'"),
            ("object,y,x\n0,1,2\n", "line 2", "column object", "'0'"),
            ("type,y,x\nstar,1,2\n", "line 2", "column type", "'star'"),
            ("y,x,label\n1,2,maybe\n", "line 2", "column label", "'maybe'"),
            ("y0,x0,y1,x1\n5,5,1,9\n", "line 2", "below", "box"),
            ("y,x\n\"1,2\n", "line 2", "quotation", ""), ("y,x\n1,1e300\n", "line 2", "x", "1e300"),
            ("type,y,x\npolygon,1,2\n", "line 2", "corners", "3"),
            ("y,x\n20,30,negative\n", "line 2", "names 2 columns", "negative"),
            ("y,x\n1,2,,\n20,5,30\n", "line 3", "names 2 columns", "30"),
        ]
    )
    func mistakes(csv: String, place: String, mention: String, other: String) throws {
        let error = try #require(throws: PromptError.self) { try read(csv) }
        #expect(error.place == place, "\(error)")
        #expect(error.description.contains(mention), "\(error)")
        #expect(other.isEmpty || error.description.contains(other), "\(error)")
    }

    @Test("Empty files and binary ones are refused")
    func refused() {
        #expect(throws: PromptError.self) { try read("") }
        #expect(throws: PromptError.self) {
            try PromptDocument(csv: Data([0xFF, 0x00, 0x12]), file: "p.csv")
        }
    }
}
