import Foundation
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

    @Test("The clock counts earlier runs")
    func clock() {
        let time = FakeTime()
        let clock = TrainingClock(earlier: 30, minutes: 1) { time.now }
        #expect(clock.secondsLeft == 30 && !clock.isUp)
        time.advance(30)
        #expect(clock.seconds == 60 && clock.isUp)
        #expect(TrainingClock().secondsLeft == nil && !TrainingClock().isUp)
    }

    @Test("Words with blanks are quoted for the shell")
    func quoting() {
        #expect("run/best.safetensors".quotedForShell == "run/best.safetensors")
        #expect("my run".quotedForShell == "'my run'")
        #expect("it's".quotedForShell == "'it'\\''s'")
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
