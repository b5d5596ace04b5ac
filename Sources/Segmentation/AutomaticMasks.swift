public import Imaging
public import Prompting
import SegmentAnything

/// Every mask that a grid of points gives, before any filter: the expensive half of AMG.
///
/// Thresholds can be changed without running the model again.
public struct MaskCandidates: Sendable {
    /// The candidates of one crop of the image.
    struct Crop: Sendable {
        let region: Region
        var points: [Point<TilePixels>]
        var masks: [PredictedMask]  // in pixels of the crop
    }

    /// Size of the image.
    public let size: Size

    var crops: [Crop]

    /// All candidates, crop by crop and point by point, in the coordinates of their crops.
    package var allCandidates: [PredictedMask] { crops.flatMap(\.masks) }

    /// Number of candidates.
    public var count: Int { crops.reduce(0) { $0 + $1.masks.count } }
}

extension ImagePredictor {
    /// Predicts three masks for each point of a grid.
    ///
    /// - Parameters:
    ///   - image: Three channels, normalised; used for crops, whose embeddings are made on the way,
    ///     and may be nil without crops.
    ///   - embedding: Of the whole image.
    ///   - work: Told how many points are done.
    /// - Throws: ``SegmentationError/cropsNeedImage`` if crops are asked for without image.
    /// - Source: Kirillov et al., Segment Anything (2023), section 5; `SamAutomaticMaskGenerator`.
    public func maskCandidates(
        of image: Raster<UInt8>?,
        embedding: ImageEmbedding,
        _ options: MaskGenerationOptions = MaskGenerationOptions(),
        _ work: Work = Work()
    ) throws -> MaskCandidates {
        let size = embedding.transform.originalSize
        let layers = try CropLayers(
            of: size,
            layers: options.cropLayers,
            overlapRatio: options.cropOverlapRatio
        )
        let grids = try layers.crops.map {
            try Self.grid(over: $0.region, layer: $0.layer, options)
        }
        let total = grids.reduce(0) { $0 + $1.count }
        var candidates = MaskCandidates(size: size, crops: [])
        var done = 0
        for (crop, points) in zip(layers.crops, grids) {
            var cropEmbedding = embedding
            if crop.layer > 0 {
                guard let image else { throw SegmentationError.cropsNeedImage }
                cropEmbedding = try embed(image.cropped(to: crop.region), work)
            }
            let masks = try predict(
                tile: points.map { TilePrompts(points: [.init($0)]) },
                in: cropEmbedding,
                Self.batchOptions(options),
                work.part(from: done, of: total)
            )
            candidates.crops.append(.init(region: crop.region, points: points, masks: masks))
            done += points.count
        }
        return candidates
    }

    /// Predicts three masks for each point of a grid over each tile with its halo.
    ///
    /// Masks that a tile cuts off are dropped when the candidates are filtered, if they end more than
    /// 20 pixels from the border of the image; of those that several tiles see, one remains.
    ///
    /// - Parameter work: Told how many points are done.
    /// - Throws: ``TilingError/cropLayers`` if crops are asked for.
    /// - Source: `TiledAutomaticMaskGenerator` in micro-sam, `instance_segmentation.py`.
    public func maskCandidates(
        of tiled: TiledEmbedding,
        _ options: MaskGenerationOptions = MaskGenerationOptions(),
        _ work: Work = Work()
    ) throws -> MaskCandidates {
        guard options.cropLayers == 0 else {
            throw TilingError.cropLayers
        }
        var candidates = MaskCandidates(size: tiled.imageSize, crops: [])
        var done = 0
        for tile in tiled.tiles {
            let region = tiled.blocking[tile].outer
            let points = try Self.grid(over: region, layer: 0, options)
            let masks = try predict(
                tile: points.map { TilePrompts(points: [.init($0)]) },
                in: tiled.embedding(ofTile: tile, amongMany: tiled.tiles.count > 1, work.silent),
                Self.batchOptions(options),
                work.part(from: done, of: points.count * tiled.tiles.count)
            )
            candidates.crops.append(.init(region: region, points: points, masks: masks))
            done += points.count
        }
        return candidates
    }

    private static func grid(
        over region: Region,
        layer: Int,
        _ options: MaskGenerationOptions
    ) throws -> [Point<TilePixels>] {
        guard options.pointsPerSide > 0, options.pointsPerSide <= 1024 else {
            throw ImagingError.invalidParameter(
                "points per side",
                reason: "must be in 1...1024, but is \(options.pointsPerSide)"
            )
        }
        var perSide = options.pointsPerSide
        for _ in 0..<layer { perSide /= max(options.cropPointsDownscaleFactor, 1) }
        return CropLayers.pointGrid(perSide: max(perSide, 1), over: region)
    }

    private static func batchOptions(_ options: MaskGenerationOptions) -> BatchOptions {
        var batch = BatchOptions()
        batch.masks = .multiple
        batch.keepsBestOnly = false
        batch.batchSize = options.batchSize
        batch.stabilityOffset = options.stabilityOffset
        batch.minimumScore = options.minimumScore
        return batch
    }
}

// MARK: - The cheap half

extension MaskCandidates {
    /// The masks that pass the filters, without overlapping duplicates.
    ///
    /// - Source: `SamAutomaticMaskGenerator` in segment-anything.
    public func filtered(
        _ options: MaskFilterOptions = MaskFilterOptions(),
        _ work: Work = Work()
    ) throws -> [PredictedMask] {
        var results: [Entry] = []
        for crop in crops { results += try filtered(crop, options, work) }
        if crops.count > 1 {
            let kept = try NonMaximumSuppression.keptBoxes(
                results.map(\.box),
                scores: results.map { 1 / $0.cropArea },
                threshold: options.cropOverlapThreshold,
                between: work.checkpoint
            )
            results = kept.map { results[$0] }
        }
        if options.minimumRegionArea > 0 { results = try cleaned(results, options, work) }
        var masks = results.map(\.mask).filter { !$0.pixels.isEmpty }
        for order in masks.indices { masks[order].object = order }
        return masks
    }

    /// The masks that pass the filters as a label image; smaller ones lie over larger ones.
    public func segmented(
        _ options: MaskFilterOptions = MaskFilterOptions(),
        removesBackground: Bool = true,
        _ work: Work = Work()
    ) throws -> LabelImage {
        var painting = MaskPaintingOptions()
        painting.keepsLargerMasks = false
        painting.removesLargestObject = removesBackground
        let masks = try filtered(options, work).map(\.pixels)
        return try LabelImage(painting: masks, size: size, painting)
    }

    private struct Entry {
        var mask: PredictedMask
        var box: Box<OriginalPixels>
        let cropArea: Double
    }

    /// The filters inside one crop.
    private func filtered(
        _ crop: Crop,
        _ options: MaskFilterOptions,
        _ work: Work
    ) throws -> [Entry] {
        var entries: [Entry] = []
        for candidate in crop.masks {
            try work.checkpoint()
            guard options.scoreThreshold <= 0 || candidate.score > options.scoreThreshold,
                options.stabilityThreshold <= 0 || candidate.stability >= options.stabilityThreshold
            else { continue }
            var mask = try candidate.placed(as: candidate.object, at: crop.region, in: size)
            let box = Self.box(mask.pixels, origin: crop.region)
            guard !CropLayers.isCutOff(box, by: crop.region, of: size) else { continue }
            mask.origin = crop.region.toImage(crop.points[candidate.object])
            entries.append(
                Entry(mask: mask, box: box, cropArea: Double(crop.region.size.count))
            )
        }
        let kept = try NonMaximumSuppression.keptBoxes(
            entries.map(\.box),
            scores: entries.map(\.mask.score),
            threshold: options.boxOverlapThreshold,
            between: work.checkpoint
        )
        return kept.map { entries[$0] }
    }

    /// First to last column and row, as segment-anything measures boxes; empty masks are a point.
    private static func box(_ mask: RunLengthMask, origin: Region) -> Box<OriginalPixels> {
        guard let region = mask.boundingBox else {
            let (x, y) = (Double(origin.x), Double(origin.y))
            return Box(minX: x, minY: y, maxX: x, maxY: y)
        }
        return Box(
            minX: Double(region.x),
            minY: Double(region.y),
            maxX: Double(region.endX - 1),
            maxY: Double(region.endY - 1)
        )
    }

    /// Without small holes and islands; of masks that became alike, an unchanged one is kept.
    private func cleaned(
        _ entries: [Entry],
        _ options: MaskFilterOptions,
        _ work: Work
    ) throws -> [Entry] {
        var cleaned: [Entry] = []
        var scores: [Double] = []
        for var entry in entries {
            try work.checkpoint()
            let raster = try entry.mask.pixels.raster()
                .fillingHoles(smallerThan: options.minimumRegionArea)
                .removingIslands(smallerThan: options.minimumRegionArea)
            let mask = try RunLengthMask(raster)
            scores.append(mask == entry.mask.pixels ? 1 : 0)
            entry.mask.pixels = mask
            entry.box = Self.box(mask, origin: Region(size))
            cleaned.append(entry)
        }
        let kept = try NonMaximumSuppression.keptBoxes(
            cleaned.map(\.box),
            scores: scores,
            threshold: max(options.boxOverlapThreshold, options.cropOverlapThreshold),
            between: work.checkpoint
        )
        return kept.map { cleaned[$0] }
    }
}
