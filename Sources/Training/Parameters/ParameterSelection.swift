import Checkpoints

/// Which parameters of a model are trained.
///
/// Parameters of the decoder for automatic segmentation have `decoder.` before their name.
package struct ParameterSelection {
    private let options: TrainingOptions

    package init(_ options: TrainingOptions) { self.options = options }

    /// Whether a value is changed by steps of the optimiser.
    package func contains(_ name: String) -> Bool {
        guard !Self.isBuffer(name), !options.frozen.contains(where: name.hasPrefix) else {
            return false
        }
        switch options.parts {
        case .joint: break
        case .promptable: if name.hasPrefix(Self.decoderPrefix) { return false }
        case .decoder:
            guard name.hasPrefix(Self.decoderPrefix) || name.hasPrefix(Self.encoderPrefix) else {
                return false
            }
        }
        guard name.hasPrefix(Self.encoderPrefix), let adapter = options.adapter else { return true }
        return adapter.trains(name)
    }

    static let decoderPrefix = "decoder."
    static let encoderPrefix = "image_encoder."

    /// Whether a value is no parameter: running statistics, the random matrix of positions.
    static func isBuffer(_ name: String) -> Bool {
        ["running_mean", "running_var", "positional_encoding_gaussian_matrix"]
            .contains(where: name.hasSuffix)
    }
}

extension AdapterOptions {
    /// Whether a parameter of the image encoder belongs to what this adapter trains.
    func trains(_ name: String) -> Bool {
        guard !TinyViTLoRA.contains(name) else { return true }
        let prefix = ParameterSelection.encoderPrefix + "blocks."
        guard name.hasPrefix(prefix) else { return false }
        let rest = name.dropFirst(prefix.count)
        guard let dot = rest.firstIndex(of: "."), let block = Int(rest[..<dot]),
            blocks?.contains(block) ?? true
        else { return false }
        let local = rest[rest.index(after: dot)...]
        return switch kind {
        case .lora: local.contains("w_a_linear_") || local.contains("w_b_linear_")
        case .fact: local.contains("FacT")
        case .ssf: local.hasSuffix(".scale") || local.hasSuffix(".shift")
        case .adaptFormer: local.hasPrefix("mlp.") && !local.hasPrefix("mlp.mlp_proj.")
        case .attention: local.hasPrefix("attn.")
        case .bias: local.hasSuffix("bias")
        case .layerNorm: local.hasPrefix("norm1.") || local.hasPrefix("norm2.")
        case .classical: true
        }
    }
}
