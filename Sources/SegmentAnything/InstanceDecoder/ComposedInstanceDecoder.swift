import Torch
import TorchNN

/// The instance decoder out of plain operators: for any device, and for training.
struct ComposedInstanceDecoder: Sendable {
    private let deconvolutions: [Deconvolution]
    private let base: ConvolutionPair
    private let samplers: [Upsampler]
    private let blocks: [ConvolutionPair]
    private let lastSampler: Upsampler
    private let head: ConvolutionPair
    private let output: Conv2D

    /// Reads the parameters of a decoder, whose names have no common prefix.
    init(
        from scope: ParameterScope,
        behavior: ModelBehavior
    ) throws(ParameterError) {
        let widths = InstanceDecoder.widths
        var deconvolutions: [Deconvolution] = []
        for (index, inputs) in ([ModelFrame.embeddingChannels] + widths.dropLast()).enumerated() {
            deconvolutions.append(
                try Deconvolution(
                    from: scope["deconv\(index + 1)"]["block"],
                    inputs: inputs,
                    outputs: widths[index],
                    statistics: behavior.decoderStatistics
                )
            )
        }
        self.deconvolutions = deconvolutions
        base = try ConvolutionPair(
            from: scope["base"]["block"],
            inputs: ModelFrame.embeddingChannels,
            outputs: widths[0]
        )
        var samplers: [Upsampler] = []
        var blocks: [ConvolutionPair] = []
        for index in 0..<3 {
            samplers.append(
                try Upsampler(
                    from: scope["decoder"]["samplers"][index],
                    inputs: widths[index],
                    outputs: widths[index + 1]
                )
            )
            blocks.append(
                try ConvolutionPair(
                    from: scope["decoder"]["blocks"][index]["block"],
                    inputs: 2 * widths[index + 1],
                    outputs: widths[index + 1]
                )
            )
        }
        self.samplers = samplers
        self.blocks = blocks
        lastSampler = try Upsampler(from: scope["deconv_out"], inputs: 64, outputs: 64)
        head = try ConvolutionPair(from: scope["decoder_head"]["block"], inputs: 128, outputs: 64)
        output = try Conv2D(
            from: scope["out_conv"],
            inputs: 64,
            outputs: InstanceDecoder.outputChannels,
            kernel: 1
        )
    }

    /// `[batch, 256, side, side]` to `[batch, 3, 16 side, 16 side]`; all images share the statistics of
    /// batch normalisations that are not given.
    func callAsFunction(_ embedding: Tensor) throws(TensorError) -> Tensor {
        var skips: [Tensor] = []
        var features = embedding
        for deconvolution in deconvolutions {
            features = try deconvolution(features)
            skips.append(features)
        }
        var x = try base(embedding)
        for (index, (sampler, block)) in zip(samplers, blocks).enumerated() {
            let width = InstanceDecoder.widths[index + 1]
            let skip = try skips[index].centerChannels(width)
            x = try block(Tensor.concatenated([sampler(x), skip], axis: 1))
        }
        x = try head(Tensor.concatenated([lastSampler(x), skips[3]], axis: 1))
        return try output(x).sigmoid()
    }
}

extension Tensor {
    /// The middle `count` channels of an image.
    fileprivate func centerChannels(_ count: Int) throws(TensorError) -> Tensor {
        let start = (size(1) - count) / 2
        return try sliced(1, start..<start + count)
    }
}

/// Twice the resolution: bilinear and a 1 x 1 convolution, or a transposed convolution in older
/// checkpoints.
private enum Upsampler: Sendable {
    case bilinear(Conv2D)
    case transposed(ConvTranspose2D)

    init(from scope: ParameterScope, inputs: Int, outputs: Int) throws(ParameterError) {
        if scope["block"].contains("weight") {
            self = .transposed(
                try ConvTranspose2D(
                    from: scope["block"],
                    inputs: inputs,
                    outputs: outputs,
                    kernel: 2
                )
            )
        } else {
            self = .bilinear(
                try Conv2D(from: scope["conv"], inputs: inputs, outputs: outputs, kernel: 1)
            )
        }
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        switch self {
        case .transposed(let convolution):
            return try convolution(x)
        case .bilinear(let convolution):
            // The reference resizes first. Both orders give the same sums, this one with a quarter of
            // the products, because the weights of the interpolation add up to 1.
            return try convolution(x).resizedBilinear(height: 2 * x.size(2), width: 2 * x.size(3))
        }
    }
}

/// Upsampling, a 3 x 3 convolution, batch normalisation and ReLU.
private struct Deconvolution: Sendable {
    private let sampler: Upsampler
    private let convolution: Conv2D
    private let norm: BatchNorm2D?  // nil if folded into the convolution
    private let movesStatistics: Bool

    init(
        from scope: ParameterScope,
        inputs: Int,
        outputs: Int,
        statistics: ModelBehavior.NormStatistics
    ) throws(ParameterError) {
        sampler = try Upsampler(from: scope[0], inputs: inputs, outputs: outputs)
        let plain = try Conv2D(
            from: scope[1]["block"],
            inputs: outputs,
            outputs: outputs,
            kernel: 3,
            padding: 1
        )
        let norm = try BatchNorm2D(from: scope[2], channels: outputs)
        switch scope.usesBatchStatistics ? .image : statistics {
        case .image:
            convolution = plain
            self.norm = norm
        case .running:
            do {
                convolution = try norm.folded(into: plain)
            } catch {
                throw .tensor(scope.path, error)
            }
            self.norm = nil
        }
        movesStatistics = scope.usesBatchStatistics
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        var y = try convolution(sampler(x))
        if let norm {
            y =
                try movesStatistics
                ? norm.normalizingByBatch(y)
                : y.batchNormalized(weight: norm.weight, bias: norm.bias, epsilon: norm.epsilon)
        }
        try y.reluInPlace()
        return y
    }
}

/// Twice: instance normalisation, a 3 x 3 convolution, ReLU.
private struct ConvolutionPair: Sendable {
    private let first: Conv2D
    private let second: Conv2D

    init(from scope: ParameterScope, inputs: Int, outputs: Int) throws(ParameterError) {
        first = try Conv2D(from: scope[1], inputs: inputs, outputs: outputs, kernel: 3, padding: 1)
        second = try Conv2D(
            from: scope[4],
            inputs: outputs,
            outputs: outputs,
            kernel: 3,
            padding: 1
        )
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        let y = try first(x.instanceNormalized(epsilon: 1e-5))
        try y.reluInPlace()
        let z = try second(y.instanceNormalized(epsilon: 1e-5))
        try z.reluInPlace()
        return z
    }
}
