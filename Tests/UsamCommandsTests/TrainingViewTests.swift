import Foundation
import Imaging
import Testing
import Training
import UsamCommands

@Suite("The view of a training")
struct TrainingViewTests {
    private static func iteration(_ number: Int, of epoch: Int = 2) throws -> TrainingEvent {
        let text = """
            {"iteration": \(number), "epoch": \(number / epoch), "iterationsPerEpoch": \(epoch),
             "loss": 0.5, "decoderLoss": 0.25, "learningRate": 1e-4, "seconds": 2}
            """
        return .iteration(try JSONDecoder().decode(IterationReport.self, from: Data(text.utf8)))
    }

    private static func validation(_ metric: Double, epoch: Int, isBest: Bool) throws
        -> TrainingEvent
    {
        let text = """
            {"iteration": \(2 * epoch + 2), "epoch": \(epoch), "metric": \(metric),
             "isBest": \(isBest), "seconds": 1}
            """
        return .validation(try JSONDecoder().decode(ValidationReport.self, from: Data(text.utf8)))
    }

    private static func presenter(
        _ console: Console,
        clock: TrainingClock = TrainingClock()
    ) -> TrainingPresenter {
        var options = TrainingOptions()
        options.epochs = 10
        return TrainingPresenter(options, clock: clock, console: console)
    }

    @Test("A terminal shows losses, metric, rate and remaining time in one line, and epochs stay")
    func terminal() throws {
        let transcript = Transcript()
        var presenter = Self.presenter(transcript.console(terminalWidth: 200))
        try presenter.handle(Self.iteration(0))
        let first = try #require(transcript.error.split(separator: "\r\u{1B}[K").last)
        #expect(
            first
                == "epoch 1, iteration 1 of 20, loss 0.500, decoder 0.250, 2 s/iteration, about 38 s left"
        )
        try presenter.handle(Self.iteration(1))
        try presenter.handle(Self.validation(0.4, epoch: 0, isBest: true))
        #expect(
            transcript.error.hasSuffix(
                "\r\u{1B}[Kepoch 1: loss 0.500, decoder 0.250; validation 0.400, the best so far\n"
            )
        )
        try presenter.handle(Self.validation(0.5, epoch: 1, isBest: false))
        #expect(transcript.error.hasSuffix("epoch 2: validation 0.500\n"))
        try presenter.handle(Self.iteration(4))
        #expect(transcript.error.contains("validation 0.500 ▁█"))
        presenter.clear()
        #expect(transcript.error.hasSuffix("\r\u{1B}[K"))
    }

    @Test("Elsewhere epochs are plain lines, and long ones tell of themselves now and then")
    func piped() throws {
        let transcript = Transcript()
        let time = FakeTime()
        var presenter = Self.presenter(
            transcript.console(),
            clock: TrainingClock(minutes: 60) { time.now }
        )
        try presenter.handle(Self.iteration(0))
        #expect(transcript.error.isEmpty)
        time.advance(31)
        try presenter.handle(Self.iteration(1))
        try presenter.handle(Self.validation(0.4, epoch: 0, isBest: true))
        let lines = transcript.error.split(separator: "\n")
        #expect(lines.count == 2 && !transcript.error.contains("\u{1B}"))
        #expect(lines[0].hasPrefix("epoch 1, iteration 2, "))
    }

    @Test("Words with blanks are quoted for the shell")
    func quoting() {
        #expect("run/best.safetensors".quotedForShell == "run/best.safetensors")
        #expect("my run".quotedForShell == "'my run'")
        #expect("it's".quotedForShell == "'it'\\''s'")
    }

    @Test("Errors and warnings name the options that help")
    func options() throws {
        func text(_ error: any Error) -> String { describe(error) }
        #expect(
            text(TrainingPlanError.openEnd)
                == "the step size is to fall to zero at the end (--cooldown), so --iterations must say "
                + "where the end is"
        )
        let memory = TrainingPlanError.tooLittleMemory(
            needed: 20_000_000_000,
            available: 11_900_000_000,
            isGPU: false,
            savings: [.promptsAlone, .objectsPerImage(2), .recomputing, .frameSide(256)]
        )
        #expect(
            text(memory)
                == "this training needs about 20.0 GB of memory, but this machine has 11.9 GB for it; "
                + "what would fit: --parts promptable --freeze image_encoder, --objects 2, "
                + "--checkpointing, --crop-side 256"
        )
        #expect(
            text(TrainingPlanError.enlargingPatches(largestSize: Size(width: 4000, height: 256)))
                == "objects can be enlarged (--diameter) where images are learned in the model's frame, "
                + "but these, of up to 4000 x 256 pixels, are learned in their own pixels; leave "
                + "--diameter out, or choose --framing frame"
        )
        #expect(
            text(TrainingPlanError.options(.fixedFrameSide(modelType: "vit_b")))
                == "frame side: must be 1024 for a vit_b, whose positions are absolute; leave out "
                + "--crop-side, or train a ViT-T such as usam-tiny"
        )
        #expect(
            text(TrainingDataError.separateChannels(file: "a.tif", count: 3))
                == "a.tif: it has 3 separate channels; choose one, or up to three to train on as "
                + "colours, of 0...2 with --channels"
        )
        #expect(
            text(TrainingDataError.intensitiesOutOfRange(file: "a.tif", low: 0, high: 4095))
                == "a.tif: values reach from 0.0 to 4095.0, but unchanged intensities must be in "
                + "0...255; let the intensities be stretched, for example with --intensities image"
        )
        #expect(
            text(TrainingDataError.objectsTooSmall(file: "a.tif", count: 3, minimumSize: 25))
                == "a.tif: all 3 objects seen have fewer than 25 pixels; lower --min-size, or check "
                + "the labels"
        )
        #expect(
            text(TrainingRunError.outOfMemory(operation: "conv2d"))
                == "there was not enough memory (conv2d); begin anew with less at a time: "
                + "--batch-size 1, --checkpointing, a smaller --crop-side or --parts promptable"
        )
        #expect(
            text(TrainingRunError.otherModel(name: "m.pt", folder: "run"))
                == "the model 'm.pt' is not that of the run in run any more; bring the old file back to "
                + "go on, or begin anew with --force"
        )
        let small = TrainingWarning.validation(.smallObjects(3, of: 4, minimumSize: 25))
        #expect(
            small.words
                == "validation: 3 of 4 objects have fewer than 25 pixels and become background; "
                + "--min-size changes that"
        )
    }

    @Test("Bars reach from the least to the greatest value")
    func sparkline() {
        #expect(Sparkline.text([3, 2, 1, 2]) == "█▅▁▅")
        #expect(Sparkline.text([1]).isEmpty && Sparkline.text([1, 1]).isEmpty)
        #expect(Sparkline.text([1, .nan, 2]) == "▁█")
    }
}

/// A time that goes on only when told to.
private final class FakeTime: @unchecked Sendable {
    // Safe because a test uses it on one thread.
    private(set) var now = ContinuousClock.now

    func advance(_ seconds: Double) { now = now.advanced(by: .seconds(seconds)) }
}
