import Checkpoints
import Foundation
import Imaging
import Prompting
import Segmentation
import Synchronization
import Testing
import Torch

/// A checkpoint to measure with, such as one of ViT-B; without it nothing is measured.
private let checkpoint = ProcessInfo.processInfo.environment["MICROSAM_MEASURED_MODEL"]

/// Figures for a quiet machine; what they promise, in any order of events, `SessionTests` tests.
@Suite("Interruption, measured", .serialized, .enabled(if: checkpoint != nil))
struct InterruptionTests {
    /// What was measured, in seconds.
    private struct Times {
        var starts: [Double] = []
        var ends: [Double] = []
    }

    private static let repetitions = 8

    @Test("From a prompt to its start, and from cancelling to the end, while a model embeds")
    func measured() async throws {
        let path = try #require(checkpoint)
        let model = try Model(SAMCheckpoint(contentsOf: URL(filePath: path)), on: .cpu)
        var image = Raster<UInt8>(repeating: 0, size: Size(width: 1024, height: 768), channels: 3)
        for index in image.samples.indices { image.samples[index] = UInt8(index * 7 % 251) }
        let shown = image
        let engine = InferenceEngine(name: "measured")
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await engine.run(.prefetch) { try model.predictor.embed(shown, $0) }
        let whole = start.duration(to: clock.now)
        var times = Times()
        for repetition in 0..<Self.repetitions {
            let work = Work()
            let embedding = Task {
                try await engine.run(.prefetch, work) { try model.predictor.embed(shown, $0) }
            }
            // At another place of the pass each time.
            try await Task.sleep(for: whole * (repetition + 1) / (Self.repetitions + 2))
            let asked = clock.now
            let begun = try await engine.run(.prompt) { _ in clock.now }
            times.starts.append(asked.duration(to: begun) / .seconds(1))
            let cancelled = clock.now
            work.cancel()
            await #expect(throws: CancellationError.self) { try await embedding.value }
            times.ends.append(cancelled.duration(to: clock.now) / .seconds(1))
        }
        func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        func words(_ values: [Double]) -> String {
            String(
                format: "%.0f ms in the middle, %.0f ms at most",
                1000 * middle(values),
                1000 * (values.max() ?? 0)
            )
        }
        let seconds = String(format: "%.2f s", whole / .seconds(1))
        print("measured: \(path): embedding takes \(seconds)")
        print("measured: from a prompt to its start: \(words(times.starts))")
        print("measured: from cancelling to the end: \(words(times.ends))")
        // A block of twelve, with room for a machine that is busy.
        #expect(max(middle(times.starts), middle(times.ends)) < whole / .seconds(1) / 3)
    }
}
