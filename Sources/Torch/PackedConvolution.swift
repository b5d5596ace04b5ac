import CTorch

/// A 3 x 3 convolution with zero padding whose weight is arranged for the measured kernels.
///
/// The arrangement depends on the processor; it is made when a model is loaded and never stored.
public struct PackedConvolution: Sendable {
    private let layer: PackedLayer

    /// Channels that go in.
    public var inputs: Int { layer.inputs }

    /// Channels that come out.
    public var outputs: Int { layer.outputs }

    /// - Parameters:
    ///   - weight: `[outputs, inputs, 3, 3]`.
    ///   - bias: `[outputs]`, or nil for none.
    /// - Throws: ``TensorError/notSupported(operation:message:)`` if the weight is not float32 on the
    ///   CPU, or wants a gradient; composed operators do the same work then.
    public init(weight: Tensor, bias: Tensor?) throws(TensorError) {
        layer = try PackedLayer(weight, bias) { weight, out, _ in ms_convolution_pack(weight, out) }
    }

    /// Calls `body` with the layer as the shim wants it.
    fileprivate func withParameters<Result>(
        _ body: (UnsafePointer<ms_packed_linear>) -> Result
    ) -> Result {
        // Safe because the layer keeps the tensors behind the pointer during the call.
        layer.withParameters(body)
    }
}

/// Some channels of an image `[height, width, channels]`, and what happens to a value before a
/// kernel uses it.
///
/// Normalisation, ReLU, enlargement and joining of channels happen while the kernel reads, so that
/// none of their results is ever stored.
public struct ImagePart: Sendable {
    /// `[height, width, all channels]`.
    let image: Tensor

    /// Those that count.
    let channels: Range<Int>

    /// Mean and so on are per channel, `[channels.count]` each: `value * factor + shift`.
    var factor: Tensor?
    var shift: Tensor?

    /// Whether negative values become 0 after that.
    var isRectified = false

    /// What is added at the end.
    var offset: Tensor?

    /// Whether the image is first enlarged bilinearly to twice its size.
    var isDoubled = false

    /// All channels of an image, as they are.
    public init(_ image: Tensor) throws(TensorError) {
        self.image = try image.contiguous()
        channels = 0..<image.size(2)
    }

    private init(_ part: ImagePart, channels: Range<Int>) throws(TensorError) {
        func sliced(_ values: Tensor?) throws(TensorError) -> Tensor? {
            try values?.sliced(0, channels).contiguous()
        }
        image = part.image
        self.channels =
            part.channels.lowerBound + channels.lowerBound..<part.channels.lowerBound
            + channels.upperBound
        factor = try sliced(part.factor)
        shift = try sliced(part.shift)
        offset = try sliced(part.offset)
        isRectified = part.isRectified
        isDoubled = part.isDoubled
    }

    /// The middle `count` channels.
    public func centerChannels(_ count: Int) throws(TensorError) -> ImagePart {
        let start = (channels.count - count) / 2
        return try ImagePart(self, channels: start..<start + count)
    }

    /// The values of a part that is not enlarged, `[height, width, channels]`: a view where nothing is done
    /// to them.
    public func computed() throws(TensorError) -> Tensor {
        precondition(!isDoubled, "enlarging belongs to the kernels")
        var values = try image.sliced(2, channels)
        if let factor { values = try values * factor }
        if let shift { values = try values + shift }
        if isRectified { values = try values.relu() }
        if let offset { values = try values + offset }
        return values
    }

    /// The image at twice its size.
    ///
    /// To be called before anything else.
    public func doubled() -> ImagePart {
        var part = self
        part.isDoubled = true
        return part
    }

    /// Scaled and shifted per channel, then ReLU.
    ///
    /// To be called on a plain image only.
    public func scaled(by factor: Tensor, shift: Tensor) -> ImagePart {
        var part = self
        part.factor = factor
        part.shift = shift
        part.isRectified = true
        return part
    }

    /// Normalised per channel by the moments `[2, channels]` of the part: mean 0, variance 1.
    public func normalized(_ moments: Tensor, epsilon: Double) throws(TensorError) -> ImagePart {
        let mean = try moments.selected(0, 0)
        let scale = try (moments.selected(0, 1) + epsilon).reciprocalSquareRoot()
        var part = self
        // A positive scale may move into the ReLU; the mean must not.
        part.factor = try factor.map { (factor) throws(TensorError) in try factor * scale } ?? scale
        let shifted = try shift.map { (shift) throws(TensorError) in try shift * scale }
        let centre = try (mean * scale).negated()
        if isRectified {
            part.shift = shifted
            part.offset = centre
        } else {
            part.shift =
                try shifted.map { (shift) throws(TensorError) in try shift + centre }
                ?? centre
        }
        return part
    }

    /// Calls `body` with the part as the shim wants it.
    fileprivate func withParameters<Result>(_ body: (ms_image_part) -> Result) -> Result {
        withExtendedLifetime(self) {
            body(
                ms_image_part(
                    image: image.pointer,
                    first_channel: Int64(channels.lowerBound),
                    channels: Int64(channels.count),
                    factor: factor?.pointer,
                    shift: shift?.pointer,
                    offset: offset?.pointer,
                    relu: isRectified,
                    doubled: isDoubled
                )
            )
        }
    }
}

// MARK: - Kernels

extension ImagePart {
    /// Mean and biased variance of each channel, `[2, channels]`.
    public func moments() throws(TensorError) -> Tensor {
        // Safe because `withParameters` keeps the tensors of the part until the call has ended.
        try Tensor("moments", [image]) { out in
            withParameters { part in
                withUnsafePointer(to: part) { ms_part_moments($0, out) }
            }
        }
    }

    /// A 1 x 1 convolution, `[height, width, outputs]`.
    public func pointwise(_ layer: PackedLinear) throws(TensorError) -> Tensor {
        // Safe because `withParameters` keeps the tensors of part and layer until the call has
        // ended.
        try Tensor("pointwise", [image]) { out in
            withParameters { part in
                layer.withParameters { layer in
                    withUnsafePointer(to: part) { ms_fused_pointwise($0, layer, out) }
                }
            }
        }
    }
}

/// Input channels that follow each other, from one or two images.
public struct ImageParts: Sendable {
    private let first: ImagePart
    private let second: ImagePart?

    /// Joins the channels of two parts, or takes one.
    public init(_ first: ImagePart, _ second: ImagePart? = nil) {
        self.first = first
        self.second = second
    }

    private func withParameters<Result>(
        _ body: (UnsafePointer<ms_image_part>?, Int32) -> Result
    ) -> Result {
        // Safe because the parts and their tensors outlive the call of the body.
        first.withParameters { one in
            guard let second else {
                return [one].withUnsafeBufferPointer { body($0.baseAddress, 1) }
            }
            return second.withParameters { two in
                [one, two].withUnsafeBufferPointer { body($0.baseAddress, 2) }
            }
        }
    }

    /// The convolution, then ReLU if asked for, `[height, width, outputs]`.
    public func convolved(
        _ layer: PackedConvolution,
        relu: Bool
    ) throws(TensorError) -> Tensor {
        try Tensor("convolved", [first.image]) { out in
            withParameters { parts, count in
                layer.withParameters { ms_fused_convolution(parts, count, $0, relu, out, nil) }
            }
        }
    }

    /// The same, with mean and variance of each channel of the result, `[2, outputs]`.
    public func convolvedWithMoments(
        _ layer: PackedConvolution,
        relu: Bool
    ) throws(TensorError) -> (image: Tensor, moments: Tensor) {
        // Safe because the shim gives one reference, which the tensor takes over.
        var moments: OpaquePointer?
        let image = try Tensor("convolved", [first.image]) { out in
            withParameters { parts, count in
                layer.withParameters {
                    ms_fused_convolution(parts, count, $0, relu, out, &moments)
                }
            }
        }
        guard let moments else {
            throw .operationFailed(operation: "convolved", shapes: [], message: "no moments")
        }
        return (image, Tensor(owning: moments))
    }

    /// The convolution with ReLU, then a 1 x 1 convolution and the logistic function.
    ///
    /// - Parameters:
    ///   - weight: `[n, outputs]` of the second convolution.
    ///   - bias: `[n]` of the second convolution.
    ///   - height: Rows of the result, counted from the top; the others are not computed.
    ///   - width: Columns of the result, likewise.
    /// - Returns: `[n, height, width]`.
    public func convolvedToMaps(
        _ layer: PackedConvolution,
        weight: Tensor,
        bias: Tensor,
        height: Int,
        width: Int
    ) throws(TensorError) -> Tensor {
        try Tensor("convolvedToMaps", [first.image]) { out in
            withParameters { parts, count in
                layer.withParameters {
                    ms_fused_convolution_head(
                        parts,
                        count,
                        $0,
                        true,
                        weight.pointer,
                        bias.pointer,
                        Int64(height),
                        Int64(width),
                        out
                    )
                }
            }
        }
    }
}
