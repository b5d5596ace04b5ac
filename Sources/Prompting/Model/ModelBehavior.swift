public import Imaging

/// How a model behaves where micro-sam's own inference departs from what its networks define, and how
/// exactly it computes.
///
/// Two defects of the reference change numbers: the attention biases of ViT-T are lost when weights
/// are loaded, and the batch normalisations of the instance-segmentation decoder use the statistics
/// of the current input. The accuracy of either choice is measured in `docs/models/usam-tiny.md`.
public struct ModelBehavior: Hashable, Codable, Sendable {
    /// Which attention biases ViT-T uses.
    public enum AttentionBiases: String, Codable, CaseIterable, Sendable {
        /// Those in the checkpoint, as in training.
        case trained
        /// None, as micro-sam's inference does.
        case zero
    }

    /// Which statistics the batch normalisations of the instance-segmentation decoder use.
    public enum NormStatistics: String, Codable, CaseIterable, Sendable {
        /// Those in the checkpoint, as the layers define for inference.
        case running
        /// Those of the image itself, as micro-sam's inference does for one image at a time.
        case image
    }

    /// How the products of the image encoder are computed.
    public enum Precision: String, Codable, CaseIterable, Sendable {
        /// In single precision.
        case float32
        /// With 8-bit integers: faster on processors that have them (AVX-512 VNNI), and less exact. The loss
        /// of accuracy is measured in `docs/performance.md`.
        case int8
        /// In bfloat16: faster on processors that multiply it (AVX512-BF16, AMX), and less exact, as measured in
        /// `docs/performance.md`.
        case bfloat16
    }

    /// Which attention biases ViT-T uses; without effect on other encoders.
    public var attentionBiases: AttentionBiases

    /// Which statistics the instance-segmentation decoder uses.
    public var decoderStatistics: NormStatistics

    /// How intensities are stretched for the model; nil for the way that the model carries.
    public var normalization: Normalization?

    /// How the image encoder computes; nil for single precision, which all other networks use.
    public var precision: Precision?

    /// Creates any combination.
    public init(
        attentionBiases: AttentionBiases,
        decoderStatistics: NormStatistics,
        normalization: Normalization? = nil,
        precision: Precision? = nil
    ) {
        self.attentionBiases = attentionBiases
        self.decoderStatistics = decoderStatistics
        self.normalization = normalization
        self.precision = precision
    }

    /// Whether the networks behave as those of micro-sam 1.8, however intensities are stretched and however exactly
    /// the image encoder computes.
    public var isReference: Bool {
        attentionBiases == Self.reference.attentionBiases
            && decoderStatistics == Self.reference.decoderStatistics
    }

    /// The numbers of micro-sam 1.8.
    public static let reference = ModelBehavior(attentionBiases: .zero, decoderStatistics: .image)

    /// What the networks define.
    public static let corrected = ModelBehavior(
        attentionBiases: .trained,
        decoderStatistics: .running
    )

    /// What is used where nothing else is asked for: the more accurate of the measured choices.
    public static let standard = corrected
}
