import CTorch

// Layers as functions; images are `[batch, channels, height, width]`.
extension Tensor {
    /// `self @ weight^T + bias`; weight `[outputs, inputs]`, bias `[outputs]`.
    public func linear(weight: Tensor, bias: Tensor?) throws(TensorError) -> Tensor {
        try Tensor("linear", [self, weight]) {
            ms_linear(pointer, weight.pointer, bias?.pointer, $0)
        }
    }

    /// Two-dimensional convolution with zero padding; weight `[outputs, inputs / groups, k, k]`.
    public func convolved(
        weight: Tensor,
        bias: Tensor?,
        stride: Int = 1,
        padding: Int = 0,
        groups: Int = 1
    ) throws(TensorError) -> Tensor {
        try Tensor("convolved", [self, weight]) {
            ms_conv2d(
                pointer,
                weight.pointer,
                bias?.pointer,
                Int64(stride),
                Int64(padding),
                Int64(groups),
                $0
            )
        }
    }

    /// Transposed two-dimensional convolution without padding; weight `[inputs, outputs, k, k]`.
    public func convolvedTransposed(
        weight: Tensor,
        bias: Tensor?,
        stride: Int
    ) throws(TensorError) -> Tensor {
        try Tensor("convolvedTransposed", [self, weight]) {
            ms_conv_transpose2d(pointer, weight.pointer, bias?.pointer, Int64(stride), $0)
        }
    }

    /// Normalises the last axis to mean 0 and variance 1, then scales and shifts.
    public func layerNormalized(
        weight: Tensor?,
        bias: Tensor?,
        epsilon: Double
    ) throws(TensorError) -> Tensor {
        try Tensor("layerNormalized", [self]) {
            ms_layer_norm(pointer, weight?.pointer, bias?.pointer, epsilon, $0)
        }
    }

    /// Normalises each channel over batch, height and width of this very input.
    public func batchNormalized(
        weight: Tensor,
        bias: Tensor,
        epsilon: Double
    ) throws(TensorError) -> Tensor {
        try batchNormalized(
            weight: weight,
            bias: bias,
            epsilon: epsilon,
            updating: nil,
            nil,
            momentum: 0
        )
    }

    /// Normalises each channel over batch, height and width, and moves the running statistics, in place,
    /// towards those of this input, where they are given.
    ///
    /// - Parameter momentum: How far they move; the variance of the input is taken unbiased for this.
    package func batchNormalized(
        weight: Tensor,
        bias: Tensor,
        epsilon: Double,
        updating runningMean: Tensor?,
        _ runningVariance: Tensor?,
        momentum: Double
    ) throws(TensorError) -> Tensor {
        try Tensor("batchNormalized", [self, weight]) {
            ms_batch_norm(
                pointer,
                weight.pointer,
                bias.pointer,
                runningMean?.pointer,
                runningVariance?.pointer,
                true,
                momentum,
                epsilon,
                $0
            )
        }
    }

    /// Normalises each channel of each image, biased variance, no parameters.
    public func instanceNormalized(epsilon: Double) throws(TensorError) -> Tensor {
        try Tensor("instanceNormalized", [self]) { ms_instance_norm(pointer, epsilon, $0) }
    }

    /// A convolution with what surrounds it: its input is computed again for the gradients, not kept.
    ///
    /// On the CPU the result lies channels-last.
    ///
    /// - Parameters:
    ///   - weight: `[outputs, channels, kernel, kernel]`, of odd side; zero padding keeps the size.
    ///   - bias: `[outputs]`, if there is one.
    ///   - enlarges: Whether the image is doubled in size first, bilinearly.
    ///   - appended: Channels that join those of the (enlarged) image.
    ///   - epsilon: Added to the variance where all of them are normalised, each image and channel by
    ///     itself; nil where they are not.
    ///   - rectifies: Whether ReLU follows.
    public func recomputingConvolution(
        weight: Tensor,
        bias: Tensor?,
        enlarges: Bool = false,
        appending appended: Tensor? = nil,
        normalizingWith epsilon: Double? = nil,
        rectifies: Bool
    ) throws(TensorError) -> Tensor {
        try Tensor("recomputingConvolution", [self, weight]) {
            ms_recomputing_convolution(
                pointer,
                appended?.pointer,
                weight.pointer,
                bias?.pointer,
                enlarges,
                epsilon != nil,
                epsilon ?? 0,
                rectifies,
                $0
            )
        }
    }

    /// Exponentials along an axis, divided by their sum.
    public func softmax(_ axis: Int) throws(TensorError) -> Tensor {
        try Tensor("softmax", [self]) { ms_softmax(pointer, Int64(axis), $0) }
    }

    /// `softmax(self key^T * scale + bias) value`; all `[batch, heads, length, dimensions]`.
    public func attending(
        to key: Tensor,
        value: Tensor,
        bias: Tensor? = nil,
        scale: Double
    ) throws(TensorError) -> Tensor {
        try Tensor("attending", [self, key, value]) {
            ms_attention(pointer, key.pointer, value.pointer, bias?.pointer, scale, $0)
        }
    }

    /// Self-attention with decomposed relative positions, for training: the scores are computed again for
    /// the gradients, so that no matrix of tokens by tokens is kept.
    ///
    /// - Parameters:
    ///   - self: Queries, keys and values `[batch, height, width, 3 · heads · d]`.
    ///   - rowTable: `[2 height - 1, d]`.
    ///   - columnTable: `[2 width - 1, d]`.
    /// - Returns: `[batch, height, width, heads · d]`.
    public func differentiableRelativeAttention(
        rowTable: Tensor,
        columnTable: Tensor,
        heads: Int
    ) throws(TensorError) -> Tensor {
        try Tensor("differentiableRelativeAttention", [self, rowTable, columnTable]) {
            ms_differentiable_relative_attention(
                pointer,
                rowTable.pointer,
                columnTable.pointer,
                Int64(heads),
                $0
            )
        }
    }

    /// Bilinear resampling with half-pixel centres.
    public func resizedBilinear(
        height: Int,
        width: Int,
        antialias: Bool = false
    ) throws(TensorError) -> Tensor {
        try Tensor("resizedBilinear", [self]) {
            ms_resize_bilinear(pointer, Int64(height), Int64(width), antialias, $0)
        }
    }

    /// Linear resampling along the last axis of `[batch, channels, length]`, half-pixel centres.
    public func resizedLinear(length: Int) throws(TensorError) -> Tensor {
        try Tensor("resizedLinear", [self]) { ms_resize_linear(pointer, Int64(length), $0) }
    }
}
