import Checkpoints
import Foundation
import JobSamples
import Testing

@Suite("Model files that are written", .serialized)
struct ModelFileTests {
    @Test("A model never replaces the one that it is made from; what we write is not micro-sam's")
    func replacedInput() throws {
        let place = try Workplace()
        func run(_ line: String) throws -> Program.Ending {
            try Program.run(line.split(separator: " ").map(String.init), in: place.folder)
        }
        #expect(try run("export usam-tiny -o m.safetensors").status == 0)
        #expect(try run("export usam-tiny -o m.pt").status == 0)
        let names = ["m.safetensors", "m.pt"]
        let before = try names.map { try Data(contentsOf: URL(filePath: place.path($0))) }
        for (line, input) in [
            ("models convert m.safetensors m.safetensors --force", "m.safetensors"),
            ("models convert m.pt new/../m.safetensors --decoder m.safetensors", "m.safetensors"),
            ("export m.safetensors -o new/../m.safetensors --force", "m.safetensors"),
            ("export m.pt -o m.pt --force", "m.pt"),
            ("export m.safetensors -o m.pt --base m.pt --force", "m.pt"),
        ] {
            let end = try run(line)
            #expect(end.status == 1 && end.output.isEmpty)
            #expect(
                end.error.contains("would replace the input '\(place.folder)/\(input)'")
                    || end.error.contains("would replace the input '\(input)'"),
                "\(end.error)"
            )
        }
        #expect(try names.map { try Data(contentsOf: URL(filePath: place.path($0))) } == before)
        let existing = try run("export usam-tiny -o m.pt")
        #expect(existing.status == 1 && existing.error.contains("--force replaces it"))
        let info = try run("info m.pt m.safetensors").output
        #expect(info.contains("model and decoder as micro-sam exports them"), "\(info)")
        #expect(info.contains("written by usam") && !info.contains("exported by"), "\(info)")
    }

    @Test(
        "A model keeps what it says of its origin when it is written again",
        arguments: [
            "models convert m.safetensors new.safetensors",
            "export m.safetensors -o new.safetensors",
        ]
    )
    func origin(line: String) throws {
        let place = try Workplace()
        let start = try SAMCheckpoint(contentsOf: QuickModel.narrow.url)
        let origin = ["usam.start_model": "usam-tiny", "usam.iterations": "7", "other": "none"]
        try start.write(
            to: URL(filePath: place.path("m.safetensors")),
            options: SAMCheckpoint.ConversionOptions(
                metadata: start.metadata.merging(origin) { $1 }
            )
        )
        let words = line.split(separator: " ").map(String.init)
        let end = try Program.run(words, in: place.folder)
        #expect(end.status == 0, "\(end.error)")
        let file = URL(filePath: place.path("new.safetensors"))
        let metadata = try SAMCheckpoint(contentsOf: file).metadata
        #expect(metadata["usam.start_model"] == "usam-tiny" && metadata["usam.iterations"] == "7")
        #expect(metadata["other"] == nil)
    }
}
