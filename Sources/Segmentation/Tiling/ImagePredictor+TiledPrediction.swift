import Imaging
public import Prompting
import SegmentAnything

extension ImagePredictor {
    /// Predicts masks of many objects in an image, divided or not, in the order of the objects.
    ///
    /// In a divided image every object is predicted in the tile of its prompts
    /// (``TiledEmbedding/route(_:object:)``) and cut off where that tile's halo ends. Each tile is
    /// loaded once. Logits are those of the tile: to use them as a prompt, name it
    /// (``SpatialPrompts/tile``).
    ///
    /// - Parameter work: Told how many objects are done.
    /// - Returns: Masks of the size of the whole image.
    /// - Throws: ``TilingError`` if prompts lie outside or contradict each other; `TensorError`;
    ///   `CancellationError` if the work is cancelled between batches.
    public func predict(
        _ objects: [ObjectPrompts],
        in embeddings: ImageEmbeddings,
        _ options: BatchOptions,
        _ work: Work = Work()
    ) throws -> [PredictedMask] {
        switch embeddings {
        case .whole(let embedding):
            return try predict(objects, in: embedding, options, work)
        case .tiled(let tiled):
            let routed = try objects.enumerated().map { index, prompts throws(TilingError) in
                try tiled.route(prompts, object: index)
            }
            var results = [[PredictedMask]](repeating: [], count: objects.count)
            var done = 0
            try tiled.forEachTile(of: routed, work.silent) { tile, embedding, indices in
                let masks = try predict(
                    tile: indices.map { routed[$0].prompts },
                    in: embedding,
                    options,
                    work.part(from: done, of: objects.count)
                )
                for mask in masks {
                    let index = indices[mask.object]
                    results[index].append(
                        try mask.placed(as: index, at: tile.outer, in: tiled.imageSize)
                    )
                }
                done += indices.count
            }
            return results.flatMap { $0 }
        }
    }
}

extension TiledEmbedding {
    /// Hands each tile that objects lie in to `body`, with its embedding and the numbers of the objects.
    func forEachTile(
        of objects: [RoutedPrompts],
        _ work: Work,
        _ body: (Blocking.Block, ImageEmbedding, [Int]) throws -> Void
    ) throws {
        let groups = Dictionary(grouping: objects.indices) { objects[$0].tile }
        for (tile, indices) in groups.sorted(by: { $0.key < $1.key }) {
            let embedding = try embedding(ofTile: tile, amongMany: groups.count > 1, work)
            try body(blocking[tile], embedding, indices)
        }
    }

    /// The embedding of a tile for work in it.
    ///
    /// - Parameter amongMany: Whether other tiles come next; then what is prepared in this one is not kept,
    ///   which for all tiles of a large image would be several times their size.
    func embedding(ofTile tile: Int, amongMany: Bool, _ work: Work) throws -> ImageEmbedding {
        let embedding = try embedding(ofTile: tile, work)
        return amongMany ? embedding.forOneUse : embedding
    }
}
