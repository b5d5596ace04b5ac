import Imaging
import Prompting

/// One object on its way through a movie, forward in time only.
///
/// From a frame with prompts it is followed by a front to the next one, and from the last one until it is lost, stops or divides. Where it
/// is lost between two frames with prompts, shapes fill in.
struct TrackCourse: Course {
    private let projector: Projector
    private let keys: KeySlices
    private let options: PropagationOptions

    /// The last frame that the object may reach.
    private let last: Int

    /// The place among the keys of the next one.
    private var upcoming = 0

    /// The way from the last frame with prompts in which something was found; nil before the first one, and after a stop.
    private var front: Front?

    private var trail: MotionTrail

    /// What fills the frames before the front, and what was filled so far.
    private var filling: (between: Between, masks: [(slice: Int, mask: RunLengthMask)])?

    /// - Parameters:
    ///   - range: The frames of the movie, or those to which objects are limited.
    ///   - last: The last frame before the object divides; nil if it does not.
    ///   - prompting: How prompts of people become masks.
    init(
        _ object: VolumeObject,
        in range: ClosedRange<Int>,
        until last: Int?,
        _ options: PropagationOptions,
        _ prompting: PromptOptions
    ) throws(VolumePromptError) {
        self.options = options
        self.last = min(last ?? range.upperBound, range.upperBound)
        trail = MotionTrail(smoothing: options.motionSmoothing)
        projector = Projector(object: object, options: options, prompting: prompting)
        keys = try KeySlices(object, in: range, options)
        // Before its first prompts the object is nowhere, whether somebody says so or not.
        upcoming = keys.slices.firstIndex { $0.kind == .prompted } ?? 0
    }

    private var nextKey: (number: Int, kind: KeySlices.Kind)? {
        upcoming < keys.slices.count ? keys.slices[upcoming] : nil
    }

    /// Where the model is asked for the object, and the mask that it is shown there; nil where a key comes first.
    private var step: (frame: Int, shown: RunLengthMask)? {
        guard let front, let frame = front.next else { return nil }
        if let nextKey, frame >= nextKey.number || skipsTo(nextKey) { return nil }
        return (frame, trail.expected(front.mask, after: frame - front.slice))
    }

    /// Whether the frames before a key are filled from both sides, when its mask is known.
    private func skipsTo(_ key: (number: Int, kind: KeySlices.Kind)) -> Bool {
        key.kind == .prompted && options.filling != .project && !options.followsReference
    }

    // MARK: - Questions

    var questions: [CourseQuestion] {
        if let filling {
            return filling.between.questions.map { question, frame, mask in
                projector.question(mask, to: frame, .between(0, question))
            }
        }
        if let step { return [projector.question(step.shown, to: step.frame, .front(0))] }
        guard let nextKey, nextKey.kind == .prompted else { return [] }
        return [projector.question(ofKey: nextKey.number)].compactMap(\.self)
    }

    // MARK: - Answers

    mutating func take(
        _ answer: PredictedMask,
        for question: CourseQuestion,
        _ occupancy: inout Occupancy
    ) throws -> [SliceMask] {
        let mask = try occupancy.free(answer.pixels, slice: question.slice)
        switch question.purpose {
        case .key(let frame):
            upcoming += 1
            // Where the model finds nothing at the prompts, the object goes on as if there were none.
            guard !mask.isEmpty else { return [] }
            occupancy.take(mask, slice: frame)
            try begin(mask, frame)
            return [projector.part(frame, mask, answer, .prompts)]
        case .front:
            guard let step else { return [] }
            let gained = try front?.advance(mask, expected: step.shown) ?? []
            if let front, !gained.isEmpty { trail.add(front.mask, frame: front.slice) }
            let gains = gained.enumerated().map {
                Between.Gain(slice: $1.slice, mask: $1.mask, isShape: $0 > 0)
            }
            return try projector.parts(gains, answer, &occupancy)
        case .between(_, let question):
            return try fill(filling?.between.take(mask, for: question) ?? [], answer, &occupancy)
        }
    }

    /// Goes on from a frame with prompts.
    private mutating func begin(_ mask: RunLengthMask, _ frame: Int) throws {
        if let front, front.slice < frame - 1, !options.followsReference {
            var options = options
            if options.filling == .project { options.filling = .interpolate }
            let between = try Between(
                .init(slice: front.slice, mask: front.mask),
                .init(slice: frame, mask: mask),
                options
            )
            filling = (between, [])
        } else {
            trail.add(mask, frame: frame)
        }
        // micro-sam looks at the overlap behind the last prompts only.
        let isTested = !options.followsReference || nextKey == nil
        front = Front(
            from: frame,
            mask,
            step: 1,
            last: last,
            threshold: isTested ? options.overlapThreshold : nil,
            patience: options.stopAfterEmpty
        )
    }

    mutating func settle(_ occupancy: inout Occupancy) throws -> [SliceMask] {
        var result: [SliceMask] = []
        while true {
            if filling != nil {
                result += try fill(filling?.between.settle() ?? [], nil, &occupancy)
                guard closeFilling() else { return result }
            } else if let nextKey, nextKey.kind == .stop, step == nil {
                upcoming += 1
                front = nil
                trail = MotionTrail(smoothing: options.motionSmoothing)
            } else if let step, step.shown.isEmpty {
                // The object has left the image.
                front?.end()
            } else {
                return result
            }
        }
    }

    private mutating func fill(
        _ gained: [Between.Gain],
        _ answer: PredictedMask?,
        _ occupancy: inout Occupancy
    ) throws -> [SliceMask] {
        let parts = try projector.parts(gained, answer, &occupancy)
        filling?.masks += parts.map { ($0.slice, $0.pixels) }
        return parts
    }

    /// Ends the filling when nothing is left to ask.
    private mutating func closeFilling() -> Bool {
        guard let known = filling, known.between.questions.isEmpty else { return false }
        for (frame, mask) in known.masks.sorted(by: { $0.slice < $1.slice }) {
            trail.add(mask, frame: frame)
        }
        if let front { trail.add(front.mask, frame: front.slice) }
        filling = nil
        return true
    }
}
