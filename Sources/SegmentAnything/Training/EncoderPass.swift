package import Torch

/// A pass through the image encoder whose backward half can be run later.
///
/// What is computed from ``embedding`` accumulates its gradient there; ``backward()`` takes it through the
/// encoder. So the embedding can serve several losses whose own graphs are long gone.
package struct EncoderPass {
    /// The image embedding, `[batch, 256, side, side]`; a leaf that collects gradients unless the encoder is
    /// not trained.
    package let embedding: Tensor

    private enum Graph {
        case none
        case whole(Tensor)
        case stages([(stage: EncoderStage, input: Tensor)])
    }

    private let graph: Graph
    private let precision: DType

    /// Runs the encoder.
    ///
    /// - Parameters:
    ///   - encoder: Built for training.
    ///   - image: `[batch, 3, side, side]`.
    ///   - isTrained: Whether gradients are wanted at all.
    ///   - precision: The type in which products are computed: float32, or a lower one.
    ///   - recomputes: Whether only what enters each block is kept, and the rest is computed again for the
    ///     gradients: a third more time for a fraction of the memory. Only where ``ImageEncoder/repeatsStages``.
    ///   - between: Called between blocks of an encoder that recomputes; what it throws ends the work.
    package init(
        _ encoder: any ImageEncoder,
        _ image: Tensor,
        isTrained: Bool,
        precision: DType = .float32,
        recomputes: Bool = false,
        between: () throws -> Void = {}
    ) throws {
        self.precision = precision
        guard isTrained else {
            embedding = try withoutGradients { () throws(TensorError) in
                try Self.run(encoder.callAsFunction, image, precision)
            }
            graph = .none
            return
        }
        let output: Tensor
        if recomputes, encoder.repeatsStages {
            var inputs: [(EncoderStage, Tensor)] = []
            var x = image
            for stage in encoder.stages {
                try between()
                inputs.append((stage, x))
                x = try withoutGradients { () throws(TensorError) in
                    try Self.run(stage, x, precision)
                }
            }
            (output, graph) = (x, .stages(inputs))
        } else {
            output = try Self.run(encoder.callAsFunction, image, precision)
            graph = .whole(output)
        }
        embedding = try output.detached()
        try embedding.setRequiresGradient(true)
    }

    private static func run(
        _ stage: (Tensor) throws(TensorError) -> Tensor,
        _ x: Tensor,
        _ precision: DType
    ) throws(TensorError) -> Tensor {
        try withAutocast(to: precision, on: x.device) { () throws(TensorError) in try stage(x) }
    }

    /// Takes the gradient of the embedding to the parameters of the encoder.
    ///
    /// - Parameter between: Called between blocks of an encoder that recomputes; what it throws ends the
    ///   work and leaves some gradients behind.
    package func backward(between: () throws -> Void = {}) throws {
        guard var gradient = try embedding.gradient() else { return }
        switch graph {
        case .none: break
        case .whole(let output): try output.backward(from: gradient)
        case .stages(let stages):
            for (index, (stage, input)) in stages.enumerated().reversed() {
                try between()
                let leaf = try input.detached()
                if index > 0 { try leaf.setRequiresGradient(true) }
                let output = try Self.run(stage, leaf, precision)
                // A first stage that is frozen ends the way.
                guard output.requiresGradient else { return }
                try output.backward(from: gradient)
                guard let next = try leaf.gradient() else { return }
                gradient = next
            }
        }
    }
}
