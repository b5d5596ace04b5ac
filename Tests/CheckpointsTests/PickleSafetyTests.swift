import Checkpoints
import Foundation
import Testing

@Suite("Hostile pickles")
struct PickleSafetyTests {
    /// `os.system("touch <path>")` as the whole content.
    private func attack(_ path: String) -> [UInt8] {
        PickleBytes().bytes + PickleBytes.global("os", "system") + PickleBytes.text("touch \(path)")
            + [0x85, UInt8(ascii: "R"), UInt8(ascii: ".")]
    }

    @Test("A call of os.system is never made, and its name is reported")
    func systemCall() throws {
        let folder = try TemporaryFolder()
        let trace = folder.url.appendingPathComponent("trace").path
        let checkpoint = try Checkpoint(bytes: PickleBytes.archive(attack(trace)))
        #expect(checkpoint.warnings.contains { $0.contains("os.system") })
        let error = try #require(throws: CheckpointError.self) { try SAMCheckpoint(checkpoint) }
        #expect(error == .refusedGlobal(file: "test", key: "the whole file", global: "os.system"))
        #expect(error.description.contains("Nothing was executed"))
        #expect(!FileManager.default.fileExists(atPath: trace))
    }

    @Test("An attack in place of the weights is refused, elsewhere it is left out")
    func placement() throws {
        func archive(_ key: String) -> [UInt8] {
            PickleBytes.archive(
                PickleBytes().bytes + [UInt8(ascii: "}")] + PickleBytes.text(key)
                    + PickleBytes.global("builtins", "exec") + PickleBytes.text("1/0")
                    + [0x85, UInt8(ascii: "R"), UInt8(ascii: "s"), UInt8(ascii: ".")]
            )
        }
        let refused = try #require(throws: CheckpointError.self) {
            try SAMCheckpoint(Checkpoint(bytes: archive("model_state")))
        }
        #expect(
            refused == .refusedGlobal(file: "test", key: "model_state", global: "builtins.exec")
        )
        let plain = try #require(throws: CheckpointError.self) {
            try SAMCheckpoint(Checkpoint(bytes: archive("image_encoder.pos_embed")))
        }
        #expect(
            plain
                == .refusedGlobal(
                    file: "test",
                    key: "image_encoder.pos_embed",
                    global: "builtins.exec"
                )
        )
        let elsewhere = try Checkpoint(bytes: archive("init"))
        #expect(elsewhere.warnings.count == 1)
    }

    @Test("A tower of a million lists neither overflows the stack nor recurses")
    func tower() throws {
        let depth = 1_000_000
        let bytes =
            PickleBytes().bytes + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
            + [UInt8](repeating: UInt8(ascii: "a"), count: depth - 1) + [UInt8(ascii: ".")]
        let checkpoint = try Checkpoint(bytes: PickleBytes.archive(bytes))
        #expect(checkpoint.warnings.contains { $0.contains("nested too deeply") })
    }

    @Test("A list that contains itself ends")
    func cycle() throws {
        let bytes =
            PickleBytes().bytes
            + [UInt8(ascii: "]"), UInt8(ascii: "q"), 0, UInt8(ascii: "h"), 0, UInt8(ascii: "a")]
            + [UInt8(ascii: ".")]
        #expect(try Checkpoint(bytes: PickleBytes.archive(bytes)).tensors.isEmpty)
    }

    @Test("Lists that double forty times are cut, not expanded")
    func doubling() throws {
        var bytes = PickleBytes().bytes + [UInt8(ascii: "]"), UInt8(ascii: "q"), 0]
        for level in 1..<40 {
            let below = UInt8(level - 1)
            bytes += [UInt8(ascii: "h"), below, UInt8(ascii: "h"), below, 0x86]
            bytes += [UInt8(ascii: "q"), UInt8(level)]
        }
        bytes.append(UInt8(ascii: "."))
        let checkpoint = try Checkpoint(bytes: PickleBytes.archive(bytes))
        #expect(checkpoint.warnings.contains { $0.contains("too large") })
    }

    @Test("Lengths beyond the file are refused before anything is allocated")
    func lyingLengths() throws {
        let largest = [UInt8](repeating: 0xFF, count: 8)
        for code: [UInt8] in [
            [UInt8(ascii: "X")], [UInt8(ascii: "T")], [UInt8(ascii: "B")], [0x8B], [0x8D], [0x8E],
            [0x96],
        ] {
            #expect(throws: CheckpointError.self) {
                try Checkpoint(
                    bytes: PickleBytes.archive(PickleBytes().bytes + code + largest)
                )
            }
        }
    }

    @Test("A stack that is too deep is refused with its limit")
    func deepStack() throws {
        let count = PickleMachine.maximumStackDepth + 1
        let error = try #require(throws: CheckpointError.self) {
            try Checkpoint(
                bytes: PickleBytes.archive(
                    PickleBytes().bytes + [UInt8](repeating: UInt8(ascii: "N"), count: count)
                )
            )
        }
        guard case .limitExceeded(_, _, let limit, _) = error else {
            Issue.record("unexpected error: \(error)")
            return
        }
        #expect(limit == PickleMachine.maximumStackDepth)
    }

    @Test(
        "Instructions on an empty stack, unknown instructions and extension codes are errors",
        arguments: [
            "R", "b", "a", "s", "u", "e", "t", "0", "1", "2", "o", "Q", ".", "h\u{1}", "\u{82}",
            "P1\n", "?",
        ]
    )
    func malformed(program: String) throws {
        let bytes = program.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(throws: CheckpointError.self) {
            try Checkpoint(bytes: PickleBytes.archive(PickleBytes().bytes + bytes))
        }
    }

    @Test("Tensors that leave their storage are refused")
    func outOfBounds() throws {
        let original = [UInt8](try Data(contentsOf: TestFiles.fixture("plain.pt")))
        // The pickle gives shape (3, 100), strides (100, 1): K 3, K 100 → a larger first dimension.
        let shape: [UInt8] = [UInt8(ascii: "K"), 3, UInt8(ascii: "K"), 100, 0x86]
        let position = try #require(
            (0..<(original.count - 5)).first { Array(original[$0..<($0 + 5)]) == shape }
        )
        var changed = original
        changed[position + 1] = 4
        let error = try #require(throws: CheckpointError.self) { try Checkpoint(bytes: changed) }
        #expect(error.description.contains("'weight' of shape [4, 100]"))
    }
}
