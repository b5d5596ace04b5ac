import Imaging

/// Chooses what becomes of each source, so that no target is taken twice and the sum of scores is high.
///
/// Without divisions the sum is the highest possible one. Divisions, which take two targets at once, are put in one by one
/// where they raise the sum, and the rest is solved anew after each round.
struct FrameMatching {
    private let hypotheses: [LinkHypotheses]

    /// What is chosen for each source.
    private(set) var choices: [LinkChoice]

    private var scores: [Double]
    private var owners: [Int?]

    /// The sum of scores.
    var score: Double { scores.reduce(0, +) }

    /// For each target the links that are best: the chosen one, and that of the best other source.
    ///
    /// Each daughter has half of the score of her division. The other link has the score that the choice as a whole would lose with it, taken from
    /// that of the chosen one: what its source does now and what is left for the source of the chosen one count, too.
    var candidates: [(source: Int, target: Int, score: Double)] {
        var others = [(source: Int, score: Double)?](repeating: nil, count: owners.count)
        for source in hypotheses.indices {
            for continuation in hypotheses[source].continuations
            where owners[continuation.target] != source {
                let score = score(of: continuation, insteadFor: source)
                if others[continuation.target]?.score ?? -.infinity < score {
                    others[continuation.target] = (source, score)
                }
            }
        }
        var result: [(source: Int, target: Int, score: Double)] = []
        for target in owners.indices {
            if let owner = owners[target] {
                result.append((owner, target, scores[owner] / Double(choices[owner].targets.count)))
            }
            if let other = others[target] { result.append((other.source, target, other.score)) }
        }
        return result
    }

    /// The score of a link that was not chosen, with what it means for the sources that it concerns: this one gives up its choice, and that of
    /// the chosen link takes the best target that is free then.
    private func score(
        of other: LinkHypotheses.Continuation,
        insteadFor source: Int
    ) -> Double {
        guard let owner = owners[other.target] else { return other.score }
        let freed = choices[source].targets + choices[owner].targets
        var rest = 0.0
        for continuation in hypotheses[owner].continuations
        where continuation.target != other.target
            && (owners[continuation.target] == nil || freed.contains(continuation.target))
        {
            rest = max(rest, continuation.score)
        }
        let chosen = scores[owner] / Double(choices[owner].targets.count)
        return chosen + other.score - scores[source] + rest - scores[owner]
    }

    init(_ hypotheses: [LinkHypotheses], targetCount: Int) {
        self.hypotheses = hypotheses
        choices = Array(repeating: .end, count: hypotheses.count)
        scores = Array(repeating: 0, count: hypotheses.count)
        owners = Array(repeating: nil, count: targetCount)
        assign()
        // Each round raises the sum, so the number of rounds is limited only for safety.
        for _ in 0..<10 {
            guard improveDivisions() else { return }
            assign()
        }
    }

    /// Solves the sources that do not divide, with the targets that no division takes.
    private mutating func assign() {
        var assignment = SparseAssignment()
        var pairs: [(source: Int, continuation: LinkHypotheses.Continuation)] = []
        for source in hypotheses.indices {
            if case .division = choices[source] { continue }
            choose(.end, for: source, score: 0)
        }
        for source in hypotheses.indices where choices[source] == .end {
            for continuation in hypotheses[source].continuations
            where owners[continuation.target] == nil {
                assignment.addPair(
                    pairs.count,
                    row: UInt32(source),
                    column: UInt32(continuation.target),
                    cost: -continuation.score
                )
                pairs.append((source, continuation))
            }
        }
        for pair in assignment.cheapest() {
            let (source, continuation) = pairs[pair]
            choose(.continuation(continuation.target), for: source, score: continuation.score)
        }
    }

    private mutating func choose(_ choice: LinkChoice, for source: Int, score: Double) {
        for target in choices[source].targets where owners[target] == source {
            owners[target] = nil
        }
        choices[source] = choice
        scores[source] = score
        for target in choice.targets { owners[target] = source }
    }

    /// Puts in, exchanges and takes out divisions where that raises the sum.
    private mutating func improveDivisions() -> Bool {
        var hasImproved = false
        for source in hypotheses.indices {
            for division in hypotheses[source].divisions {
                let choice = LinkChoice.division(division.first, division.second)
                if choice != choices[source], tryChoice(choice, for: source, score: division.score)
                {
                    hasImproved = true
                }
            }
            guard case .division = choices[source] else { continue }
            for continuation in hypotheses[source].continuations {
                let choice = LinkChoice.continuation(continuation.target)
                if tryChoice(choice, for: source, score: continuation.score) { hasImproved = true }
            }
        }
        return hasImproved
    }

    /// Makes a choice if the sum rises when each source that loses a target takes the best one that is free.
    private mutating func tryChoice(_ choice: LinkChoice, for source: Int, score: Double) -> Bool {
        let before = (choices, scores, owners, self.score)
        let displaced = Set(choice.targets.compactMap { owners[$0] }).subtracting([source]).sorted()
        // What this source can gain at most; most attempts end here.
        guard score > scores[source] else {
            // A lower score of its own pays off only if it frees a target for another source.
            guard choices[source].targets.count > choice.targets.count else { return false }
            for other in displaced { choose(.end, for: other, score: 0) }
            choose(choice, for: source, score: score)
            settleAll(except: source)
            if self.score > before.3 + 1e-9 { return true }
            (choices, scores, owners) = (before.0, before.1, before.2)
            return false
        }
        for other in displaced { choose(.end, for: other, score: 0) }
        choose(choice, for: source, score: score)
        for other in displaced { settle(other) }
        if self.score > before.3 + 1e-9 { return true }
        (choices, scores, owners) = (before.0, before.1, before.2)
        return false
    }

    /// Gives a source without a target the best one that is free.
    private mutating func settle(_ source: Int) {
        let free = hypotheses[source].continuations.filter { owners[$0.target] == nil }
        guard let best = free.max(by: { $0.score < $1.score }) else { return }
        choose(.continuation(best.target), for: source, score: best.score)
    }

    private mutating func settleAll(except source: Int) {
        for other in hypotheses.indices where other != source && choices[other] == .end {
            settle(other)
        }
    }
}
