import Imaging
import Prompting

/// One object on its way through a volume.
///
/// First the slices with prompts are predicted; from their masks fronts go outwards, and the slices between are filled.
struct ObjectCourse {
    /// What a prediction is asked for.
    enum Purpose: Hashable {
        /// A slice with prompts.
        case key(Int)
        /// The next slice of a front.
        case front(Int)
        /// A slice between two slices with masks.
        case between(Int, Between.Question)
    }

    /// A prediction that is asked for.
    struct Question {
        let purpose: Purpose
        let slice: Int
        let prompts: PromptedObject
        let options: PromptOptions
    }

    private let object: VolumeObject
    private let keys: KeySlices
    private let range: ClosedRange<Int>
    private let options: PropagationOptions
    private let prompting: PromptOptions

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
        (self.object, self.range) = (object, range)
        (self.options, self.prompting) = (options, prompting)
        keys = try KeySlices(object, in: range, options)
    }

    // MARK: - Questions

    /// The predictions that can be made at once, one step further each.
    var questions: [Question] {
        guard hasBegun else {
            return keys.prompted.compactMap { slice in
                object.planar(slice: slice).map {
                    Question(purpose: .key(slice), slice: slice, prompts: $0, options: prompting)
                }
            }
        }
        var result: [Question] = []
        for (number, front) in fronts.enumerated() {
            guard let next = front.next else { continue }
            result.append(projected(front.mask, to: next, .front(number)))
        }
        for (number, between) in betweens.enumerated() {
            for (question, slice, mask) in between.questions {
                result.append(projected(mask, to: slice, .between(number, question)))
            }
        }
        return result
    }

    private func projected(
        _ mask: RunLengthMask,
        to slice: Int,
        _ purpose: Purpose
    ) -> Question {
        var projection = options.projection
        if options.followsReference, projection.points == .single,
            case .between(_, .middle) = purpose
        {
            projection.points = .several
        }
        var chosen = projection.promptOptions(boxExtension: options.boxExtension)
        (chosen.keepsPointedPart, chosen.fillsHoles) =
            (prompting.keepsPointedPart, prompting.fillsHoles)
        (chosen.maskThreshold, chosen.batchSize) = (prompting.maskThreshold, prompting.batchSize)
        let prompts = PromptedObject(
            id: object.id,
            place: ObjectPlace(z: slice),
            prompts: [.mask(EncodedMask(mask))]
        )
        return Question(purpose: purpose, slice: slice, prompts: prompts, options: chosen)
    }

    // MARK: - Answers

    /// Takes the answer to a question.
    ///
    /// - Returns: The masks that the object gains, without the pixels of others.
    mutating func take(
        _ answer: PredictedMask,
        for question: Question,
        _ occupancy: inout Occupancy
    ) throws -> [SliceMask] {
        let mask = try occupancy.free(answer.pixels, slice: question.slice)
        switch question.purpose {
        case .key(let slice):
            keyMasks[slice] = mask
            guard !mask.isEmpty else { return [] }
            occupancy.take(mask, slice: slice)
            return [part(slice, mask, answer, .prompts)]
        case .front(let number):
            let gained = try fronts[number].advance(mask).enumerated().map {
                Between.Gain(slice: $1.slice, mask: $1.mask, isShape: $0 > 0)
            }
            return try parts(gained, answer, &occupancy)
        case .between(let number, let question):
            return try parts(
                betweens[number].take(mask, for: question),
                answer,
                &occupancy
            )
        }
    }

    /// Goes on after all questions were answered.
    ///
    /// - Returns: Shapes that the object gains without a question.
    mutating func settle(_ occupancy: inout Occupancy) throws -> [SliceMask] {
        if !hasBegun {
            hasBegun = true
            try begin()
        }
        var result: [SliceMask] = []
        for number in betweens.indices {
            result += try parts(betweens[number].settle(), nil, &occupancy)
        }
        return result
    }

    /// - Parameter answer: That of the model, for masks that are no shapes.
    private func parts(
        _ gained: [Between.Gain],
        _ answer: PredictedMask?,
        _ occupancy: inout Occupancy
    ) throws -> [SliceMask] {
        var result: [SliceMask] = []
        for gain in gained {
            let mask =
                gain.isShape
                ? try occupancy.free(gain.mask, slice: gain.slice) : gain.mask
            guard !mask.isEmpty else { continue }
            occupancy.take(mask, slice: gain.slice)
            let isShape = gain.isShape
            result.append(
                part(gain.slice, mask, isShape ? nil : answer, isShape ? .shape : .projection)
            )
        }
        return result
    }

    private func part(
        _ slice: Int,
        _ mask: RunLengthMask,
        _ answer: PredictedMask?,
        _ origin: SliceMask.Origin
    ) -> SliceMask {
        SliceMask(
            object: object.id,
            slice: slice,
            pixels: mask,
            score: answer?.score ?? 0,
            stability: answer?.stability ?? 0,
            origin: origin
        )
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
