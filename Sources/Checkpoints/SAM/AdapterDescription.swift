/// Parameter-efficient fine-tuning found in a checkpoint: small tensors beside the frozen encoder.
public struct AdapterDescription: Hashable, Codable, Sendable {
    /// The kinds of adapters, told apart by their keys.
    public enum Method: String, Codable, Hashable, Sendable {
        /// Low-rank updates of projections.
        case lora
        /// Low-rank updates whose outer factors are shared by query and value.
        case facT
        /// A scale and shift after each layer.
        case ssf
        /// A bottleneck beside the two-layer network of a block.
        case adaptFormer
    }

    /// The method.
    public var method: Method
    /// The inner dimension: the rank of LoRA and FacT, the bottleneck of AdaptFormer; nil for SSF.
    public var rank: Int?
    /// Indices of the encoder blocks that have adapters, rising.
    public var blocks: [Int]
    /// What is adapted: `q`, `k`, `v`, `mlp`; empty where the method leaves no choice.
    public var targets: [String]

    /// Finds out which adapters the tensors hold, if any.
    package init?(tensors: [String: TensorEntry]) {
        var blocks: Set<Int> = []
        var targets: Set<String> = []
        var found: (method: Method, rank: Int?)?
        let prefix = "image_encoder.blocks."
        for (key, entry) in tensors where key.hasPrefix(prefix) {
            let parts = key.dropFirst(prefix.count).split(
                separator: ".",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard parts.count == 2, let block = Int(parts[0]),
                let part = AdapterDescription.recognize(parts[1])
            else { continue }
            let rank = part.rankAxis.flatMap { $0 < entry.shape.count ? entry.shape[$0] : nil }
            if found == nil { found = (part.method, rank) }
            if found?.rank == nil, let rank { found?.rank = rank }
            blocks.insert(block)
            if let target = part.target { targets.insert(target) }
        }
        guard let found else { return nil }
        self.method = found.method
        self.rank = found.rank
        self.blocks = blocks.sorted()
        self.targets = targets.sorted()
    }

    private struct Part {
        let method: Method
        var rankAxis: Int?
        var target: String?
    }

    /// What the rest of a key after the block's number says.
    private static func recognize(_ name: Substring) -> Part? {
        for target in ["q", "k", "v"] where name == "attn.qkv.w_a_linear_\(target).weight" {
            return Part(method: .lora, rankAxis: 0, target: target)
        }
        switch name {
        case "mlp.w_a_linear_1.weight", "mlp.w_a_linear_2.weight":
            return Part(method: .lora, rankAxis: 0, target: "mlp")
        case "attn.qkv.FacTu.weight": return Part(method: .facT, rankAxis: 0)
        case "mlp.down_proj.weight": return Part(method: .adaptFormer, rankAxis: 0)
        default:
            return name.hasSuffix(".scale") ? Part(method: .ssf) : nil
        }
    }
}
