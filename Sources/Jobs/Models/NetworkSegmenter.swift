import Imaging
public import Prompting
public import Segmentation

/// The networks as a batch sees them.
public struct NetworkSegmenter: BatchSegmenter {
    private let segmenter: AutomaticSegmenter
    private let identity: EmbeddingSignature.Model
    private let enlargement: Enlargement?

    /// Wraps a predictor.
    ///
    /// - Parameters:
    ///   - identity: Name and hash of the model, by which stored embeddings are recognised.
    ///   - enlargement: How images are enlarged that are not stored.
    public init(
        _ predictor: ImagePredictor,
        _ options: AutomaticSegmentationOptions,
        identity: EmbeddingSignature.Model,
        enlargement: Enlargement? = nil
    ) throws {
        segmenter = try AutomaticSegmenter(predictor, options)
        self.identity = identity
        // Without decoder there is no first look.
        if case .firstLook = enlargement?.source, segmenter.mode == .maskGeneration {
            self.enlargement = nil
        } else {
            self.enlargement = enlargement
        }
    }

    /// Runs the model on an image, in the steps `encode` and `decode`.
    public func predict(_ image: PreparedImage, _ clock: inout StageClock) throws -> RemainingWork {
        let tell = clock.onAdvance
        let embedded = try clock.measure(.encode) {
            try embed(image) { done, total in tell(done, total) }
        }
        let embeddings = embedded.whereObjectsAre
        if let diameter = embedded.objectDiameter, case .tiled(let tiled) = embeddings {
            clock.onDecide(
                "objects are about \(Int(diameter.rounded())) pixels in diameter, so the model sees the image enlarged, in "
                    + "\(tiled.tiles.count) tiles (--diameter says another diameter, --tile-shape none prevents it)"
            )
        }
        let state = try clock.measure(.decode) {
            if let maps = embedded.maps { return AutomaticState.maps(maps) }
            return try segmenter.initialize(embeddings, image: image.normalized) { done, total in
                tell(done, total)
            }
        }
        if segmenter.mode == .generatedPrompts {
            // Here the model is asked once more, which has to happen on its own thread.
            let labels = try clock.measure(.segment) {
                try segmenter.segment(state, in: embeddings)
            }
            return finished(labels)
        }
        return remaining(state, embeddings)
    }

    private func finished(_ labels: LabelImage) -> RemainingWork { { labels } }

    private func remaining(
        _ state: AutomaticState,
        _ embeddings: ImageEmbeddings
    ) -> RemainingWork {
        { [segmenter] in try segmenter.segment(state, in: embeddings) }
    }

    /// The tiles in which objects of known diameter are enlarged.
    private func knownTiling(_ size: Size) -> TilingOptions? {
        guard let enlargement, case .known(let diameter) = enlargement.source else { return nil }
        return TilingOptions.enlarging(size, objectsOf: diameter, to: enlargement.suited)
    }

    private func embed(
        _ image: PreparedImage,
        progress: (Int, Int) -> Void
    ) throws -> EnlargedEmbedding {
        let predictor = segmenter.predictor
        if let store = image.store {
            let result = try predictor.embed(
                EmbeddingInput(image.raster),
                into: store,
                model: identity,
                EmbeddingStoreOptions(tiling: image.tiling ?? knownTiling(image.raster.size)),
                progress: progress
            )
            return EnlargedEmbedding(embeddings: try result.store.embeddings())
        }
        if let tiling = image.tiling {
            return try predictor.embed(
                tilesOf: image.raster,
                tiling,
                enlargement,
                progress: progress
            )
        }
        return try predictor.embed(
            image.normalized ?? image.raster.normalizedRGB(),
            enlargement,
            progress: progress
        )
    }
}
