public import Checkpoints
import Evaluation
import Foundation
public import ImageFormats
import Imaging
public import Prompting
import SegmentAnything
import Segmentation
public import Torch

/// Segments validation images with two models, for the report.
public struct ValidationPictures {
    private let pairs: [AnnotatedImage]
    private let device: Device

    /// Longest side of the pictures.
    private static let side = 512

    /// Will look at these images.
    public init(_ pairs: [AnnotatedImage], on device: Device = .cpu) {
        self.pairs = pairs
        self.device = device
    }

    /// How ``pictures(before:after:_:)`` segments with a model.
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
    /// - Parameters:
    ///   - before: The start model.
    ///   - after: The trained model.
    ///   - work: Told of each picture before it is drawn, counted from 1.
    /// - Throws: An error of the files or the models; `CancellationError`.
    public func pictures(
        before: SAMCheckpoint,
        after: SAMCheckpoint,
        _ work: Work = Work()
    ) throws -> [TrainingReport.Picture] {
        let isAutomatic = after.decoder != nil
        let models = [try Model(before, on: device), try Model(after, on: device)]
        return try pairs.enumerated().map { index, pair in
            try work.advance(index + 1, of: pairs.count)
            let shown = try ValidationImage(pair)
            let (image, truth) = (try shown.pixels.whole(), shown.truth)
            let found = try models.map { model in
                isAutomatic
                    ? try Self.segmented(shown.pixels, model, work.silent)
                    : try Self.segmented(shown.pixels, truth, model, work.silent)
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
        _ pixels: PlanePixels,
        _ model: Model,
        _ work: Work
    ) throws -> LabelImage {
        guard model.hasDecoder else { return LabelImage(size: pixels.size) }
        let labels = try Segmenter(model).segment(pixels, work)
        defer { labels.discard() }
        return try labels.labelImage(work)
    }

    private static func segmented(
        _ pixels: PlanePixels,
        _ truth: LabelImage,
        _ model: Model,
        _ work: Work
    ) throws -> LabelImage {
        let objects = try truth.measurements().map { object in
            PromptedObject(id: object.label, prompts: [.box(Box(object.box))])
        }
        let masks = try Prompter(model).masks(of: objects, in: pixels, PromptOptions(), work)
            .map(\.pixels)
        var options = MaskPaintingOptions()
        options.splitsParts = false
        return try LabelImage(painting: masks, size: pixels.size, options)
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
