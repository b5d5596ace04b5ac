import Checkpoints

/// How much memory a training needs, estimated from measured runs.
///
/// The estimate is the sum of what the parameters take and of what an iteration keeps for its backward
/// pass. It is meant to err on the safe side. Peaks of the resident memory in the first iteration (in which
/// the optimiser's means are not there yet), one image per batch, float32 on a CPU:
///
/// | Model | Side | Objects | Parts | Measured | Estimate without means |
/// | --- | --- | --- | --- | --- | --- |
/// | ViT-T | 256 | 4 | joint | 1.04 GB | 1.43 GB |
/// | ViT-T | 512 | 4 | joint | 2.21 GB | 2.55 GB |
/// | ViT-T | 512 | 16 | joint | 2.22 GB | 2.55 GB |
/// | ViT-T | 512 | 4 | promptable | 1.16 GB | 1.58 GB |
/// | ViT-T | 1024 | 4 | joint | 6.77 GB | 7.05 GB |
/// | ViT-B | 1024 | 4 | joint | 9.59 GB | 10.4 GB |
/// | ViT-B | 1024 | 4 | joint, recomputing | 7.06 GB | 7.30 GB |
///
/// The instance decoder needs most of it, so objects hardly count beside it. bfloat16, GPUs and the larger
/// encoders were not measured: the first two are taken to need as much, the last in proportion.
public struct TrainingMemory: Hashable, Sendable {
    /// Bytes of values, gradients and the optimiser's means.
    public let parameters: Int

    /// Bytes that an iteration keeps for its backward pass.
    public let activations: Int

    /// Bytes in all, with the program itself and the images that are kept decoded.
    public var total: Int { Self.program + parameters + activations }

    /// The program, libtorch, its cache of freed blocks, and decoded images.
    static let program = 900_000_000

    /// Estimates a training.
    ///
    /// - Parameters:
    ///   - options: How is trained.
    ///   - subject: What is trained.
    public init(_ options: TrainingOptions, _ subject: TrainingSubject) {
        let trainsPrompts = options.parts != .decoder
        let trainsDecoder = options.parts != .promptable
        let decoderValues =
            trainsDecoder
            ? max(subject.decoderValues, TrainingSubject.newDecoderValues) : subject.decoderValues
        func isFrozen(_ part: String) -> Bool { options.frozen.contains { part.hasPrefix($0) } }
        let isEncoderFrozen = isFrozen("image_encoder")
        let isEncoderTrained = !isEncoderFrozen && options.adapter == nil
        let trained =
            (isEncoderTrained ? subject.encoderValues : subject.encoderValues / 20)
            + (trainsPrompts && !isFrozen("mask_decoder") ? subject.promptValues : 0)
            + (trainsDecoder ? decoderValues : 0)
        let all = subject.encoderValues + subject.promptValues + decoderValues
        // The value of each, and for trained ones the gradient and two means.
        parameters = 4 * all + 12 * trained

        let share = Double(options.frameSide * options.frameSide) / Double(1024 * 1024)
        let cost = Cost(subject.architecture)
        let encoder =
            isEncoderFrozen
            ? cost.forward : options.usesCheckpointing ? cost.checkpointed : cost.encoder
        // Predictions go back one after the other, and so do images in them.
        let prompts = trainsPrompts ? Cost.perObject * Double(options.objectsPerImage) : 0
        let decoder = trainsDecoder ? Cost.instanceDecoder * Double(options.batchSize) : 0
        // Blocks are computed again when predictions and decoder are done.
        let block = options.usesCheckpointing ? cost.block * Double(options.batchSize) : 0
        let passes = encoder * Double(options.batchSize) + max(prompts, decoder, block)
        activations = Int(share * passes)
    }

    /// Bytes for a whole frame of 1024 x 1024 pixels.
    private struct Cost {
        /// What the encoder keeps.
        let encoder: Double
        /// What it keeps if blocks are computed again.
        let checkpointed: Double
        /// What a block keeps while it is computed again.
        let block: Double
        /// What it needs without a backward pass.
        let forward: Double

        /// What the instance decoder keeps.
        static let instanceDecoder = 3.7e9

        /// What a prediction keeps for each object.
        static let perObject = 50e6

        init(_ architecture: EncoderArchitecture) {
            switch architecture {
            case .tinyViT:
                (encoder, checkpointed, block, forward) = (2.3e9, 2.3e9, 0, 0.7e9)
            case .viT(let network):
                // By the tokens of all blocks, relative to ViT-B.
                let size = Double(network.width * network.depth) / Double(768 * 12)
                (encoder, checkpointed) = (5e9 * size, 1.9e9 * size)
                (block, forward) = (1e9 * Double(network.headCount) / 12, 1.5e9)
            }
        }
    }
}
