package import Torch

/// Adds the parameters of an adapter to those of a plain vision transformer.
///
/// Names and first values are those of micro-sam, so that it can load the result.
package struct AdapterInsertion {
    private let options: AdapterOptions
    private let initial: InitialValues

    package init(_ options: AdapterOptions, seed: UInt64) {
        self.options = options
        initial = InitialValues(seed: seed)
    }

    /// - Parameters:
    ///   - values: Of the whole model, by name.
    ///   - depth: Number of encoder blocks.
    package func apply(to values: inout [String: Tensor], depth: Int) throws(TensorError) {
        for block in options.blocks ?? Array(0..<depth) {
            let prefix = "image_encoder.blocks.\(block)."
            switch options.kind {
            case .lora: try addLowRank(prefix, &values)
            case .fact: try addFactors(prefix, &values)
            case .ssf: try addScales(prefix, &values)
            case .adaptFormer: try addBottleneck(prefix, &values)
            case .attention, .bias, .layerNorm, .classical: break
            }
        }
    }

    private func addLowRank(
        _ prefix: String,
        _ values: inout [String: Tensor]
    ) throws(TensorError) {
        let projections = options.layers.filter { $0 != .mlp }
        if !projections.isEmpty {
            wrap("\(prefix)attn.qkv.", inner: "qkv_proj.", &values)
            let width = width(prefix, values)
            for layer in projections {
                try addPair("\(prefix)attn.qkv", layer.rawValue, width, width, &values)
            }
        }
        if options.layers.contains(.mlp) {
            let width = width(prefix, values)
            let hidden = values["\(prefix)mlp.lin1.weight"]?.size(0) ?? 4 * width
            wrap("\(prefix)mlp.", inner: "mlp_layer.", &values)
            try addPair("\(prefix)mlp", "1", width, hidden, &values)
            try addPair("\(prefix)mlp", "2", hidden, width, &values)
        }
    }

    /// A pair of factors whose product is zero to begin with.
    private func addPair(
        _ prefix: String,
        _ suffix: String,
        _ inputs: Int,
        _ outputs: Int,
        _ values: inout [String: Tensor]
    ) throws(TensorError) {
        let down = "\(prefix).w_a_linear_\(suffix).weight"
        guard values[down] == nil else { return }
        values[down] = try initial.layer(down, [options.rank, inputs], inputs: inputs)
        values["\(prefix).w_b_linear_\(suffix).weight"] = try Tensor.zeros([outputs, options.rank])
    }

    private func addFactors(
        _ prefix: String,
        _ values: inout [String: Tensor]
    ) throws(TensorError) {
        let name = "\(prefix)attn.qkv."
        guard values["\(name)FacTu.weight"] == nil else { return }
        wrap(name, inner: "qkv_proj.", &values)
        let (width, rank) = (width(prefix, values), options.rank)
        for (factor, outputs, inputs) in [
            ("q_FacTs", rank, rank), ("v_FacTs", rank, rank), ("FacTu", rank, width),
            ("FacTv", width, rank),
        ] {
            let key = "\(name)\(factor).weight"
            values[key] = try initial.layer(key, [outputs, inputs], inputs: inputs)
        }
    }

    private func addScales(
        _ prefix: String,
        _ values: inout [String: Tensor]
    ) throws(TensorError) {
        for layer in ["norm1", "norm2", "attn.qkv", "attn.proj", "mlp.lin1", "mlp.lin2"] {
            let name = "\(prefix)\(layer)."
            guard values["\(name)scale"] == nil,
                let outputs = values["\(name)weight"]?.size(0)
            else { continue }
            wrap(name, inner: "layer.", &values)
            values["\(name)scale"] = try initial.normal(
                "\(name)scale",
                [outputs],
                mean: 1,
                deviation: 0.2
            )
            values["\(name)shift"] = try initial.normal(
                "\(name)shift",
                [outputs],
                mean: 0,
                deviation: 0.2
            )
        }
    }

    private func addBottleneck(
        _ prefix: String,
        _ values: inout [String: Tensor]
    ) throws(TensorError) {
        let name = "\(prefix)mlp."
        guard values["\(name)down_proj.weight"] == nil else { return }
        let (width, inner) = (width(prefix, values), options.bottleneck)
        wrap(name, inner: "mlp_proj.", &values)
        let down = "\(name)down_proj.weight"
        values[down] = try initial.layer(down, [inner, width], inputs: width)
        values["\(name)down_proj.bias"] = try Tensor.zeros([inner])
        values["\(name)up_proj.weight"] = try Tensor.zeros([width, inner])
        values["\(name)up_proj.bias"] = try Tensor.zeros([width])
    }

    private func width(_ prefix: String, _ values: [String: Tensor]) -> Int {
        values["\(prefix)attn.proj.weight"]?.size(0) ?? 0
    }

    /// Puts everything below a name one level deeper.
    private func wrap(_ name: String, inner: String, _ values: inout [String: Tensor]) {
        let keys = values.keys.filter { $0.hasPrefix(name) && !$0.hasPrefix(name + inner) }
        for key in keys where !key.contains("w_a_linear") && !key.contains("w_b_linear") {
            values[name + inner + key.dropFirst(name.count)] = values.removeValue(forKey: key)
        }
    }
}
