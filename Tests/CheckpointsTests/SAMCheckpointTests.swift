import Checkpoints
import Files
import Foundation
import Testing

@Suite("SAM checkpoints")
struct SAMCheckpointTests {
    private let tiny = ViTArchitecture(
        width: 12,
        depth: 2,
        headCount: 2,
        patchSize: 2,
        windowSize: 2,
        globalBlocks: [1],
        tokensPerSide: 4,
        embeddingChannels: 8
    )

    @Test(
        "Every form gives the same model names and architecture",
        arguments: [
            ("sam_plain.pt", SAMCheckpoint.Flavor.plain, false),
            ("sam_combined.pt", .combined, true),
            ("sam_training.pt", .training, true), ("sam_unetr.pt", .unetr, true),
            ("sam_lora.pt", .plain, false),
        ]
    )
    func forms(file: String, flavor: SAMCheckpoint.Flavor, hasDecoder: Bool) throws {
        let checkpoint = try SAMCheckpoint(contentsOf: TestFiles.fixture(file))
        #expect(checkpoint.flavor == flavor)
        #expect(checkpoint.architecture == .viT(tiny))
        #expect(checkpoint.architecture.modelType == "custom")
        #expect(checkpoint.model["image_encoder.pos_embed"]?.shape == [1, 4, 4, 12])
        #expect((checkpoint.decoder != nil) == hasDecoder)
        if hasDecoder {
            #expect(checkpoint.decoder?["out_conv.weight"]?.shape == [3, 2, 1, 1])
            #expect(checkpoint.decoderDescription?.upsampling == .bilinear)
        }
        #expect(checkpoint.hasPromptPath == (flavor != .unetr))
        if flavor != .unetr { #expect(checkpoint.maskTokenCount == 4) }
    }

    @Test("A training checkpoint keeps its numbers and leaves out what it cannot know")
    func training() throws {
        let checkpoint = try SAMCheckpoint(contentsOf: TestFiles.fixture("sam_training.pt"))
        #expect(checkpoint.metadata["epoch"] == "3")
        #expect(checkpoint.metadata["best_metric"] == "0.125")
        #expect(checkpoint.metadata["current_metric"] == "0.5")
        #expect(checkpoint.metadata["timestamp"] == "2024-05-06 07:08:09")
        #expect(checkpoint.warnings.contains { $0.contains("Trainer") && $0.contains("Odd") })
    }

    @Test("An unknown object among the weights is refused by key and name")
    func refused() throws {
        let error = try #require(throws: CheckpointError.self) {
            try SAMCheckpoint(contentsOf: TestFiles.fixture("sam_refused.pt"))
        }
        guard case .refusedGlobal(_, let key, let global) = error else {
            Issue.record("unexpected error: \(error)")
            return
        }
        #expect(key == "model_state.extra")
        #expect(global.hasSuffix("Trainer"))
    }

    @Test("A decoder file takes the place of the decoder inside, and alone is no model")
    func decoderFile() throws {
        let decoder = try TestFiles.fixture("sam_decoder.pt")
        for name in ["sam_plain.pt", "sam_combined.pt"] {
            let checkpoint = try SAMCheckpoint(
                contentsOf: TestFiles.fixture(name),
                decoder: decoder
            )
            #expect(checkpoint.decoderDescription?.upsampling == .transposed)
            #expect(checkpoint.decoderDescription?.outputChannels == 3)
        }
        let error = try #require(throws: CheckpointError.self) {
            try SAMCheckpoint(contentsOf: decoder)
        }
        #expect(error.description.contains("without a model"))
        #expect(try SAMCheckpoint.flavor(of: Checkpoint(contentsOf: decoder)) == .decoder)
        #expect(throws: CheckpointError.self) {
            try SAMCheckpoint(
                contentsOf: TestFiles.fixture("sam_plain.pt"),
                decoder: TestFiles.fixture("sam_plain.pt")
            )
        }
    }

    @Test("LoRA is found with rank, blocks and targets")
    func lora() throws {
        let checkpoint = try SAMCheckpoint(contentsOf: TestFiles.fixture("sam_lora.pt"))
        let adapter = try #require(checkpoint.adapter)
        #expect(adapter.method == .lora)
        #expect(adapter.rank == 3)
        #expect(adapter.blocks == [0, 1])
        #expect(adapter.targets == ["q", "v"])
        #expect(try SAMCheckpoint(contentsOf: TestFiles.fixture("sam_plain.pt")).adapter == nil)
    }

    @Test("A later version of this project's files is refused", arguments: ["2", "1.1", "", "x"])
    func laterVersion(version: String) throws {
        let folder = try TemporaryFolder()
        let source = try SAMCheckpoint(contentsOf: TestFiles.fixture("sam_combined.pt"))
        let url = folder.url.appendingPathComponent("out.safetensors")
        try source.write(to: url)
        var writer = SafetensorsWriter(metadata: ["usam.format": version])
        for entry in try Checkpoint(contentsOf: url).tensors { try writer.add(entry) }
        try writer.write(to: url)
        let error = #expect(throws: CheckpointError.self) { try SAMCheckpoint(contentsOf: url) }
        #expect(error?.description.contains("the version '\(version)'") == true)
        #expect(error?.description.contains("update it") == true)
    }

    @Test("A file with other names is refused with examples")
    func otherNames() throws {
        let error = try #require(throws: CheckpointError.self) {
            try SAMCheckpoint(contentsOf: TestFiles.fixture("plain.pt"))
        }
        #expect(error.description.contains("'weight'"))
    }

    @Test("Conversion keeps every number and can store halves")
    func conversion() throws {
        let folder = try TemporaryFolder()
        let source = try SAMCheckpoint(contentsOf: TestFiles.fixture("sam_combined.pt"))
        let url = folder.url.appendingPathComponent("out.safetensors")
        try source.write(to: url)
        let copy = try SAMCheckpoint(contentsOf: url)
        #expect(copy.flavor == .converted)
        #expect(copy.architecture == source.architecture)
        #expect(Set(copy.model.keys) == Set(source.model.keys))
        #expect(copy.decoder?["deconv1.block.2.num_batches_tracked"] == nil)
        #expect(copy.decoder?["out_conv.weight"] != nil)
        for (key, entry) in source.model {
            #expect(copy.model[key]?.floats() == entry.floats(), "\(key)")
        }
        try source.write(to: url, options: .init(precision: .half))
        let half = try SAMCheckpoint(contentsOf: url)
        #expect(half.model["image_encoder.pos_embed"]?.elementType == .float16)
        #expect(half.model["image_encoder.blocks.0.mlp.lin1.bias"]?.elementType == .float32)
    }
}

@Suite("Reference files")
struct ReferenceFileTests {
    private struct Listed: Decodable {
        let shape: [Int]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            shape = try list.decode([Int].self)
        }
    }

    private func listed(_ model: String) throws -> [String: [Int]]? {
        guard let url = TestFiles.shared("state_dict_keys.json") else { return nil }
        let all = try JSONDecoder().decode(
            [String: [String: Listed]].self,
            from: Data(contentsOf: url)
        )
        return all[model]?.mapValues(\.shape)
    }

    /// Entries of given shapes that share one byte of nothing, to test what looks at shapes only.
    private func entries(_ shapes: [String: [Int]]) throws -> [String: TensorEntry] {
        let storage = ByteStorage(copying: [0, 0, 0, 0], name: "test")
        var result: [String: TensorEntry] = [:]
        for (key, shape) in shapes {
            result[key] = try TensorEntry(
                name: key,
                elementType: .float32,
                shape: shape,
                strides: shape.map { _ in 0 },
                storage: storage,
                window: 0..<4,
                repetitionLimit: .max
            )
        }
        return result
    }

    @Test("The trained ViT-T has exactly the listed names and shapes")
    func trainedTiny() throws {
        guard let url = TestFiles.shared("vit_t_dsb.pt") else { return }
        let checkpoint = try SAMCheckpoint(contentsOf: url)
        #expect(checkpoint.flavor == .combined)
        #expect(checkpoint.architecture == .tinyViT(.mobileSAM))
        #expect(checkpoint.architecture.modelType == "vit_t")
        #expect(checkpoint.hasPromptPath)
        #expect(checkpoint.warnings.isEmpty)
        #expect(checkpoint.model.mapValues(\.shape) == (try listed("vit_t")))
        #expect(checkpoint.decoder?.mapValues(\.shape) == (try listed("decoder")))
        #expect(checkpoint.decoderDescription?.upsampling == .bilinear)
        let weight = try #require(checkpoint.model["image_encoder.patch_embed.seq.0.c.weight"])
        #expect(weight.elementType == .float16)
        #expect(weight.isDirectlyReadable)
        #expect(weight.floats().allSatisfy { $0.isFinite && abs($0) < 10 })
    }

    @Test("The small ViT is recognised as a shape of its own")
    func small() throws {
        guard let url = TestFiles.shared("vit_small_random.pt") else { return }
        let checkpoint = try SAMCheckpoint(contentsOf: url)
        #expect(
            checkpoint.architecture
                == .viT(ViTArchitecture(width: 192, depth: 4, headCount: 3, globalBlocks: [1, 3]))
        )
        #expect(checkpoint.architecture.modelType == "custom")
        #expect(checkpoint.decoder == nil)
    }

    @Test("ViT-B, L and H are told apart by shapes", arguments: ["vit_b", "vit_l", "vit_h"])
    func large(model: String) throws {
        guard let shapes = try listed(model) else { return }
        let inference = ArchitectureInference(tensors: try entries(shapes), file: "test")
        #expect(try inference.architecture().modelType == model)
    }

    @Test("ViT-B with LoRA of rank 4 is still ViT-B")
    func lora() throws {
        guard let shapes = try listed("vit_b_lora_rank4") else { return }
        let tensors = try entries(shapes)
        let inference = ArchitectureInference(tensors: tensors, file: "test")
        #expect(try inference.architecture() == .viT(.base))
        let adapter = try #require(AdapterDescription(tensors: tensors))
        #expect(adapter.rank == 4)
        #expect(adapter.blocks == Array(0..<12))
        #expect(adapter.targets == ["q", "v"])
    }

    @Test(
        "Other adapters are told apart by their keys",
        arguments: [
            (["attn.qkv.FacTu.weight": [5, 12], "attn.qkv.q_FacTs.weight": [5, 5]], "facT", 5),
            (
                ["mlp.down_proj.weight": [64, 12], "mlp.mlp_proj.lin1.bias": [48]], "adaptFormer",
                64
            ),
            (["attn.qkv.scale": [36], "attn.qkv.shift": [36], "norm1.scale": [12]], "ssf", nil),
            (
                ["mlp.w_a_linear_1.weight": [2, 12], "mlp.w_b_linear_1.weight": [48, 2]], "lora", 2
            ),
        ] as [([String: [Int]], String, Int?)]
    )
    func adapters(shapes: [String: [Int]], method: String, rank: Int?) throws {
        var named: [String: [Int]] = [:]
        for (name, shape) in shapes { named["image_encoder.blocks.3.\(name)"] = shape }
        let adapter = try #require(AdapterDescription(tensors: try entries(named)))
        #expect(adapter.method.rawValue == method)
        #expect(adapter.rank == rank)
        #expect(adapter.blocks == [3])
    }

    @Test("Every reference output can be read in full")
    func outputs() throws {
        for name in [
            "image_a_prompts", "image_a_amg", "image_a_automatic", "image_b_prompts",
            "image_b_automatic",
            "image_tiled", "training_small", "vit_b_recipe", "vit_l_recipe", "vit_h_recipe",
            "vit_small_outputs", "volume",
        ] {
            guard let url = TestFiles.shared("\(name).safetensors") else { return }
            let checkpoint = try Checkpoint(contentsOf: url)
            #expect(!checkpoint.tensors.isEmpty)
            for entry in checkpoint.tensors {
                #expect(entry.withBytes { $0.count } == entry.byteCount)
            }
        }
    }
}
