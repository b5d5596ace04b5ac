import Files
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import ModelZoo
import Testing
import Torch
import Training
import UsamCommands

@Suite("Training", .serialized)
struct TrainTests {
    /// A training of a few seconds.
    static let quick = [
        "train", "--images", "i", "--labels", "l", "-o", "run", "--crop-side", "64", "--objects",
        "1", "--sub-iterations", "1", "--samples-per-epoch", "2", "--pictures", "0", "--threads",
        "1",
    ]

    @Test("A training leaves a model, goes on exactly, and is not mixed with another")
    func trains() throws {
        let place = try Workplace()
        try place.writePair("a")
        try place.writePair("b")
        let end = try Program.run(
            Self.quick + ["--iterations", "2"],
            in: place.folder,
            with: .narrow
        )
        #expect(end.status == 0, "\(end.error)")
        #expect(end.error.contains("Data: 2 images of 61 x 40 pixels, 4 objects"))
        #expect(end.error.contains("epoch 1:"))
        #expect(end.output.contains("Done: 2 iterations"))
        #expect(end.output.contains("usam segment IMAGES -o RESULTS --model run/best.safetensors"))
        let files = try place.files(in: "run")
        for name in ["best", "latest", "state"] { #expect(files.contains("\(name).safetensors")) }
        for name in ["run.json", "log.jsonl", "report.html"] { #expect(files.contains(name)) }

        let info = try Program.run(["info", "run/best.safetensors"], in: place.folder)
        #expect(info.status == 0 && info.output.contains("vit_t"), "\(info.output)")

        let again = try Program.run(
            Self.quick + ["--iterations", "2"],
            in: place.folder,
            with: .narrow
        )
        #expect(again.status == 0 && again.output.contains("Nothing left to do: 2 iterations"))
        #expect(!again.error.contains("Data: "))
        // The plan is shown of a run that goes on, too.
        let plan = ["--iterations", "2", "--dry-run"]
        let dry = try Program.run(Self.quick + plan, in: place.folder, with: .narrow)
        #expect(dry.status == 0 && dry.output.isEmpty)
        #expect(dry.error.contains("Continuing the run in run."))
        #expect(dry.error.contains("Data: 2 images") && dry.error.contains("Preset "))
        let resumed = ["train", "--resume", "-o", "run", "--iterations", "3", "--threads", "1"]
        let more = try Program.run(resumed, in: place.folder)
        #expect(more.status == 0 && more.output.contains("Done: 3 iterations"), "\(more.error)")
        let whole = Self.quick.map { $0 == "run" ? "once" : $0 } + ["--iterations", "3"]
        #expect(try Program.run(whole, in: place.folder, with: .narrow).status == 0)
        // The values; the header tells how long the training took.
        #expect(
            try place.tensorBytes("run/latest.safetensors")
                == place.tensorBytes("once/latest.safetensors")
        )

        let other = try Program.run(
            Self.quick + ["--iterations", "2", "--seed", "5"],
            in: place.folder,
            with: .narrow
        )
        #expect(other.status == 1)
        #expect(other.error.contains("another training") && other.error.contains("seed: 0, now 5"))
        #expect(other.error.contains("--force"))
        let anew = try Program.run(
            Self.quick + ["--iterations", "1", "--seed", "5", "--force", "--json", "--quiet"],
            in: place.folder,
            with: .narrow
        )
        #expect(
            anew.status == 0 && anew.output.contains("\"iterations\" : 1") && anew.error.isEmpty
        )
    }

    @Test("The length of a run cannot change if the step size depends on it")
    func fixedLength() throws {
        let place = try Workplace()
        try place.writePair("a")
        try place.writePair("b")
        let start = Self.quick + ["--iterations", "2", "--cooldown", "2"]
        #expect(try Program.run(start, in: place.folder, with: .narrow).status == 0)
        let record = place.text("run/run.json")
        let longer = ["train", "--resume", "-o", "run", "--iterations", "3", "--threads", "1"]
        let end = try Program.run(longer, in: place.folder)
        #expect(end.status == 1 && end.error.contains("falls to zero at its end"), "\(end.error)")
        #expect(place.text("run/run.json") == record)
        let same = try Program.run(["train", "--resume", "-o", "run"], in: place.folder)
        #expect(same.status == 0 && same.output.contains("Nothing left to do"), "\(same.error)")
    }

    @Test("Ctrl-C saves, says how to go on, and ends with 130")
    func interrupted() throws {
        let place = try Workplace()
        try place.writePair("a")
        let end = try Program.run(Self.quick + ["--minutes", "9"], in: place.folder, with: .narrow)
        { process in
            let deadline = Date.now + 60
            while !place.text("run/log.jsonl").contains("validation"), process.isRunning,
                Date.now < deadline
            {
                Thread.sleep(forTimeInterval: 0.02)
            }
            kill(process.processIdentifier, SIGINT)
        }
        #expect(end.status == 130, "\(end.error)")
        #expect(end.output.contains("usam train --resume -o run"))
        #expect(FileStatus(of: place.path("run/state.safetensors")) != nil)
        #expect(FileStatus(of: place.path("run/report.html")) != nil)
        let resumed = ["train", "--resume", "-o", "run", "--minutes", "0.001", "--threads", "1"]
        let more = try Program.run(resumed, in: place.folder)
        #expect(more.status == 0 && more.output.contains("the time is used up"), "\(more.error)")
    }

    @Test("Minutes bound the iterations; a run too short for a validation has its latest model")
    func minutes() throws {
        let place = try Workplace()
        try place.writePair("a")
        let line = Self.quick.map { $0 == "2" ? "5000" : $0 }
        let dry = try Program.run(line + ["--dry-run"], in: place.folder, with: .narrow)
        #expect(dry.error.contains("there is only 1 image to learn from"), "\(dry.error)")
        let help = try Program.run(["train", "--help"], in: place.folder).output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(help.contains("the parameter search and the pictures come afterwards"))
        let end = try Program.run(line + ["--minutes", "0.03"], in: place.folder, with: .narrow)
        #expect(end.status == 0 && end.output.contains("the time is used up"), "\(end.error)")
        #expect(end.output.contains("run/latest.safetensors") && !end.output.contains("best"))
        #expect(end.output.contains("usam train --resume -o run --minutes MORE"))
        #expect(FileStatus(of: place.path("run/best.safetensors")) == nil)
    }

    @Test("Wrong data end in one line, and leave nothing behind")
    func wrongData() throws {
        let place = try Workplace()
        try place.writePair("a")
        try place.writePair("b", width: 50)
        try place.writeLabels("empty/a.tif", LabelImage(size: Size(width: 61, height: 40)))
        try place.writeLabels("empty/b.tif", LabelImage(size: Size(width: 50, height: 40)))
        func message(_ arguments: [String]) throws -> String {
            let end = try Program.run(
                ["train", "-o", "run", "--dry-run"] + arguments,
                in: place.folder,
                with: .narrow
            )
            #expect(end.status == 1 && end.error.split(separator: "\n").count == 1, "\(end.error)")
            #expect(FileStatus(of: place.path("run")) == nil)
            return end.error
        }
        let missing = try message(["--images", "i", "--labels", "l/a.tif"])
        #expect(missing.contains("do not pair up") && missing.contains("i/b.tif"))
        let shapes = try message(["--images", "i/a.tif", "--labels", "l/b.tif"])
        #expect(shapes.contains("l/b.tif: the labels are 50 x 40 pixels"))
        #expect(try message(["--images", "i", "--labels", "empty"]).contains("every pixel is 0"))
        #expect(try message(["--images", "i", "--labels", "i"]).contains("the images themselves"))
        #expect(
            try message(["--images", "x", "--labels", "l"]).contains("x: there is no such file")
        )
        let memory = try message(["--images", "i", "--labels", "l", "--batch-size", "900"])
        #expect(
            memory.contains("of memory")
                && memory.contains("these options would fit: --batch-size 1")
        )
        #expect(try message(["--resume"]).contains("there is no run to continue"))
    }

    @Test("A program of one's own trains the same model with the same choices")
    func library() throws {
        let place = try Workplace()
        try place.writePair("a")
        try place.writePair("b")
        let end = try Program.run(
            Self.quick + ["--iterations", "2"],
            in: place.folder,
            with: .narrow
        )
        #expect(end.status == 0, "\(end.error)")
        let summary = try Self.train(place)
        #expect(summary.ending == .completed && summary.iterations == 2)
        for name in ["best", "latest"] {
            #expect(
                try place.tensorBytes("run/\(name).safetensors")
                    == place.tensorBytes("own/\(name).safetensors")
            )
        }
        // Each of both can take up what the other began.
        let resumed = ["train", "--resume", "-o", "own", "--threads", "1"]
        // The program adds what the library was not asked for: parameters and pictures.
        let rest = try Program.run(resumed, in: place.folder)
        #expect(rest.status == 0 && rest.output.contains("2 iterations"), "\(rest.output)")
        let again = try Program.run(resumed, in: place.folder)
        #expect(again.status == 0 && again.output.contains("Nothing left to do: 2 iterations"))
    }

    /// The training of ``quick`` with two iterations, in a program; the folder is free afterwards.
    private static func train(_ place: Workplace) throws -> TrainingSummary {
        let run = try TrainingRun(
            images: ["a", "b"].map { place.path("i/\($0).tif") },
            labels: ["a", "b"].map { place.path("l/\($0).tif") },
            from: ModelFiles(name: QuickModel.narrow.path, model: QuickModel.narrow.url),
            in: place.path("own")
        ) {
            $0.choices.cropSide = 64
            $0.choices.objectsPerImage = 1
            $0.choices.subIterations = 1
            $0.choices.samplesPerEpoch = 2
            $0.choices.limits.iterations = 2
        }
        let threads = Engine.threadCount
        try Engine.setThreadCount(1)
        let result = Result { try run.run(pictures: 0) }
        try Engine.setThreadCount(threads)
        return try result.get()
    }

    @Test("Classes instead of objects are told, and accepted where they are meant")
    func classes() throws {
        let place = try Workplace()
        var labels = LabelImage(size: Size(width: 200, height: 120))
        for y in 0..<120 where y % 30 < 20 {
            for x in 0..<200 where x % 40 < 20 { labels.labels[y * 200 + x] = 1 }
        }
        try place.writeImage("i/a.tif", width: 200, height: 120)
        try place.writeLabels("l/a.tif", labels)
        let line = ["train", "--images", "i", "--labels", "l", "-o", "run", "--dry-run"]
        let end = try Program.run(line, in: place.folder, with: .narrow)
        #expect(end.status == 0 && end.error.contains("look like classes"))
        #expect(end.error.contains("--connected-components"))
        let meant = try Program.run(
            line + ["--connected-components"],
            in: place.folder,
            with: .narrow
        )
        #expect(meant.status == 0 && !meant.error.contains("look like classes"))
    }

    @Test("Warnings name the option that helps, for training and validation")
    func smallObjects() throws {
        let place = try Workplace()
        var labels = LabelImage(size: Size(width: 120, height: 80))
        for (label, (x, side)) in [(5, 4), (25, 4), (45, 4), (70, 40)].enumerated() {
            for row in 5..<5 + side {
                for column in x..<x + side { labels.labels[row * 120 + column] = UInt32(label + 1) }
            }
        }
        for name in ["a", "b"] {
            try place.writeImage("i/\(name).tif", width: 120, height: 80)
            try place.writeLabels("l/\(name).tif", labels)
        }
        let end = try Program.run(
            [
                "train", "--images", "i/a.tif", "--labels", "l/a.tif", "--val-images", "i/b.tif",
                "--val-labels", "l/b.tif", "-o", "run", "--dry-run",
            ],
            in: place.folder,
            with: .narrow
        )
        let warning =
            "3 of 4 objects have fewer than 25 pixels and become background; --min-size changes that"
        #expect(end.error.contains("usam: \(warning)\n"), "\(end.error)")
        #expect(end.error.contains("usam: validation: \(warning)\n"), "\(end.error)")
    }

    @Test("A recipe is trained as it is")
    func recipe() throws {
        let place = try Workplace()
        try place.writePair("a")
        let text = """
            {"data": [{"images": "i", "labels": "l", "weight": 2},
                      {"simulated": {"samplesPerEpoch": 3}}],
             "sampling": {"framing": "frame", "cropSide": 64},
             "training": {"frameSide": 64, "iterations": 1, "objectsPerImage": 1, "subIterations": 1}}
            """
        // The recipe may lie in the folder of its run.
        let inside = text.replacingOccurrences(of: #""i""#, with: #""../i""#)
            .replacingOccurrences(of: #""l""#, with: #""../l""#)
        try place.write(Array(inside.utf8), to: "run/recipe.json")
        let line = [
            "train", "--recipe", "run/recipe.json", "-o", "run", "--pictures", "0", "--threads",
            "1",
        ]
        let end = try Program.run(line, in: place.folder, with: .narrow)
        #expect(end.status == 0 && end.output.contains("Done: 1 iteration"), "\(end.error)")
        try place.write(
            Array(inside.replacingOccurrences(of: "2}", with: "3}").utf8),
            to: "run/recipe.json"
        )
        let other = try Program.run(line, in: place.folder, with: .narrow)
        #expect(other.status == 1 && other.error.contains("another recipe"))
    }
}

extension Workplace {
    /// An image with two rectangles, and their labels.
    func writePair(_ name: String, width: Int = 61) throws {
        try writeImage("i/\(name).tif", width: width)
        var labels = LabelImage(size: Size(width: width, height: 40))
        for y in 5..<15 {
            for x in 8..<20 { labels.labels[y * width + x] = 1 }
            for x in 30..<50 { labels.labels[(y + 15) * width + x] = 2 }
        }
        try writeLabels("l/\(name).tif", labels)
    }

    func writeLabels(_ name: String, _ labels: LabelImage) throws {
        try write(to: name)
        try labels.writeTIFF(to: URL(filePath: path(name)))
    }

    /// The content of a file; nothing if it is not there.
    func text(_ name: String) -> String {
        (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
    }

    /// What follows the header of a safetensors file.
    func tensorBytes(_ name: String) throws -> Data {
        let data = try Data(contentsOf: URL(filePath: path(name)))
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return data.dropFirst(8 + length)
    }
}
