import Checkpoints
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

/// The programs of docs/library.md, beside the commands that do the same.
@Suite("Programs of one's own", .serialized)
struct ExampleTests {
    @Test("Labels are those of the command, byte for byte")
    func segment() throws {
        let place = try Workplace()
        try place.writeNuclei("cells")
        try Self.run(["segment", "cells.tif", "-o", "usam.tif"], place)
        try Self.run(["cells.tif", "own.tif"], place, program: "example-segment")
        #expect(try place.bytes("own.tif") == place.bytes("usam.tif"))
        let source = try ImageSource(opening: URL(filePath: place.path("own.tif")))
        #expect(try source.readLabels().objectLabels().count > 3)
    }

    @Test("The mask of an object is that of the command, byte for byte")
    func prompt() throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let prompts = ["--point", "25,40", "--point", "10,14,negative"]
        try Self.run(["prompt", "cells.tif", "-o", "usam.tif"] + prompts, place)
        try Self.run(["cells.tif", "own.tif"], place, program: "example-prompt")
        #expect(try place.bytes("own.tif") == place.bytes("usam.tif"))
        let source = try ImageSource(opening: URL(filePath: place.path("own.tif")))
        #expect(try source.readLabels().objectLabels() == [1])
    }

    @Test("A trained model is that of the command, number for number")
    func train() throws {
        let place = try Workplace()
        for seed in 1...2 { try place.writeNuclei("\(seed)", annotated: true) }
        let choices = ["--crop-side", "64", "--samples-per-epoch", "2", "--iterations", "2"]
        let line = ["train", "--images", "images", "--labels", "labels", "-o", "usam"]
        try Self.run(line + choices + ["--pictures", "2"], place)
        try Self.run(["images", "labels", "own"], place, program: "example-train")
        #expect(try place.tensorBytes("own") == place.tensorBytes("usam"))
        #expect(try place.metadata("own") == place.metadata("usam"))
    }

    @Test("Scores are those of the command")
    func evaluate() throws {
        let place = try Workplace()
        for seed in 1...2 { try place.writeNuclei("\(seed)", annotated: true) }
        let line = ["evaluate", "automatic", "images", "--labels", "labels"]
        let table = try Self.run(line, place)
        let scores = try Self.run(["images", "labels"], place, program: "example-evaluate")
        // The table of one set has a line for each column with a value.
        func values(_ text: String) -> [Substring] {
            text.split(separator: "\n").compactMap { $0.split(separator: " ").last }
        }
        let row = values(table)
        let own = values(scores).filter { $0 != "-" }
        // All but the seconds.
        #expect(row.count > 3 && row.dropLast() == own.dropLast())
    }

    @Test("Tracks are those of the command, byte for byte")
    func track() throws {
        let place = try Workplace()
        let line = ["sample", "movie", "--width", "160", "--height", "120", "--frames", "6"]
        try Self.run(line, place)
        let command = ["track", "movie.tif", "--labels", "movie_truth", "-o"]
        try Self.run(command + ["first", "--format", "tif"], place)
        // The numbers of the first run mean nothing to the second.
        let again = ["track", "movie.tif", "--labels", "first/tracks.tif", "-o", "usam"]
        try Self.run(again + ["--format", "ctc"], place)
        let text = try Self.run(["first/tracks.tif", "own"], place, program: "example-track")
        #expect(text.contains("daughters ["))
        for name in ["res_track.txt", "mask000.tif", "mask005.tif"] {
            #expect(try place.bytes("own/\(name)") == place.bytes("usam/ctc/\(name)"), "\(name)")
        }
    }

    @discardableResult
    private static func run(
        _ arguments: [String],
        _ place: Workplace,
        program: String = "usam"
    ) throws -> String {
        let end = try Program.run(arguments, in: place.folder, program: program)
        try #require(end.status == 0, "\(end.error)")
        return end.output
    }
}

extension Workplace {
    /// Writes a simulated image, or one with its true labels in folders of their own.
    fileprivate func writeNuclei(_ name: String, annotated: Bool = false) throws {
        let size = Size(width: 200, height: 130)
        var simulator = NucleiSimulator(size: size, seed: UInt64(name) ?? 3)
        simulator.clustering = 0
        let sample = try simulator.simulate()
        let image = annotated ? "images/\(name).tif" : "\(name).tif"
        try write(to: image)
        try AnyRaster.uint16(sample.image).writeTIFF(to: URL(filePath: path(image)))
        guard annotated else { return }
        let labels = "labels/\(name).tif"
        try write(to: labels)
        try sample.labels.writeTIFF(to: URL(filePath: path(labels)))
    }

    fileprivate func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path(name)))
    }

    /// What follows the header of the best model of a run.
    fileprivate func tensorBytes(_ run: String) throws -> Data {
        let data = try bytes("\(run)/best.safetensors")
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return data.dropFirst(8 + length)
    }

    /// What the model carries, without the time that its training took.
    fileprivate func metadata(_ run: String) throws -> [String: String] {
        let url = URL(filePath: path("\(run)/best.safetensors"))
        var metadata = try Checkpoint(contentsOf: url).metadata
        metadata["usam.training_seconds"] = nil
        return metadata
    }
}
