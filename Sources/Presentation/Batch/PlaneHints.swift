import Prompting

/// What looks odd about the results of the planes of an image.
///
/// A plane of a stack may well be empty, so that a hint about one is no finding about the stack.
struct PlaneHints: Sendable {
    /// Hints of one kind: the first of them, and the number of planes that have one.
    private var found: [(hint: WorkDecision, planes: Int)] = []

    /// Adds the hint of a plane.
    mutating func add(_ hint: WorkDecision) {
        if let place = found.firstIndex(where: { $0.hint.kind == hint.kind }) {
            found[place].planes += 1
        } else {
            found.append((hint, 1))
        }
    }

    /// A sentence for each kind.
    ///
    /// - Parameter count: Number of planes of the image.
    func words(planes count: Int) -> [String] {
        found.map { hint, planes in
            planes < count ? "in \(planes) of \(count) planes, \(hint.words)" : hint.words
        }
    }
}

extension WorkDecision {
    /// Whether it is about a result, and not about the way to it.
    var isHint: Bool {
        switch kind {
        case .noGoodMask, .noStableMask, .unfamiliar: true
        case .tiles, .enlarged, .tooSmall, .pointGrid: false
        }
    }
}
