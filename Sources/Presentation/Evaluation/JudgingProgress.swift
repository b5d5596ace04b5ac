import Files
import Foundation
public import ImageFormats
import Jobs
public import Judging
public import Prompting
import Synchronization
public import Terminal

/// The line of progress while a model is judged by data sets.
public final class JudgingProgress: Sendable {
    private struct State {
        var line: ProgressLine
        var name = ""
        var images: [AnnotatedImage] = []
        var start = ContinuousClock().now
        var place = 0
        var measured = 0
        var told: Set<WorkDecision.Kind> = []

        /// The place among all images, such as `nuclei: [2/8] `.
        var prefix: String { "\(name): [\(place + 1)/\(images.count)] " }

        /// Seconds since the beginning of the data set.
        private var elapsed: Double { start.duration(to: ContinuousClock().now).seconds }

        /// Shows an image.
        mutating func show(_ done: Int) {
            guard done < images.count else { return line.clear() }
            place = done
            let left = elapsed / Double(max(measured, 1)) * Double(images.count - done)
            let outlook = measured > 0 ? ", about \(Wording.duration(left.rounded())) left" : ""
            line.show(prefix + images[done].name + outlook)
        }

        /// Shows a step of the present image.
        mutating func show(_ stage: WorkStage) {
            guard images.indices.contains(place) else { return }
            line.show("\(prefix)\(images[place].name): \(stage.activity)", at: elapsed)
        }

        /// Says what an image costs; images of a set are often alike, so that one kind is said once.
        mutating func say(_ decision: WorkDecision) {
            guard images.indices.contains(place), !decision.isHint,
                told.insert(decision.kind).inserted
            else { return }
            line.say("usam: \(images[place].name): \(decision.words)", at: elapsed)
        }
    }

    private let state: Mutex<State>

    /// Creates a line.
    public init(_ console: Console, isQuiet: Bool) {
        state = Mutex(State(line: ProgressLine(console, isQuiet: isQuiet)))
    }

    /// Says which data set comes now.
    public func begin(_ name: String, _ images: [AnnotatedImage]) {
        state.withLock { state in
            (state.name, state.images, state.measured) = (name, images, 0)
            (state.start, state.told) = (ContinuousClock().now, [])
        }
    }

    /// Shows the image that is measured, what is decided about it, and in a pipe now and then how far it is.
    @Sendable public func receive(_ event: WorkEvent) {
        state.withLock { state in
            switch event {
            case .advanced(let done, _): state.show(done)
            case .began(let stage): state.show(stage)
            case .decided(let decision): state.say(decision)
            case .noted: break
            }
        }
    }

    /// Notes an image that was measured.
    @Sendable public func finish(_ judgement: ImageJudgement) {
        state.withLock { state in
            state.measured += 1
            state.line.clear()
            let seconds = Wording.duration(judgement.seconds)
            state.line.note("\(state.prefix)\(judgement.name), \(seconds)")
        }
    }
}

/// The line of progress while parameters are searched.
public final class SearchProgress: Sendable {
    private let line: Mutex<ProgressLine>
    private let names: [String]
    private let combinations: Int

    /// Creates a line for so many combinations on each image.
    public init(_ images: [AnnotatedImage], combinations: Int, _ console: Console, isQuiet: Bool) {
        line = Mutex(ProgressLine(console, isQuiet: isQuiet))
        names = images.map(\.name)
        self.combinations = combinations
    }

    /// Shows how many combinations were tried on an image.
    @Sendable public func receive(_ event: WorkEvent) {
        guard case .advanced(let all, _) = event, combinations > 0 else { return }
        let (image, done) = all.quotientAndRemainder(dividingBy: combinations)
        guard names.indices.contains(image), done % 8 == 0 else { return }
        line.withLock {
            $0.show("\(prefix(image)): \(done) of \(combinations) combinations")
        }
    }

    /// Notes an image that was searched with.
    @Sendable public func finish(_ name: String, _ seconds: Double) {
        line.withLock { line in
            line.clear()
            guard let image = names.firstIndex(of: name) else { return }
            line.note("\(prefix(image)), \(Wording.duration(seconds))")
        }
    }

    private func prefix(_ image: Int) -> String { "[\(image + 1)/\(names.count)] \(names[image])" }
}
