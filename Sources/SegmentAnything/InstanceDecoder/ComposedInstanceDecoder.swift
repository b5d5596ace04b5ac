import Prompting
import Torch
import TorchNN

/// The instance decoder out of plain operators: for any device, and for training.
struct ComposedInstanceDecoder: Sendable {
    private let modules: DecoderModules<Deconvolution, Upsampler, ConvolutionPair>
    private let detail: DetailPath?

    /// Whether the decoder needs the image beside the embedding.
    var usesImage: Bool { detail != nil }

    /// Reads the parameters of a decoder, whose names have no common prefix.
    init(
        from scope: ParameterScope,
        behavior: ModelBehavior
    ) throws(ParameterError) {
        modules = try DecoderModules(from: scope, behavior: behavior)
        detail = try DetailPath(from: scope, joined: modules.widths.joined)
    }

    /// `[batch, 256, side, side]` to `[batch, 3, 16 side, 16 side]`; all images share the statistics of
    /// batch normalisations that are not given.
    ///
    /// - Parameter image: `[batch, 3, 16 side, 16 side]`; there if the decoder uses it.
    func callAsFunction(_ embedding: Tensor, _ image: Tensor?) throws(TensorError) -> Tensor {
        // Channels that lie side by side halve the time of convolutions on the CPU.
        let embedding = try embedding.channelsLast()
        var skips: [Tensor] = []
        var features = embedding
        for deconvolution in modules.deconvolutions {
            features = try deconvolution(features)
            skips.append(features)
        }
        let details: [Tensor]
        if let detail, let image { details = try detail(image) } else { details = [] }
        var x = try modules.base((embedding, false))
        for (index, (sampler, block)) in zip(modules.samplers, modules.blocks).enumerated() {
            var skip = try skips[index].centerChannels(modules.widths.all[index + 1])
            let stage = modules.blocks.count - 1 - index
            if details.indices.contains(stage) { skip = try skip + details[stage] }
            x = try block(sampler(x), appending: skip)
        }
        x = try modules.head(modules.lastSampler(x), appending: skips[3])
        return try modules.output(x).sigmoid()
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
private enum Upsampler: DecoderModule {
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

    /// An image, and whether doubling its size is still to be done.
    func callAsFunction(_ x: Tensor) throws(TensorError) -> (image: Tensor, isSmall: Bool) {
        switch self {
        case .transposed(let convolution):
            return (try convolution(x), false)
        case .bilinear(let convolution):
            // The reference resizes first. Both orders give the same sums, this one with a quarter of
            // the products, because the weights of the interpolation add up to 1.
            return (try convolution(x), true)
        }
    }
}

/// Upsampling, a 3 x 3 convolution, batch normalisation and ReLU.
private struct Deconvolution: DecoderDeconvolution {
    private let sampler: Upsampler
    private let weight: Tensor
    private let bias: Tensor?
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
            kernel: 3
        )
        let norm = try BatchNorm2D(from: scope[2], channels: outputs)
        let convolution: Conv2D
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
        weight = convolution.weight
        bias = convolution.bias
        movesStatistics = scope.usesBatchStatistics
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        let (image, isSmall) = try sampler(x)
        let y = try image.recomputingConvolution(
            weight: weight,
            bias: bias,
            enlarges: isSmall,
            rectifies: norm == nil
        )
        guard let norm else { return y }
        let z =
            try movesStatistics
            ? norm.normalizingByBatch(y)
            : y.batchNormalized(weight: norm.weight, bias: norm.bias, epsilon: norm.epsilon)
        try z.reluInPlace()
        return z
    }
}

/// Twice: instance normalisation, a 3 x 3 convolution, ReLU.
private struct ConvolutionPair: DecoderModule {
    private let layers: [(weight: Tensor, bias: Tensor)]

    init(from scope: ParameterScope, inputs: Int, outputs: Int) throws(ParameterError) {
        var layers: [(Tensor, Tensor)] = []
        for (index, inputs) in [(1, inputs), (4, outputs)] {
            let layer = scope[index]
            let weight = try layer.parameter("weight", shape: [outputs, inputs, 3, 3])
            layers.append((weight, try layer.parameter("bias", shape: [outputs])))
        }
        self.layers = layers
    }

    func callAsFunction(
        _ input: (image: Tensor, isSmall: Bool),
        appending skip: Tensor? = nil
    ) throws(TensorError) -> Tensor {
        let first = try input.image.recomputingConvolution(
            weight: layers[0].weight,
            bias: layers[0].bias,
            enlarges: input.isSmall,
            appending: skip,
            normalizingWith: 1e-5,
            rectifies: true
        )
        return try first.recomputingConvolution(
            weight: layers[1].weight,
            bias: layers[1].bias,
            normalizingWith: 1e-5,
            rectifies: true
        )
    }
}
