package import Torch

/// LoRA for a TinyViT, which the reference does not have.
///
/// Its projection to queries, keys and values has their rows head by head, so one pair of factors serves
/// all three. Names are our own; what is written has the products added to the weights, so that any program
/// reads it as a plain ViT-T.
package enum TinyViTLoRA {
    private static let down = ".w_a_linear.weight"
    private static let up = ".w_b_linear.weight"

    /// Names of the transformer blocks up to their dot, in the order of the network (all numbers have one digit).
    static func blocks(of values: [String: Tensor]) -> [String] {
        let marker = "attn.qkv.weight"
        return values.keys.filter { $0.hasPrefix("image_encoder.layers.") && $0.hasSuffix(marker) }
            .map { String($0.dropLast(marker.count)) }
            .sorted()
    }

    /// Adds pairs of factors whose products are zero to begin with.
    ///
    /// - Throws: ``TrainerError/invalidOption(name:reason:)`` for blocks that are not there.
    package static func add(
        _ options: AdapterOptions,
        to values: inout [String: Tensor],
        seed: UInt64
    ) throws {
        precondition(options.kind == .lora, "TrainingOptions.validate refuses the others")
        let blocks = blocks(of: values)
        try options.validate(depth: blocks.count)
        let initial = InitialValues(seed: seed)
        var layers = options.layers.contains { $0 != .mlp } ? ["attn.qkv"] : []
        if options.layers.contains(.mlp) { layers += ["mlp.fc1", "mlp.fc2"] }
        for block in options.blocks ?? Array(blocks.indices) {
            for layer in layers {
                let name = blocks[block] + layer
                guard let shape = values[name + ".weight"]?.shape else { continue }
                let (outputs, inputs) = (shape[0], shape[1])
                values[name + down] = try initial.layer(
                    name + down,
                    [options.rank, inputs],
                    inputs: inputs
                )
                values[name + up] = try Tensor.zeros([outputs, options.rank])
            }
        }
    }

    /// Whether a parameter is one of the factors.
    static func contains(_ name: String) -> Bool { name.hasSuffix(down) || name.hasSuffix(up) }

    /// The same model without factors: their products are part of the weights.
    static func merged(_ values: [String: Tensor]) throws(TensorError) -> [String: Tensor] {
        var result = values
        for name in values.keys where name.hasSuffix(down) {
            let layer = String(name.dropLast(down.count))
            guard let first = values[name], let second = values[layer + up],
                let weight = values[layer + ".weight"]
            else { continue }
            result[layer + ".weight"] = try withoutGradients { () throws(TensorError) in
                try weight + second.matmul(first)
            }
            result[name] = nil
            result[layer + up] = nil
        }
        return result
    }
}
