/// Everything that decides how a model is trained, apart from the data.
///
/// Defaults are those of micro-sam 1.8.
public struct TrainingOptions: Codable, Hashable, Sendable {
    /// Which parts are trained.
    public enum Parts: String, Codable, CaseIterable, Sendable {
        /// The promptable model and the instance decoder.
        case joint
        /// The promptable model alone.
        case promptable
        /// The image encoder and the instance decoder, without prompts.
        case decoder
    }

    /// How the two losses of joint training make steps of the optimiser.
    public enum JointSteps: String, Codable, CaseIterable, Sendable {
        /// One step per loss, each with its own pass through the image encoder, as the reference does.
        case separate
        /// One step for the sum of both losses, with a single pass through the image encoder.
        case combined
    }

    /// The type in which matrix products are computed.
    public enum Precision: String, Codable, CaseIterable, Sendable {
        /// Single precision everywhere.
        case float32
        /// Products in bfloat16, sums and parameters in single precision.
        case bfloat16
    }

    /// Which parts are trained.
    public var parts = Parts.joint

    /// Steps of joint training.
    public var jointSteps = JointSteps.separate

    /// Passes over the data; ignored if ``iterations`` is given.
    public var epochs = 100

    /// Iterations in all, or nil to count ``epochs``.
    public var iterations: Int?

    /// Images per batch.
    public var batchSize = 1

    /// Batches per iteration: their gradients are averaged for one step.
    public var gradientAccumulation = 1

    /// Objects per image and iteration.
    public var objectsPerImage = 25

    /// Predictions per iteration: one from the first prompt, the others from corrections.
    public var subIterations = 8

    /// Probability that a correction also sees the mask it corrects.
    public var maskProbability = 0.5

    /// How far the sides of box prompts may move outwards, as a share of the box.
    public var boxDistortion = 0.025

    /// Weight of the binary cross entropy of predicted masks beside Dice; 0, the reference's choice, leaves it out.
    ///
    /// Dice alone has next to no gradient where a prediction is wrong and sure of it.
    public var pixelLossWeight = 0.0

    /// Weight of the binary cross entropy of the decoder's foreground beside Dice; nil, the reference's
    /// choice, leaves it out.
    public var foregroundLossWeight: Double?

    /// How much more than others pixels near a border between two objects count in the loss of the decoder;
    /// nil, the reference's choice, counts all the same.
    public var borderWeight: Double?

    /// Channels of the stages of the detail path that the decoder gets if it has none; nil adds no path.
    ///
    /// One to three multiples of 16: at a half of the frame, at a quarter and at an eighth. Only this program reads such a decoder.
    public var detailWidths: [Int]?

    /// Side of the square that images are resized to, a multiple of 16 up to 1024.
    ///
    /// Below 1024 an image stands for a part of the model's frame at a random place: encoder and decoders
    /// do less work. Not for encoders with absolute positions (ViT-B, L, H).
    public var frameSide = 1024

    /// The schedule and the optimiser.
    public var optimizer = OptimizerOptions()

    /// Epochs without improvement after which training ends, or nil to go on.
    public var earlyStopping: Int? = 10

    /// Parameters whose names begin with one of these stay as they are, such as `image_encoder`.
    public var frozen: [String] = []

    /// What is added to the image encoder and trained in its place, or nil to train all of it.
    public var adapter: AdapterOptions?

    /// The type in which matrix products are computed.
    public var precision = Precision.float32

    /// Whether encoder blocks are computed again in the backward pass instead of keeping everything.
    public var usesCheckpointing = false

    /// Whether the batch normalisations of the image encoder (ViT-T) use their running statistics as they
    /// are, instead of those of each batch.
    public var freezesEncoderStatistics = false

    /// The same for the decoder for automatic segmentation.
    ///
    /// Then training computes what inference does, whatever images share a batch.
    public var freezesDecoderStatistics = false

    /// Seed of all random numbers.
    public var seed: UInt64 = 0

    /// A further checkpoint is kept every so many epochs; nil keeps `latest` and `best` only.
    public var keepsEveryEpochs: Int?

    /// Seconds after which `latest` is written in the middle of an epoch, or nil for epoch ends only.
    public var checkpointInterval: Double?

    /// The reference's defaults.
    public init() {}
}

/// AdamW and the plateau schedule.
public struct OptimizerOptions: Codable, Hashable, Sendable {
    /// The step size at the beginning.
    public var learningRate = 1e-5
    /// Decay of the mean of the gradients.
    public var beta1 = 0.9
    /// Decay of the mean of their squares.
    public var beta2 = 0.999
    /// Added to the root of the mean of squares.
    public var epsilon = 1e-8
    /// Share of a parameter that is taken away per step, times the learning rate.
    public var weightDecay = 0.01
    /// Length of all gradients together above which they are shortened to it, or nil, the reference's choice.
    ///
    /// A limit keeps a single odd batch from undoing what was learned.
    public var gradientNormLimit: Double?
    /// Iterations over which the learning rate rises from zero.
    public var warmupIterations = 0
    /// Iterations at the end over which the learning rate falls to zero; the length of the training is then
    /// a part of what it is, and a run cannot be made longer.
    public var cooldownIterations = 0
    /// What the learning rate is multiplied with on a plateau.
    public var plateauFactor = 0.9
    /// Epochs without improvement after which it is.
    public var plateauPatience = 3

    /// The reference's defaults.
    public init() {}
}

/// A parameter-efficient variant of the image encoder: of ViT-B, L and H, and LoRA of ViT-T too.
public struct AdapterOptions: Codable, Hashable, Sendable {
    /// The kinds of adapter.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// Low-rank additions to projections.
        case lora
        /// Factors shared by query and value; without the reference's dropout.
        case fact
        /// A scale and a shift after each layer.
        case ssf
        /// A bottleneck beside the MLP.
        case adaptFormer = "adaptformer"
        /// All parameters of the attention.
        case attention
        /// All biases.
        case bias
        /// All layer normalisations.
        case layerNorm = "layernorm"
        /// All parameters of the chosen blocks.
        case classical
    }

    /// A layer that LoRA adds to.
    public enum Layer: String, Codable, CaseIterable, Sendable {
        /// Projection to queries.
        case query = "q"
        /// Projection to keys.
        case key = "k"
        /// Projection to values.
        case value = "v"
        /// Both layers of the MLP.
        case mlp
    }

    /// The kind of adapter.
    public var kind = Kind.lora
    /// Rank of LoRA and FacT.
    public var rank = 4
    /// Layers that LoRA adds to; a ViT-T has one joint addition for queries, keys and values.
    public var layers: [Layer] = [.query, .value]
    /// Encoder blocks that carry the adapter, or nil for all.
    public var blocks: [Int]?
    /// Width of AdaptFormer's bottleneck.
    public var bottleneck = 64

    /// LoRA of rank 4 on queries and values of all blocks.
    public init() {}
}
