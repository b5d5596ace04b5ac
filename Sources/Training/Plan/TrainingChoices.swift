public import Imaging

/// What the user decided; everything else is left to ``TrainingPlan``.
public struct TrainingChoices: Codable, Hashable, Sendable {
    /// Sets of random changes.
    public enum Augmentation: String, Codable, CaseIterable, Sendable {
        /// No changes.
        case none
        /// Mirrored images.
        case flips
        /// Also turned, scaled, brighter, noisier and more.
        case strong

        /// The changes.
        public var options: AugmentationOptions {
            switch self {
            case .none: .none
            case .flips: AugmentationOptions()
            case .strong: .strong
            }
        }
    }

    /// When training ends at the latest; the first that is reached counts.
    public struct Limits: Codable, Hashable, Sendable {
        /// Passes over the data.
        public var epochs: Int?
        /// Iterations in all.
        public var iterations: Int?
        /// Minutes of training in all, those of earlier runs included.
        public var minutes: Double?
        /// Epochs without improvement; 0 to go on in any case.
        public var earlyStopping: Int?
        /// A further checkpoint is kept every so many epochs.
        public var keepsEveryEpochs: Int?

        /// Nothing is decided.
        public init() {}
    }

    /// When training ends; this may differ when a run goes on.
    public var limits = Limits()
    /// Which parts are trained.
    public var parts: TrainingOptions.Parts?
    /// How the losses of joint training make steps.
    public var jointSteps: TrainingOptions.JointSteps?
    /// The adapter of the image encoder.
    public var adapter: AdapterOptions?
    /// Parts that stay as they are.
    public var frozen: [String] = []
    /// Images per iteration.
    public var batchSize: Int?
    /// Iterations per step of the optimiser.
    public var gradientAccumulation: Int?
    /// Objects per image and iteration.
    public var objectsPerImage: Int?
    /// Predictions per iteration.
    public var subIterations: Int?
    /// The step size.
    public var learningRate: Double?
    /// Iterations at the end in which the step size falls to zero.
    public var cooldownIterations: Int?
    /// The type of matrix products.
    public var precision: TrainingOptions.Precision?
    /// Whether encoder blocks are computed again in the backward pass.
    public var usesCheckpointing: Bool?
    /// Seed of all random numbers.
    public var seed: UInt64 = 0
    /// What a patch is.
    public var framing: SamplingOptions.Framing?
    /// Size of patches, for ``SamplingOptions/Framing/patch``.
    public var patchSize: Size?
    /// Side of the square that the networks see.
    public var cropSide: Int?
    /// Diameter in pixels of the frame to which smaller objects are enlarged; 0 for not at all, nil for what suits
    /// the start model.
    public var objectDiameter: Double?
    /// How intensities come to the scale from 0 to 255.
    public var intensities: SamplingOptions.IntensityTransform?
    /// How whole images are stretched, for ``SamplingOptions/IntensityTransform/image``; nil for what suits the
    /// start model.
    public var normalization: Normalization?
    /// Objects of fewer pixels are ignored.
    public var minimumSize: Int?
    /// Samples in one pass.
    public var samplesPerEpoch: Int?
    /// Random changes.
    public var augmentation: Augmentation?
    /// Share of the data kept for validation.
    public var validationFraction: Double?

    /// Nothing is decided.
    public init() {}
}
