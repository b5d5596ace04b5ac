import Checkpoints
import Foundation
import Imaging
import ModelZoo
import Prompting
import SegmentAnything
import TestFixtures
import Testing
import Torch
import Training

@Suite("Gradients")
struct GradientTests {
    @Test(
        "Blocks that are computed again give the same gradients",
        .enabled(if: Fixtures.areAvailable)
    )
    func recomputation() throws {
        let start = try SAMCheckpoint(
            contentsOf: Fixtures.folder.appendingPathComponent("vit_small_random.pt")
        )
        var options = TrainingOptions()
        options.parts = .promptable
        let parameters = try ModelParameters(start, options, on: .cpu)
        let image = try Tensor.uniform([1, 3, 1024, 1024], using: RandomGenerator(seed: 1))
        let direction = try Tensor.uniform([1, 256, 64, 64], using: RandomGenerator(seed: 2))
        var norms: [[String: Double]] = []
        for recomputes in [false, true] {
            try parameters.removeGradients()
            let networks = try parameters.networks(
                encoderStatistics: .batch,
                decoderStatistics: .batch
            )
            let pass = try EncoderPass(
                networks.imageEncoder,
                image,
                isTrained: true,
                recomputes: recomputes
            )
            try (pass.embedding * direction).sum().backward()
            try pass.backward()
            var found: [String: Double] = [:]
            for name in parameters.trained {
                guard let gradient = try parameters.values[name]?.gradient() else { continue }
                found[name] = try gradient.absolute().sum().item()
            }
            norms.append(found)
        }
        #expect(norms[0].count == norms[1].count && norms[0].count > 40)
        for (name, norm) in norms[0] {
            #expect(abs(norm - (norms[1][name] ?? -1)) <= 1e-3 * norm, "\(name)")
        }
    }

    @Test("A part of the frame is trained at its place in the frame")
    func partOfFrame() throws {
        let sample = try TrainingSample(
            image: Raster(repeating: 100, size: Size(width: 50, height: 100), channels: 3),
            instances: LabelImage(size: Size(width: 50, height: 100)),
            targets: nil
        )
        var random = SplitMix64(seed: 2)
        let batch = try FrameBatch([sample, sample], side: 128, using: &random, on: .cpu)
        #expect(batch.image.shape == [2, 3, 128, 128])
        let whole = try FrameBatch([sample], side: 1024, using: &random, on: .cpu)
        #expect(whole.image.shape == [1, 3, 1024, 1024])
        // Beyond the image there is padding.
        let beyond = try batch.image.sliced(3, 64..<128).absolute().max()
        #expect(try beyond.item() == 0)
        let mirrored = try FrameBatch(
            [sample],
            side: 128,
            padding: .mirror,
            using: &random,
            on: .cpu
        )
        #expect(try mirrored.image.sliced(3, 64..<128).absolute().min().item() > 0)
        let maps = try Tensor.zeros([1, 2, 32, 32])
        #expect(try batch.restored(maps, batch.items[0]).shape == [1, 2, 100, 50])
    }
}
