import Foundation
import JobSamples
import Prompting
import SegmentAnything
import Testing
import Torch

@Suite("Precision of the encoder, through the program")
struct PrecisionTests {
    private func precision(inManifest name: String, _ place: Workplace) throws -> String? {
        let text = try String(contentsOfFile: place.path(name), encoding: .utf8)
        let header = try JSONSerialization.jsonObject(
            with: Data(text.split(separator: "\n")[0].utf8)
        )
        let settings = (header as? [String: Any])?["settings"] as? [String: Any]
        return (settings?["behavior"] as? [String: Any])?["precision"] as? String
    }

    private static let available = ModelBehavior.Precision.allCases
        .filter { $0 != .float32 && $0.isAvailable(on: .cpu) }.map(\.rawValue)

    @Test("A precision is recorded, repeated, and not mixed with others", arguments: available)
    func recorded(precision name: String) throws {
        let place = try Workplace()
        try place.writeImage("a.tif")
        func run(_ line: String) throws -> Program.Ending {
            try Program.run(
                line.split(separator: " ").map(String.init),
                in: place.folder,
                with: .narrow
            )
        }
        let first = try run(
            "segment a.tif -o l.tif --precision \(name) --embeddings e.zarr --tile-shape none"
        )
        #expect(first.status == 0, "\(first.error)")
        #expect(try precision(inManifest: "l.manifest.jsonl", place) == name)
        let again = try run("rerun l.manifest.jsonl -o again.tif")
        #expect(
            again.status == 0 && again.output.contains("identical"),
            "\(again.output)\(again.error)"
        )
        let other = try run("segment a.tif -o m.tif --embeddings e.zarr --tile-shape none")
        #expect(other.status == 1)
        #expect(
            other.error.contains(
                "another precision of the encoder: expected float32, found \(name)"
            ),
            "\(other.error)"
        )
    }

    @Test(
        "A processor without their products uses single precision and says so",
        arguments: [
            "segment a.tif -o l.tif", "embed a.tif -o e.zarr",
            "prompt a.tif --point 10,10 -o p.tif",
        ]
    )
    func withoutKernels(line: String) throws {
        let place = try Workplace()
        try place.writeImage("a.tif")
        let end = try Program.run(
            line.split(separator: " ").map(String.init)
                + ["--precision", line.hasPrefix("embed") ? "bfloat16" : "int8"],
            in: place.folder,
            with: .narrow,
            variables: ["MS_KERNELS": "avx2"]
        )
        #expect(end.status == 0)
        #expect(
            end.error.contains(
                line.hasPrefix("embed")
                    ? "float32 is used, not bfloat16, because this processor has no AVX512-BF16"
                    : "float32 is used, not int8, because this processor has no AVX-512 VNNI"
            ),
            "\(end.error)"
        )
        guard line.hasPrefix("segment") else { return }
        #expect(try precision(inManifest: "l.manifest.jsonl", place) == nil)
    }

    @Test("usam info --machine shows the processor and what pays on it")
    func info() throws {
        let place = try Workplace()
        let end = try Program.run(["info", "--machine"], in: place.folder)
        #expect(end.output.contains("processor") && end.output.contains("precisions"))
        for name in Self.available { #expect(end.output.contains(name)) }
        #expect(end.output.contains("int8") == Self.available.contains("int8"))
        let misuse = try Program.run(["info", "--machine", "a.tif"], in: place.folder)
        #expect(misuse.status == 64 && misuse.error.contains("--machine takes no files"))
    }
}
