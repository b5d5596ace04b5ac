import Imaging
package import Torch

/// Values that a parameter has before any training, the same for the same seed and name.
package struct InitialValues {
    private let seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    /// Numbers between `-bound` and `bound`, all equally likely.
    func uniform(_ name: String, _ shape: [Int], bound: Double) throws(TensorError) -> Tensor {
        try make(name, shape) { Float($0.uniform(-bound...bound)) }
    }

    /// Normally distributed numbers.
    func normal(_ name: String, _ shape: [Int], mean: Double, deviation: Double)
        throws(TensorError) -> Tensor
    {
        try make(name, shape) { Float(mean + deviation * $0.normal()) }
    }

    /// The weight of a layer, or its bias, as PyTorch's layers begin: Kaiming's uniform distribution with
    /// a slope of √5, whose bound is one over the root of the inputs.
    func layer(_ name: String, _ shape: [Int], inputs: Int) throws(TensorError) -> Tensor {
        try uniform(name, shape, bound: 1 / Double(inputs).squareRoot())
    }

    private func make(
        _ name: String,
        _ shape: [Int],
        _ draw: (inout SplitMix64) -> Float
    ) throws(TensorError) -> Tensor {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        var random = SplitMix64(seed: seed ^ hash)
        return try Tensor((0..<shape.reduce(1, *)).map { _ in draw(&random) }, shape: shape)
    }
}

extension InitialValues {
    /// A detail path that adds nothing yet, so that the decoder is what it was without it.
    ///
    /// Its convolutions keep the size of what passes through them on average (He et al., Delving deep into
    /// rectifiers, 2015).
    ///
    /// - Parameters:
    ///   - widths: Channels of its stages.
    ///   - joined: Channels of the features of the decoder that each stage is added to.
    package func detailPath(
        _ widths: [Int],
        joining joined: [Int]
    ) throws(TensorError) -> [String: Tensor] {
        var values: [String: Tensor] = [:]
        var inputs = 3
        for (stage, (width, outputs)) in zip(widths, joined).enumerated() {
            for (name, channels) in [("first", 4 * inputs), ("second", width)] {
                let key = "detail.\(stage).\(name)"
                values["\(key).weight"] = try normal(
                    "decoder.\(key).weight",
                    [width, channels, 3, 3],
                    mean: 0,
                    deviation: (2 / Double(9 * channels)).squareRoot()
                )
                values["\(key).bias"] = try Tensor.zeros([width])
            }
            values["detail.\(stage).join.weight"] = try Tensor.zeros([outputs, width, 1, 1])
            values["detail.\(stage).join.bias"] = try Tensor.zeros([outputs])
            inputs = width
        }
        return values
    }

    /// A decoder for automatic segmentation that knows nothing yet, with bilinear enlargement.
    package func instanceDecoder() throws(TensorError) -> [String: Tensor] {
        var values: [String: Tensor] = [:]
        func convolution(_ name: String, _ inputs: Int, _ outputs: Int, kernel: Int)
            throws(TensorError)
        {
            let count = inputs * kernel * kernel
            values["\(name).weight"] = try layer(
                "decoder.\(name).weight",
                [outputs, inputs, kernel, kernel],
                inputs: count
            )
            values["\(name).bias"] = try layer("decoder.\(name).bias", [outputs], inputs: count)
        }
        func pair(_ name: String, _ inputs: Int, _ outputs: Int) throws(TensorError) {
            try convolution("\(name).block.1", inputs, outputs, kernel: 3)
            try convolution("\(name).block.4", outputs, outputs, kernel: 3)
        }
        let widths = [512, 256, 128, 64]
        for (index, inputs) in ([256] + widths.dropLast()).enumerated() {
            let (name, width) = ("deconv\(index + 1).block", widths[index])
            try convolution("\(name).0.conv", inputs, width, kernel: 1)
            try convolution("\(name).1.block", width, width, kernel: 3)
            for key in ["weight", "running_var"] {
                values["\(name).2.\(key)"] = try Tensor.ones([width])
            }
            for key in ["bias", "running_mean"] {
                values["\(name).2.\(key)"] = try Tensor.zeros([width])
            }
        }
        try pair("base", 256, widths[0])
        for index in 0..<3 {
            let (inputs, outputs) = (widths[index], widths[index + 1])
            try convolution("decoder.samplers.\(index).conv", inputs, outputs, kernel: 1)
            try pair("decoder.blocks.\(index)", 2 * outputs, outputs)
        }
        try convolution("deconv_out.conv", 64, 64, kernel: 1)
        try pair("decoder_head", 128, 64)
        try convolution("out_conv", 64, 3, kernel: 1)
        return values
    }
}
