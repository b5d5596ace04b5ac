import Files
import ImageFormats
import Imaging
public import Prompting
import SegmentAnything
public import Segmentation

/// What can be timed.
public enum BenchmarkPart: String, CaseIterable, Sendable {
    /// Opening the checkpoint and building the networks.
    case load
    /// Preparing an image, and the image encoder.
    case encoder
    /// The image encoder on the tiles of a large image, in the standard division.
    case tiles
    /// The decoder for automatic segmentation.
    case decoder
    /// From maps to objects.
    case postprocess
    /// From a file to objects, the model being loaded.
    case process
    /// One point as prompt, the embedding being there; three masks.
    case point
    /// 256 boxes as prompts, the embedding being there.
    case boxes
    /// Automatic mask generation with 32 x 32 points, all candidates and then the filter.
    case amg
    /// The same where the threshold of the scores is known before.
    case amgFiltered = "amg-filtered"
    /// Prompts from the decoder's maps, which are there.
    case apg
    /// A step of joint training, on a simulated image of 512 x 512.
    case train
    /// The same with LoRA of rank 4 in the image encoder.
    case trainLoRA = "train-lora"
}

/// Times a part of the work on an image.
public struct PartTimer {
    private let part: BenchmarkPart
    private let image: String
    private let repetitions: Int

    /// Will time a part.
    ///
    /// - Parameters:
    ///   - image: The file to work on.
    ///   - repetitions: How often, after one time that does not count.
    public init(_ part: BenchmarkPart, image: String, repetitions: Int) {
        (self.part, self.image, self.repetitions) = (part, image, repetitions)
    }

    /// Times the part with a model that is loaded.
    ///
    /// - Parameter work: May be cancelled between two repetitions.
    /// - Returns: Seconds of each repetition, and the number of objects where objects are looked for.
    public func time(
        _ predictor: ImagePredictor,
        _ work: Work = Work()
    ) throws -> ([Double], Int?) {
        let timer = self
        func timed(_ body: () throws -> Void) throws -> [Double] { try timer.timed(work, body) }
        let raster = try PlaneSource(opening: image).read()
        if part == .encoder {
            return (try timed { _ = try predictor.embed(raster.normalizedRGB()) }, nil)
        }
        if part == .tiles {
            let blocking = try TilingOptions.standard.blocking(of: raster.size)
            return (try timed { _ = try predictor.embed(tilesOf: raster, blocking) }, nil)
        }
        if part == .process {
            var objects = 0
            let seconds = try timed {
                let pixels = try PlaneSource(opening: image).read()
                let embedding = try predictor.embed(pixels.normalizedRGB())
                objects = try predictor.instanceMaps(of: embedding).segmented().objectCount
            }
            return (seconds, objects)
        }
        let embedding = try predictor.embed(raster.normalizedRGB())
        if part == .decoder {
            return (try timed { _ = try predictor.instanceMaps(of: embedding) }, nil)
        }
        if let result = try timePrompts(predictor, embedding, work) { return result }
        let maps = try predictor.instanceMaps(of: embedding)
        var objects = 0
        if part == .apg {
            return (
                try timed {
                    objects = try predictor.segmentFromGeneratedPrompts(maps, in: .whole(embedding))
                        .objectCount
                },
                objects
            )
        }
        return (try timed { objects = try maps.segmented().objectCount }, objects)
    }

    /// Nil for parts that use no prompts of ours.
    private func timePrompts(
        _ predictor: ImagePredictor,
        _ embedding: ImageEmbedding,
        _ work: Work
    ) throws -> ([Double], Int?)? {
        let timer = self
        func timed(_ body: () throws -> Void) throws -> [Double] { try timer.timed(work, body) }
        let size = embedding.transform.originalSize
        let (width, height) = (Double(size.width), Double(size.height))
        switch part {
        case .point:
            let point = ObjectPrompts(points: [.init(Point(x: width / 3, y: height / 2))])
            return (
                try timed { _ = try predictor.predict(point, in: embedding, masks: .multiple) },
                nil
            )
        case .boxes:
            let boxes = (0..<256).map { index in
                let (x, y) = (Double(index % 16) * width / 16, Double(index / 16) * height / 16)
                return ObjectPrompts(
                    box: Box(minX: x, minY: y, maxX: x + width / 16, maxY: y + height / 16)
                )
            }
            var found = 0
            return (
                try timed {
                    found = try predictor.predict(boxes, in: embedding, BatchOptions()).count
                },
                found
            )
        case .amg, .amgFiltered:
            let pixels = try PlaneSource(opening: image).read().normalizedRGB()
            var options = MaskGenerationOptions()
            if part == .amgFiltered { options.minimumScore = MaskFilterOptions().scoreThreshold }
            var found = 0
            return (
                try timed {
                    let candidates = try predictor.maskCandidates(
                        of: pixels,
                        embedding: embedding,
                        options
                    )
                    found = try candidates.segmented().objectCount
                },
                found
            )
        default: return nil
        }
    }

    private func timed(_ work: Work, _ body: () throws -> Void) throws -> [Double] {
        try Self.timed(repetitions, warmsUp: true) {
            try work.checkpoint()
            try body()
        }
    }

    /// Seconds of each call, after one that does not count unless there is only one.
    public static func timed(
        _ repetitions: Int,
        warmsUp: Bool,
        _ body: () throws -> Void
    ) rethrows -> [Double] {
        if warmsUp, repetitions > 1 { try body() }
        let clock = ContinuousClock()
        return try (0..<repetitions).map { _ in
            try clock.measure { try body() }.seconds.roundedForJSON
        }
    }
}

extension LabelImage {
    /// Number of objects.
    fileprivate var objectCount: Int { objectLabels().count }
}
