import Files
import Foundation
import Synchronization
public import Terminal
public import Torch
public import Training

/// Shows the events of a run, which come from the thread that trains.
public final class TrainingCourse: Sendable {
    private let presenter = Mutex<TrainingPresenter?>(nil)
    private let console: Console
    private let device: Device
    private let isQuiet: Bool

    /// Shows the run that is told of.
    public init(on device: Device, console: Console, isQuiet: Bool) {
        (self.device, self.console, self.isQuiet) = (device, console, isQuiet)
    }

    /// Shows an event.
    public func handle(_ event: TrainingRunEvent) {
        presenter.withLock { presenter in
            if case .began(let beginning) = event {
                presenter = TrainingPresenter(beginning, console, isQuiet: isQuiet)
            }
            presenter?.handle(event, on: device)
        }
    }

    /// Removes the line.
    public func clear() { presenter.withLock { $0?.clear() } }
}

/// Shows the course of a training: a line that is rewritten on a terminal, plain lines elsewhere.
private struct TrainingPresenter {
    private let clock: TrainingClock
    private var narrator: TrainingNarrator
    private var progress: ProgressLine

    init(_ beginning: TrainingBeginning, _ console: Console, isQuiet: Bool) {
        clock = beginning.clock
        narrator = TrainingNarrator(beginning.options, clock: clock, history: beginning.history)
        progress = ProgressLine(console, isQuiet: isQuiet, at: clock.seconds)
    }

    mutating func handle(_ event: TrainingRunEvent, on device: Device) {
        switch event {
        case .began(let beginning):
            progress.say("\(beginning.text(on: device.description)); Ctrl-C saves and stops.")
            if let left = beginning.clock.secondsLeft {
                progress.say(
                    "The training takes \(Wording.duration(left.rounded())) from now; the "
                        + "parameter search and the pictures of the report follow."
                )
            }
        case .training(.iteration(let report)):
            progress.show(narrator.line(after: report), at: clock.seconds)
        case .training(.validation(let report)):
            progress.say(narrator.line(after: report), at: clock.seconds)
        case .training(.checkpoint): break
        case .searching(let done, let total):
            progress.show("parameter search: \(done) of \(total)")
        case .suited(let found, let images):
            let gain = String(
                format: "mSA %.3f instead of %.3f",
                found.accuracy,
                found.accuracyBefore
            )
            progress.say(
                "The best parameters are stored in the model file: \(gain) on "
                    + "\(Wording.count(images, "validation image"))."
            )
        case .drawing(let index, let count):
            progress.show("picture \(index) of \(count) of the report")
        case .training(.finished), .ended: clear()
        }
    }

    mutating func clear() { progress.clear() }
}
