import Files
import ImageFormats
import Imaging
public import Jobs
import ModelZoo
public import Prompting
public import Terminal
public import Torch
public import Volumes

/// A run of prompts through a volume or a movie with its results, as the user sees it.
public struct VolumePromptCourse: Sendable {
    private let run: VolumePromptRun
    private let request: VolumePromptRun.Request
    private let weights: ModelWeights

    /// The label stack and what goes with it; nil for none.
    public var item: BatchItem?

    /// Other files of the same prompts, noted beside the label stack.
    public var others: [String] = []

    /// The folder of the Cell Tracking Challenge; nil for none.
    public var tracks: String?

    /// Whether that folder replaces another one.
    public var replaces = false

    /// Describes the run; nothing happens yet.
    public init(
        _ run: VolumePromptRun,
        _ request: VolumePromptRun.Request,
        _ weights: ModelWeights
    ) {
        (self.run, self.request, self.weights) = (run, request, weights)
    }

    /// Predicts the masks and writes results; Ctrl-C ends it, and then nothing is written.
    ///
    /// - Throws: ``StoppedBySignal`` after Ctrl-C; what the run and writing throw.
    public func masks(
        on device: Device,
        _ console: Console,
        isQuiet: Bool
    ) async throws -> [SliceMask] {
        let progress = SharedLine(console, isQuiet: isQuiet)
        defer { progress.clear() }
        progress.show("loading the model")
        let stopped = "stopped; nothing was written"
        return try await interruptible(console, notice: stopped) { work in
            var count = 0
            let masks = try await run.masks(
                request,
                weights,
                on: device,
                work,
                warning: { console.printError("usam: \($0)") }
            ) { mask in
                count += 1
                progress.show("object \(mask.object), plane \(mask.slice); \(count) masks")
            }
            if let item {
                progress.show("writing")
                try run.write(
                    masks,
                    of: request,
                    to: item,
                    model: weights.files.name,
                    others: others,
                    work
                )
            }
            if let tracks {
                try run.writeTracks(masks, of: request, to: tracks, replacing: replaces, work)
            }
            return masks
        }
    }

    /// The masks with the prompts that made them.
    public func document(_ masks: [SliceMask]) -> PredictionDocument {
        let size = run.file.size
        return PredictionDocument(
            image: .init(name: run.file.file, width: size.width, height: size.height),
            model: weights.files.name,
            options: request.prompting,
            predictions: run.predictions(masks, of: request)
        )
    }
}
