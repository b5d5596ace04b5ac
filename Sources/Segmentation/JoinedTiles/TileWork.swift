package import Foundation
package import Imaging
package import Prompting
package import Zarr

/// The labels of all tiles of a plane and how they are joined, whatever makes them.
///
/// The labels of the tiles lie compressed in a working folder until the whole plane is there, so that work
/// that was killed goes on with the tiles that are missing. Then objects that two tiles have seen are joined
/// (``LabelStitcher``).
package struct TileWork {
    let blocking: Blocking
    let description: JSONObject
    let stitching: LabelStitcher.Options
    let minimumSize: Int

    /// - Parameters:
    ///   - description: Everything that decides about the labels of tiles.
    ///   - minimumSize: Objects of fewer pixels are removed when they are whole.
    package init(
        blocking: Blocking,
        description: JSONObject,
        stitching: LabelStitcher.Options = LabelStitcher.Options(),
        minimumSize: Int = 0
    ) {
        self.blocking = blocking
        self.description = description
        self.stitching = stitching
        self.minimumSize = minimumSize
    }

    /// Segments the tiles that an earlier run has left, and joins all.
    ///
    /// - Parameters:
    ///   - workingFolder: Created for the labels of tiles; must not hold anything else. One of another
    ///     description is emptied first.
    ///   - segmenting: Gives the labels of a tile with its halo.
    package func run(
        in workingFolder: URL,
        _ work: Work = Work(),
        segmenting: (Blocking.Block) throws -> LabelImage
    ) throws -> StitchedLabels {
        var marked = description
        marked["usam_tiles"] = 1
        let store = try TileLabelStore(workingFolder, description: marked)
        var reused = 0
        for block in blocking.blocks {
            if try store.hasLabels(ofTile: block.index, size: block.outer.size) {
                reused += 1
            } else {
                try work.checkpoint()
                try store.write(segmenting(block), tile: block.index)
            }
            try work.advance(block.index + 1, of: blocking.count)
        }
        return try StitchedLabels(
            store: store,
            blocking: blocking,
            stitching,
            minimumSize: minimumSize,
            reusedTiles: reused,
            work
        )
    }
}
