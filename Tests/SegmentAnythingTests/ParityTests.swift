import Checkpoints
import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing
import Torch
import TorchNN

/// Numbers of the reference implementation, in its own mode.
@Suite("Parity with the reference", .serialized, .enabled(if: Fixtures.areAvailable))
struct ParityTests {
    @Test("ViT-T of a trained checkpoint", arguments: ["image_a", "image_b"])
    func trained(image name: String) throws {
        let predictor = try Models.trained()
        let reference = try Fixtures.tensors("\(name)_prompts")
        let embedding = try predictor.embed(Models.image(name))
        try reference.compare("embedding", embedding.features, 1e-4)
        try comparePrompts(predictor, embedding, reference)
    }

    @Test("Maps of the instance decoder", arguments: ["image_a", "image_b"])
    func maps(image name: String) throws {
        let predictor = try Models.trained()
        let reference = try Fixtures.tensors("\(name)_automatic")
        let maps = try predictor.instanceMaps(of: predictor.embed(Models.image(name)))
        let all = [maps.foreground, maps.centerDistances, maps.boundaryDistances]
        expectClose(all.flatMap(\.samples), try reference.floats("prediction"), 1e-3)
    }

    @Test("A plain ViT of reduced size")
    func small() throws {
        let checkpoint = try SAMCheckpoint(
            contentsOf: Fixtures.folder.appendingPathComponent("vit_small_random.pt")
        )
        let model = try SegmentAnythingModel(checkpoint, behavior: .reference)
        try compareRecipe(model, "vit_small_outputs", embeddingTolerance: 1e-4)
    }

    @Test("ViT-B and its decoder with weights from a formula")
    func base() throws {
        try compareRecipe(Models.fromFormula("vit_b"), "vit_b_recipe", embeddingTolerance: 5e-4)
    }

    @Test(
        "An encoder of less exact products is near the one in single precision",
        arguments: ["vit_small_random.pt", "vit_t_dsb.pt"],
        ModelBehavior.Precision.allCases.filter { $0 != .float32 && $0.isAvailable(on: .cpu) }
    )
    func rounded(file: String, precision: ModelBehavior.Precision) throws {
        let checkpoint = try SAMCheckpoint(
            contentsOf: Fixtures.folder.appendingPathComponent(file)
        )
        let image = try Models.image("image_a")
        func features(_ precision: ModelBehavior.Precision) throws -> Tensor {
            var behavior = ModelBehavior.standard
            behavior.precision = precision
            let model = try SegmentAnythingModel(checkpoint, behavior: behavior)
            #expect(model.behavior.precision == precision && model.behavior.isReference == false)
            return try ImagePredictor(model).embed(image).features
        }
        let (exact, rounded) = (try features(.float32), try features(precision))
        let difference = try (rounded - exact).absolute().mean().item()
        let spread = try (exact - exact.mean()).absolute().mean().item()
        #expect(difference > 0 && difference < 0.03 * spread)
    }

    @Test("Running statistics of the decoder")
    func runningStatistics() throws {
        let reference = try Fixtures.tensors("vit_b_recipe")
        let predictor = ImagePredictor(try Models.fromFormula("vit_b", behavior: .corrected))
        let embedding = try predictor.embed(Models.image("synthetic_256x320"))
        try compareDecoder(predictor, embedding, reference, "decoder.running_statistics")
    }

    @Test(
        "ViT-L and ViT-H with weights from a formula",
        .enabled(if: Models.runsSlowTests),
        arguments: ["vit_l", "vit_h"]
    )
    func large(type: String) throws {
        try compareRecipe(Models.fromFormula(type), "\(type)_recipe", embeddingTolerance: 5e-4)
    }
}
