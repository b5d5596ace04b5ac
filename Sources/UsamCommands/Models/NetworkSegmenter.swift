import Imaging
import Prompting
import Segmentation

/// The networks as a batch sees them.
struct NetworkSegmenter: BatchSegmenter {
    private let segmenter: AutomaticSegmenter
    private let identity: EmbeddingSignature.Model
    private let enlargement: Enlargement?

    /// - Parameters:
    ///   - identity: Name and hash of the model, by which stored embeddings are recognised.
    ///   - enlargement: How images are enlarged that are not stored.
    init(
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

    func predict(_ image: PreparedImage, _ clock: inout StageClock) throws -> RemainingWork {
        let work = clock.work
        let embedded = try clock.measure(.encode) { try embed(image, work) }
        let embeddings = embedded.whereObjectsAre
        if let diameter = embedded.objectDiameter, case .tiled(let tiled) = embeddings {
            clock.onDecide(
                "objects are about \(Int(diameter.rounded())) pixels in diameter, so the model sees the image enlarged, in "
                    + "\(tiled.tiles.count) tiles (--diameter says another diameter, --tile-shape none prevents it)"
            )
        }
        let state = try clock.measure(.decode) {
            if let maps = embedded.maps { return AutomaticState.maps(maps) }
            return try segmenter.initialize(embeddings, image: image.normalized, work)
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
        _ work: Work
    ) throws -> EnlargedEmbedding {
        let predictor = segmenter.predictor
        if let store = image.store {
            let result = try predictor.embed(
                EmbeddingInput(image.raster),
                into: store,
                model: identity,
                EmbeddingStoreOptions(tiling: image.tiling ?? knownTiling(image.raster.size)),
                progress: { try? work.advance($0, of: $1) }
            )
            return EnlargedEmbedding(embeddings: try result.store.embeddings())
        }
        if let tiling = image.tiling {
            return try predictor.embed(
                tilesOf: image.raster,
                tiling,
                enlargement,
                work
            )
        }
        return try predictor.embed(
            image.normalized ?? image.raster.normalizedRGB(),
            enlargement,
            work
        )
    }
}
