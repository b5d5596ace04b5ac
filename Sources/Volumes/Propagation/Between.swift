import Imaging
import Prompting

/// The slices between two slices with masks of the same object.
///
/// States: *fronts* go from both sides towards the middle; *middle* asks for the one slice that is left; *parts* are
/// divided in their middle until they have no slice inside; *shapes* need no model; *closed*.
struct Between {
    /// A mask and its slice.
    struct Key {
        let slice: Int
        let mask: RunLengthMask
    }

    /// A mask that the object gains.
    struct Gain {
        let slice: Int
        let mask: RunLengthMask
        /// Whether the model had no part in it.
        let isShape: Bool
    }

    /// A prediction that is asked for.
    enum Question: Hashable {
        /// The next slice of the front that goes upwards, or downwards.
        case up, down
        /// The slice in the middle, from both sides.
        case middle
        /// The middle of a part.
        case part(Int)
    }

    /// Two masks, and what was found in the middle between them.
    private struct Part {
        let low: Key
        let high: Key
        let middle: Int
        let shape: RunLengthMask
        var found: Key?

        init?(_ low: Key, _ high: Key) throws {
            guard high.slice - low.slice > 1 else { return nil }
            (self.low, self.high) = (low, high)
            middle = (low.slice + high.slice) / 2
            let distance = Double(high.slice - low.slice)
            shape = try low.mask.shape(
                towards: high.mask,
                at: Double(middle - low.slice) / distance
            )
            if shape.isEmpty { return nil }
        }
    }

    private enum State {
        case fronts(up: Front, down: Front)
        case middle(low: Key, high: Key)
        case parts([Part])
        case shapes(low: Key, high: Key)
        case closed
    }

    private let options: PropagationOptions
    private var state: State

    /// Begins with two masks.
    init(_ low: Key, _ high: Key, _ options: PropagationOptions) throws {
        self.options = options
        let distance = high.slice - low.slice
        if distance < 2 || low.mask.isEmpty || high.mask.isEmpty {
            state = .closed
        } else if options.followsReference || options.filling == .project {
            state =
                distance == 2
                ? .middle(low: low, high: high) : Self.fronts(low, high, options)
        } else if options.filling == .bisect {
            state = .parts(try [Part(low, high)].compactMap(\.self))
        } else {
            state = .shapes(low: low, high: high)
        }
    }

    private static func fronts(_ low: Key, _ high: Key, _ options: PropagationOptions) -> State {
        let middle = (low.slice + high.slice) / 2
        let isOdd = (high.slice - low.slice) % 2 == 1
        func front(_ key: Key, _ step: Int, _ last: Int) -> Front {
            Front(
                from: key.slice,
                key.mask,
                step: step,
                last: last,
                threshold: options.followsReference ? nil : options.overlapThreshold,
                patience: options.stopAfterEmpty
            )
        }
        return .fronts(
            up: front(low, 1, isOdd ? middle : middle - 1),
            down: front(high, -1, middle + 1)
        )
    }

    // MARK: - Questions

    /// What is asked next: slices, and the masks that are shown to the model there.
    var questions: [(question: Question, slice: Int, mask: RunLengthMask)] {
        switch state {
        case .fronts(let up, let down):
            return [(Question.up, up), (.down, down)].compactMap { question, front in
                front.next.map { (question, $0, front.mask) }
            }
        case .middle(let low, let high):
            return [(.middle, low.slice + 1, low.mask.union(high.mask))]
        case .parts(let parts):
            return parts.enumerated().map { (.part($0), $1.middle, $1.shape) }
        case .shapes, .closed: return []
        }
    }

    /// Takes the answer to a question.
    mutating func take(_ mask: RunLengthMask, for question: Question) throws -> [Gain] {
        switch (state, question) {
        case (.fronts(var up, let down), .up):
            let gained = try up.advance(mask)
            state = .fronts(up: up, down: down)
            return Self.gains(gained)
        case (.fronts(let up, var down), .down):
            let gained = try down.advance(mask)
            state = .fronts(up: up, down: down)
            return Self.gains(gained)
        case (.middle(let low, let high), .middle):
            state = .closed
            let shape = try low.mask.shape(towards: high.mask, at: 0.5)
            return [gain(mask, low.slice + 1, or: shape)]
        case (.parts(var parts), .part(let number)):
            let part = parts[number]
            let gain = gain(mask, part.middle, or: part.shape)
            parts[number].found = Key(slice: gain.slice, mask: gain.mask)
            state = .parts(parts)
            return [gain]
        default: return []
        }
    }

    /// Goes on where all questions were answered.
    ///
    /// - Returns: The shapes that fill what no model fills.
    mutating func settle() throws -> [Gain] {
        if case .fronts(let up, let down) = state, up.next == nil, down.next == nil {
            let low = Key(slice: up.slice, mask: up.mask)
            let high = Key(slice: down.slice, mask: down.mask)
            switch down.slice - up.slice {
            case ..<2: state = .closed
            case 2: state = .middle(low: low, high: high)
            default: state = options.followsReference ? .closed : .shapes(low: low, high: high)
            }
        }
        if case .parts(let parts) = state {
            let next = try parts.flatMap { part in
                guard let found = part.found else { return [part] }
                return try [Part(part.low, found), Part(found, part.high)].compactMap(\.self)
            }
            state = next.isEmpty ? .closed : .parts(next)
        }
        guard case .shapes(let low, let high) = state else { return [] }
        state = .closed
        return try (low.slice + 1..<high.slice).map { slice in
            let position = Double(slice - low.slice) / Double(high.slice - low.slice)
            let shape = try low.mask.shape(towards: high.mask, at: position)
            return Gain(slice: slice, mask: shape, isShape: true)
        }
    }

    // MARK: - Answers

    /// What the model found, or the shape where it found something else.
    private func gain(_ mask: RunLengthMask, _ slice: Int, or shape: RunLengthMask) -> Gain {
        let isGood = !mask.isEmpty && mask.overlap(shape) >= options.overlapThreshold
        return options.followsReference || isGood
            ? Gain(slice: slice, mask: mask, isShape: false)
            : Gain(slice: slice, mask: shape, isShape: true)
    }

    /// Of the masks of a front, the first one is that of the model.
    private static func gains(_ gained: [(slice: Int, mask: RunLengthMask)]) -> [Gain] {
        gained.enumerated().map { Gain(slice: $1.slice, mask: $1.mask, isShape: $0 > 0) }
    }
}
