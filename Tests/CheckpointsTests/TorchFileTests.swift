import Checkpoints
import Foundation
import Testing

@Suite("PyTorch files")
struct TorchFileTests {
    @Test(
        "Every element type, strides and shared storages are read from each form of file",
        arguments: [
            ("tensors_zip.pt", Checkpoint.Format.torchArchive),
            ("tensors_legacy.pt", .torchLegacy), ("tensors_protocol5.pt", .torchArchive),
        ]
    )
    func tensors(file: String, format: Checkpoint.Format) throws {
        let checkpoint = try Checkpoint(contentsOf: TestFiles.fixture(file))
        #expect(checkpoint.format == format)
        #expect(checkpoint.warnings.isEmpty)
        let base = (0..<24).map { Float($0) / 8 - 1 }
        for (name, type, shape) in [
            ("float32", ElementType.float32, [2, 3, 4]), ("float64", .float64, [4, 6]),
            ("float16", .float16, [24]), ("bfloat16", .bfloat16, [24]),
        ] {
            let entry = try checkpoint.require(name)
            #expect(entry.elementType == type)
            #expect(entry.shape == shape)
            #expect(entry.floats() == base)
            #expect(entry.isContiguous)
        }
        for name in ["int8", "int16", "int32", "int64", "uint8"] {
            let entry = try checkpoint.require(name)
            #expect(entry.elementType.rawValue == name)
            #expect(entry.floats() == [0, 1, 2, 3, 4, 5, 6])
        }
        #expect(try checkpoint.require("bool").floats() == [1, 0, 1])
        #expect(try checkpoint.require("scalar").shape == [])
        #expect(try checkpoint.require("scalar").floats() == [2.5])
        #expect(try checkpoint.require("empty").shape == [0, 3])
        #expect(try checkpoint.require("empty").floats() == [])
        #expect(try checkpoint.require("expanded").floats() == [1, 1, 1, 2, 2, 2])
        #expect(try checkpoint.require("parameter").floats() == [0.25, -0.5])
    }

    @Test("Strided tensors become contiguous in row-major order")
    func strided() throws {
        let checkpoint = try Checkpoint(contentsOf: TestFiles.fixture("tensors_zip.pt"))
        let base = (0..<24).map { Float($0) / 8 - 1 }
        let transposed = try checkpoint.require("transposed")
        #expect(transposed.shape == [4, 2, 3])
        #expect(transposed.strides == [1, 12, 4])
        #expect(!transposed.isContiguous)
        var expected: [Float] = []
        for i in 0..<4 {
            for j in 0..<2 { for k in 0..<3 { expected.append(base[j * 12 + k * 4 + i]) } }
        }
        #expect(transposed.floats() == expected)
        #expect(try checkpoint.require("slice").floats() == [base[8], base[9], base[14], base[15]])
        let direct = try checkpoint.require("float32")
        #expect(direct.storage === transposed.storage)
    }

    @Test(
        "Compressed, zip64 and big-endian archives with any folder name give the same numbers",
        arguments: ["plain.pt", "deflated.pt", "zip64.pt", "big_endian.pt"]
    )
    func archives(file: String) throws {
        let checkpoint = try Checkpoint(contentsOf: TestFiles.fixture(file))
        let entry = try checkpoint.require("weight")
        #expect(entry.shape == [3, 100])
        #expect(entry.floats() == (0..<300).map { Float($0) })
    }

    @Test("Numbers of a stored archive are handed out without a copy")
    func mapped() throws {
        let entry = try Checkpoint(contentsOf: TestFiles.fixture("plain.pt")).require("weight")
        #expect(entry.isDirectlyReadable)
        let first = entry.withBytes { UInt(bitPattern: $0.baseAddress) }
        #expect(first == entry.withBytes { UInt(bitPattern: $0.baseAddress) })
        #expect(entry.byteOffset > 0)
    }

    @Test("A single tensor is a checkpoint, too")
    func bareTensor() throws {
        let checkpoint = try Checkpoint(contentsOf: TestFiles.fixture("bare_tensor.pt"))
        #expect(checkpoint.tensors.map(\.shape) == [[3]])
        #expect(throws: CheckpointError.self) { try SAMCheckpoint(checkpoint) }
    }

    @Test("A TorchScript archive is refused with the way out")
    func torchScript() throws {
        let error = try #require(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: TestFiles.fixture("torchscript.pt"))
        }
        #expect(error.description.contains("state_dict()"))
    }

    @Test(
        "Cut at any place, a file ends in an error",
        arguments: ["tensors_zip.pt", "tensors_legacy.pt", "deflated.pt"]
    )
    func truncated(file: String) throws {
        let bytes = [UInt8](try Data(contentsOf: TestFiles.fixture(file)))
        for length in 0..<bytes.count {
            #expect(throws: CheckpointError.self) {
                try Checkpoint(bytes: Array(bytes[..<length]))
            }
        }
    }
}
