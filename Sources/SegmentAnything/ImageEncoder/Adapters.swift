import Torch
import TorchNN

// Parameter-efficient variants change a layer in a way that is linear in its input, except
// AdaptFormer. At inference the change is therefore folded into the layer's own weights, which is
// exact up to rounding and costs nothing per image.

extension ParameterScope {
    /// Reads a linear layer that may carry a scale and shift (SSF).
    func linear(inputs: Int, outputs: Int) throws(ParameterError) -> Linear {
        guard contains("scale") else {
            return try Linear(from: self, inputs: inputs, outputs: outputs)
        }
        let plain = try Linear(from: self["layer"], inputs: inputs, outputs: outputs)
        let scale = try parameter("scale", shape: [outputs])
        let shift = try parameter("shift", shape: [outputs])
        return Linear(
            weight: try derive { () throws(TensorError) in
                try plain.weight * scale.unsqueezed(1)
            },
            bias: try derive { () throws(TensorError) in try plain.bias * scale + shift }
        )
    }

    /// Reads a layer normalisation that may carry a scale and shift (SSF).
    func layerNorm(dimensions: Int, epsilon: Double) throws(ParameterError) -> LayerNorm {
        guard contains("scale") else {
            return try LayerNorm(from: self, dimensions: dimensions, epsilon: epsilon)
        }
        let plain = try LayerNorm(from: self["layer"], dimensions: dimensions, epsilon: epsilon)
        let scale = try parameter("scale", shape: [dimensions])
        let shift = try parameter("shift", shape: [dimensions])
        return LayerNorm(
            weight: try derive { () throws(TensorError) in try plain.weight * scale },
            bias: try derive { () throws(TensorError) in try plain.bias * scale + shift },
            epsilon: epsilon
        )
    }

    /// Reads the joint projection to query, key and value with its adapter, if there is one.
    func queryKeyValue(dimensions: Int) throws(ParameterError) -> Linear {
        let inner = self["qkv_proj"]
        guard inner.contains("weight") else {
            return try linear(inputs: dimensions, outputs: 3 * dimensions)
        }
        let plain = try inner.linear(inputs: dimensions, outputs: 3 * dimensions)
        var changes: [Tensor] = []
        for part in ["q", "k", "v"] {
            if let change = try projectionChange(part, dimensions: dimensions) {
                changes.append(change)
            } else {
                changes.append(
                    try derive { () throws(TensorError) in
                        try Tensor.zeros([dimensions, dimensions], on: device)
                    }
                )
            }
        }
        return Linear(
            weight: try derive { () throws(TensorError) in
                try plain.weight + Tensor.concatenated(changes, axis: 0)
            },
            bias: plain.bias
        )
    }

    /// What LoRA or FacT adds to one third of the projection, `[dimensions, dimensions]`.
    private func projectionChange(
        _ part: String,
        dimensions: Int
    ) throws(ParameterError) -> Tensor? {
        if self["w_a_linear_\(part)"].contains("weight") {
            return try lowRankProduct(
                "w_b_linear_\(part)",
                "w_a_linear_\(part)",
                inputs: dimensions,
                outputs: dimensions
            )
        }
        guard let shape = self["\(part)_FacTs"].shape(of: "weight"), let rank = shape.first else {
            return nil
        }
        let inner = try self["\(part)_FacTs"].parameter("weight", shape: [rank, rank])
        let down = try self["FacTu"].parameter("weight", shape: [rank, dimensions])
        let up = try self["FacTv"].parameter("weight", shape: [dimensions, rank])
        return try derive { () throws(TensorError) in try up.matmul(inner).matmul(down) }
    }

    /// Reads one layer of the block's MLP with its LoRA, if there is one.
    func feedForwardLayer(_ index: Int, inputs: Int, outputs: Int) throws(ParameterError) -> Linear
    {
        for wrapper in ["mlp_layer", "mlp_proj"] where contains("\(wrapper).lin\(index).weight") {
            let plain = try self[wrapper]["lin\(index)"].linear(inputs: inputs, outputs: outputs)
            return try adapted(plain, "_\(index)", inputs: inputs, outputs: outputs)
        }
        return try self["lin\(index)"].linear(inputs: inputs, outputs: outputs)
    }

    /// Reads a linear layer of a TinyViT with its LoRA, if there is one.
    func lowRankLinear(inputs: Int, outputs: Int) throws(ParameterError) -> Linear {
        let plain = try Linear(from: self, inputs: inputs, outputs: outputs)
        return try adapted(plain, "", inputs: inputs, outputs: outputs)
    }

    /// A layer with its LoRA pair, whose names end in `suffix`; the layer itself if there is none.
    private func adapted(
        _ plain: Linear,
        _ suffix: String,
        inputs: Int,
        outputs: Int
    ) throws(ParameterError) -> Linear {
        guard self["w_a_linear\(suffix)"].contains("weight") else { return plain }
        let change = try lowRankProduct(
            "w_b_linear\(suffix)",
            "w_a_linear\(suffix)",
            inputs: inputs,
            outputs: outputs
        )
        return Linear(
            weight: try derive { () throws(TensorError) in try plain.weight + change },
            bias: plain.bias
        )
    }

    /// `B A`, the matrix that a LoRA pair amounts to.
    private func lowRankProduct(
        _ upName: String,
        _ downName: String,
        inputs: Int,
        outputs: Int
    ) throws(ParameterError) -> Tensor {
        let rank = self[downName].shape(of: "weight")?.first ?? 0
        let down = try self[downName].parameter("weight", shape: [rank, inputs])
        let up = try self[upName].parameter("weight", shape: [outputs, rank])
        return try derive { () throws(TensorError) in try up.matmul(down) }
    }
}

/// The parallel bottleneck that AdaptFormer adds to a block's MLP.
///
/// - Source: Chen et al., AdaptFormer (NeurIPS 2022), figure 2.
struct AdaptFormer: Sendable {
    private let down: Linear
    private let up: Linear
    private let factor: Tensor

    /// Nil if the scope has no such adapter.
    init?(from scope: ParameterScope, dimensions: Int) throws(ParameterError) {
        guard let shape = scope["down_proj"].shape(of: "weight"), let width = shape.first else {
            return nil
        }
        down = try Linear(from: scope["down_proj"], inputs: dimensions, outputs: width)
        up = try Linear(from: scope["up_proj"], inputs: width, outputs: dimensions)
        factor =
            scope.contains("alpha")
            ? try scope.parameter("alpha", shape: [1])
            : try scope.derive { () throws(TensorError) in
                try Tensor.ones([1], on: scope.device)
            }
    }

    /// What is added to the MLP's output: the input once more, and the bottleneck's output.
    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try x + up(down(x).relu()) * factor
    }
}
