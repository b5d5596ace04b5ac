import Checkpoints
import Foundation
import ModelZoo
import SegmentAnything
import TestFixtures
import Testing
import Torch
import Training

@Suite("LoRA of a ViT-T")
struct TinyViTLoRATests {
    @Test("Starts as the model that it is added to, and is written as a plain one")
    func merging() throws {
        let start = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        var options = TrainingOptions()
        options.parts = .promptable
        options.adapter = AdapterOptions()
        options.adapter?.layers = [.query, .value, .mlp]
        options.adapter?.blocks = [0, 9]
        let model = try ModelParameters(start, options, on: .cpu)
        let trained = model.trained.filter { $0.hasPrefix("image_encoder.") }
        #expect(trained.count == 12)
        #expect(
            trained.allSatisfy {
                $0.hasPrefix("image_encoder.layers.1.blocks.0.")
                    || $0.hasPrefix("image_encoder.layers.3.blocks.1.")
            }
        )
        options.adapter = nil
        let plain = try ModelParameters(start, options, on: .cpu)
        let pixels: [Float] = (0..<3 * 64 * 64).map { Float($0 % 97) / 50 - 1 }
        let image = try Tensor(pixels, shape: 1, 3, 64, 64)
        let before = try embedding(of: image, model)
        #expect(try sum(before - embedding(of: image, plain)) == 0)

        for name in trained where name.contains("w_b_linear") {
            let shape = try #require(model.values[name]?.shape)
            try model.restore(name, Tensor.ones(shape) * 0.01)
        }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        try model.write(to: file, metadata: [:])
        let written = try ModelParameters(SAMCheckpoint(contentsOf: file), options, on: .cpu)
        #expect(Set(written.values.keys) == Set(plain.values.keys))
        let after = try embedding(of: image, model)
        #expect(try sum(after - before) > 1)
        #expect(try sum(after - embedding(of: image, written)) < 1e-5 * sum(after))
    }

    private func sum(_ tensor: Tensor) throws -> Double {
        try tensor.absolute().sum().item()
    }

    private func embedding(of image: Tensor, _ model: ModelParameters) throws -> Tensor {
        try withoutGradients {
            try model.networks(encoderStatistics: .running, decoderStatistics: .running)
                .imageEncoder(image).detached()
        }
    }
}

@Suite("Adapters in training", .enabled(if: Fixtures.areAvailable))
struct AdapterTests {
    private let start: SAMCheckpoint

    init() throws {
        start = try SAMCheckpoint(
            contentsOf: Fixtures.folder.appendingPathComponent("vit_small_random.pt")
        )
    }

    private func parameters(_ adapter: AdapterOptions) throws -> ModelParameters {
        var options = TrainingOptions()
        options.parts = .promptable
        options.adapter = adapter
        return try ModelParameters(start, options, on: .cpu)
    }

    @Test("LoRA has the names of the reference, and trains the same of them")
    func namesOfLoRA() throws {
        let data = try Data(
            contentsOf: Fixtures.folder.appendingPathComponent("state_dict_keys.json")
        )
        let listed = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: [String: [Any]]]
        )
        let keys = try #require(listed["vit_b_lora_rank4"]).filter { name, _ in
            // The small model has four blocks.
            !(4..<12).contains { name.hasPrefix("image_encoder.blocks.\($0).") }
        }
        let model = try parameters(AdapterOptions())
        #expect(Set(model.values.keys) == Set(keys.keys))
        let trained = keys.filter { $0.value.last as? Bool == true }.keys
        #expect(Set(model.trained) == Set(trained.filter { !$0.contains("gaussian") }))
    }

    @Test(
        "Every kind can be built, and is trained in the blocks that are asked for",
        arguments: AdapterOptions.Kind.allCases
    )
    func kinds(kind: AdapterOptions.Kind) throws {
        var adapter = AdapterOptions()
        adapter.kind = kind
        adapter.blocks = [1, 3]
        adapter.layers = [.query, .key, .value, .mlp]
        let model = try parameters(adapter)
        _ = try model.networks(encoderStatistics: .running, decoderStatistics: .running)
        let encoder = model.trained.filter { $0.hasPrefix("image_encoder.") }
        #expect(!encoder.isEmpty)
        #expect(
            encoder.allSatisfy {
                $0.hasPrefix("image_encoder.blocks.1.") || $0.hasPrefix("image_encoder.blocks.3.")
            }
        )
    }

    @Test("Before training, LoRA and AdaptFormer's addition change nothing they should not")
    func startsAtZero() throws {
        let plain = try ModelParameters(start, TrainingOptions(), on: .cpu)
        let lora = try parameters(AdapterOptions())
        let name = "image_encoder.blocks.0.attn.qkv."
        #expect(
            try #require(lora.values[name + "qkv_proj.weight"]).detached().isIdentical(
                to: #require(plain.values[name + "weight"]).detached()
            )
        )
        let up = try #require(lora.values[name + "w_b_linear_q.weight"])
        #expect(try up.absolute().sum().item() == 0)
    }
}
