public import Imaging
public import Prompting
import SegmentAnything

extension ImagePredictor {
    /// Segments all objects by prompting the model with points from the decoder's maps (APG), in an
    /// image that may be divided.
    ///
    /// In tiles each object is predicted in the tile of its point; duplicates are found across tiles.
    ///
    /// - Throws: `ImagingError.sizeMismatch` if the maps are those of another image; `TensorError`.
    public func segmentFromGeneratedPrompts(
        _ maps: InstanceMaps,
        in embeddings: ImageEmbeddings,
        _ options: PromptGenerationOptions = PromptGenerationOptions(),
        _ work: Work = Work()
    ) throws -> LabelImage {
        var automatic = AutomaticSegmentationOptions()
        automatic.mode = .generatedPrompts
        automatic.prompts = options
        var state = AutomaticState(embeddings, self, maps: maps, keepsStages: false)
        return try state.labels(automatic, work)
    }

    /// The masks of generated prompts, in the order of the points.
    func maskCandidates(
        ofPrompts maps: InstanceMaps,
        in embeddings: ImageEmbeddings,
        _ options: PromptGenerationOptions,
        _ work: Work
    ) throws -> [PredictedMask] {
        guard maps.size == embeddings.imageSize else {
            throw ImagingError.sizeMismatch(
                "maps",
                expected: embeddings.imageSize,
                found: maps.size
            )
        }
        let points = try maps.promptPoints(options.thresholds)
        guard !points.isEmpty else { return [] }
        var batch = BatchOptions()
        batch.masks = options.usesMultipleMasks ? .multiple : .single
        batch.batchSize = options.batchSize
        batch.maskThreshold = options.maskThreshold
        let total = points.count * (options.refinesWithBoxes ? 2 : 1)
        var masks = try predict(
            points.map { ObjectPrompts(points: [.init($0)]) },
            in: embeddings,
            batch,
            work.part(from: 0, of: total)
        )
        if options.refinesWithBoxes {
            masks = try refined(
                masks,
                points,
                in: embeddings,
                batch,
                work.part(from: points.count, of: total)
            )
        }
        return masks.map { mask in
            var mask = mask
            mask.origin = points[mask.object]
            return mask
        }
    }

    /// The masks predicted once more from the boxes around them.
    private func refined(
        _ masks: [PredictedMask],
        _ points: [Point<OriginalPixels>],
        in embeddings: ImageEmbeddings,
        _ batch: BatchOptions,
        _ work: Work
    ) throws -> [PredictedMask] {
        // The box may be centred in a neighbouring tile, but belongs to the tile of its point.
        let prompts = masks.map { mask in
            ObjectPrompts(
                box: Self.refinementBox(mask.pixels),
                tile: embeddings.blocking?.index(containing: points[mask.object])
            )
        }
        return try predict(prompts, in: embeddings, batch, work)
    }

    /// The box around a mask, one hundredth larger on each side.
    private static func refinementBox(_ mask: RunLengthMask) -> Box<OriginalPixels> {
        let region = mask.boundingBox ?? Region(x: 0, y: 0, width: 1, height: 1)
        let (width, height) = (Double(region.width - 1), Double(region.height - 1))
        return Box(
            minX: max(Double(region.x) - 0.01 * width, 0),
            minY: max(Double(region.y) - 0.01 * height, 0),
            maxX: min(Double(region.x) + 1.01 * width, Double(mask.size.width)),
            maxY: min(Double(region.y) + 1.01 * height, Double(mask.size.height))
        )
    }
}

extension PromptGenerationOptions {
    /// The masks of a size that is asked for, without duplicates, best first.
    func chosen(of masks: [PredictedMask], _ work: Work) throws -> [PredictedMask] {
        let candidates = masks.filter { mask in
            let area = mask.pixels.area
            return (minimumSize == 0 || area > minimumSize) && maximumSize.map { area < $0 } ?? true
        }
        let kept = try NonMaximumSuppression.keptMasks(
            candidates.map(\.pixels),
            scores: candidates.map { $0.score * $0.stability },
            threshold: overlapThreshold,
            measure: overlapMeasure,
            between: work.checkpoint
        )
        return kept.map { candidates[$0] }
    }
}
