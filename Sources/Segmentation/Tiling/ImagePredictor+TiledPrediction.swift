import Imaging
public import SegmentAnything

extension ImagePredictor {
    /// Predicts masks of many objects in an image, divided or not, in the order of the objects.
    ///
    /// In a divided image every object is predicted in the tile of its prompts
    /// (``TiledEmbedding/route(_:object:)``) and cut off where that tile's halo ends. Each tile is
    /// loaded once.
    ///
    /// - Parameter progress: Receives the number of objects done.
    /// - Returns: Masks of the size of the whole image.
    /// - Throws: ``TilingError`` if prompts lie outside or contradict each other; ``TensorError``;
    ///   `CancellationError` if the task is cancelled between batches.
    public func predict(
        _ objects: [ObjectPrompts],
        in embeddings: ImageEmbeddings,
        _ options: BatchOptions,
        progress: (Int) -> Void = { _ in }
    ) throws -> [PredictedMask] {
        switch embeddings {
        case .whole(let embedding):
            return try predict(objects, in: embedding, options, progress: progress)
        case .tiled(let tiled):
            let routed = try objects.enumerated().map { index, prompts throws(TilingError) in
                try tiled.route(prompts, object: index)
            }
            let groups = Dictionary(grouping: routed.indices) { routed[$0].tile }
            var results = [[PredictedMask]](repeating: [], count: objects.count)
            var done = 0
            for (tile, indices) in groups.sorted(by: { $0.key < $1.key }) {
                let origin = tiled.blocking[tile].outer
                let masks = try predict(
                    indices.map { routed[$0].prompts },
                    in: tiled.embedding(ofTile: tile),
                    options
                ) { progress(done + $0) }
                for mask in masks {
                    let index = indices[mask.object]
                    results[index].append(
                        try mask.placed(as: index, x: origin.x, y: origin.y, in: tiled.imageSize)
                    )
                }
                done += indices.count
            }
            return results.flatMap { $0 }
        }
    }

    /// Predicts masks of one object in an image, divided or not.
    ///
    /// In a divided image the logits outside of the tile are ``outsideLogit``, and the logits at low
    /// resolution are those of the tile: to use them as a prompt, name that tile
    /// (``ObjectPrompts/tile``).
    ///
    /// - Throws: ``TilingError`` if prompts lie outside or contradict each other; ``TensorError``.
    public func predict(
        _ prompts: ObjectPrompts,
        in embeddings: ImageEmbeddings,
        masks: MaskCount
    ) throws -> ObjectMasks {
        switch embeddings {
        case .whole(let embedding):
            return try predict(prompts, in: embedding, masks: masks)
        case .tiled(let tiled):
            let routed = try tiled.route(prompts)
            let local = try predict(
                routed.prompts,
                in: tiled.embedding(ofTile: routed.tile),
                masks: masks
            )
            let outer = tiled.blocking[routed.tile].outer
            let logits = try local.logits.map { logits throws(ImagingError) in
                var whole = Raster<Float>(repeating: Self.outsideLogit, size: tiled.imageSize)
                try whole.replace(outer, with: logits)
                return whole
            }
            return ObjectMasks(
                logits: logits,
                scores: local.scores,
                lowResolutionLogits: local.lowResolutionLogits
            )
        }
    }

    /// The logit of pixels outside of the tile in which an object was predicted.
    public static let outsideLogit: Float = -32
}

extension PredictedMask {
    /// The mask as part of a larger image.
    func placed(as object: Int, x: Int, y: Int, in size: Size) throws(ImagingError)
        -> PredictedMask
    {
        PredictedMask(
            object: object,
            mask: try mask.placed(x: x, y: y, in: size),
            score: score,
            stability: stability
        )
    }
}
