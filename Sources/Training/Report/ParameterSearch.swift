public import Checkpoints
import Evaluation
public import Foundation
public import ImageFormats
import Imaging
public import Prompting
import SegmentAnything
import Segmentation
public import Torch

/// Finds the parameters of automatic segmentation (AIS) that suit a trained model, on validation images.
///
/// One parameter or pair after the other is tried while the others keep their best values: thresholds of
/// both distances, threshold of the foreground, smoothing of the distances, depth of seeds,
/// smallest size. That is a fraction of
/// all combinations, and enough to follow maps that a short training left flat. Thresholds that were chosen before
/// the others were known are then tried again, with their neighbours.
public struct ParameterSearch {
    private let pairs: [AnnotatedImage]
    private let device: Device

    /// What was found.
    public struct Result: Hashable, Sendable {
        /// The parameters; only those that differ from the defaults.
        public let parameters: [String: Double]
        /// Mean mSA over the images with the parameters that the model had.
        public let accuracyBefore: Double
        /// The same with the parameters.
        public let accuracy: Double
    }

    /// Will look at these images.
    public init(_ pairs: [AnnotatedImage], on device: Device = .cpu) {
        self.pairs = pairs
        self.device = device
    }

    /// Pixels of an image; larger ones are left out, because every combination would take seconds.
    private static let largestImage = 4 << 20

    private static let steps: [[String: [Double]]] = [
        [
            "center_distance_threshold": [0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
            "boundary_distance_threshold": [0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
        ],
        ["foreground_threshold": [0.3, 0.4, 0.5, 0.6, 0.7]],
        ["distance_smoothing": [0.8, 1.2, 1.6, 2.4]],
        ["seed_depth": [0, 0.05, 0.1, 0.15, 0.2]],
        ["min_size": [0, 10, 25, 50, 100]],
    ]

    /// The neighbours of thresholds that were found.
    private static func closer(to best: [String: Double]) -> [[String: [Double]]] {
        func around(_ name: String, _ usual: Float) -> [String: [Double]] {
            let middle = best[name] ?? Double(usual)
            return [name: [-0.1, 0, 0.1].map { min(max(middle + $0, 0.1), 0.9) }]
        }
        let usual = WatershedOptions()
        return [
            around("center_distance_threshold", usual.centerDistanceThreshold)
                .merging(around("boundary_distance_threshold", usual.boundaryDistanceThreshold)) {
                    $1
                },
            around("foreground_threshold", usual.foregroundThreshold),
        ]
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - checkpoint: A model with decoder.
    ///   - work: Told of the combinations that are done.
    /// - Throws: An error of the files or the model; `CancellationError`.
    /// - Returns: Nil if the parameters that the model has are best, or nothing is found whatever they are.
    public func run(
        _ checkpoint: SAMCheckpoint,
        _ work: Work = Work()
    ) throws -> Result? {
        let model = try Model(checkpoint, on: device)
        guard model.hasDecoder, !pairs.isEmpty else { return nil }
        let images = try pairs.map(ValidationImage.init)
            .filter { $0.pixels.size.count <= Self.largestImage }
        guard !images.isEmpty else { return nil }
        let segmenter = try Segmenter(model, model.options(of: .instanceDecoder))
        var states = try images.map { image in
            let embedded = try segmenter.embedded(image.pixels, work.silent)
            return segmenter.state(of: embedded, keepsStages: true)
        }
        let total = (Self.steps + Self.closer(to: [:])).reduce(0) {
            $0 + Self.combinations($1).count
        }
        let carried = ModelTraits(metadata: checkpoint.metadata).parameters
        var (done, best): (Int, [String: Double]) = (0, [:])
        func accuracy(_ parameters: [String: Double]) throws -> Double {
            var options = AutomaticSegmentationOptions()
            options.mode = .instanceDecoder
            try options.set(parameters, of: .instanceDecoder)
            var sum = 0.0
            for index in images.indices {
                let found = try states[index].labels(options, work.silent)
                sum += try SegmentationScore(truth: images[index].truth, prediction: found)
                    .meanAccuracy
            }
            return sum / Double(images.count)
        }
        let first = try accuracy(carried)
        var highest = carried.isEmpty ? first : try accuracy([:])
        if first > highest { (highest, best) = (first, carried) }
        func take(_ step: [String: [Double]]) throws {
            let known = best
            for values in Self.combinations(step) {
                let candidate = known.merging(values) { $1 }
                let reached = try accuracy(candidate)
                if reached > highest { (highest, best) = (reached, candidate) }
                done += 1
                try work.advance(done, of: total)
            }
        }
        for step in Self.steps { try take(step) }
        for step in Self.closer(to: best) { try take(step) }
        guard highest > first else { return nil }
        return Result(
            parameters: best,
            accuracyBefore: first,
            accuracy: highest
        )
    }

    /// All combinations of some values.
    private static func combinations(_ values: [String: [Double]]) -> [[String: Double]] {
        values.sorted { $0.key < $1.key }.reduce([[:]]) { known, next in
            known.flatMap { part in next.value.map { part.merging([next.key: $0]) { $1 } } }
        }
    }
}

extension SAMCheckpoint {
    /// Writes the model with other parameters of automatic segmentation, in place of the file if it is the
    /// same.
    ///
    /// - Parameters:
    ///   - parameters: By micro-sam's names; none to leave it to the defaults.
    ///   - entries: Further entries of the metadata.
    /// - Throws: `CheckpointError`.
    public func write(
        to url: URL,
        suggesting parameters: [String: Double],
        noting entries: [String: String] = [:]
    ) throws(CheckpointError) {
        var traits = ModelTraits(metadata: metadata)
        traits.parameters = parameters
        let metadata = metadata.merging(entries) { $1 }
        try write(
            to: url,
            options: ConversionOptions(
                dropsUnused: false,
                metadata: traits.replacing(in: metadata)
            )
        )
    }
}
