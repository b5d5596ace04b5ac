import Torch
import TorchNN

/// A stage of the detail path: two 3 x 3 convolutions, and a 1 x 1 convolution to what it is added to.
///
/// A stage reads the image, or what the stage before it has made, at half the size: four pixels that form a
/// square become one with four times the channels, in the order row, column, channel.
struct DetailStage: Sendable {
    let first: Conv2D
    let second: Conv2D
    let join: Conv2D
}

/// The parameters of a path on which fine detail of the image reaches the instance decoder.
///
/// Cells of the embedding are 16 pixels wide, so small objects that touch are one to a decoder that sees
/// nothing else. The stages work at a half, a quarter and so on of the frame; each result is added to those
/// features of the decoder that have the same size. Nothing is normalised, so a pixel looks the same in a
/// crop and in the whole image.
///
/// Their names begin with `detail`, by which a decoder with such a path is recognised. Their widths are
/// multiples of 16, which the kernels want.
struct DetailPath: Sendable {
    /// At a half of the frame, at a quarter, and so on: one to three.
    let stages: [DetailStage]

    /// The path of a decoder; nil if it has none.
    ///
    /// - Parameters:
    ///   - scope: Of the decoder.
    ///   - joined: Channels of its features, from the largest to the smallest.
    init?(from scope: ParameterScope, joined: [Int]) throws(ParameterError) {
        let scope = scope["detail"]
        var stages: [DetailStage] = []
        var inputs = 3
        for outputs in joined {
            let stage = scope[stages.count]
            guard let width = stage["first"].shape(of: "weight")?.first else { break }
            stages.append(
                DetailStage(
                    first: try Self.convolution(stage["first"], 4 * inputs, width),
                    second: try Self.convolution(stage["second"], width, width),
                    join: try Conv2D(
                        from: stage["join"],
                        inputs: width,
                        outputs: outputs,
                        kernel: 1
                    )
                )
            )
            inputs = width
        }
        guard !stages.isEmpty else { return nil }
        self.stages = stages
    }

    private static func convolution(
        _ scope: ParameterScope,
        _ inputs: Int,
        _ outputs: Int
    ) throws(ParameterError) -> Conv2D {
        try Conv2D(from: scope, inputs: inputs, outputs: outputs, kernel: 3, padding: 1)
    }

    /// What is added to the features of the decoder, from a half of the frame downwards.
    ///
    /// - Parameter image: `[batch, 3, height, width]`, normalised as for the encoder; sides are multiples
    ///   of 16.
    func callAsFunction(_ image: Tensor) throws(TensorError) -> [Tensor] {
        var x = image
        return try stages.map { (stage) throws(TensorError) in
            x = try x.squaresAsChannels()
            for layer in [stage.first, stage.second] {
                x = try x.recomputingConvolution(
                    weight: layer.weight,
                    bias: layer.bias,
                    rectifies: true
                )
            }
            return try stage.join(x)
        }
    }
}

/// The detail path on the measured kernels of the CPU.
struct FusedDetailPath: Sendable {
    private struct Stage: Sendable {
        let first: PackedConvolution
        let second: PackedConvolution
        let join: PackedLinear
    }

    private let stages: [Stage]

    /// Arranges the weights of a path.
    init(_ path: DetailPath) throws(TensorError) {
        stages = try path.stages.map { (stage) throws(TensorError) in
            Stage(
                first: try PackedConvolution(
                    weight: stage.first.weight.filled(1),
                    bias: stage.first.bias
                ),
                second: try PackedConvolution(weight: stage.second.weight, bias: stage.second.bias),
                join: try PackedLinear(
                    weight: stage.join.weight.reshaped(stage.join.weight.size(0), -1).contiguous(),
                    bias: stage.join.bias
                )
            )
        }
    }

    /// What is added to the features of the decoder, `[height, width, channels]`, from a half of the frame
    /// downwards.
    ///
    /// - Parameters:
    ///   - image: `[1, 3, height, width]`.
    ///   - between: Called between stages; what it throws ends the work.
    func callAsFunction(_ image: Tensor, between: () throws -> Void) throws -> [Tensor] {
        var x = try image.selected(0, 0).permuted(1, 2, 0)
        return try stages.map { stage in
            try between()
            let (height, width, channels) = (x.size(0) / 2, x.size(1) / 2, x.size(2))
            x = try x.reshaped(height, 2, width, 2, channels).permuted(0, 2, 1, 3, 4)
                .reshaped(height, width, 4 * channels)
            x = try ImageParts(ImagePart(x.filled(2))).convolved(stage.first, relu: true)
            x = try ImageParts(ImagePart(x)).convolved(stage.second, relu: true)
            return try ImagePart(x).pointwise(stage.join)
        }
    }
}

extension Tensor {
    /// Zeros after the channels, which are those of `axis`, up to a number that the kernels take.
    fileprivate func filled(_ axis: Int) throws(TensorError) -> Tensor {
        let missing = (16 - size(axis) % 16) % 16
        guard missing > 0 else { return self }
        var shape = shape
        shape[axis] = missing
        return try Tensor.concatenated([self, Tensor.zeros(shape, on: device)], axis: axis)
    }

    /// `[batch, channels, height, width]` to `[batch, 4 channels, height / 2, width / 2]`.
    fileprivate func squaresAsChannels() throws(TensorError) -> Tensor {
        let (batch, channels, height, width) = (size(0), size(1), size(2) / 2, size(3) / 2)
        return try reshaped(batch, channels, height, 2, width, 2).permuted(0, 3, 5, 1, 2, 4)
            .reshaped(batch, 4 * channels, height, width)
    }
}
