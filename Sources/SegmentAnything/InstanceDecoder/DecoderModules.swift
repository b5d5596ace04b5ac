import Prompting
import TorchNN

/// A module of the instance decoder that turns some channels into others.
protocol DecoderModule: Sendable {
    /// Reads the parameters of the module.
    init(from scope: ParameterScope, inputs: Int, outputs: Int) throws(ParameterError)
}

/// A module of the upper path of the instance decoder.
protocol DecoderDeconvolution: Sendable {
    /// Reads the parameters of the module.
    init(
        from scope: ParameterScope,
        inputs: Int,
        outputs: Int,
        statistics: ModelBehavior.NormStatistics
    ) throws(ParameterError)
}

/// The modules of the instance decoder, as they are named and shaped in checkpoints.
struct DecoderModules<
    Deconvolution: DecoderDeconvolution,
    Sampler: DecoderModule,
    Pair: DecoderModule
>: Sendable {
    /// Channels at each resolution.
    let widths: DecoderWidths

    /// The upper path: features at four resolutions.
    let deconvolutions: [Deconvolution]

    /// The first module of the lower path.
    let base: Pair

    /// The steps of the lower path: enlarging, then merging with the features of that resolution.
    let samplers: [Sampler]
    let blocks: [Pair]

    /// The last step, to full resolution.
    let lastSampler: Sampler
    let head: Pair

    /// The maps of the result.
    let output: Conv2D

    /// Reads the parameters of a decoder, whose names have no common prefix.
    init(from scope: ParameterScope, behavior: ModelBehavior) throws(ParameterError) {
        self.widths = try DecoderWidths(of: scope)
        let widths = self.widths.all
        let embedding = ModelFrame.embeddingChannels
        var deconvolutions: [Deconvolution] = []
        for (index, inputs) in ([embedding] + widths.dropLast()).enumerated() {
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
        base = try Pair(from: scope["base"]["block"], inputs: embedding, outputs: widths[0])
        var samplers: [Sampler] = []
        var blocks: [Pair] = []
        for index in 0..<3 {
            let (decoder, outputs) = (scope["decoder"], widths[index + 1])
            samplers.append(
                try Sampler(
                    from: decoder["samplers"][index],
                    inputs: widths[index],
                    outputs: outputs
                )
            )
            blocks.append(
                try Pair(
                    from: decoder["blocks"][index]["block"],
                    inputs: 2 * outputs,
                    outputs: outputs
                )
            )
        }
        self.samplers = samplers
        self.blocks = blocks
        let last = widths[3]
        lastSampler = try Sampler(from: scope["deconv_out"], inputs: last, outputs: last)
        head = try Pair(from: scope["decoder_head"]["block"], inputs: 2 * last, outputs: last)
        output = try Conv2D(
            from: scope["out_conv"],
            inputs: last,
            outputs: InstanceDecoder.outputChannels,
            kernel: 1
        )
    }
}
