import Prompting
import Torch
import TorchNN

/// Turns image tokens into mask logits at four times their resolution.
///
/// Two transposed convolutions of 2 x 2 without overlap are matrix products per token. Pixels stay in
/// the order of the tokens they come from until the last step, where only the masks are rearranged
/// and not the features.
struct MaskUpscaling: Sendable {
    private let first: Linear  // 256 -> 4 pixels of 64 channels
    private let norm: LayerNorm
    private let second: Linear  // 64 -> 4 pixels of 32 channels

    private static let channels = (first: 64, second: 32)

    init(from scope: ParameterScope) throws(ParameterError) {
        first = try Self.pixelLayer(
            scope[0],
            inputs: ModelFrame.embeddingChannels,
            outputs: Self.channels.first
        )
        norm = try LayerNorm(from: scope[1], dimensions: Self.channels.first, epsilon: 1e-6)
        second = try Self.pixelLayer(
            scope[3],
            inputs: Self.channels.first,
            outputs: Self.channels.second
        )
    }

    /// A transposed convolution as a linear layer whose outputs are (row, column, channel).
    private static func pixelLayer(
        _ scope: ParameterScope,
        inputs: Int,
        outputs: Int
    ) throws(ParameterError) -> Linear {
        let weight = try scope.parameter("weight", shape: [inputs, outputs, 2, 2])
        let bias = try scope.parameter("bias", shape: [outputs])
        return Linear(
            weight: try scope.derive { () throws(TensorError) in
                try weight.permuted(2, 3, 1, 0).reshaped(4 * outputs, inputs).contiguous()
            },
            bias: try scope.derive { () throws(TensorError) in
                try Tensor.concatenated([bias, bias, bias, bias], axis: 0)
            }
        )
    }

    /// Logits of some masks, each of one object.
    ///
    /// - Parameters:
    ///   - image: Tokens `[objects, 4096, 256]`.
    ///   - weights: Of each mask, `[masks, 32]`.
    ///   - objects: Whose mask it is, ascending.
    /// - Returns: Logits `[masks, 256, 256]`.
    func callAsFunction(
        _ image: Tensor,
        weights: Tensor,
        objects: [Int]
    ) throws(TensorError) -> Tensor {
        if image.device == .cpu, !image.requiresGradient, !weights.requiresGradient {
            do throws(TensorError) {
                // Arranged anew each time, because that takes a thousandth of the work and parameters
                // may change in training.
                return try image.upscaledMasks(
                    first: PackedLinear(weight: first.weight, bias: first.bias),
                    norm: NormParameters(
                        weight: norm.weight,
                        bias: norm.bias,
                        epsilon: norm.epsilon
                    ),
                    second: PackedLinear(weight: second.weight, bias: second.bias),
                    weights: weights,
                    objects: objects
                )
            } catch .notSupported {}
        }
        let owners = Set(objects).sorted()
        let perObject = objects.count / max(owners.count, 1)
        let isRegular = objects.indices.allSatisfy {
            objects[$0] == owners[min($0 / perObject, owners.count - 1)]
        }
        let chosen = isRegular ? owners : objects
        let images =
            chosen == Array(0..<image.size(0))
            ? image
            : try image.indexed(
                0,
                by: Tensor(chosen.map(Int64.init), shape: [chosen.count]).moved(to: image.device)
            )
        let side = ModelFrame.maskSide(ofTokens: image.size(1))
        return try self(images, weights: weights.reshaped(chosen.count, -1, weights.size(1)))
            .reshaped(objects.count, side, side)
    }

    /// - Parameters:
    ///   - image: Tokens `[objects, 4096, 256]`.
    ///   - weights: Of each mask, `[objects, masks, 32]`.
    /// - Returns: Logits `[objects, masks, 256, 256]`.
    func callAsFunction(_ image: Tensor, weights: Tensor) throws(TensorError) -> Tensor {
        let (objects, masks) = (image.size(0), weights.size(1))
        let maskSide = ModelFrame.maskSide(ofTokens: image.size(1))
        let side = maskSide / 4
        let half = try norm(first(image).reshaped(objects, -1, Self.channels.first)).activated()
        let full = try second(half).activated().reshaped(objects, -1, Self.channels.second)
        // [objects, (y, x, row, column, row, column), masks]
        return try full.matmul(weights.transposed(1, 2))
            .reshaped(objects, side, side, 2, 2, 2, 2, masks)
            .permuted(0, 7, 1, 3, 5, 2, 4, 6)
            .reshaped(objects, masks, maskSide, maskSide)
    }
}

extension Tensor {
    /// GELU of a fresh intermediate, in its own memory where no gradient needs the old values.
    func activated() throws(TensorError) -> Tensor {
        guard !requiresGradient else { return try gelu() }
        try geluInPlace()
        return self
    }
}
