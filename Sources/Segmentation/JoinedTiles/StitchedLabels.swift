import Foundation
public import Imaging
public import Prompting

/// The objects of a large image, joined over all tiles; pixels are still on disk.
public struct StitchedLabels: Sendable {
    /// How the image is divided.
    public let blocking: Blocking

    /// Number of objects; labels are 1 to this.
    public let objectCount: Int

    /// How many tiles an earlier run had segmented.
    public let reusedTiles: Int

    private let store: TileLabelStore
    private let options: LabelStitcher.Options
    /// All blocks have gone through it.
    private let stitcher: LabelStitcher
    /// The final label of every provisional one.
    private let numbers: [UInt32]

    /// Finds out which objects of different tiles are one, and numbers them.
    init(
        store: TileLabelStore,
        blocking: Blocking,
        _ options: LabelStitcher.Options,
        minimumSize: Int,
        reusedTiles: Int = 0,
        _ work: Work = Work()
    ) throws {
        self.reusedTiles = reusedTiles
        self.store = store
        self.blocking = blocking
        self.options = options
        var sizes: [Int] = []
        func count(_ labels: LabelImage) {
            let index = LabelIndex(labels)
            guard !index.labels.isEmpty else { return }
            for (label, size) in zip(index.labels, index.sizes(in: labels)) {
                let missing = Int(label) + 1 - sizes.count
                if missing > 0 { sizes.append(contentsOf: repeatElement(0, count: missing)) }
                sizes[Int(label)] += size
            }
        }
        stitcher = try Self.stitch(store, blocking, options) { labels, _ in
            try work.checkpoint()
            count(labels)
        }
        for block in blocking.blocks {
            if let completion = stitcher.completion(ofBlock: block.index) { count(completion) }
        }
        (numbers, objectCount) = Self.numbers(stitcher.finalLabels(), sizes, minimumSize)
    }

    /// Gives the final labels of each block, in order.
    ///
    /// - Parameter body: Receives the labels of the inner part of the block, and where it lies.
    public func forEachBlock(
        _ work: Work = Work(),
        _ body: (LabelImage, Region) throws -> Void
    ) throws {
        _ = try Self.stitch(store, blocking, options) { labels, block in
            try work.checkpoint()
            var final = labels
            if let completion = stitcher.completion(ofBlock: block.index) {
                for pixel in final.labels.indices where final.labels[pixel] == 0 {
                    final.labels[pixel] = completion.labels[pixel]
                }
            }
            for pixel in final.labels.indices where final.labels[pixel] != 0 {
                final.labels[pixel] = numbers[Int(final.labels[pixel])]
            }
            try body(final, block.inner)
        }
    }

    /// All labels, in memory.
    public func labelImage(_ work: Work = Work()) throws -> LabelImage {
        var whole = LabelImage(size: blocking.imageSize)
        let width = blocking.imageSize.width
        try forEachBlock(work) { labels, region in
            for row in 0..<region.height {
                let target = (region.y + row) * width + region.x
                let source = row * region.width
                whole.labels.replaceSubrange(
                    target..<target + region.width,
                    with: labels.labels[source..<source + region.width]
                )
            }
        }
        return whole
    }

    /// Removes the labels of the tiles, after which nothing can be read any more.
    public func removeWorkingFolder() {
        // What cannot be removed is found and emptied by the next run of the same output.
        try? FileManager.default.removeItem(at: store.url)
    }

    /// Runs the stitcher over all blocks; it gives the same provisional labels each time.
    private static func stitch(
        _ store: TileLabelStore,
        _ blocking: Blocking,
        _ options: LabelStitcher.Options,
        _ body: (LabelImage, Blocking.Block) throws -> Void
    ) throws -> LabelStitcher {
        var stitcher = LabelStitcher(blocking, options)
        for block in blocking.blocks {
            let provisional = try stitcher.add(store.labels(ofTile: block.index))
            try body(provisional, block)
        }
        return stitcher
    }

    /// Numbers 1, 2, … for objects that have enough pixels, 0 for the others.
    private static func numbers(
        _ final: [UInt32],
        _ provisionalSizes: [Int],
        _ minimumSize: Int
    ) -> (numbers: [UInt32], count: Int) {
        var sizes = [Int](repeating: 0, count: Int(final.max() ?? 0) + 1)
        for (label, size) in provisionalSizes.enumerated() where label > 0 {
            sizes[Int(final[label])] += size
        }
        var count: UInt32 = 0
        let numbers = sizes.enumerated().map { label, size in
            guard label > 0, size >= max(minimumSize, 1) else { return UInt32(0) }
            count += 1
            return count
        }
        return (final.map { numbers[Int($0)] }, Int(count))
    }
}
