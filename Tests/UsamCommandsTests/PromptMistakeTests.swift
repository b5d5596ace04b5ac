import Foundation
import ImageFormats
import Imaging
import JobSamples
import Prompting
import Testing

@Suite("Mistakes with prompts", .serialized)
struct PromptMistakeTests {
    private func run(_ line: String, _ place: Workplace) throws -> Program.Ending {
        try Program.run(
            line.split(separator: " ").map(String.init),
            in: place.folder,
            with: .narrow
        )
    }

    @Test(
        "Places outside the image are refused before a model is asked, negative ones, too",
        arguments: [
            (["--point", "-5,3"], "the point (y -5.0, x 3.0) lies outside the image of 61 x 40"),
            (["--point=-5,3"], "the point (y -5.0, x 3.0) lies outside"),
            (["--point", "-.5e2,3,negative", "--point", "1,1"], "the point (y -50.0, x 3.0)"),
            (["--point", "3,700"], "the point (y 3.0, x 700.0) lies outside"),
            (["--box", "-9,-8,-2,-1"], "its box from (y -9.0, x -8.0) to (y -2.0, x -1.0)"),
            (["--ellipse", "-9,-8,-2,-1"], "its mask covers no pixel"),
            (["--polygon", "-9,-8 -2,-1 -9,-1"], "its mask covers no pixel"),
            (["--scribble", "-5,3 -4,4"], "a scribble lies outside"),
            (["--negative-scribble", "-5,3 -4,4", "--point", "1,1"], "a scribble lies outside"),
        ]
    )
    func outside(prompts: [String], message: String) throws {
        let place = try Workplace()
        try place.writeImage("a.tif")
        // A model that is not on this machine, and would be missed if it were asked first.
        let line = ["prompt", "a.tif", "-o", "l.tif", "--model", "none.safetensors"]
        let end = try Program.run(line + prompts, in: place.folder)
        #expect(end.status == 1 && end.error.contains(message), "\(end.error)")
        #expect(try place.files() == ["a.tif"])
    }

    @Test("Only negative prompts are misuse; in a file of many objects they are said")
    func onlyNegative() throws {
        let place = try Workplace()
        try place.writeImage("a.tif")
        for prompts in ["--point 4,5,0", "--negative-scribble 4,5"] {
            let end = try run("prompt a.tif \(prompts) -o l.tif", place)
            #expect(end.status == 64 && end.error.contains("All prompts are negative"))
        }
        let document = PromptDocument(objects: [
            PromptedObject(id: 7, prompts: [.point(Point(x: 12, y: 9))]),
            PromptedObject(id: 9, prompts: [.point(Point(x: 3, y: 2), .negative)]),
        ])
        try place.write(Array(document.json()), to: "p.json")
        let end = try run("prompt a.tif --prompts p.json -o l.tif", place)
        #expect(end.status == 0)
        #expect(end.error.contains("object 9: all its prompts are negative, so nothing says where"))
        #expect(!end.error.contains("object 7"), "\(end.error)")
    }

    @Test("Results of prompts are never inputs, and no manifest of a run")
    func results() throws {
        let place = try Workplace()
        try place.writeImage("in/a.tif")
        let prompt = "prompt in/a.tif --point 9,12 -o in/one.tif"
        #expect(try run(prompt + " --overlay --predictions in/one.json", place).status == 0)
        for inputs in ["in", "in/*.tif", "in/a.tif in/one.tif"] {
            let end = try run("segment \(inputs) -o out --force", place)
            #expect(end.status == 0 && end.output.contains("in/a.tif: "), "\(end.error)")
            #expect(!end.output.contains("one") && end.error.contains("one.tif"), "\(end.error)")
        }
        let rerun = try run("rerun in/one.manifest.jsonl", place)
        #expect(rerun.status == 1 && rerun.error.contains("objects from prompts"), "\(rerun.error)")
        // A run does not take them for its own.
        let segment = try run("segment in/a.tif -o in/one.tif", place)
        #expect(segment.status == 1 && segment.error.contains("in/one.tif: the file exists"))
        #expect(try run("segment in/a.tif -o in/one.tif --force", place).status == 0)
        #expect(try run(prompt + " --force", place).status == 0)
    }

    @Test("Nothing that the prompts come from is replaced", arguments: ["--mask", "--prompts"])
    func replacedInput(option: String) throws {
        let place = try Workplace()
        try place.writeImage("a.tif")
        try place.writeImage("m.tif")
        let document = PromptDocument(objects: [
            PromptedObject(id: 1, prompts: [.point(Point(x: 12, y: 9))])
        ])
        try place.write(Array(document.json()), to: "p.json")
        let (input, output) =
            option == "--mask" ? ("m.tif", "-o m.tif") : ("p.json", "--predictions new/../p.json")
        let before = try Data(contentsOf: URL(filePath: place.path(input)))
        let end = try run("prompt a.tif \(option) \(input) \(output) --force", place)
        #expect(end.status == 1 && end.error.contains("would replace the input '\(input)'"))
        #expect(try Data(contentsOf: URL(filePath: place.path(input))) == before)
    }
}
