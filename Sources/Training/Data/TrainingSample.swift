public import Imaging

/// One image patch with its objects, as a training step takes it.
public struct TrainingSample: Sendable {
    /// Three channels on the scale from 0 to 255.
    public let image: Raster<Float>

    /// The objects, numbered from 1 without gaps; 0 is background, and the size is the image's.
    public let instances: LabelImage

    /// What the instance decoder should predict, or nil where it is not trained.
    public let targets: InstanceMaps?

    /// Combines a patch with its truth.
    ///
    /// - Throws: `ImagingError` if the sizes differ or the image does not have three channels.
    public init(
        image: Raster<Float>,
        instances: LabelImage,
        targets: InstanceMaps?
    ) throws(ImagingError) {
        guard image.channels == 3 else {
            throw .invalidParameter(
                "channels of a training image",
                reason: "expected 3, found \(image.channels)"
            )
        }
        guard instances.size == image.size else {
            throw .sizeMismatch("labels", expected: image.size, found: instances.size)
        }
        if let targets, targets.size != image.size {
            throw .sizeMismatch("decoder targets", expected: image.size, found: targets.size)
        }
        self.image = image
        self.instances = instances
        self.targets = targets
    }
}

/// Where samples come from.
///
/// A sample depends on nothing but the arguments, so that a resumed run sees the same data as one that
/// was never interrupted. Calls come from several threads at once.
public protocol TrainingSource: Sendable {
    /// Samples in one pass over the data, at least 1.
    var samplesPerEpoch: Int { get }

    /// The sample at place `index`, `0..<samplesPerEpoch`, of a pass.
    func sample(epoch: Int, index: Int, seed: UInt64) throws -> TrainingSample
}
