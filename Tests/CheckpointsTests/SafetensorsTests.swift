import Checkpoints
import Files
import Foundation
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
    private func file(_ header: String, data: Int = 0) -> [UInt8] {
        let text = Array(header.utf8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
            + [UInt8](repeating: 1, count: data)
    }

    private func error(_ header: String, data: Int = 0) -> CheckpointError? {
        do {
            _ = try Checkpoint(bytes: file(header, data: data))
            return nil
        } catch {
            return error
        }
    }

    @Test("What is written is read back, and writing twice gives the same bytes")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter(metadata: ["title": "a \"quoted\" \\ line\n", "ä": "μ"])
        let values: [Float] = [1, -2, 3.5, 0, 65504, .pi]
        try writer.add(
            "floats",
            elementType: .float32,
            shape: [2, 3],
            bytes: values.withUnsafeBytes { Array($0) }
        )
        try writer.add("byte", elementType: .uint8, shape: [], bytes: [7])
        try writer.add("nothing", elementType: .int64, shape: [3, 0], bytes: [])
        let first = folder.url.appendingPathComponent("first.safetensors")
        try writer.write(to: first)
        let checkpoint = try Checkpoint(contentsOf: first)
        #expect(checkpoint.metadata["title"] == "a \"quoted\" \\ line\n")
        #expect(checkpoint.metadata["ä"] == "μ")
        let floats = try checkpoint.require("floats")
        #expect(floats.shape == [2, 3])
        #expect(floats.floats() == values)
        #expect(floats.byteOffset % 8 == 0)
        #expect(try checkpoint.require("byte").floats() == [7])
        #expect(try checkpoint.require("nothing").shape == [3, 0])
        let second = folder.url.appendingPathComponent("second.safetensors")
        try writer.write(to: second)
        #expect(try Data(contentsOf: first) == Data(contentsOf: second))
    }

    @Test(
        "Numbers that are not finite are found at any place, in any type",
        arguments: [ElementType.float32, .float16, .bfloat16, .float64]
    )
    func notFinite(type: ElementType) throws {
        func bytes(_ value: Double) -> [UInt8] {
            switch type {
            case .float64: withUnsafeBytes(of: value) { Array($0) }
            case .float32: withUnsafeBytes(of: Float(value)) { Array($0) }
            case .bfloat16:
                withUnsafeBytes(of: UInt16(Float(value).bitPattern >> 16)) { Array($0) }
            default:
                withUnsafeBytes(of: UInt16(value.isNaN ? 0x7E00 : value > 0 ? 0x7C00 : 0xFC00)) {
                    Array($0)
                }
            }
        }
        let one: [UInt8] =
            type == .float16 ? [0x00, 0x3C] : bytes(1)
        for (place, value) in [(0, Double.nan), (17, .infinity), (35, -.infinity), (40, .nan)] {
            var values = (0..<41).flatMap { _ in one }
            let width = type.byteCount
            for isDamaged in [false, true] {
                if isDamaged {
                    values.replaceSubrange(place * width..<(place + 1) * width, with: bytes(value))
                }
                let entry = try TensorEntry(
                    name: "a",
                    elementType: type,
                    shape: [41],
                    storage: ByteStorage(copying: values, name: "a"),
                    window: 0..<values.count
                )
                #expect(entry.holdsFiniteNumbers == !isDamaged, "\(value) at \(place)")
            }
        }
    }

    @Test("A folder that cannot be written to ends in an error and leaves nothing behind")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        let target = folder.url.appendingPathComponent("missing/file.safetensors")
        let error = try #require(throws: CheckpointError.self) {
            try SafetensorsWriter().write(to: target)
        }
        #expect(error.description.contains(target.path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test("Strided tensors are written contiguously")
    func strided() throws {
        let folder = try TemporaryFolder()
        let source = try Checkpoint(contentsOf: TestFiles.fixture("tensors_zip.pt"))
        var writer = SafetensorsWriter()
        for entry in source.tensors { try writer.add(entry) }
        let url = folder.url.appendingPathComponent("all.safetensors")
        try writer.write(to: url)
        let copy = try Checkpoint(contentsOf: url)
        #expect(copy.tensors.count == source.tensors.count)
        for entry in source.tensors {
            let other = try copy.require(entry.name)
            #expect(other.shape == entry.shape)
            #expect(other.elementType == entry.elementType)
            #expect(other.floats() == entry.floats())
            #expect(other.isDirectlyReadable)
        }
    }

    @Test("A valid file is accepted")
    func valid() {
        #expect(error(#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}  "#, data: 2) == nil)
        #expect(error("{}") == nil)
    }

    @Test(
        "Headers that lie are refused",
        arguments: [
            // length and shape disagree
            (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
            // beyond the end
            (#"{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}"#, 8),
            // overlap
            (
                #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
                6
            ),
            // gap
            (
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
                3
            ),
            // bytes left over
            (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 2),
            // twice
            (
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
                1
            ),
            (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1),
            (#"{"a":{"dtype":"U8","shape":[9223372036854775807,4],"data_offsets":[0,1]}}"#, 1),
            (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1),
            (#"{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#, 1),
            (#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, 1),
            (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1),
            (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#, 1),
            (#"{"__metadata__":{"a":1}}"#, 0),
            (#"{"a":[[[[[[[[[[[[]]]]]]]]]]]]}"#, 0),
            (#"{"a":"\ud800"}"#, 0), (#"{"a":nul}"#, 0), (#"{"a" 1}"#, 0), ("{\"\u{1}\":1}", 0),
        ]
    )
    func lies(header: String, data: Int) {
        #expect(error(header, data: data) != nil)
    }

    @Test("An enormous header is refused by its length alone")
    func hugeHeader() {
        let bytes = [UInt8](repeating: 0xFF, count: 8) + Array("{}".utf8)
        #expect(throws: CheckpointError.self) { try Checkpoint(bytes: bytes) }
    }

    @Test("Other files are recognised for what they are")
    func otherFiles() throws {
        for (text, hint) in [
            ("<!DOCTYPE html><html>", "web page"), ("version https://git-lfs", "git lfs pull"),
            ("", "cut off"),
        ] {
            let error = try #require(throws: CheckpointError.self) {
                try Checkpoint(bytes: Array(text.utf8))
            }
            #expect(error.description.contains(hint))
        }
        let folder = try TemporaryFolder()
        let error = try #require(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: folder.url)
        }
        #expect(error.description.contains("folder"))
    }

    @Test("Half precision is converted exactly both ways")
    func halves() {
        for bits in UInt16.min...UInt16.max {
            let value = Float(halfBits: bits)
            if value.isNaN {
                #expect(value.halfBits & 0x7C00 == 0x7C00 && value.halfBits & 0x3FF != 0)
            } else {
                #expect(value.halfBits == bits)
            }
        }
        #expect(Float(65519).halfBits == 0x7BFF)
        #expect(Float(65520).halfBits == 0x7C00)
        #expect(Float(1 + 0x1p-11).halfBits == 0x3C00)  // a tie goes to the even neighbour
        #expect(Float(1 + 0x3p-11).halfBits == 0x3C02)
        #expect(Float(0x1p-25).halfBits == 0)
        #expect(Float(0x1.8p-25).halfBits == 1)
    }
}
