/// Joins label images of overlapping blocks, which know nothing of each other, without seams.
///
/// Blocks arrive in order. Each gets labels of its own; where two blocks that share an edge
/// overlap, both have seen the same pixels, and objects that agree there are one object. Only the
/// overlaps are kept, so an image of any size can be stitched while its blocks are written:
///
/// ```swift
/// var stitcher = LabelStitcher(blocking)
/// for block in blocking.blocks {
///     let labels = try segment(block.outer)
///     try write(stitcher.add(labels), to: block.inner)          // provisional labels
/// }
/// let numbers = stitcher.finalLabels()
/// // second pass over what was written: label = numbers[Int(label)]
/// ```
///
/// The result depends on the blocks and their labels only, not on the numbering inside blocks.
public struct LabelStitcher: Sendable {
    /// When two objects count as one.
    public struct Options: Hashable, Codable, Sendable {
        /// IoU, inside the overlap of two blocks, from which on two objects are one.
        public var minimumIntersectionOverUnion = 0.5

        /// Share of the smaller object that the larger one must cover to absorb it as a fragment.
        public var minimumFragmentCover = 0.75

        /// Size up to which an object can be absorbed, relative to the larger object.
        public var maximumFragmentSize = 0.25

        /// An IoU of 0.5; fragments of up to a quarter are absorbed if three quarters are covered.
        public init() {}
    }

    private let blocking: Blocking
    private let options: Options
    private var nextBlock = 0
    private var groups = DisjointSets()
    /// Overlap with the next block of the row, as seen from the last block.
    private var rightStrip: Strip?
    /// Overlaps with the next row of blocks, by column, as seen from above.
    private var lowerStrips: [Strip?]

    /// Prepares for the blocks of an image.
    public init(_ blocking: Blocking, _ options: Options = Options()) {
        self.blocking = blocking
        self.options = options
        lowerStrips = [Strip?](repeating: nil, count: blocking.columns)
    }

    /// Takes the labels of the next block.
    ///
    /// - Parameter labels: The labels of the outer part of the block.
    /// - Returns: Provisional labels of the inner part; ``finalLabels()`` tells what becomes of them.
    /// - Throws: ``ImagingError`` if the size is not that of the block's outer part, all blocks
    ///   have arrived already, or there are more than 2^32 - 2 objects.
    public mutating func add(_ labels: LabelImage) throws(ImagingError) -> LabelImage {
        guard nextBlock < blocking.count else {
            throw .invalidParameter("block", reason: "all \(blocking.count) blocks have arrived")
        }
        let block = blocking[nextBlock]
        guard labels.size == block.outer.size else {
            throw .sizeMismatch(
                "labels of block \(nextBlock)",
                expected: block.outer.size,
                found: labels.size
            )
        }
        let provisional = try numbered(labels)
        let (column, row) = (nextBlock % blocking.columns, nextBlock / blocking.columns)
        if column > 0, let strip = rightStrip { try join(strip, provisional, block) }
        if row > 0, let strip = lowerStrips[column] { try join(strip, provisional, block) }
        rightStrip = try strip(
            of: provisional,
            block,
            next: column + 1 < blocking.columns ? 1 : nil
        )
        lowerStrips[column] = try strip(
            of: provisional,
            block,
            next: row + 1 < blocking.rows ? blocking.columns : nil
        )
        nextBlock += 1
        return try provisional.cropped(to: block.innerInOuter)
    }

    /// The final label of every provisional one, to be used as index; 0 stays 0.
    ///
    /// Objects are numbered 1, 2, … in the order in which blocks met them. Numbers of objects that
    /// lie only in halos, and so are part of no inner part, are left out of the result but not of
    /// the numbering; ``LabelImage/relabeledSequentially()`` closes the gaps where that matters.
    public func finalLabels() -> [UInt32] { groups.rootNumbers() }

    private mutating func numbered(_ labels: LabelImage) throws(ImagingError) -> LabelImage {
        let index = LabelIndex(labels)
        guard groups.count + index.labels.count < Int(UInt32.max) else {
            throw .invalidParameter("labels", reason: "more than 2^32 objects")
        }
        let numbers = index.labels.map { _ in groups.insert() }
        var result = labels
        index.forEachPixel(of: labels) { pixel, object in
            result.labels[pixel] = object < 0 ? 0 : numbers[object]
        }
        return result
    }
}

extension LabelStitcher {
    /// What one block has found in the part that it shares with another one.
    private struct Strip: Sendable {
        let region: Region
        let labels: LabelImage
    }

    private func strip(
        of labels: LabelImage,
        _ block: Blocking.Block,
        next: Int?
    ) throws(ImagingError) -> Strip? {
        guard let next, let shared = block.outer.intersection(blocking[block.index + next].outer)
        else { return nil }
        return Strip(region: shared, labels: try labels.cropped(to: shared, in: block.outer))
    }

    /// Merges the objects of two blocks that agree where both have looked.
    private mutating func join(
        _ strip: Strip,
        _ labels: LabelImage,
        _ block: Blocking.Block
    ) throws(ImagingError) {
        let other = try labels.cropped(to: strip.region, in: block.outer)
        var areas: [UInt32: Int] = [:]
        var shared: [Pair: Int] = [:]
        for (a, b) in zip(strip.labels.labels, other.labels) {
            if a != 0 { areas[a, default: 0] += 1 }
            if b != 0 { areas[b, default: 0] += 1 }
            if a != 0 && b != 0 { shared[Pair(a, b), default: 0] += 1 }
        }
        for (pair, count) in shared {
            let (a, b) = (areas[pair.first] ?? 0, areas[pair.second] ?? 0)
            if isSame(shared: count, min(a, b), max(a, b)) { groups.union(pair.first, pair.second) }
        }
    }

    private func isSame(shared: Int, _ smaller: Int, _ larger: Int) -> Bool {
        let union = Double(smaller + larger - shared)
        if Double(shared) >= options.minimumIntersectionOverUnion * union { return true }
        return Double(smaller) <= options.maximumFragmentSize * Double(larger)
            && Double(shared) >= options.minimumFragmentCover * Double(smaller)
    }

    private struct Pair: Hashable {
        let first: UInt32
        let second: UInt32

        init(_ first: UInt32, _ second: UInt32) {
            self.first = first
            self.second = second
        }
    }
}

extension LabelImage {
    /// The labels inside `region` of the image, of which this is the part `frame`.
    fileprivate func cropped(to region: Region, in frame: Region) throws(ImagingError) -> LabelImage
    {
        try cropped(
            to: Region(
                x: region.x - frame.x,
                y: region.y - frame.y,
                width: region.width,
                height: region.height
            )
        )
    }
}
