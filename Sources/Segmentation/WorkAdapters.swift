import Imaging
import Prompting

extension ImagePredictor {
    func instanceMaps(of embeddings: ImageEmbeddings, _ work: Work) throws -> InstanceMaps {
        try instanceMaps(of: embeddings, progress: { _, _ in })
    }

    func maskCandidates(
        of image: Raster<UInt8>?,
        embedding: ImageEmbedding,
        _ options: MaskGenerationOptions,
        _ work: Work
    ) throws -> MaskCandidates {
        try maskCandidates(of: image, embedding: embedding, options, progress: { _, _ in })
    }

    func maskCandidates(
        of tiled: TiledEmbedding,
        _ options: MaskGenerationOptions,
        _ work: Work
    ) throws -> MaskCandidates {
        try maskCandidates(of: tiled, options, progress: { _, _ in })
    }

    func predict(
        _ objects: [ObjectPrompts],
        in embeddings: ImageEmbeddings,
        _ options: BatchOptions,
        _ work: Work
    ) throws -> [PredictedMask] {
        try predict(objects, in: embeddings, options, progress: { _ in })
    }
}

extension ImageEmbedding {
    var byteCount: Int { 4 << 20 }
}
