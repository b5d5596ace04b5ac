import Imaging

/// Divisions that may turn out to be an object that was cut in two by the segmentation, and is whole again soon after.
struct RecentDivisions: Sendable {
    private struct Division: Sendable {
        let mother: Int
        let daughters: [Int]
        let frame: Int

        /// The last detections of the two tracks.
        var heads: [Int]
    }

    /// For how many frames after a division it may be taken back.
    static let delay = 2

    private var divisions: [Division] = []

    /// Remembers a division.
    mutating func add(mother: Int, daughters: [Int], frame: Int) {
        divisions.append(
            Division(mother: mother, daughters: daughters, frame: frame, heads: daughters)
        )
    }

    /// Follows the daughters into a frame.
    ///
    /// - Parameters:
    ///   - successors: The detection that follows a head; nil if its track has ended in this frame.
    ///   - isWholeAgain: Whether what follows the first of two heads is both together.
    /// - Returns: The links that are final, and what follows where a division was taken back.
    mutating func update(
        frame: Int,
        successors: [Int: Int],
        isWholeAgain: (_ going: Int, _ ended: Int) -> Bool
    ) -> (links: [Link], restored: [Int]) {
        var links: [Link] = []
        var restored: [Int] = []
        divisions = divisions.compactMap { division in
            var division = division
            let next = division.heads.map { successors[$0] }
            for (going, ended) in [(0, 1), (1, 0)] {
                guard let successor = next[going], next[ended] == nil,
                    isWholeAgain(division.heads[going], division.heads[ended])
                else { continue }
                links.append(Link(from: division.mother, to: division.daughters[going]))
                restored.append(successor)
                return nil
            }
            for head in 0..<2 { division.heads[head] = next[head] ?? division.heads[head] }
            guard frame - division.frame >= Self.delay else { return division }
            links += division.daughters.map { Link(from: division.mother, to: $0) }
            return nil
        }
        return (links, restored)
    }

    /// The links of all divisions that have not been taken back.
    mutating func finish() -> [Link] {
        defer { divisions = [] }
        return divisions.flatMap { division in
            division.daughters.map { Link(from: division.mother, to: $0) }
        }
    }
}
