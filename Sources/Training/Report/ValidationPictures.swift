public import Checkpoints
import Evaluation
import Foundation
public import ImageFormats
import Imaging
import Prompting
import SegmentAnything
import Segmentation
public import Torch

/// Segments validation images with two models, for the report.
public struct ValidationPictures {
    private let pairs: [TrainingPair]
    private let device: Device

    /// Longest side of the pictures.
    private static let side = 512

    /// Will look at these images.
    public init(_ pairs: [TrainingPair], on device: Device = .cpu) {
        self.pairs = pairs
        self.device = device
    }

    /// How ``pictures(before:after:progress:)`` segments with a model.
    public static func note(_ checkpoint: SAMCheckpoint) -> String {
        checkpoint.decoder == nil
            ? "Each true object was segmented from its box."
            : "All objects were found automatically, each model with the parameters that it carries."
    }

    /// Pictures of the first plane of each image, with the truth and what both models find.
    ///
    /// Both models segment in the same way: automatically if the trained one has a decoder, otherwise
    /// from the boxes of the true objects. A start model without decoder finds nothing automatically.
    ///
    /// - Throws: An error of the files or the models.
    public func pictures(
        before: SAMCheckpoint,
        after: SAMCheckpoint,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> [TrainingReport.Picture] {
        let isAutomatic = after.decoder != nil
        let models = [
            try SegmentAnythingModel(before, on: device),
            try SegmentAnythingModel(after, on: device),
        ]
        return try pairs.enumerated().map { index, pair in
            try progress(index)
            let shown = try ValidationImage(pair)
            let (image, truth) = (shown.image, shown.truth)
            let found = try zip(models, [before, after]).map { model, checkpoint in
                let predictor = ImagePredictor(model)
                return isAutomatic
                    ? try Self.segmented(image, predictor, checkpoint.metadata)
                    : try Self.segmented(image, truth, predictor)
            }
            let scores = try found.map { try SegmentationScore(truth: truth, prediction: $0) }
            return TrainingReport.Picture(
                name: shown.name,
                truth: try Self.drawn(truth, on: image),
                before: try Self.drawn(found[0], on: image),
                after: try Self.drawn(found[1], on: image),
                accuracyBefore: scores[0].accuracy50,
                accuracyAfter: scores[1].accuracy50
            )
        }
    }

    private static func segmented(
        _ image: Raster<UInt8>,
        _ predictor: ImagePredictor,
        _ metadata: [String: String]
    ) throws -> LabelImage {
        guard predictor.model.instanceDecoder != nil else { return LabelImage(size: image.size) }
        let embedded = try predictor.embed(image, Enlargement(metadata: metadata))
        var state = try InitializedImage(.instanceDecoder, image, embedded, predictor)
        return try state.segmented(ModelTraits(metadata: metadata).parameters)
    }

    private static func segmented(
        _ image: Raster<UInt8>,
        _ truth: LabelImage,
        _ predictor: ImagePredictor
    ) throws -> LabelImage {
        let embedding = try predictor.embed(image)
        let masks = try truth.measurements().map { object in
            let prompt = ObjectPrompts(box: Box(object.box))
            return try predictor.predict(prompt, in: embedding, masks: .single)[0].pixels
        }
        var options = MaskPaintingOptions()
        options.splitsParts = false
        return try LabelImage(painting: masks, size: image.size, options)
    }

    /// The objects over the image, reduced to the size of the report.
    private static func drawn(_ labels: LabelImage, on image: Raster<UInt8>) throws -> Raster<UInt8>
    {
        guard image.size.longestSide > side else { return try labels.overlay(on: image) }
        let size = try ResizeLongestSide(from: image.size, to: side).resizedSize
        let window = try ResampledWindow(of: image.size, resizedTo: size, window: Region(size))
        let reduced = try window.labels(from: labels.cropped(to: window.source))
        return try reduced.overlay(on: image.resized(to: size))
    }
}
