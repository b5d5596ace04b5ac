import Imaging

/// An object on its way from slice to slice in one direction.
struct Front {
    /// 1 upwards, -1 downwards.
    let step: Int

    /// The last slice that the front may reach.
    let last: Int

    /// The least overlap of neighbouring masks; nil if every mask is taken.
    let threshold: Double?

    /// Number of slices without the object after which the front ends.
    let patience: Int

    /// The slice that was reached.
    private(set) var slice: Int

    /// The mask there.
    private(set) var mask: RunLengthMask

    /// The slice that is asked for next; nil at the end.
    private(set) var next: Int?

    private var misses = 0

    /// Begins in a slice with a mask.
    ///
    /// - Parameter last: If it lies behind the start, there is nothing to do.
    init(
        from slice: Int,
        _ mask: RunLengthMask,
        step: Int,
        last: Int,
        threshold: Double?,
        patience: Int
    ) {
        (self.slice, self.mask, self.step, self.last) = (slice, mask, step, last)
        (self.threshold, self.patience) = (threshold, patience)
        next = slice + step
        if mask.isEmpty || isBeyond(slice + step) { next = nil }
    }

    private func isBeyond(_ slice: Int) -> Bool { step > 0 ? slice > last : slice < last }

    /// Goes no further.
    mutating func end() { next = nil }

    /// Takes the mask of the slice that was asked for.
    ///
    /// - Parameter expected: Where the object was expected; nil for the place of the mask before.
    /// - Returns: The masks that the object gains: the new one, and shapes in slices that were passed without it; none
    ///   if it is not there.
    mutating func advance(
        _ found: RunLengthMask,
        expected: RunLengthMask? = nil
    ) throws -> [(slice: Int, mask: RunLengthMask)] {
        guard let asked = next else { return [] }
        next = isBeyond(asked + step) ? nil : asked + step
        let before = expected ?? mask
        guard !found.isEmpty, threshold.map({ before.overlap(found) >= $0 }) ?? true else {
            misses += 1
            if misses >= patience { next = nil }
            return []
        }
        var gained = [(slice: asked, mask: found)]
        for missing in 0..<misses {
            let position = Double(missing + 1) / Double(misses + 1)
            let shape = try mask.shape(towards: found, at: position)
            gained.append((slice + step * (missing + 1), shape))
        }
        (slice, mask, misses) = (asked, found, 0)
        return gained
    }
}

extension RunLengthMask {
    /// Intersection over union as micro-sam computes it.
    func overlap(_ other: RunLengthMask) -> Double {
        let shared = Double(intersectionArea(with: other))
        return shared / (Double(area + other.area) - shared + 1e-7)
    }
}
