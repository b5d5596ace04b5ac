package import Files
package import Foundation
package import Imaging

/// The labels of all tiles of an image and how they are joined, whatever makes them.
package struct TileWork {
    let input: EmbeddingInput
    let plane: Int
    let blocking: Blocking
    let description: JSONObject
    let stitching: LabelStitcher.Options
    let minimumSize: Int

    /// - Parameters:
    ///   - description: Everything that decides about the labels of tiles.
    ///   - minimumSize: Objects of fewer pixels are removed when they are whole.
    package init(
        input: EmbeddingInput,
        plane: Int = 0,
        blocking: Blocking,
        description: JSONObject,
        stitching: LabelStitcher.Options = LabelStitcher.Options(),
        minimumSize: Int = 0
    ) {
        self.input = input
        self.plane = plane
        self.blocking = blocking
        self.description = description
        self.stitching = stitching
        self.minimumSize = minimumSize
    }

    /// Segments the tiles that an earlier run has left, and joins all.
    ///
    /// - Parameter segmenting: Gives the labels of a tile with its halo.
    package func run(
        in workingFolder: URL,
        progress: (LargeImageSegmenter.Progress) throws -> Void = { _ in },
        segmenting: (AnyRaster) throws -> LabelImage
    ) throws -> StitchedLabels {
        var marked = description
        marked["usam_tiles"] = 1
        let store = try TileLabelStore(workingFolder, description: marked)
        var reused = 0
        for block in blocking.blocks {
            if try store.hasLabels(ofTile: block.index, size: block.outer.size) {
                reused += 1
            } else {
                try Task.checkCancellation()
                let labels = try segmenting(input.read(plane: plane, block.outer))
                try store.write(labels, tile: block.index)
            }
            try progress(.init(done: block.index + 1, total: blocking.count, reused: reused))
        }
        return try StitchedLabels(
            store: store,
            blocking: blocking,
            stitching,
            minimumSize: minimumSize
        )
    }
}
