import Imaging

/// Which pixels of each slice belong to somebody, so that objects do not run into each other.
struct Occupancy: Sendable {
    private let occupied: @Sendable (Int) throws -> RunLengthMask?
    private var taken: [Int: RunLengthMask] = [:]

    /// - Parameter occupied: The pixels of a slice that belong to objects that are there already; asked once for each
    ///   slice.
    init(_ occupied: @escaping @Sendable (Int) throws -> RunLengthMask?) {
        self.occupied = occupied
    }

    /// The pixels of a mask that belong to nobody yet.
    mutating func free(_ mask: RunLengthMask, slice: Int) throws -> RunLengthMask {
        mask.subtracting(try others(in: slice, of: mask.size))
    }

    /// Gives pixels to an object.
    mutating func take(_ mask: RunLengthMask, slice: Int) {
        taken[slice] = taken[slice].map { $0.union(mask) } ?? mask
    }

    private mutating func others(in slice: Int, of size: Size) throws -> RunLengthMask {
        if let known = taken[slice] { return known }
        let others = try occupied(slice) ?? RunLengthMask(unchecked: size, runs: [])
        guard others.size == size else {
            throw ImagingError.sizeMismatch("mask of others", expected: size, found: others.size)
        }
        taken[slice] = others
        return others
    }
}
