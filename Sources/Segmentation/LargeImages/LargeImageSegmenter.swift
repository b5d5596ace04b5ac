import Files
public import Foundation
public import Imaging
public import Prompting
import SegmentAnything
import Zarr

/// Segments an image of any size tile by tile, with memory for a few tiles only.
///
/// Every tile with its halo is an image of its own: it is read, normalised, embedded and segmented in
/// the mode of the segmenter. The labels of the tiles lie compressed in a working folder until the
/// whole image is there, so that a run that was killed goes on with the tiles that are missing. Then
/// objects that two tiles have seen are joined (``LabelStitcher``).
///
/// ```swift
/// let large = LargeImageSegmenter(segmenter, tiling: .standard)
/// let result = try large.segment(input, model: model, workingFolder: folder)
/// try result.forEachBlock { labels, region in
///     try writer.write(labels, x: region.x, y: region.y)
/// }
/// result.removeWorkingFolder()
/// ```
public struct LargeImageSegmenter: Sendable {
    /// How each tile is segmented.
    public let segmenter: AutomaticSegmenter

    /// How the image is divided.
    public let tiling: TilingOptions

    /// When objects of two tiles count as one.
    public var stitching = LabelStitcher.Options()

    /// Uses a mode for the tiles of a size.
    public init(_ segmenter: AutomaticSegmenter, tiling: TilingOptions) {
        self.segmenter = segmenter
        self.tiling = tiling
    }

    /// How far the work is.
    public struct Progress: Hashable, Sendable {
        /// Tiles that are segmented.
        public let done: Int
        /// All tiles.
        public let total: Int
        /// How many of them an earlier run had segmented.
        public let reused: Int
    }

    /// Segments all tiles of an image, or those that an earlier run has left.
    ///
    /// Objects of fewer pixels than the mode's minimum are removed after stitching, and so are not lost
    /// where a tile cuts them.
    ///
    /// - Parameters:
    ///   - input: The pixels, read by region.
    ///   - plane: Which plane of a stack.
    ///   - model: Name and hash of the model, by which an earlier run is recognised.
    ///   - workingFolder: Created for the labels of tiles; must not hold anything else. One of another
    ///     image, model or other options is emptied first.
    ///   - progress: Called after every tile.
    /// - Throws: ``ImagingError``, ``TensorError``, `ZarrError`; `CancellationError` if the task is
    ///   cancelled, after which the same call goes on.
    public func segment(
        _ input: EmbeddingInput,
        plane: Int = 0,
        model: EmbeddingSignature.Model,
        workingFolder: URL,
        progress: (Progress) throws -> Void = { _ in }
    ) throws -> StitchedLabels {
        var tileSegmenter = segmenter
        // Objects are measured when they are whole.
        tileSegmenter.options.watershed.minimumSize = 0
        let work = TileWork(
            input: input,
            plane: plane,
            blocking: try tiling.blocking(of: input.size),
            description: try description(input, plane, model),
            stitching: stitching,
            minimumSize: minimumSize
        )
        return try work.run(in: workingFolder, progress: progress) {
            try Self.labels(of: $0, tileSegmenter)
        }
    }

    /// The objects of one tile; none in a tile without any contrast.
    private static func labels(
        of pixels: AnyRaster,
        _ segmenter: AutomaticSegmenter
    ) throws -> LabelImage {
        let image = try pixels.normalizedRGB()
        guard image.samples.contains(where: { $0 != 0 }) else {
            return LabelImage(size: image.size)
        }
        let embedding = try segmenter.predictor.embed(image)
        return try segmenter.segment(.whole(embedding), image: image)
    }

    private var minimumSize: Int {
        switch segmenter.mode {
        case .instanceDecoder: segmenter.options.watershed.minimumSize
        case .generatedPrompts: segmenter.options.prompts.minimumSize
        case .maskGeneration: 0
        }
    }

    /// Everything that decides about the labels of tiles.
    private func description(
        _ input: EmbeddingInput,
        _ plane: Int,
        _ model: EmbeddingSignature.Model
    ) throws -> JSONObject {
        var options = segmenter.options
        options.mode = segmenter.mode
        options.watershed.minimumSize = 0
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let behavior = segmenter.predictor.model.behavior
        let signature = EmbeddingSignature(
            data: try input.dataSignature(),
            model: model,
            tiling: tiling
        )
        return [
            "signature": .object(signature.attributes),
            "plane": .integer(plane),
            "options": .string(String(decoding: try encoder.encode(options), as: UTF8.self)),
            "behavior": .string(String(decoding: try encoder.encode(behavior), as: UTF8.self)),
        ]
    }
}
