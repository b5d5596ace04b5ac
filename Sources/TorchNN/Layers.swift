public import Torch

/// A matrix product with bias.
public struct Linear: Sendable {
    /// Shape `[outputs, inputs]`.
    public let weight: Tensor

    /// Shape `[outputs]`.
    public let bias: Tensor

    /// Wraps values that are already there.
    public init(weight: Tensor, bias: Tensor) {
        self.weight = weight
        self.bias = bias
    }

    /// Reads `weight` and `bias`.
    public init(
        from scope: ParameterScope,
        inputs: Int,
        outputs: Int
    ) throws(ParameterError) {
        weight = try scope.parameter("weight", shape: [outputs, inputs])
        bias = try scope.parameter("bias", shape: [outputs])
    }

    /// `[..., inputs]` to `[..., outputs]`.
    public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try x.linear(weight: weight, bias: bias)
    }
}

/// Normalisation of the last axis.
public struct LayerNorm: Sendable {
    /// Shape `[dimensions]`.
    public let weight: Tensor

    /// Shape `[dimensions]`.
    public let bias: Tensor

    /// Added to the variance.
    public let epsilon: Double

    /// Wraps values that are already there.
    public init(weight: Tensor, bias: Tensor, epsilon: Double) {
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
    }

    /// Reads `weight` and `bias`.
    public init(
        from scope: ParameterScope,
        dimensions: Int,
        epsilon: Double
    ) throws(ParameterError) {
        weight = try scope.parameter("weight", shape: [dimensions])
        bias = try scope.parameter("bias", shape: [dimensions])
        self.epsilon = epsilon
    }

    /// Same shape out as in.
    public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try x.layerNormalized(weight: weight, bias: bias, epsilon: epsilon)
    }
}

/// Layer normalisation over the channels of an image, separately at each pixel.
public struct LayerNorm2D: Sendable {
    private let norm: LayerNorm

    /// Reads `weight` and `bias`.
    public init(
        from scope: ParameterScope,
        channels: Int,
        epsilon: Double = 1e-6
    ) throws(ParameterError) {
        norm = try LayerNorm(from: scope, dimensions: channels, epsilon: epsilon)
    }

    /// `[batch, channels, height, width]`, the result stored channels-last.
    public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try norm(x.permuted(0, 2, 3, 1).contiguous()).permuted(0, 3, 1, 2)
    }
}

/// A two-dimensional convolution.
public struct Conv2D: Sendable {
    /// Shape `[outputs, inputs / groups, kernel, kernel]`.
    public let weight: Tensor

    /// `[outputs]`, if there is one.
    public let bias: Tensor?

    /// Step in pixels.
    public let stride: Int

    /// Zeros added on every side.
    public let padding: Int

    /// Channel groups that do not mix.
    public let groups: Int

    /// Wraps values that are already there.
    public init(
        weight: Tensor,
        bias: Tensor?,
        stride: Int = 1,
        padding: Int = 0,
        groups: Int = 1
    ) {
        self.weight = weight
        self.bias = bias
        self.stride = stride
        self.padding = padding
        self.groups = groups
    }

    /// Reads `weight` and, if asked for, `bias`.
    public init(
        from scope: ParameterScope,
        inputs: Int,
        outputs: Int,
        kernel: Int,
        stride: Int = 1,
        padding: Int = 0,
        hasBias: Bool = true
    ) throws(ParameterError) {
        let weight = try scope.parameter("weight", shape: [outputs, inputs, kernel, kernel])
        self.init(
            weight: weight,
            bias: hasBias ? try scope.parameter("bias", shape: [outputs]) : nil,
            stride: stride,
            padding: padding
        )
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, ...]`.
    public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try x.convolved(
            weight: weight,
            bias: bias,
            stride: stride,
            padding: padding,
            groups: groups
        )
    }
}

/// A transposed two-dimensional convolution whose kernels do not overlap.
public struct ConvTranspose2D: Sendable {
    /// Shape `[inputs, outputs, kernel, kernel]`.
    public let weight: Tensor

    /// Shape `[outputs]`.
    public let bias: Tensor

    private let stride: Int

    /// Reads `weight` and `bias`; the stride equals the kernel.
    public init(
        from scope: ParameterScope,
        inputs: Int,
        outputs: Int,
        kernel: Int
    ) throws(ParameterError) {
        weight = try scope.parameter("weight", shape: [inputs, outputs, kernel, kernel])
        bias = try scope.parameter("bias", shape: [outputs])
        stride = kernel
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height * kernel, width * kernel]`.
    public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try x.convolvedTransposed(weight: weight, bias: bias, stride: stride)
    }
}

/// The parameters and running statistics of a batch normalisation.
public struct BatchNorm2D: Sendable {
    /// Shape `[channels]`.
    public let weight: Tensor
    /// Shape `[channels]`.
    public let bias: Tensor
    /// Shape `[channels]`.
    public let runningMean: Tensor
    /// Shape `[channels]`.
    public let runningVariance: Tensor
    /// Added to the variance.
    public let epsilon: Double

    /// Reads all four parameters.
    public init(
        from scope: ParameterScope,
        channels: Int,
        epsilon: Double = 1e-5
    ) throws(ParameterError) {
        weight = try scope.parameter("weight", shape: [channels])
        bias = try scope.parameter("bias", shape: [channels])
        runningMean = try scope.parameter("running_mean", shape: [channels])
        runningVariance = try scope.parameter("running_var", shape: [channels])
        self.epsilon = epsilon
    }

    /// Normalises `[batch, channels, height, width]` by its own statistics, and moves the running ones.
    package func normalizingByBatch(_ x: Tensor) throws(TensorError) -> Tensor {
        try x.batchNormalized(
            weight: weight,
            bias: bias,
            epsilon: epsilon,
            updating: runningMean,
            runningVariance,
            momentum: Self.momentum
        )
    }

    /// How far a batch moves the running statistics.
    private static let momentum = 0.1

    /// The factor and the shift per channel that the running statistics amount to.
    public func affine() throws(TensorError) -> (factor: Tensor, shift: Tensor) {
        let factor = try weight * (runningVariance + epsilon).reciprocalSquareRoot()
        return (factor, try bias - runningMean * factor)
    }

    /// A convolution with this normalisation, by running statistics, folded into it.
    public func folded(into convolution: Conv2D) throws(TensorError) -> Conv2D {
        let (factor, shift) = try affine()
        let weight = try convolution.weight * factor.reshaped(-1, 1, 1, 1)
        let bias = try convolution.bias.map { (bias) throws(TensorError) in
            try bias * factor + shift
        }
        return Conv2D(
            weight: weight,
            bias: bias ?? shift,
            stride: convolution.stride,
            padding: convolution.padding,
            groups: convolution.groups
        )
    }
}
