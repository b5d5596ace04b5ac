public import Imaging

/// How patches are taken from images with labels.
public struct SamplingOptions: Codable, Hashable, Sendable {
    /// What a patch is.
    public enum Framing: String, Codable, CaseIterable, Sendable {
        /// ``SamplingOptions/patchSize`` pixels of the image, as the reference trains.
        case patch
        /// A square part of the model's frame: of the image with its longest side resized to 1024.
        ///
        /// Objects have the size that they have when the whole image is segmented.
        case frame
        /// The whole plane.
        case whole
    }

    /// How intensities come to the scale from 0 to 255.
    public enum IntensityTransform: String, Codable, CaseIterable, Sendable {
        /// Each channel of the whole image is stretched to its range, as for inference.
        case image
        /// The range of the patch, all channels together.
        case minMax = "minmax"
        /// From the 1st to the 99th percentile of the patch, all channels together.
        case percentile
        /// Unchanged, for 8-bit images; multiplied by 255 if all values are below 1.
        case unchanged
    }

    /// What a patch is.
    public var framing = Framing.patch

    /// Size of a patch in pixels of the image; smaller images are padded with zeros.
    public var patchSize = Size(width: 512, height: 512)

    /// Side of the crop of the model's frame, for ``Framing/frame``.
    ///
    /// It should be the trainer's frame side, so that crops are not resized again.
    public var cropSide = 512

    /// Diameter in pixels of the frame to which smaller objects are enlarged, for ``Framing/frame``; nil to leave
    /// them as they are.
    ///
    /// A model that carries such a diameter sees small objects enlarged when it segments, so it should see them so
    /// in training.
    public var objectDiameter: Double?

    /// Diameter in pixels of the frame to which smaller objects are enlarged in every other sample, taken at random,
    /// in place of ``objectDiameter``; nil for none.
    ///
    /// Prompts of a model that carries both diameters see small objects enlarged, and its decoder sees them as they
    /// are, so both should be learned.
    public var decoderDiameter: Double?

    /// Least and greatest diameter of objects in pixels of the frame, for ``Framing/frame``: each sample
    /// is enlarged or reduced so that its objects have one between them, on a logarithmic scale all equally
    /// likely; nil to leave objects as they are, or as ``objectDiameter`` wants them.
    ///
    /// No sample is reduced below the crop.
    public var objectDiameters: [Double]?

    /// How intensities come to the scale from 0 to 255.
    public var intensities = IntensityTransform.image

    /// How the whole image is stretched, for ``IntensityTransform/image``; nil for `Normalization.minmax`.
    public var normalization: Normalization?

    /// A patch needs so many different labels, background counted, each with at least ``minimumSize`` pixels.
    public var minimumLabels = 2

    /// Objects of fewer pixels become background.
    public var minimumSize = 25

    /// Patches that are tried for one sample before giving up.
    public var maximumAttempts = 500

    /// Whether patches without objects are taken too, for training without prompts.
    public var allowsEmptyPatches = false

    /// Whether the distances for the instance decoder are computed.
    public var hasTargets = true

    /// Samples in one pass, or nil for one per image, and for stacks as many as patches fill them.
    public var samplesPerEpoch: Int?

    /// Samples that one pass has at least.
    public var minimumSamplesPerEpoch = 100

    /// Random changes of each sample.
    public var augmentation = AugmentationOptions()

    /// The reference's defaults, but with intensities as for inference.
    public init() {}
}

/// Random changes of training samples, each on its own; by default only flips, as in the reference.
public struct AugmentationOptions: Codable, Hashable, Sendable {
    /// Mirrors left and right, and top and bottom, each for half of the samples.
    public var flips = true

    /// Turns by 0, 90, 180 or 270 degrees.
    public var quarterTurns = false

    /// Objects are enlarged or reduced by up to this factor, at least 1.
    public var scale = 1.0

    /// Brightness is moved by up to this share of the full range.
    public var brightness = 0.0

    /// Contrast around the mean is changed by a factor up to 1 plus or minus this.
    public var contrast = 0.0

    /// Intensities are raised to a power between the inverse of 1 plus this and 1 plus this.
    public var gamma = 0.0

    /// Gaussian noise of a deviation up to this share of the full range is added.
    public var noise = 0.0

    /// Half of the samples are blurred with a deviation up to this many pixels.
    public var blur = 0.0

    /// Share of the samples that are inverted.
    public var inversion = 0.0

    /// Share of the colour samples that become grey.
    public var grey = 0.0

    /// Share of the colour samples whose channels change places.
    public var channelOrder = 0.0

    /// Flips only.
    public init() {}

    /// No changes at all, for validation.
    public static var none: AugmentationOptions {
        var options = AugmentationOptions()
        options.flips = false
        return options
    }

    /// All changes, in the strength that training on few images wants.
    public static var strong: AugmentationOptions {
        var options = AugmentationOptions()
        options.quarterTurns = true
        options.scale = 1.4
        options.brightness = 0.15
        options.contrast = 0.3
        options.gamma = 0.5
        options.noise = 0.04
        options.blur = 1.2
        options.inversion = 0.1
        options.grey = 0.2
        options.channelOrder = 0.2
        return options
    }
}
