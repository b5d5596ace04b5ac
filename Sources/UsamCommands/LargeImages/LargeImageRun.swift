import Files
import Foundation
import Imaging
import ModelZoo
import Prompting
import SegmentAnything
import Segmentation
import Torch

/// Runs a ``LargeImageJob`` for a command: shows progress, and can be stopped with Ctrl-C.
struct LargeImageRun: Sendable {
    let job: LargeImageJob
    let options: AutomaticSegmentationOptions
    let files: ModelFiles
    let source: ModelSource
    let device: Device
    var isQuiet = false

    /// What is printed as JSON.
    struct Report: Encodable {
        let input: String
        let output: String
        let width: Int
        let height: Int
        let objects: Int
        let tiles: Int
        let reusedTiles: Int
        let seconds: Double
    }

    /// Segments the image, and prints what came of it.
    func run(_ console: Console, json: Bool) async throws {
        let gate = OutputGate()
        let watch = SignalWatch { signal in
            // A process that ends while it writes would leave a file of its own beside the output.
            gate.close()
            console.printError("\nusam: stopped; the same command goes on where this one ended")
            ProgramEnd.exit(128 + signal)
        }
        defer { withExtendedLifetime(watch) {} }
        if !isQuiet {
            console.printError(
                "\(job.input): segmented by region, in \(job.tiling.summary); "
                    + "--tile-shape and --halo change this"
            )
        }
        let clock = ContinuousClock()
        let start = clock.now
        let outcome = try await onWorkerThread("large image") { try work(console, gate) }
        let seconds = (clock.now - start) / .seconds(1)
        if json {
            console.print(try JSONText.encode(report(outcome, seconds)))
            return
        }
        let rate = Double(outcome.size.count) / 1e6 / seconds
        console.print(
            "\(job.output): \(Wording.count(outcome.objects, "object")) in "
                + "\(Wording.count(outcome.tiles, "tile")) of \(outcome.size) pixels, "
                + Wording.duration(seconds) + String(format: ", %.2f megapixels/s", rate)
        )
    }

    private func work(_ console: Console, _ gate: OutputGate) throws -> LargeImageJob.Outcome {
        let networks = try source.model(on: device)
        let segmenter = try AutomaticSegmenter(ImagePredictor(networks), options)
        let identity = EmbeddingSignature.Model(
            networks,
            name: files.digest == nil ? nil : files.name,
            hash: try files.signature()
        )
        var line = ProgressLine(console, isQuiet: isQuiet)
        let clock = ContinuousClock()
        let start = clock.now
        let outcome = try job.run(segmenter, model: identity, gate: gate) { state in
            let computed = state.done - state.reused
            let seconds = (clock.now - start) / .seconds(1)
            let left = Double(state.total - state.done) * seconds / Double(max(computed, 1))
            line.show(
                "\(job.output): \(state.done) of \(state.total) tiles"
                    + (computed > 0 ? ", \(Wording.duration(left)) left" : "")
            )
        }
        line.clear()
        return outcome
    }

    private func report(_ outcome: LargeImageJob.Outcome, _ seconds: Double) -> Report {
        Report(
            input: job.input,
            output: job.output,
            width: outcome.size.width,
            height: outcome.size.height,
            objects: outcome.objects,
            tiles: outcome.tiles,
            reusedTiles: outcome.reusedTiles,
            seconds: seconds
        )
    }
}
