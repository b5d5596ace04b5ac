public import Checkpoints
public import Imaging
import Prompting
import Segmentation

/// What is known of a model before it is trained: which encoder, and how many values its parts have.
public struct TrainingSubject: Codable, Hashable, Sendable {
    /// The image encoder.
    public var architecture: EncoderArchitecture
    /// Values of the image encoder.
    public var encoderValues: Int
    /// Values of prompt encoder and mask decoder.
    public var promptValues: Int
    /// Values of the instance decoder, or 0 without one.
    public var decoderValues: Int
    /// The diameter of objects that suits the model, in pixels of the frame; nil if it carries none.
    public var objectDiameter: Double?
    /// The same for the decoder, if smaller objects suit it.
    public var decoderDiameter: Double?
    /// How intensities are stretched for the model.
    public var normalization = Normalization.minmax

    /// Describes a model.
    public init(
        architecture: EncoderArchitecture,
        encoderValues: Int,
        promptValues: Int,
        decoderValues: Int,
        objectDiameter: Double? = nil
    ) {
        self.architecture = architecture
        self.encoderValues = encoderValues
        self.promptValues = promptValues
        self.decoderValues = decoderValues
        self.objectDiameter = objectDiameter
    }

    /// Describes a checkpoint.
    public init(_ checkpoint: SAMCheckpoint) {
        func count(_ tensors: [String: TensorEntry], _ isCounted: (String) -> Bool) -> Int {
            tensors.filter { isCounted($0.key) }.map { $0.value.shape.reduce(1, *) }.reduce(0, +)
        }
        let isEncoder = { (name: String) in name.hasPrefix("image_encoder.") }
        architecture = checkpoint.architecture
        encoderValues = count(checkpoint.model, isEncoder)
        promptValues = count(checkpoint.model) { !isEncoder($0) }
        decoderValues = count(checkpoint.decoder ?? [:]) { _ in true }
        let traits = ModelTraits(metadata: checkpoint.metadata)
        objectDiameter = traits.objectDiameter?.framePixels
        decoderDiameter = traits.decoderDiameter?.framePixels
        normalization = traits.normalization
    }

    /// Whether the encoder works on parts of its frame.
    public var acceptsSmallFrames: Bool {
        if case .tinyViT = architecture { true } else { false }
    }

    /// Values of an instance decoder that is made anew (UNETR on an embedding of 256 channels).
    static let newDecoderValues = 12_000_000
}
