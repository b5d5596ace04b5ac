public import Torch

/// A matrix product with bias, together with the normalisation before it and what follows it.
///
/// On the CPU the weight is arranged for the measured kernels, and the plain one is dropped; anywhere
/// else, and where gradients are wanted, the same is composed of operators.
public struct FusedLinear: Sendable {
    private enum Form: Sendable {
        case packed(PackedLinear)
        case plain(weight: Tensor, bias: Tensor?)
    }

    private let form: Form

    /// - Parameters:
    ///   - weight: `[outputs, inputs]`.
    ///   - bias: `[outputs]`, or nil for none.
    ///   - precision: Without effect where the kernels do not apply.
    public init(
        weight: Tensor,
        bias: Tensor?,
        precision: ProductPrecision = .float32
    ) throws(TensorError) {
        do throws(TensorError) {
            form = .packed(try PackedLinear(weight: weight, bias: bias, precision: precision))
        } catch .notSupported {
            form = .plain(weight: weight, bias: bias)
        }
    }

    /// Takes over a layer without arranging it, so that gradients reach its parameters.
    public init(plain layer: Linear) {
        form = .plain(weight: layer.weight, bias: layer.bias)
    }

    /// Takes over a layer.
    public init(_ layer: Linear, precision: ProductPrecision = .float32) throws(TensorError) {
        try self.init(weight: layer.weight, bias: layer.bias, precision: precision)
    }

    /// Takes over a convolution with a kernel of one pixel, for images with channels innermost.
    public init(_ convolution: Conv2D) throws(TensorError) {
        let weight = convolution.weight
        try self.init(
            weight: weight.reshaped(weight.size(0), weight.size(1)),
            bias: convolution.bias
        )
    }

    /// Whether the kernels apply.
    public var isPacked: Bool {
        if case .packed = form { true } else { false }
    }

    /// `activation(norm(x) · weightᵀ + bias) + residual`, `[..., inputs]` to `[..., outputs]`.
    public func callAsFunction(
        _ x: Tensor,
        norm: LayerNorm? = nil,
        activation: FusedActivation = .none,
        residual: Tensor? = nil
    ) throws(TensorError) -> Tensor {
        switch form {
        case .packed(let layer):
            return try x.linear(
                layer,
                norm: norm?.parameters,
                activation: activation,
                residual: residual
            )
        case .plain(let weight, let bias):
            let input = try norm?.callAsFunction(x) ?? x
            let product = try input.linear(weight: weight, bias: bias)
            let result =
                switch activation {
                case .none: product
                case .gelu: try product.gelu()
                case .relu: try product.relu()
                }
            return try residual.map { (residual) throws(TensorError) in try result + residual }
                ?? result
        }
    }

    /// `second(gelu(first(norm(x)))) + residual`.
    public static func perceptron(
        _ x: Tensor,
        _ first: FusedLinear,
        _ second: FusedLinear,
        norm: LayerNorm?,
        residual: Tensor
    ) throws(TensorError) -> Tensor {
        if case .packed(let expand) = first.form, case .packed(let project) = second.form {
            return try x.perceptron(expand, project, norm: norm?.parameters, residual: residual)
        }
        return try second(first(x, norm: norm, activation: .gelu), residual: residual)
    }
}

extension LayerNorm {
    fileprivate var parameters: NormParameters {
        NormParameters(weight: weight, bias: bias, epsilon: epsilon)
    }
}
