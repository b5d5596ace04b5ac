/// Reads the measures of the image encoder from the shapes of its tensors.
package struct ArchitectureInference {
    private let tensors: [String: TensorEntry]
    private let file: String

    private static let advice =
        "Check that the file is a SAM checkpoint (original SAM, MobileSAM or micro-sam)."

    /// Will look at these tensors of a model.
    package init(tensors: [String: TensorEntry], file: String) {
        self.tensors = tensors
        self.file = file
    }

    /// The architecture; vit_t is recognised by the absence of a patch projection.
    package func architecture() throws(CheckpointError) -> EncoderArchitecture {
        if tensors["image_encoder.patch_embed.proj.weight"] != nil {
            return .viT(try viT())
        }
        return .tinyViT(try tinyViT())
    }

    // MARK: - ViT

    private func viT() throws(CheckpointError) -> ViTArchitecture {
        let patch = try shape("patch_embed.proj.weight", rank: 4)
        let position = try shape("pos_embed", rank: 4)
        guard position[1] == position[2], position[3] == patch[0] else {
            throw mismatch("pos_embed", [1, position[1], position[1], patch[0]], position)
        }
        let depth = try count("blocks", in: "image_encoder")
        let tableShape = try shape("blocks.0.attn.rel_pos_h", rank: 2)
        guard tableShape[1] > 0, patch[0] % tableShape[1] == 0 else {
            throw mismatch("blocks.0.attn.rel_pos_h", [tableShape[0], 64], tableShape)
        }
        var globalBlocks: [Int] = []
        var windowSize = 0
        for block in 0..<depth {
            let length = try shape("blocks.\(block).attn.rel_pos_h", rank: 2)[0]
            let side = (length + 1) / 2
            if side == position[1] {
                globalBlocks.append(block)
            } else if windowSize == 0 || windowSize == side {
                windowSize = side
            } else {
                throw mismatch(
                    "blocks.\(block).attn.rel_pos_h",
                    [2 * windowSize - 1, tableShape[1]],
                    [length, tableShape[1]]
                )
            }
        }
        let hidden = try shape(
            firstOf: [
                "blocks.0.mlp.lin1.bias", "blocks.0.mlp.mlp_layer.lin1.bias",
                "blocks.0.mlp.mlp_proj.lin1.bias", "blocks.0.mlp.lin1.layer.bias",
            ],
            rank: 1
        )
        return ViTArchitecture(
            width: patch[0],
            depth: depth,
            headCount: patch[0] / tableShape[1],
            hiddenWidth: hidden[0],
            patchSize: patch[2],
            windowSize: windowSize,
            globalBlocks: globalBlocks,
            tokensPerSide: position[1],
            embeddingChannels: try shape("neck.0.weight", rank: 4)[0]
        )
    }

    // MARK: - TinyViT

    private func tinyViT() throws(CheckpointError) -> TinyViTArchitecture {
        let stageCount = try count("layers", in: "image_encoder")
        var result = TinyViTArchitecture(
            widths: [try shape("patch_embed.seq.2.c.weight", rank: 4)[0]],
            depths: [],
            headCounts: [],
            windowSizes: [],
            embeddingChannels: try shape("neck.0.weight", rank: 4)[0]
        )
        for stage in 0..<stageCount {
            result.depths.append(try count("blocks", in: "image_encoder.layers.\(stage)"))
            if stage < stageCount - 1 {
                result.widths.append(
                    try shape("layers.\(stage).downsample.conv3.c.weight", rank: 4)[0]
                )
            }
            guard stage > 0 else { continue }
            let name = "layers.\(stage).blocks.0.attn.attention_biases"
            let biases = try shape(name, rank: 2)
            let side = Int(Double(biases[1]).squareRoot().rounded())
            guard side * side == biases[1] else {
                throw mismatch(name, [biases[0], side * side], biases)
            }
            result.headCounts.append(biases[0])
            result.windowSizes.append(side)
        }
        return result
    }

    // MARK: - Looking things up

    private func shape(_ name: String, rank: Int) throws(CheckpointError) -> [Int] {
        try shape(firstOf: [name], rank: rank)
    }

    private func shape(firstOf names: [String], rank: Int) throws(CheckpointError) -> [Int] {
        for name in names {
            guard let entry = tensors["image_encoder.\(name)"] else { continue }
            guard entry.shape.count == rank, entry.elementCount > 0 else {
                throw .malformed(
                    file: file,
                    what: "'\(entry.name)' has shape \(entry.shape), where \(rank) axes are needed"
                )
            }
            return entry.shape
        }
        throw .missingKey(
            file: file,
            key: "image_encoder.\(names[0])",
            advice: ArchitectureInference.advice
        )
    }

    private func mismatch(_ name: String, _ expected: [Int], _ found: [Int]) -> CheckpointError {
        .shapeMismatch(
            file: file,
            key: "image_encoder.\(name)",
            expected: expected,
            found: found
        )
    }

    /// How many numbered parts `<path>.<list>.<n>` there are; they must be numbered without gaps.
    private func count(_ list: String, in path: String) throws(CheckpointError) -> Int {
        let prefix = "\(path).\(list)."
        var indices: Set<Int> = []
        for key in tensors.keys where key.hasPrefix(prefix) {
            if let index = Int(key.dropFirst(prefix.count).prefix { $0 != "." }) {
                indices.insert(index)
            }
        }
        guard !indices.isEmpty else {
            throw .missingKey(file: file, key: "\(prefix)0", advice: ArchitectureInference.advice)
        }
        if let gap = (0..<indices.count).first(where: { !indices.contains($0) }) {
            throw .missingKey(
                file: file,
                key: "\(prefix)\(gap)",
                advice: "Other parts of this list are there, so the file is incomplete."
            )
        }
        return indices.count
    }
}
