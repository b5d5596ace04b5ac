import Imaging
import Prompting

/// One object on its way through a volume.
///
/// First the slices with prompts are predicted; from their masks fronts go outwards, and the slices between are filled.
struct ObjectCourse: Course {
    private let projector: Projector
    private let keys: KeySlices
    private let range: ClosedRange<Int>
    private let options: PropagationOptions

    private var keyMasks: [Int: RunLengthMask] = [:]
    private var fronts: [Front] = []
    private var betweens: [Between] = []
    private var hasBegun = false

    /// - Parameters:
    ///   - range: The slices of the volume, or those to which objects are limited.
    ///   - prompting: How prompts of people become masks.
    init(
        _ object: VolumeObject,
        in range: ClosedRange<Int>,
        _ options: PropagationOptions,
        _ prompting: PromptOptions
    ) throws(VolumePromptError) {
        (self.range, self.options) = (range, options)
        projector = Projector(object: object, options: options, prompting: prompting)
        keys = try KeySlices(object, in: range, options)
    }

    // MARK: - Questions

    var questions: [CourseQuestion] {
        guard hasBegun else { return keys.prompted.compactMap { projector.question(ofKey: $0) } }
        var result: [CourseQuestion] = []
        for (number, front) in fronts.enumerated() {
            guard let next = front.next else { continue }
            result.append(projector.question(front.mask, to: next, .front(number)))
        }
        for (number, between) in betweens.enumerated() {
            for (question, slice, mask) in between.questions {
                result.append(projector.question(mask, to: slice, .between(number, question)))
            }
        }
        return result
    }

    // MARK: - Answers

    mutating func take(
        _ answer: PredictedMask,
        for question: CourseQuestion,
        _ occupancy: inout Occupancy
    ) throws -> [SliceMask] {
        let mask = try occupancy.free(answer.pixels, slice: question.slice)
        switch question.purpose {
        case .key(let slice):
            keyMasks[slice] = mask
            guard !mask.isEmpty else { return [] }
            occupancy.take(mask, slice: slice)
            return [projector.part(slice, mask, answer, .prompts)]
        case .front(let number):
            let gained = try fronts[number].advance(mask).enumerated().map {
                Between.Gain(slice: $1.slice, mask: $1.mask, isShape: $0 > 0)
            }
            return try projector.parts(gained, answer, &occupancy)
        case .between(let number, let question):
            return try projector.parts(
                betweens[number].take(mask, for: question),
                answer,
                &occupancy
            )
        }
    }

    mutating func settle(_ occupancy: inout Occupancy) throws -> [SliceMask] {
        if !hasBegun {
            hasBegun = true
            try begin()
        }
        var result: [SliceMask] = []
        for number in betweens.indices {
            result += try projector.parts(betweens[number].settle(), nil, &occupancy)
        }
        return result
    }

    // MARK: - From the slices with prompts to the others

    private mutating func begin() throws {
        // Where the model finds nothing at the prompts, nothing goes on.
        let known = keys.slices.filter { $0.kind == .stop || keyMasks[$0.number]?.isEmpty == false }
        let isStopped = !options.followsReference
        func front(_ slice: Int, _ step: Int, to last: Int, tests: Bool) -> Front? {
            keyMasks[slice].map {
                Front(
                    from: slice,
                    $0,
                    step: step,
                    last: last,
                    threshold: tests ? options.overlapThreshold : nil,
                    patience: options.stopAfterEmpty
                )
            }
        }
        if let first = known.first, first.kind == .prompted,
            let down = front(first.number, -1, to: range.lowerBound, tests: true)
        {
            fronts.append(down)
        }
        if let last = known.last, last.kind == .prompted,
            let up = front(last.number, 1, to: range.upperBound, tests: true)
        {
            fronts.append(up)
        }
        for (low, high) in zip(known, known.dropFirst()) {
            switch (low.kind, high.kind) {
            case (.prompted, .prompted):
                guard let lower = keyMasks[low.number], let upper = keyMasks[high.number] else {
                    continue
                }
                betweens.append(
                    try Between(
                        .init(slice: low.number, mask: lower),
                        .init(slice: high.number, mask: upper),
                        options
                    )
                )
            case (.stop, .prompted):
                let front = front(high.number, -1, to: low.number + 1, tests: isStopped)
                fronts += [front].compactMap(\.self)
            case (.prompted, .stop):
                let front = front(low.number, 1, to: high.number - 1, tests: isStopped)
                fronts += [front].compactMap(\.self)
            case (.stop, .stop): break
            }
        }
    }
}
