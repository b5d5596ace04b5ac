import CTorch

/// A linear layer whose weight is arranged for the measured kernels of this machine.
///
/// The arrangement depends on the processor; it is made when a model is loaded and never stored.
public struct PackedLinear: Sendable {
    private let layer: PackedLayer

    /// Size of the last axis of what goes in.
    public var inputs: Int { layer.inputs }

    /// Size of the last axis of what comes out.
    public var outputs: Int { layer.outputs }

    /// - Parameters:
    ///   - weight: `[outputs, inputs]`.
    ///   - bias: `[outputs]`, or nil for none.
    ///   - precision: With ``ProductPrecision/int8``, `inputs` must be a multiple of 16.
    /// - Throws: ``TensorError/notSupported(operation:message:)`` if the weight is not float32 on the
    ///   CPU, or wants a gradient, or if the processor lacks products of this precision; composed
    ///   operators do the same work then.
    public init(
        weight: Tensor,
        bias: Tensor?,
        precision: ProductPrecision = .float32
    ) throws(TensorError) {
        switch precision {
        case .float32:
            layer = try PackedLayer(weight, bias) { weight, out, _ in ms_linear_pack(weight, out) }
        case .int8:
            layer = try PackedLayer(weight, bias) { ms_linear_pack_int8($0, $1, $2) }
        case .bfloat16:
            layer = try PackedLayer(weight, bias) { weight, out, _ in
                ms_linear_pack_bfloat16(weight, out)
            }
        }
    }

    /// Calls `body` with the layer as the shim wants it.
    func withParameters<Result>(
        _ body: (UnsafePointer<ms_packed_linear>) -> Result
    ) -> Result {
        // Safe because the layer keeps the tensors behind the pointer during the call.
        layer.withParameters(body)
    }
}

/// How the products of a layer are computed.
public enum ProductPrecision: Hashable, Sendable {
    /// In single precision, exact to rounding.
    case float32
    /// Weights and inputs are rounded to 8-bit integers, with a scale for each output of a weight and for
    /// each row of the input; products are summed exactly.
    case int8
    /// Weights, inputs and sums are rounded to bfloat16; sums are made in single precision.
    case bfloat16

    /// Whether the processor has fast products of this precision.
    public var isAvailable: Bool {
        switch self {
        case .float32: true
        case .int8: ms_has_int8()
        case .bfloat16: ms_has_bfloat16()
        }
    }
}

/// What all layers with an arranged weight have in common.
struct PackedLayer: Sendable {
    /// Size of the second axis of the weight.
    let inputs: Int

    /// Size of the first axis of the weight.
    let outputs: Int

    private let weight: Tensor
    private let scales: Tensor?  // of a weight of 8-bit integers
    private let bias: Tensor?

    /// - Parameter pack: Arranges the weight, which is contiguous; gives its scales if it has some.
    init(
        _ weight: Tensor,
        _ bias: Tensor?,
        _ pack: (
            OpaquePointer, UnsafeMutablePointer<OpaquePointer?>,
            _ scales: UnsafeMutablePointer<OpaquePointer?>
        ) -> ms_status
    ) throws(TensorError) {
        // Safe because the weight outlives the call of `pack`, which keeps no pointer, and the shim gives one
        // reference of the scales, which the tensor takes over.
        let weight = try weight.contiguous()
        self.bias = try bias?.contiguous()
        var scales: OpaquePointer?
        self.weight = try Tensor("packed", [weight]) { pack(weight.pointer, $0, &scales) }
        self.scales = scales.map { Tensor(owning: $0) }
        outputs = weight.size(0)
        inputs = weight.size(1)
    }

    /// Calls `body` with the layer as the shim wants it.
    func withParameters<Result>(
        _ body: (UnsafePointer<ms_packed_linear>) -> Result
    ) -> Result {
        // Safe because the tensors behind the pointers outlive the call of the body.
        withExtendedLifetime((weight, scales, bias)) {
            var parameters = ms_packed_linear(
                weight: weight.pointer,
                scales: scales?.pointer,
                bias: bias?.pointer,
                inputs: Int64(inputs),
                outputs: Int64(outputs)
            )
            return body(&parameters)
        }
    }
}

/// The function applied to the result of a fused linear layer.
public enum FusedActivation: Sendable {
    /// The result as it is.
    case none
    /// `x Φ(x)`, the exact form.
    case gelu
    /// Negative values become 0.
    case relu

    fileprivate var code: Int32 {
        switch self {
        case .none: Int32(MS_ACTIVATION_NONE)
        case .gelu: Int32(MS_ACTIVATION_GELU)
        case .relu: Int32(MS_ACTIVATION_RELU)
        }
    }
}

/// The parameters of a normalisation of the last axis.
public struct NormParameters: Sendable {
    let weight: Tensor
    let bias: Tensor
    let epsilon: Double

    /// - Parameters:
    ///   - weight: Factors, as many as the last axis has elements.
    ///   - bias: What is added after that.
    ///   - epsilon: Added to the variance.
    public init(weight: Tensor, bias: Tensor, epsilon: Double) {
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
    }
}

extension NormParameters? {
    /// Calls `body` with the parameters as the shim wants them, or with null.
    fileprivate func withParameters<Result>(
        _ body: (UnsafePointer<ms_layer_norm_parameters>?) -> Result
    ) -> Result {
        // Safe because the tensors behind the pointers outlive the call of the body.
        guard let norm = self else { return body(nil) }
        return withExtendedLifetime(norm) {
            var parameters = ms_layer_norm_parameters(
                weight: norm.weight.pointer,
                bias: norm.bias.pointer,
                epsilon: norm.epsilon
            )
            return body(&parameters)
        }
    }
}

// MARK: - Layers

extension Tensor {
    /// `activation(norm(self) · weightᵀ + bias) + residual` in one pass.
    ///
    /// - Parameters:
    ///   - layer: From `[..., inputs]` to `[..., outputs]`.
    ///   - norm: Normalises the last axis of the input first.
    ///   - activation: Applied before the residual is added.
    ///   - residual: Rows of `outputs` elements; fewer rows than the result has are repeated.
    /// - Throws: ``TensorError/notSupported(operation:message:)`` off the CPU or with gradients.
    public func linear(
        _ layer: PackedLinear,
        norm: NormParameters? = nil,
        activation: FusedActivation = .none,
        residual: Tensor? = nil
    ) throws(TensorError) -> Tensor {
        let input = try contiguous()
        let residual = try residual?.contiguous()
        return try Tensor("linear", [input]) { out in
            layer.withParameters { layer in
                norm.withParameters { norm in
                    ms_fused_linear(
                        input.pointer,
                        norm,
                        layer,
                        activation.code,
                        residual?.pointer,
                        out
                    )
                }
            }
        }
    }

    /// `second(gelu(first(norm(self)))) + residual`; the hidden layer never leaves the cache.
    ///
    /// - Throws: ``TensorError/notSupported(operation:message:)`` off the CPU or with gradients.
    public func perceptron(
        _ first: PackedLinear,
        _ second: PackedLinear,
        norm: NormParameters? = nil,
        residual: Tensor? = nil
    ) throws(TensorError) -> Tensor {
        let input = try contiguous()
        let residual = try residual?.contiguous()
        return try Tensor("perceptron", [input]) { out in
            first.withParameters { first in
                second.withParameters { second in
                    norm.withParameters { norm in
                        ms_fused_perceptron(
                            input.pointer,
                            norm,
                            first,
                            second,
                            residual?.pointer,
                            out
                        )
                    }
                }
            }
        }
    }

    /// Attention with decomposed relative positions from joint queries, keys and values.
    ///
    /// `self` is `[batch, height, width, 3 · channels]`: all queries, then all keys, then all values.
    ///
    /// - Parameters:
    ///   - padding: `[3 · channels]`, what stands at window positions outside the image.
    ///   - rowTable: `[2 side - 1, channels / heads]`, by difference of rows.
    ///   - columnTable: The same by difference of columns.
    ///   - window: Side of the windows; nil attends to the whole image.
    /// - Returns: `[batch, height, width, channels]`.
    /// - Throws: ``TensorError/notSupported(operation:message:)`` off the CPU or with gradients.
    public func relativeAttention(
        padding: Tensor,
        rowTable: Tensor,
        columnTable: Tensor,
        heads: Int,
        window: Int?
    ) throws(TensorError) -> Tensor {
        let input = try contiguous()
        return try Tensor("relativeAttention", [input, rowTable, columnTable]) {
            ms_vit_attention(
                input.pointer,
                padding.pointer,
                rowTable.pointer,
                columnTable.pointer,
                Int64(heads),
                Int64(window ?? 0),
                $0
            )
        }
    }

    /// Attention inside windows from joint queries, keys and values, head by head `[q | k | v]`.
    ///
    /// - Parameters:
    ///   - padding: `[3 · channels]`, what stands at window positions outside the image.
    ///   - bias: `[heads, window², window²]`, added to the scores; nil for none.
    /// - Returns: `[batch, height, width, channels]`.
    /// - Throws: ``TensorError/notSupported(operation:message:)`` off the CPU or with gradients.
    public func windowAttention(
        padding: Tensor,
        bias: Tensor?,
        heads: Int,
        window: Int
    ) throws(TensorError) -> Tensor {
        let input = try contiguous()
        return try Tensor("windowAttention", [input]) {
            ms_window_attention(
                input.pointer,
                padding.pointer,
                bias?.pointer,
                Int64(heads),
                Int64(window),
                $0
            )
        }
    }
}
