import Imaging
import Segmentation

/// The networks as a batch sees them.
struct NetworkSegmenter: BatchSegmenter {
    private let segmenter: AutomaticSegmenter
    private let identity: EmbeddingSignature.Model

    /// - Parameter identity: Name and hash of the model, by which stored embeddings are recognised.
    init(
        _ predictor: ImagePredictor,
        _ options: AutomaticSegmentationOptions,
        identity: EmbeddingSignature.Model
    ) throws {
        segmenter = try AutomaticSegmenter(predictor, options)
        self.identity = identity
    }

    func predict(_ image: PreparedImage, _ clock: inout StageClock) throws -> RemainingWork {
        let tell = clock.onAdvance
        let embeddings = try clock.measure(.encode) {
            try embed(image) { done, total in tell(done, total) }
        }
        let state = try clock.measure(.decode) {
            try segmenter.initialize(embeddings, image: image.normalized) { done, total in
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

    private func embed(
        _ image: PreparedImage,
        progress: (Int, Int) -> Void
    ) throws -> ImageEmbeddings {
        let predictor = segmenter.predictor
        if let store = image.store {
            let result = try predictor.embed(
                EmbeddingInput(image.raster),
                into: store,
                model: identity,
                EmbeddingStoreOptions(tiling: image.tiling),
                progress: progress
            )
            return try result.store.embeddings()
        }
        if let tiling = image.tiling {
            let blocking = try tiling.blocking(of: image.raster.size)
            return .tiled(try predictor.embed(tilesOf: image.raster, blocking, progress: progress))
        }
        return .whole(try predictor.embed(image.normalized ?? image.raster.normalizedRGB()))
    }
}
