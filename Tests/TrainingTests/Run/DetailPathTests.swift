import Checkpoints
import Foundation
import Imaging
import JobSamples
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing
import Torch
import TorchNN
import Training

@Suite("Detail path of the decoder")
struct DetailPathTests {
    private static let widths = [16, 32, 48]

    /// A model with a detail path.
    ///
    /// - Parameter isHeard: Whether the path adds something, which a new one does not.
    private func parameters(isHeard: Bool) throws -> ModelParameters {
        var options = TrainingOptions()
        options.detailWidths = Self.widths
        let start = try SAMCheckpoint(contentsOf: QuickModel.narrow.url)
        let parameters = try ModelParameters(start, options, on: .cpu)
        let joins = parameters.values.keys.filter { $0.contains("join.weight") }.sorted()
        for (index, name) in joins.enumerated() where isHeard {
            let shape = try #require(parameters.values[name]?.shape)
            let random = try RandomGenerator(seed: UInt64(index))
            try parameters.restore(name, Tensor.uniform(shape, using: random) * 0.3 + -0.1)
        }
        return parameters
    }

    private func checkpoint(isHeard: Bool, in folder: DataFolder) throws -> SAMCheckpoint {
        let file = folder.url.appendingPathComponent("detail-\(isHeard).safetensors")
        try parameters(isHeard: isHeard).write(to: file, metadata: [:])
        return try SAMCheckpoint(contentsOf: file)
    }

    private var image: Raster<UInt8> {
        get throws {
            var simulator = NucleiSimulator(size: Size(width: 120, height: 88), seed: 5)
            simulator.meanRadius = 7
            simulator.coverage = 0.3
            return try AnyRaster.uint16(simulator.simulate().image).normalizedRGB()
        }
    }

    @Test("A new path changes nothing, and one that was trained does")
    func newPath() throws {
        let folder = try DataFolder()
        let plain = ImagePredictor(
            try SegmentAnythingModel(SAMCheckpoint(contentsOf: QuickModel.narrow.url))
        )
        let image = try image
        let embedding = try plain.embed(image)
        let expected = try plain.instanceMaps(of: embedding)
        for isHeard in [false, true] {
            let checkpoint = try checkpoint(isHeard: isHeard, in: folder)
            #expect(checkpoint.decoderDescription?.detailWidths == Self.widths)
            let predictor = ImagePredictor(try SegmentAnythingModel(checkpoint))
            // The features are those of the same encoder.
            let maps = try predictor.instanceMaps(of: embedding.showing { _ in image })
            let difference = expected.largestDifference(from: maps)
            #expect(isHeard ? difference > 0.01 : difference < 1e-5, "\(isHeard): \(difference)")
        }
    }

    @Test(
        "The measured kernels compute what the operators compute",
        arguments: [ModelBehavior.corrected, .reference]
    )
    func kernels(_ behavior: ModelBehavior) throws {
        let folder = try DataFolder()
        let checkpoint = try checkpoint(isHeard: true, in: folder)
        let source = CheckpointParameters(try #require(checkpoint.decoder), name: "detail")
        let random = try RandomGenerator(seed: 1)
        let embedding = try Tensor.uniform([1, 256, 64, 64], using: random) + -0.5
        let image = try Tensor.uniform([1, 3, 1024, 1024], using: random) * 4 + -2
        let maps = try [true, false].map { isFused in
            let decoder = try InstanceDecoder(
                from: ParameterStore(source).root,
                behavior: behavior,
                isFused: isFused
            )
            #expect(decoder.usesImage)
            return try withInferenceMode {
                try decoder(embedding, image: image, height: 300, width: 1024)
            }
        }
        #expect(maps[0].shape == [1, 3, 300, 1024])
        let difference: Double = try (maps[0] + maps[1] * -1).absolute().max().item()
        #expect(difference < 2e-4)
    }

    @Test("Embeddings from memory, from a store and computed anew give the same objects")
    func doors() throws {
        let folder = try DataFolder()
        let checkpoint = try checkpoint(isHeard: true, in: folder)
        let model = Model(try SegmentAnythingModel(checkpoint), traits: ModelTraits())
        let plane = AnyRaster.uint8(try image)
        let tiles = TilingOptions(
            tileShape: Size(width: 64, height: 88),
            halo: Size(width: 16, height: 16)
        )
        for tiling in [TilingChoice.never, .always(tiles)] {
            let segmenter = try Segmenter(model, tiling: tiling)
            let expected = try segmenter.segment(plane).labelImage()
            let store = folder.url.appendingPathComponent("store-\(tiling).zarr")
            func shelf(isWritable: Bool) throws -> StoreShelf {
                try StoreShelf(
                    store,
                    of: PlaneStack(plane),
                    model: model.identity,
                    base: segmenter.planner.base(of: plane.size),
                    isWritable: isWritable
                )
            }
            let writing = try shelf(isWritable: true)
            #expect(try segmenter.segment(plane, shelf: writing).labelImage() == expected)
            try writing.finish()
            let stored = try shelf(isWritable: false)
            #expect(try segmenter.segment(plane, shelf: stored).labelImage() == expected)
            let memory = EmbeddingMemory()
            for _ in 0..<2 {
                let shelf = memory.shelf(of: "plane")
                #expect(try segmenter.segment(plane, shelf: shelf).labelImage() == expected)
            }
        }
    }

    @Test("An embedding without its image is refused, with the reason")
    func missingImage() throws {
        let folder = try DataFolder()
        let model = try SegmentAnythingModel(checkpoint(isHeard: false, in: folder))
        let predictor = ImagePredictor(model)
        let embedding = ImageEmbedding(
            features: try Tensor.zeros([1, 256, 64, 64]),
            transform: try ResizeLongestSide(from: Size(width: 20, height: 10))
        )
        #expect(throws: SegmentationError.decoderNeedsImage) {
            try predictor.instanceMaps(of: embedding)
        }
        let other = embedding.showing { _ in
            Raster(repeating: 0, size: Size(width: 10, height: 20), channels: 3)
        }
        #expect(throws: ImagingError.self) { try predictor.instanceMaps(of: other) }
    }

    @Test("Gradients reach the whole path, and a frozen rest stays")
    func gradients() throws {
        let parameters = try parameters(isHeard: true)
        let networks = try parameters.networks(
            encoderStatistics: .running,
            decoderStatistics: .running
        )
        let image = try Tensor.uniform([1, 3, 64, 64], using: RandomGenerator(seed: 3))
        let pass = try EncoderPass(networks.imageEncoder, image, isTrained: false)
        let maps = try #require(try networks.instanceMaps(of: pass.embedding, image))
        try (maps * maps).sum().backward()
        for name in parameters.trained where name.hasPrefix("decoder.detail.") {
            let gradient = try #require(try parameters.values[name]?.gradient(), "\(name)")
            let sum: Double = try gradient.absolute().sum().item()
            #expect(sum > 0, "\(name)")
        }
        #expect(parameters.trained.count { $0.hasPrefix("decoder.detail.") } == 18)
    }

    @Test("A path that a start model has is kept")
    func keptPath() throws {
        let folder = try DataFolder()
        let start = try checkpoint(isHeard: true, in: folder)
        var options = TrainingOptions()
        options.detailWidths = [32, 64]
        let kept = try ModelParameters(start, options, on: .cpu)
        #expect(kept.values["decoder.detail.0.first.weight"]?.shape == [16, 12, 3, 3])
    }

    @Test("Other programs get the part for prompts")
    func export() throws {
        let folder = try DataFolder()
        let checkpoint = try checkpoint(isHeard: false, in: folder)
        let file = folder.url.appendingPathComponent("model.pt")
        try checkpoint.writeTorch(to: file)
        let read = try SAMCheckpoint(contentsOf: file)
        #expect(read.decoder == nil && read.hasPromptPath)
        #expect(read.flavor == .plain)
    }
}

extension InstanceMaps {
    fileprivate func largestDifference(from other: InstanceMaps) -> Float {
        zip(
            foreground.samples + centerDistances.samples + boundaryDistances.samples,
            other.foreground.samples + other.centerDistances.samples
                + other.boundaryDistances.samples
        ).map { abs($0 - $1) }.max() ?? 0
    }
}
