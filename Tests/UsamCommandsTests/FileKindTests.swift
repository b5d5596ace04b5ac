import ArgumentParser
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Prompting
import Testing
import UsamCommands

@Suite("Files of other programs on the command line", .serialized)
struct FileKindTests {
    @Test(
        "Options about files and intensities are understood",
        arguments: [
            "prompt a.tif --prompts p.csv --outlines centre --prompt-unit um --all-prompts -o b.tif",
            "prompt a.tif --prompts p.geojson --outlines box --json",
            "segment a.tif --normalize percentile:0.5,99.9 -o b.tif",
            "embed a.tif --normalize minmax -o b",
            "evaluate automatic a --labels b --normalize percentile",
            "train --images a --labels b --normalize percentile -o c",
        ]
    )
    func good(line: String) throws {
        _ = try Usam.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    @Test(
        "Misuse is explained",
        arguments: [
            ("segment a.tif --normalize loud -o b.tif", "--normalize"),
            ("segment a.tif --normalize percentile:9,3 -o b.tif", "--normalize"),
            ("prompt a.tif --point 1,2 --all-prompts --json", "--prompts"),
            ("prompt a.tif --prompts p.csv --prompt-unit inch --json", "--prompt-unit"),
            (
                "train --images a --labels b --normalize percentile --intensities minmax -o c",
                "--intensities"
            ),
        ]
    )
    func misuse(line: String, mention: String) throws {
        let error = #expect(throws: (any Error).self) {
            _ = try Usam.parseAsRoot(line.split(separator: " ").map(String.init))
        }
        let end = Usam.ending(of: try #require(error))
        #expect(end.status == 64 && end.message.contains(mention), "\(end.message)")
    }

    private func sample() throws -> Workplace {
        let place = try Workplace()
        _ = try Program.run(
            ["sample", "-o", ".", "--width", "96", "--height", "71"],
            in: place.folder
        )
        return place
    }

    @Test("Outlines are compared with label images, whichever is the truth")
    func evaluate() throws {
        let place = try sample()
        let truth = try ImageSource(opening: URL(filePath: place.path("simulated_truth.tif")))
            .readLabels()
        try truth.writeGeoJSON(to: URL(filePath: place.path("truth.geojson")))
        try truth.writeCOCO(to: URL(filePath: place.path("truth.json")), imageName: "simulated.tif")
        try truth.writeImageJROIs(to: URL(filePath: place.path("truth.zip")))
        for name in ["truth.geojson", "truth.json", "truth.zip"] {
            for files in [
                (name, "simulated_truth.tif"), ("simulated_truth.tif", name), (name, name),
            ] {
                let end = try Program.run(
                    ["evaluate", "--labels", files.0, "--predictions", files.1, "--csv"],
                    in: place.folder
                )
                #expect(end.status == 0, "\(files) \(end.error)")
                let row = end.output.split(separator: "\n").dropFirst().first ?? ""
                #expect(row.split(separator: ",").contains("1"), "\(files) \(end.output)")
                #expect(!end.output.contains("per label"))
            }
        }
    }

    @Test("Tables of napari in three dimensions choose their slice, or are those of a flat image")
    func napari() throws {
        let place = try sample()
        try place.write(Array("index,axis-0,axis-1\n0,20,30\n".utf8), to: "flat.csv")
        try place.write(Array("index,axis-0,axis-1,axis-2\n0,7,20,30\n".utf8), to: "deep.csv")
        try place.write(
            Array("index,axis-0,axis-1,axis-2\n0,7,20,30\n1,8,9,9\n".utf8),
            to: "two.csv"
        )
        func run(_ table: String) throws -> Program.Ending {
            try Program.run(
                ["prompt", "simulated.tif", "--prompts", table, "--json"],
                in: place.folder,
                with: .brightness
            )
        }
        let (flat, deep, two) = (try run("flat.csv"), try run("deep.csv"), try run("two.csv"))
        #expect(flat.status == 0 && deep.status == 0, "\(deep.error)")
        func masks(_ end: Program.Ending) throws -> [EncodedMask] {
            try JSONDecoder().decode(PredictionDocument.self, from: Data(end.output.utf8))
                .predictions.map(\.mask)
        }
        #expect(try masks(flat) == masks(deep))
        #expect(two.status == 1 && two.error.contains("--all-prompts"), "\(two.error)")
    }

    @Test("Percentiles are kept in the manifest and with embeddings, and hot pixels are told")
    func normalization() throws {
        let place = try sample()
        let file = URL(filePath: place.path("simulated.tif"))
        var raster = try Raster(
            size: Size(width: 96, height: 71),
            samples: ImageSource(opening: file).read().floats().samples.map { UInt16($0) }
        )
        raster.samples[50] = 65_535
        try place.write(to: "hot/unused.txt")
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path("hot/a.tif")),
            axes: ImageAxes(y: 71, x: 96),
            sampleType: .uint16,
            options: .init()
        )
        try writer.append(.uint16(raster))
        try writer.finish()
        let plain = try Program.run(
            ["segment", "hot", "-o", "plain"],
            in: place.folder,
            with: .brightness
        )
        #expect(plain.status == 0 && plain.error.contains("65535"), "\(plain.error)")
        #expect(plain.error.contains("(--normalize percentile)"), "\(plain.error)")
        let arguments = [
            "segment", "hot", "-o", "clipped", "--embeddings", "stores", "--normalize",
        ]
        let clipped = try Program.run(
            arguments + ["percentile"],
            in: place.folder,
            with: .brightness
        )
        #expect(clipped.status == 0 && !clipped.error.contains("65535"), "\(clipped.error)")
        let manifest = try String(
            contentsOfFile: place.path("clipped/manifest.jsonl"),
            encoding: .utf8
        )
        #expect(manifest.contains("percentile:1.0,99.8"))
        func labels(_ folder: String) throws -> LabelImage {
            try ImageSource(opening: URL(filePath: place.path(folder + "/a.tif"))).readLabels()
        }
        #expect(try labels("plain").labels != labels("clipped").labels)
        let other = try Program.run(
            ["segment", "hot", "-o", "other", "--embeddings", "stores"],
            in: place.folder,
            with: .brightness
        )
        #expect(other.status == 1 && other.error.contains("normalisation"), "\(other.error)")
    }
}
