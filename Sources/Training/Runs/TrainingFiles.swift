import Foundation
public import ImageFormats
import Imaging
import Prompting

/// Where the samples of a training come from: all files, found, paired and divided.
public struct TrainingFiles: Codable, Hashable, Sendable {
    /// One data set.
    public struct Part: Codable, Hashable, Sendable {
        /// Images and labels.
        public var pairs: [AnnotatedImage]
        /// What is simulated instead.
        public var simulated: SimulatedNuclei.Options?
        /// How patches are taken.
        public var sampling: SamplingOptions
        /// Share of the samples, relative to the other weights.
        public var weight = 1.0
    }

    /// What is trained on.
    public var training: [Part]

    /// What the metric is computed on.
    public var validation: [Part]

    /// Samples in one pass over the training data, or nil for the sum over the parts.
    public var samplesPerEpoch: Int?

    /// Memory for decoded planes of one source.
    private static let cacheBytes = 384 << 20

    /// Passes over the validation data have at least so many samples.
    static let validationSamples = 8

    /// To what objects are enlarged in training, the most where data sets differ; nil if they are not.
    var objectDiameter: ObjectDiameter? {
        training.compactMap(\.sampling.objectDiameter).max().map(ObjectDiameter.init)
    }

    /// The same for the decoder; nil if it sees what prompts see.
    var decoderDiameter: ObjectDiameter? {
        training.compactMap(\.sampling.decoderDiameter).max().map(ObjectDiameter.init)
    }

    /// How images are stretched in training, the first where data sets differ.
    var normalization: Normalization {
        training.lazy.compactMap(\.sampling.normalization).first ?? .minmax
    }

    /// Opens the training data.
    func trainingSource() throws -> any TrainingSource {
        let parts = try training.map { part in
            MixedSource.Part(source: try Self.source(part), weight: part.weight)
        }
        if parts.count == 1, samplesPerEpoch == nil { return parts[0].source }
        return try MixedSource(parts, samplesPerEpoch: samplesPerEpoch)
    }

    /// Opens the validation data; nil if there are none.
    func validationSource() throws -> (any TrainingSource)? {
        guard !validation.isEmpty else { return nil }
        let parts = try validation.map { part in
            MixedSource.Part(source: try Self.source(part), weight: part.weight)
        }
        return parts.count == 1 ? parts[0].source : try MixedSource(parts)
    }

    private static func source(_ part: Part) throws -> any TrainingSource {
        if let simulated = part.simulated {
            return try SimulatedNuclei(simulated, sampling: part.sampling)
        }
        return try LabeledImages(part.pairs, part.sampling, cacheBytes: cacheBytes)
    }

    /// The validation images that the report shows, evenly spread over all of them.
    func pictured(_ count: Int) -> [AnnotatedImage] {
        let pairs = validation.flatMap(\.pairs)
        guard count < pairs.count else { return pairs }
        return (0..<count).map { pairs[(2 * $0 + 1) * pairs.count / (2 * count)] }
    }

    /// The same with all paths from the root, so that they hold in any folder.
    var rooted: TrainingFiles {
        func rooted(_ parts: [Part]) -> [Part] {
            parts.map { part in
                var part = part
                part.pairs = part.pairs.map { pair in
                    var pair = pair
                    pair.image = pair.image.fromRoot
                    pair.labels = pair.labels.fromRoot
                    return pair
                }
                return part
            }
        }
        var files = self
        (files.training, files.validation) = (rooted(training), rooted(validation))
        return files
    }
}

extension String {
    /// The same path from the root.
    var fromRoot: String { URL(filePath: self).standardizedFileURL.path }
}
