import ArgumentParser
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Prompting
import Testing
import UsamCommands

@Suite("Prompts on the command line")
struct PromptArgumentTests {
    @Test(
        "Good command lines are understood",
        arguments: [
            "prompt a.tif --point 1,2 -o b.tif",
            "prompt a.tif --point=-0.5,2,negative --point 4,5 --json",
            "prompt a.tif --each --box 1,2,3,4 --box 5,6,7,8 --predictions p.json --overlay -o b.tif",
            "prompt a.tif --prompts p.csv -o b.tif --masks largest --refine 2 --overlap score",
            "prompt a.tif --mask m.tif -o b.tif --mask-points single --box-extension 0.05 --z 1",
            "prompt a.tif --ellipse 1,2,3,4 --scribble 1,2 --negative-scribble 3,4 --multimask --json",
            "benchmark point --model m.pt --image a.tif", "benchmark amg-filtered --image a.tif",
        ]
    )
    func good(line: String) throws {
        _ = try Usam.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    @Test(
        "Misuse ends with status 64 and says what is wrong",
        arguments: [
            ("prompt a.tif -o b.tif", "nothing to segment"),
            ("prompt a.tif --point 1,2", "no output"), ("prompt a.tif --point 1 --json", "--point"),
            ("prompt a.tif --point 1,2,maybe --json", "--point"),
            ("prompt a.tif --box 1,2,3 --json", "--box"),
            ("prompt a.tif --box 9,2,3,4 --json", "second corner"),
            ("prompt a.tif --box 1,2,3,4 --box 1,2,3,4 --json", "--each"),
            ("prompt a.tif --polygon 1,2 --json", "at least 3"),
            ("prompt a.tif --point 1,2 -o b.png", ".tif"),
            ("prompt a.tif --point 1,2 --json --overlay", "--overlay needs -o"),
            ("prompt a.tif --point 1,2 --json --refine 11", "between 0 and 10"),
            (
                "prompt a.tif --point 1,2 --json --masks all --refine 1",
                "only a single mask can be refined"
            ),
            ("prompt a.tif --point 1,2 --json --masks single --multimask", "--multimask"),
            ("prompt a.tif --point 1,2,0 --json --each", "positive"),
            ("prompt a.tif --point 1,2 --json --masks huge", "--masks"),
        ]
    )
    func misuse(line: String, mention: String) throws {
        let error = #expect(throws: (any Error).self) {
            _ = try Usam.parseAsRoot(line.split(separator: " ").map(String.init))
        }
        let end = Usam.ending(of: try #require(error))
        #expect(end.status == 64)
        #expect(end.message.hasPrefix("usam: ") && end.message.contains(mention), "\(end.message)")
    }
}

@Suite("usam prompt", .serialized)
struct PromptCommandTests {
    @Test("From prompts to labels, predictions and a picture; nothing is replaced unasked")
    func wholePath() throws {
        let place = try Workplace()
        _ = try Program.run(
            ["sample", "-o", ".", "--width", "96", "--height", "71"],
            in: place.folder
        )
        let arguments = [
            "prompt", "simulated.tif", "--each", "--point", "20,30", "--box", "40,50,60,80",
            "--point", "5,5,negative", "-o", "out/labels.tif", "--predictions", "out/p.json",
            "--overlay",
        ]
        let end = try Program.run(arguments, in: place.folder)
        // The point in the corner meets nothing.
        let isQuiet = end.error.split(separator: "\n").allSatisfy {
            $0.contains("the mask is empty")
        }
        #expect(end.status == 0 && isQuiet, "\(end.error)")
        #expect(end.output.contains("object") && end.output.contains("score"))
        let names = ["labels.manifest.jsonl", "labels.tif", "labels_overlay.png", "p.json"]
        #expect(try place.files(in: "out") == names)
        let labels = try ImageSource(opening: URL(filePath: place.path("out/labels.tif")))
            .readLabels()
        #expect(labels.size == Size(width: 96, height: 71))
        let predictions = try JSONDecoder().decode(
            PredictionDocument.self,
            from: Data(contentsOf: URL(filePath: place.path("out/p.json")))
        )
        #expect(predictions.predictions.map(\.id) == [1, 2])
        #expect(predictions.image.width == 96 && predictions.model == "usam-tiny")
        let again = try Program.run(arguments, in: place.folder)
        #expect(again.status == 1 && again.error.contains("--force"))
        // The masks are prompts again.
        let document = PromptDocument(
            image: predictions.image,
            objects: predictions.predictions.filter { $0.area > 0 }.map {
                PromptedObject(id: $0.id * 10, prompts: [.mask($0.mask)])
            }
        )
        try place.write(Array(document.json()), to: "masks.json")
        let second = try Program.run(
            ["prompt", "simulated.tif", "--prompts", "masks.json", "--json"],
            in: place.folder,
            with: .narrow
        )
        #expect(second.status == 0)
        let found = try JSONDecoder().decode(
            PredictionDocument.self,
            from: Data(second.output.utf8)
        )
        #expect(found.predictions.map(\.id) == document.objects.map(\.id))
    }

    @Test("Prompts that do not fit end with status 1, a message, and no files")
    func failures() throws {
        let place = try Workplace()
        try place.writeImage("a.tif")
        try place.writeImage("mask.tif", width: 62, height: 40)
        let other =
            #"{"format": "microsam.prompts", "version": 1, "image": {"width": 7}, "objects": []}"#
        try place.write(Array(other.utf8), to: "other.json")
        let before = try place.files()
        for (arguments, mention) in [
            (["--point", "500,3"], "outside the image"),
            (["--mask", "mask.tif"], "the mask has 62 x 40 pixels"),
            (["--prompts", "other.json"], "7 x 40"), (["--prompts", "none.csv"], "no such file"),
        ] {
            let end = try Program.run(
                ["prompt", "a.tif", "-o", "l.tif"] + arguments,
                in: place.folder
            )
            #expect(end.status == 1 && end.output.isEmpty)
            #expect(end.error.contains(mention), "\(end.error)")
            #expect(try place.files() == before)
        }
    }
}
