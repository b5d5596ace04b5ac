import Checkpoints
import Files
import Foundation

/// Feeds mutated checkpoints to the readers, to show that no input crashes them.
///
/// Usage: `fuzz-checkpoints [--inputs N] [--start N] [--seed S] [--verbose] [--only INDEX] FOLDER`
///
/// `FOLDER` holds valid files (`Tests/CheckpointsTests/Fixtures`). The index of the input is printed now
/// and then, with `--verbose` always; `--only INDEX` makes that input again and saves it.
@main
enum FuzzCheckpoints {
    private struct Arguments {
        var inputs = 100_000
        var seed: UInt64 = 1
        var only: Int?
        var start = 0
        var isVerbose = false
        var folder = ""
    }

    static func main() throws {
        guard let arguments = parse(CommandLine.arguments.dropFirst()), !arguments.folder.isEmpty
        else {
            print(
                "usage: fuzz-checkpoints [--inputs N] [--start N] [--seed S] [--verbose] [--only INDEX] FOLDER"
            )
            exit(64)
        }
        let mutator = Mutator(corpus: try corpus(in: arguments.folder))
        if let only = arguments.only {
            let bytes = input(only, mutator, arguments.seed)
            try Data(bytes).write(to: URL(fileURLWithPath: "fuzz-\(only).bin"))
            print("fuzz-\(only).bin: \(try judge(bytes))")
            return
        }
        run(arguments, mutator)
    }

    private static func run(_ arguments: Arguments, _ mutator: Mutator) {
        var accepted = 0
        var slowest = (index: 0, seconds: 0.0)
        let start = Date()
        for index in arguments.start..<(arguments.start + arguments.inputs) {
            if arguments.isVerbose || index.isMultiple(of: 100_000) {
                FileHandle.standardError.write(Data("input \(index)\n".utf8))
            }
            let before = Date()
            do {
                _ = try judge(input(index, mutator, arguments.seed))
                accepted += 1
            } catch {
                // Refusal is the expected answer.
            }
            let seconds = Date().timeIntervalSince(before)
            if seconds > slowest.seconds { slowest = (index, seconds) }
        }
        let seconds = Date().timeIntervalSince(start)
        print(
            """
            inputs \(arguments.inputs), seed \(arguments.seed), corpus \(mutator.corpus.count) files
            accepted \(accepted), refused \(arguments.inputs - accepted), crashed 0
            slowest input \(slowest.index): \(Int(slowest.seconds * 1000)) ms
            total \(Int(seconds)) s, peak memory \(peakMemory() / 1024) MiB
            """
        )
    }

    /// The largest resident size of this process so far, in KiB.
    private static func peakMemory() -> Int {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss / 1024
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss
        #endif
    }

    /// Reads an input as every caller would: open, interpret, touch the numbers.
    private static func judge(_ bytes: [UInt8]) throws -> String {
        let checkpoint = try Checkpoint(ByteStorage(copying: bytes, name: "fuzz"))
        var sum = 0
        for entry in checkpoint.tensors where entry.byteCount < 1 << 22 {
            entry.withBytes { for byte in $0 { sum &+= Int(byte) } }
        }
        let sam = try SAMCheckpoint(checkpoint)
        return "\(checkpoint.tensors.count) tensors, \(sam.architecture.modelType), checksum \(sum)"
    }

    private static func input(_ index: Int, _ mutator: Mutator, _ seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed &* 0x1000_0000_01B3 &+ UInt64(index))
        return mutator.input(&random)
    }

    /// All checkpoints of a folder, and each of them as safetensors.
    private static func corpus(in folder: String) throws -> [[UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".pt") || $0.hasSuffix(".safetensors") }.sorted()
        var files: [[UInt8]] = []
        let temporary = FileManager.default.temporaryDirectory
            .appendingPathComponent("fuzz-\(getpid()).safetensors")
        for name in names {
            let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
            let bytes = [UInt8](try Data(contentsOf: url))
            files.append(bytes)
            guard let checkpoint = try? Checkpoint(ByteStorage(copying: bytes, name: name)) else {
                continue  // some fixtures are there to be refused
            }
            var writer = SafetensorsWriter(metadata: checkpoint.metadata)
            for entry in checkpoint.tensors { try writer.add(entry) }
            try writer.write(to: temporary)
            files.append([UInt8](try Data(contentsOf: temporary)))
            try FileManager.default.removeItem(at: temporary)
        }
        return files
    }

    private static func parse(_ words: ArraySlice<String>) -> Arguments? {
        var result = Arguments()
        var words = words
        while let word = words.popFirst() {
            switch word {
            case "--inputs": result.inputs = words.popFirst().flatMap { Int($0) } ?? result.inputs
            case "--seed": result.seed = words.popFirst().flatMap { UInt64($0) } ?? result.seed
            case "--start": result.start = words.popFirst().flatMap { Int($0) } ?? 0
            case "--verbose": result.isVerbose = true
            case "--only": result.only = words.popFirst().flatMap { Int($0) }
            case _ where word.hasPrefix("--"): return nil
            default: result.folder = word
            }
        }
        return result
    }
}
