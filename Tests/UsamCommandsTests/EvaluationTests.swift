import ArgumentParser
import JobSamples
import Judging
import Testing
import UsamCommands

@Suite("Evaluating")
struct EvaluationCommandTests {
    @Test("Files that cannot be paired are an error that names one without partner")
    func numbers() throws {
        let place = try Workplace()
        for name in ["i/a.png", "i/b.png", "l/a.png"] { try place.writeImage(name) }
        let end = try Program.run(
            ["evaluate", "--labels", "l", "--predictions", "i"],
            in: place.folder
        )
        #expect(end.status == 1 && end.output.isEmpty)
        #expect(end.error.contains("2 predictions and 1 label image"), "\(end.error)")
        #expect(end.error.contains("i/b.png"))
    }

    @Test("Stored results of another model are told with the option that replaces them")
    func mixedResults() {
        func words(_ error: JudgingError) -> String {
            String(Usam.ending(of: error).message.dropFirst("usam: ".count))
        }
        #expect(
            words(.otherConditions(folder: "out", .judgements))
                == "out: the folder holds results of another model or of other settings "
                + "(settings.json); choose another folder, or give --force to replace them"
        )
        #expect(
            words(.otherConditions(folder: "out", .search))
                == "out: the folder holds a search with another model or other settings "
                + "(settings.json); choose another folder, or give --force"
        )
    }

    @Test("Tables fit into 100 columns", arguments: [false, true])
    func tableWidth(isStored: Bool) throws {
        let place = try Workplace()
        for name in ["a", "an-image-with-a-long-name"] { try place.writePair(name) }
        let line =
            "evaluate --labels l --predictions l --threshold 0.3 0.5 0.55 0.6 0.65 0.7 0.75 0.8"
        let end = try Program.run(
            line.split(separator: " ").map(String.init)
                + (isStored ? ["-o", "scores"] : []),
            in: place.folder
        )
        #expect(end.status == 0 && end.output.contains("mSA"), "\(end.error)")
        #expect(end.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(end.output)")
    }

    @Test("A grid search tells the options that stand for what it found; switches have no value")
    func best() throws {
        let place = try Workplace()
        try place.writePair("a")
        func search(_ mode: String, _ values: [String]) throws -> String {
            let fixed = ["center_distance", "boundary_distance", "foreground"].map {
                "\($0)_threshold=0.5"
            }
            let end = try Program.run(
                ["evaluate", "grid-search", "i", "--labels", "l", "--mode", mode, "-o", mode]
                    + (fixed + values).flatMap { ["--try", $0] },
                in: place.folder,
                with: .brightness
            )
            #expect(end.status == 0, "\(end.error)")
            return end.output
        }
        let maps = try search("ais", ["min_size=7", "distance_smoothing=2.2"])
        #expect(maps.contains("best of 1 combination on 1 image"))
        let options = try #require(maps.split(separator: "\n").last)
        #expect(options.hasPrefix("--mode ais ") && options.contains(" --min-size 7"))
        #expect(options.contains(" --distance-smoothing 2.2"))
        _ = try Usam.parseAsRoot(
            ["segment", "a.tif", "-o", "b.tif"] + options.split(separator: " ").map(String.init)
        )
        let prompts = try search(
            "apg",
            [
                "min_size=5", "nms_threshold=0.8", "intersection_over_min=true",
                "multimasking=true", "refine_with_box_prompts=false",
            ]
        )
        #expect(prompts.contains("--mode apg"))
        #expect(
            prompts.contains(
                "--intersection-over-min --min-size 5 --multimasking --nms-threshold 0.8"
            )
        )
        #expect(!prompts.contains("--refine-with-box-prompts"))
    }
}
