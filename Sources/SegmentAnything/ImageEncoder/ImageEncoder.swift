public import Torch

/// A part of an image encoder.
public typealias EncoderStage = @Sendable (Tensor) throws(TensorError) -> Tensor

/// A network that turns a prepared image into its embedding.
public protocol ImageEncoder: Sendable {
    /// The parts of the network in order; each takes what the one before it made.
    ///
    /// The first takes `[batch, 3, 1024, 1024]`, normalised and padded at the bottom and right; the last makes
    /// `[batch, 256, 64, 64]`. No part takes much longer than a block does.
    var stages: [EncoderStage] { get }

    /// Whether a part can be run again in training: not where it moves statistics.
    var repeatsStages: Bool { get }
}

extension ImageEncoder {
    /// The embedding of a batch of images, each of which depends on its own image alone.
    ///
    /// - Parameter image: `[batch, 3, 1024, 1024]`, normalised and padded at the bottom and right.
    /// - Returns: `[batch, 256, 64, 64]`.
    public func callAsFunction(_ image: Tensor) throws(TensorError) -> Tensor {
        var x = image
        for stage in stages { x = try stage(x) }
        return x
    }

    /// The same, with a pause before the first block and between all blocks.
    ///
    /// - Parameter between: Called in each pause; what it throws ends the work.
    public func callAsFunction(
        _ image: Tensor,
        between: () throws -> Void
    ) throws -> Tensor {
        var x = image
        for stage in stages {
            try between()
            x = try stage(x)
        }
        return x
    }
}
