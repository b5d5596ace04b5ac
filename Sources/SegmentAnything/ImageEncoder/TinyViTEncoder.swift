public import Prompting
import Torch
public import TorchNN

/// MobileSAM's image encoder, a TinyViT of 5.7 million parameters.
///
/// - Source: Zhang et al., Faster Segment Anything (2023); Wu et al., TinyViT (ECCV 2022).
public struct TinyViTEncoder: ImageEncoder {
    private let stem1: ConvolutionNorm
    private let stem2: ConvolutionNorm
    private let convolutions: [InvertedBottleneck]
    private let resolutions: [(merging: PatchMerging, blocks: [TinyViTBlock])]
    private let neck: Neck

    private static let widths = [64, 128, 160, 320]
    private static let depths = [2, 2, 6, 2]
    private static let heads = [2, 4, 5, 10]
    private static let windows = [7, 7, 14, 7]

    /// Reads the parameters below `image_encoder`.
    public init(
        from scope: ParameterScope,
        behavior: ModelBehavior = .standard
    ) throws(ParameterError) {
        let stem = scope["patch_embed"]["seq"]
        stem1 = try ConvolutionNorm(from: stem[0], inputs: 3, outputs: 32, kernel: 3, stride: 2)
        stem2 = try ConvolutionNorm(from: stem[2], inputs: 32, outputs: 64, kernel: 3, stride: 2)
        let layers = scope["layers"]
        var convolutions: [InvertedBottleneck] = []
        for index in 0..<Self.depths[0] {
            convolutions.append(
                try InvertedBottleneck(from: layers[0]["blocks"][index], channels: Self.widths[0])
            )
        }
        self.convolutions = convolutions
        var resolutions: [(PatchMerging, [TinyViTBlock])] = []
        for index in 1..<4 {
            let merging = try PatchMerging(
                from: layers[index - 1]["downsample"],
                inputs: Self.widths[index - 1],
                outputs: Self.widths[index],
                stride: index == 3 ? 1 : 2
            )
            var blocks: [TinyViTBlock] = []
            for block in 0..<Self.depths[index] {
                blocks.append(
                    try TinyViTBlock(
                        from: layers[index]["blocks"][block],
                        dimensions: Self.widths[index],
                        heads: Self.heads[index],
                        window: Self.windows[index],
                        behavior: behavior
                    )
                )
            }
            resolutions.append((merging, blocks))
        }
        self.resolutions = resolutions
        neck = try Neck(from: scope["neck"], inputs: Self.widths[3])
    }

    /// The stem, each block, each step to the next resolution, and the neck.
    public var stages: [EncoderStage] {
        let first: EncoderStage = { (image) throws(TensorError) in
            try stem2(stem1(image.channelsLast()).gelu())
        }
        let last: EncoderStage = { (features) throws(TensorError) in
            try neck(features).contiguous()
        }
        var stages = [first] + convolutions.map { $0.callAsFunction }
        for (merging, blocks) in resolutions {
            stages.append(merging.callAsFunction)
            stages += blocks.map { $0.callAsFunction }
        }
        return stages + [last]
    }

    /// False: in training its batch normalisations move their statistics.
    public var repeatsStages: Bool { false }
}

/// A convolution without bias followed by a batch normalisation, folded into one convolution where the
/// statistics are given.
struct ConvolutionNorm: Sendable {
    private let convolution: Conv2D
    private let norm: BatchNorm2D?  // nil if folded

    init(
        from scope: ParameterScope,
        inputs: Int,
        outputs: Int,
        kernel: Int,
        stride: Int = 1,
        groups: Int = 1
    ) throws(ParameterError) {
        let weight = try scope["c"].parameter(
            "weight",
            shape: [outputs, inputs / groups, kernel, kernel]
        )
        let norm = try BatchNorm2D(from: scope["bn"], channels: outputs)
        let plain = Conv2D(
            weight: weight,
            bias: nil,
            stride: stride,
            padding: kernel / 2,
            groups: groups
        )
        guard !scope.usesBatchStatistics else {
            (convolution, self.norm) = (plain, norm)
            return
        }
        do {
            (convolution, self.norm) = (try norm.folded(into: plain), nil)
        } catch {
            throw .tensor(scope.path, error)
        }
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        let result = try convolution(x)
        return try norm?.normalizingByBatch(result) ?? result
    }
}

/// MobileNet's inverted bottleneck: widen, filter each channel, narrow, add.
private struct InvertedBottleneck: Sendable {
    private let widen: ConvolutionNorm
    private let filter: ConvolutionNorm
    private let narrow: ConvolutionNorm

    init(from scope: ParameterScope, channels: Int) throws(ParameterError) {
        let hidden = 4 * channels
        widen = try ConvolutionNorm(
            from: scope["conv1"],
            inputs: channels,
            outputs: hidden,
            kernel: 1
        )
        filter = try ConvolutionNorm(
            from: scope["conv2"],
            inputs: hidden,
            outputs: hidden,
            kernel: 3,
            groups: hidden
        )
        narrow = try ConvolutionNorm(
            from: scope["conv3"],
            inputs: hidden,
            outputs: channels,
            kernel: 1
        )
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        let hidden = try widen(x).activated()
        let filtered = try filter(hidden).activated()
        let result = try narrow(filtered)
        guard !result.requiresGradient else { return try (result + x).gelu() }
        try result.addInPlace(x)
        return try result.activated()
    }
}

/// The step between two resolutions: other channels, and usually half the side.
private struct PatchMerging: Sendable {
    private let enter: ConvolutionNorm
    private let filter: ConvolutionNorm
    private let leave: ConvolutionNorm

    init(from scope: ParameterScope, inputs: Int, outputs: Int, stride: Int) throws(ParameterError)
    {
        enter = try ConvolutionNorm(
            from: scope["conv1"],
            inputs: inputs,
            outputs: outputs,
            kernel: 1
        )
        filter = try ConvolutionNorm(
            from: scope["conv2"],
            inputs: outputs,
            outputs: outputs,
            kernel: 3,
            stride: stride,
            groups: outputs
        )
        leave = try ConvolutionNorm(
            from: scope["conv3"],
            inputs: outputs,
            outputs: outputs,
            kernel: 1
        )
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try leave(filter(enter(x).gelu()).gelu())
    }
}
