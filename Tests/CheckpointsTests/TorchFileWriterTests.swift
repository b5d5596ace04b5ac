import Checkpoints
import Foundation
import Testing

@Suite("Writing PyTorch files")
struct TorchFileWriterTests {
    @Test("What is written is read again, numbers, shapes and names")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("model.pt")
        let values: [Float] = [1, -2.5, 3, 0, 7, 8]
        var writer = TorchFileWriter()
        writer.add(
            "model_state",
            [
                try .init(
                    name: "a.weight",
                    elementType: .float32,
                    shape: [2, 3],
                    bytes: values.withUnsafeBytes { Array($0) }
                ),
                try .init(
                    name: "b.count",
                    elementType: .int64,
                    shape: [],
                    bytes: withUnsafeBytes(of: Int64(-5)) { Array($0) }
                ),
                try .init(name: "empty", elementType: .float32, shape: [0, 4], bytes: []),
            ]
        )
        writer.add("epoch", 1 << 40)
        writer.add("metric", 0.625)
        try writer.write(to: url)
        let checkpoint = try Checkpoint(contentsOf: url)
        let tensors = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0) })
        #expect(tensors.count == 3)
        let weight = try #require(tensors.first { $0.key.hasSuffix("a.weight") }?.value)
        #expect(weight.shape == [2, 3])
        #expect(weight.floats() == values)
        #expect(weight.byteOffset % 64 == 0)
        let count = try #require(tensors.first { $0.key.hasSuffix("b.count") }?.value)
        #expect(count.floats() == [-5])
        let again = folder.url.appendingPathComponent("again.pt")
        try writer.write(to: again)
        #expect(try Data(contentsOf: url) == Data(contentsOf: again))
    }

    @Test("A micro-sam checkpoint survives the way to safetensors and back")
    func survivesConversion() throws {
        let folder = try TemporaryFolder()
        let source = try SAMCheckpoint(contentsOf: TestFiles.fixture("sam_combined.pt"))
        let converted = folder.url.appendingPathComponent("model.safetensors")
        try source.write(to: converted)
        let back = folder.url.appendingPathComponent("back.pt")
        try SAMCheckpoint(contentsOf: converted).writeTorch(to: back)
        let result = try SAMCheckpoint(contentsOf: back)
        #expect(result.flavor == .combined)
        #expect(Set(source.model.keys).isSubset(of: result.model.keys))
        for (name, entry) in source.model {
            #expect(result.model[name]?.floats() == entry.floats(), "\(name)")
        }
        let used = source.decoder?.keys.filter { !SAMCheckpoint.isUnused($0) }
        #expect(Set(used ?? []).isSubset(of: result.decoder?.keys.map(\.self) ?? []))
    }

    @Test("Nothing is left behind where the file cannot be written")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("missing/model.pt")
        #expect(throws: CheckpointError.self) { try TorchFileWriter(plain: []).write(to: url) }
    }
}
