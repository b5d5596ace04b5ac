import Prompting
import Torch
import TorchNN

/// The instance decoder on the measured kernels of the CPU.
///
/// Images are `[height, width, channels]`. Enlarging, normalising and joining happen while a
/// convolution reads its input, so only results of convolutions are stored.
struct FusedInstanceDecoder: Sendable {
    private let modules: DecoderModules<FusedDeconvolution, FusedUpsampler, FusedConvolutionPair>
    private let outputWeight: Tensor  // [3, channels]
    private let outputBias: Tensor
    private let detail: FusedDetailPath?

    /// Whether the decoder needs the image beside the embedding.
    var usesImage: Bool { detail != nil }

    /// Nil where the kernels do not apply.
    init?(from scope: ParameterScope, behavior: ModelBehavior) throws(ParameterError) {
        guard scope.device.kind == .cpu else { return nil }
        let modules = try DecoderModules<FusedDeconvolution, FusedUpsampler, FusedConvolutionPair>(
            from: scope,
            behavior: behavior
        )
        self.modules = modules
        outputWeight = try scope.derive { () throws(TensorError) in
            try modules.output.weight.reshaped(InstanceDecoder.outputChannels, -1).contiguous()
        }
        outputBias = try scope["out_conv"].parameter(
            "bias",
            shape: [InstanceDecoder.outputChannels]
        )
        detail = try DetailPath(from: scope, joined: modules.widths.joined).map {
            (path) throws(ParameterError) in
            try scope["detail"].packed { () throws(TensorError) in try FusedDetailPath(path) }
        }
    }

    /// `[1, 256, 64, 64]` to `[1, 3, height, width]`.
    ///
    /// - Parameters:
    ///   - image: `[1, 3, 1024, 1024]`; there if the decoder uses it.
    ///   - between: Called between layers; what it throws ends the work.
    func callAsFunction(
        _ embedding: Tensor,
        _ image: Tensor?,
        height: Int,
        width: Int,
        between: () throws -> Void
    ) throws -> Tensor {
        let tokens = try ImagePart(embedding.selected(0, 0).permuted(1, 2, 0))
        var skips = [try modules.deconvolutions[0](tokens)]
        for index in 1..<3 {
            try between()
            skips.append(try modules.deconvolutions[index](skips[index - 1]))
        }
        var details: [Tensor] = []
        if let detail, let image { details = try detail(image, between: between) }
        var x = try ImagePart(modules.base(tokens))
        for index in 0..<3 {
            try between()
            var skip = try skips[index].centerChannels(modules.widths.all[index + 1])
            if details.count == 3 - index {
                skip = try ImagePart(skip.computed() + details.removeLast())
            }
            x = try ImagePart(modules.blocks[index](modules.samplers[index](x), skip))
            if index < 2 { skips[index] = x }  // releases the memory of the skip
        }
        // The features of full size are large, and are made as late as possible.
        try between()
        let last = try modules.deconvolutions[3](skips[2])
        skips.removeAll()
        try between()
        let middle = try modules.head.middle(modules.lastSampler(x), last)
        try between()
        return try modules.head.maps(
            middle,
            weight: outputWeight,
            bias: outputBias,
            height: height,
            width: width
        ).unsqueezed(0)
    }
}

/// Twice the resolution: bilinear and a 1 x 1 convolution, or a transposed convolution in older
/// checkpoints.
private struct FusedUpsampler: DecoderModule {
    private let layer: PackedLinear
    private let isTransposed: Bool

    init(from scope: ParameterScope, inputs: Int, outputs: Int) throws(ParameterError) {
        isTransposed = scope["block"].contains("weight")
        if isTransposed {
            let convolution = try ConvTranspose2D(
                from: scope["block"],
                inputs: inputs,
                outputs: outputs,
                kernel: 2
            )
            // Each pixel makes four: their channels follow each other.
            layer = try scope.packed { () throws(TensorError) in
                try PackedLinear(
                    weight: convolution.weight.permuted(2, 3, 1, 0).reshaped(4 * outputs, inputs),
                    bias: Tensor.concatenated(
                        Array(repeating: convolution.bias, count: 4),
                        axis: 0
                    )
                )
            }
        } else {
            let convolution = try Conv2D(
                from: scope["conv"],
                inputs: inputs,
                outputs: outputs,
                kernel: 1
            )
            layer = try scope.packed { () throws(TensorError) in
                try PackedLinear(
                    weight: convolution.weight.reshaped(outputs, inputs),
                    bias: convolution.bias
                )
            }
        }
    }

    func callAsFunction(_ x: ImagePart) throws(TensorError) -> ImagePart {
        let y = try x.pointwise(layer)
        guard isTransposed else {
            // The reference enlarges first. Both orders give the same sums, this one with a quarter
            // of the products, because the weights of the interpolation add up to 1.
            return try ImagePart(y).doubled()
        }
        let (height, width, channels) = (y.size(0), y.size(1), y.size(2) / 4)
        return try ImagePart(
            y.reshaped(height, width, 2, 2, channels).permuted(0, 2, 1, 3, 4)
                .reshaped(2 * height, 2 * width, channels)
        )
    }
}

/// Upsampling, a 3 x 3 convolution, batch normalisation and ReLU.
private struct FusedDeconvolution: DecoderDeconvolution {
    private let sampler: FusedUpsampler
    private let convolution: PackedConvolution
    private let norm: BatchNorm2D?  // nil if folded into the convolution

    init(
        from scope: ParameterScope,
        inputs: Int,
        outputs: Int,
        statistics: ModelBehavior.NormStatistics
    ) throws(ParameterError) {
        sampler = try FusedUpsampler(from: scope[0], inputs: inputs, outputs: outputs)
        let plain = try Conv2D(
            from: scope[1]["block"],
            inputs: outputs,
            outputs: outputs,
            kernel: 3,
            padding: 1
        )
        let norm = try BatchNorm2D(from: scope[2], channels: outputs)
        convolution = try scope.packed { () throws(TensorError) in
            let folded = statistics == .running ? try norm.folded(into: plain) : plain
            return try PackedConvolution(weight: folded.weight, bias: folded.bias)
        }
        self.norm = statistics == .running ? nil : norm
    }

    func callAsFunction(_ x: ImagePart) throws(TensorError) -> ImagePart {
        let parts = ImageParts(try sampler(x))
        guard let norm else { return try ImagePart(parts.convolved(convolution, relu: true)) }
        let (image, moments) = try parts.convolvedWithMoments(convolution, relu: false)
        let mean = try moments.selected(0, 0)
        let variance = try moments.selected(0, 1)
        let factor = try norm.weight * (variance + norm.epsilon).reciprocalSquareRoot()
        return try ImagePart(image).scaled(by: factor, shift: norm.bias - mean * factor)
    }
}

/// Twice: instance normalisation, a 3 x 3 convolution, ReLU.
private struct FusedConvolutionPair: DecoderModule {
    private let first: PackedConvolution
    private let second: PackedConvolution

    private static let epsilon = 1e-5

    init(from scope: ParameterScope, inputs: Int, outputs: Int) throws(ParameterError) {
        func convolution(_ index: Int, _ inputs: Int) throws(ParameterError) -> PackedConvolution {
            let plain = try Conv2D(
                from: scope[index],
                inputs: inputs,
                outputs: outputs,
                kernel: 3,
                padding: 1
            )
            return try scope.packed { () throws(TensorError) in
                try PackedConvolution(weight: plain.weight, bias: plain.bias)
            }
        }
        first = try convolution(1, inputs)
        second = try convolution(4, outputs)
    }

    /// One or two parts, whose channels are joined.
    func callAsFunction(_ a: ImagePart, _ b: ImagePart? = nil) throws(TensorError) -> Tensor {
        try ImageParts(middle(a, b)).convolved(second, relu: true)
    }

    /// The second half, and the output layer of the network.
    func maps(
        _ middle: ImagePart,
        weight: Tensor,
        bias: Tensor,
        height: Int,
        width: Int
    ) throws(TensorError) -> Tensor {
        try ImageParts(middle).convolvedToMaps(
            second,
            weight: weight,
            bias: bias,
            height: height,
            width: width
        )
    }

    /// The first half: the result of the first convolution, normalised for the second.
    func middle(_ a: ImagePart, _ b: ImagePart?) throws(TensorError) -> ImagePart {
        let other = try b.map { (b) throws(TensorError) in try normalized(b) }
        let (image, moments) = try ImageParts(normalized(a), other)
            .convolvedWithMoments(first, relu: true)
        return try ImagePart(image).normalized(moments, epsilon: Self.epsilon)
    }

    private func normalized(_ part: ImagePart) throws(TensorError) -> ImagePart {
        try part.normalized(part.moments(), epsilon: Self.epsilon)
    }
}

extension ParameterScope {
    /// Arranges a weight for the kernels; failures name this scope.
    fileprivate func packed<Layer>(
        _ body: () throws(TensorError) -> Layer
    ) throws(ParameterError) -> Layer {
        do {
            return try body()
        } catch {
            throw .tensor(path, error)
        }
    }
}
