/// Joins label images of overlapping blocks, which know nothing of each other, without seams.
///
/// Blocks arrive in order. Each gets labels of its own; where two neighbouring blocks overlap, both
/// have seen the same pixels, and objects that agree there are one object. An object that crosses the
/// border of a block and that its neighbour has not found is not cut there: it goes on in the pixels of
/// the neighbour that are free. Only the overlaps are kept, so an image of any size can be stitched
/// while its blocks are written:
///
/// ```swift
/// var stitcher = LabelStitcher(blocking)
/// for block in blocking.blocks {
///     let labels = try segment(block.outer)
///     try write(stitcher.add(labels), to: block.inner)          // provisional labels
/// }
/// let numbers = stitcher.finalLabels()
/// // second pass over what was written: where label == 0, that of completion(ofBlock:) if there is
/// // one; then label = numbers[Int(label)]
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

        /// Share of the part of an object beyond the border of its block that has to be free there for
        /// the object to go on; above 1, objects that one block has not found end at its border.
        public var minimumFreeShare = 0.5

        /// An IoU of 0.5; fragments of up to a quarter are absorbed if three quarters are covered;
        /// objects go on where at least half of their part is free.
        public init() {}
    }

    private let blocking: Blocking
    private let options: Options
    private var nextBlock = 0
    private var groups = DisjointSets()
    /// Overlaps with the blocks that are still to come, by their number, as seen from those before.
    private var strips: [Int: [Strip]] = [:]
    /// Whether each provisional label has pixels in the inner part of its block.
    private var hasCore = [false]
    /// Parts of objects that go on in other blocks, by the number of the block.
    private var extensions: [Int: [Run]] = [:]

    /// Prepares for the blocks of an image.
    public init(_ blocking: Blocking, _ options: Options = Options()) {
        self.blocking = blocking
        self.options = options
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
        let known = groups.count
        let provisional = try numbered(labels)
        // Most blocks of large images can be empty, and there is nothing to join in them.
        let isEmpty = groups.count == known
        let core = try provisional.cropped(to: block.innerInOuter)
        if !isEmpty {
            for label in core.labels { hasCore[Int(label)] = label != 0 }
        }
        for strip in strips.removeValue(forKey: nextBlock) ?? []
        where !(isEmpty && strip.isEmpty) {
            try join(strip, provisional, block)
        }
        for next in laterNeighbours(of: nextBlock) {
            guard let shared = block.outer.intersection(blocking[next].outer) else { continue }
            let labels = try provisional.cropped(to: shared, in: block.outer)
            strips[next, default: []].append(
                Strip(block: nextBlock, region: shared, labels: labels, isEmpty: isEmpty)
            )
        }
        nextBlock += 1
        return core
    }

    /// The final label of every provisional one, to be used as index; 0 stays 0.
    ///
    /// Objects are numbered 1, 2, … in the order in which blocks met them. Numbers of objects that
    /// lie only in halos, and so are part of no inner part, are left out of the result but not of
    /// the numbering; ``LabelImage/relabeledSequentially()`` closes the gaps where that matters.
    public func finalLabels() -> [UInt32] { groups.rootNumbers() }

    private mutating func numbered(_ labels: LabelImage) throws(ImagingError) -> LabelImage {
        let index = LabelIndex(labels)
        guard !index.labels.isEmpty else { return labels }
        guard groups.count + index.labels.count < Int(UInt32.max) else {
            throw .invalidParameter("labels", reason: "more than 2^32 objects")
        }
        let numbers = index.labels.map { _ in groups.insert() }
        hasCore += numbers.map { _ in false }
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
        let block: Int
        let region: Region
        let labels: LabelImage
        /// Whether the block has no objects.
        let isEmpty: Bool
    }

    /// The blocks to the right and below, diagonally, too.
    private func laterNeighbours(of block: Int) -> [Int] {
        let (column, row) = (block % blocking.columns, block / blocking.columns)
        return [(1, 0), (-1, 1), (0, 1), (1, 1)].compactMap { x, y in
            guard (0..<blocking.columns).contains(column + x), row + y < blocking.rows else {
                return nil
            }
            return block + y * blocking.columns + x
        }
    }

    /// Merges the objects of two blocks that agree where both have looked, and lets those that only one
    /// of them has found go on in the other.
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
        var joined: Set<UInt32> = []
        for (pair, count) in shared {
            let (a, b) = (areas[pair.first] ?? 0, areas[pair.second] ?? 0)
            guard isSame(shared: count, min(a, b), max(a, b)) else { continue }
            groups.union(pair.first, pair.second)
            joined.formUnion([pair.first, pair.second])
        }
        guard options.minimumFreeShare <= 1 else { return }
        extend(strip.labels, into: block.index, where: other, strip.region, except: joined)
        extend(other, into: strip.block, where: strip.labels, strip.region, except: joined)
    }

    /// Notes where objects of one block, `labels`, go on in the inner part of another, which has found
    /// `others`.
    private mutating func extend(
        _ labels: LabelImage,
        into block: Int,
        where others: LabelImage,
        _ frame: Region,
        except joined: Set<UInt32>
    ) {
        guard let part = blocking[block].inner.intersection(frame) else { return }
        var areas: [UInt32: Int] = [:]
        var runs: [Run] = []
        for y in part.y..<part.endY {
            let start = labels.size.index(x: part.x - frame.x, y: y - frame.y)
            var last = Run(x: 0, y: y, count: 0, label: 0)
            for x in part.x..<part.endX {
                let pixel = start + x - part.x
                let label = labels.labels[pixel]
                if label != 0 { areas[label, default: 0] += 1 }
                let free = others.labels[pixel] == 0 ? label : 0
                if free != last.label {
                    if last.label != 0 { runs.append(last) }
                    last = Run(x: x, y: y, count: 0, label: free)
                }
                last.count += 1
            }
            if last.label != 0 { runs.append(last) }
        }
        var free: [UInt32: Int] = [:]
        for run in runs { free[run.label, default: 0] += run.count }
        extensions[block, default: []] += runs.filter { run in
            let share = Double(free[run.label] ?? 0) / Double(areas[run.label] ?? 1)
            return hasCore[Int(run.label)] && !joined.contains(run.label)
                && share >= options.minimumFreeShare
        }
    }

    /// Pixels in a row of the image that belong to one object.
    private struct Run: Sendable {
        let x: Int
        let y: Int
        var count: Int
        let label: UInt32
    }

    /// Provisional labels of objects that go on in a block that has not found them, after all blocks
    /// were added.
    ///
    /// - Returns: Labels of the inner part that take the place of 0 there; nil if there are none.
    public func completion(ofBlock index: Int) -> LabelImage? {
        guard let runs = extensions[index], !runs.isEmpty else { return nil }
        let inner = blocking[index].inner
        var result = LabelImage(size: inner.size)
        for run in runs {
            let start = inner.size.index(x: run.x - inner.x, y: run.y - inner.y)
            for pixel in start..<start + run.count where result.labels[pixel] == 0 {
                result.labels[pixel] = run.label
            }
        }
        return result
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
        try cropped(to: frame.toTile(region))
    }
}
