import Checkpoints
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import ModelZoo
import Prompting
import Segmentation
import Testing
import Torch

/// Models whose file can be read, but not be used as it is.
@Suite("Damaged models", .serialized)
struct DamagedModelTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    /// A copy of the default model with another number at the end of a tensor, or with other settings.
    private func model(
        _ name: String,
        _ damage: (tensor: String, value: Float)? = nil,
        settings: [String: String] = [:]
    ) throws -> ModelFiles {
        let source = try Checkpoint(contentsOf: EmbeddedModel.url())
        var writer = SafetensorsWriter(metadata: source.metadata.merging(settings) { $1 })
        for entry in source.tensors {
            guard let damage, entry.name == damage.tensor else {
                try writer.add(entry)
                continue
            }
            var values = entry.floats()
            values[values.count - 1] = damage.value
            try writer.add(
                entry.name,
                elementType: .float32,
                shape: entry.shape,
                bytes: values.withUnsafeBytes { Array($0) }
            )
        }
        let url = URL(filePath: place.path(name))
        try writer.write(to: url)
        return ModelFiles(name: url.path, model: url)
    }

    @Test(
        "A number that is not finite is refused with the name of its tensor, in every part of the model",
        arguments: zip(
            [
                "model_state.image_encoder.neck.0.weight",
                "model_state.mask_decoder.iou_token.weight",
                "decoder_state.out_conv.bias",
            ],
            [Float.nan, .infinity, -.infinity]
        )
    )
    func notFinite(tensor: String, value: Float) throws {
        let files = try model("bad.safetensors", (tensor, value))
        let name = tensor.drop { $0 != "." }.dropFirst()
        let error = #expect(throws: (any Error).self) {
            try ModelWeights(files).load(on: .cpu)
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains(name) && text.contains("NaN") && text.contains(files.name), "\(text)")
        guard value.isNaN else { return }
        let image = try place.writeImage("a.png")
        let end = try Program.run(
            ["segment", image, "-o", "a.tif", "--model", files.name],
            in: place.folder
        )
        #expect(end.status == 1 && end.error.contains(name), "\(end.error)")
        #expect(try !place.files().contains("a.tif"))
    }

    @Test(
        "Settings that cannot be read are an error where labels depend on them, and said elsewhere",
        arguments: zip(
            [ModelTraits.Key.parameters, ModelTraits.Key.padding],
            ["{\"min_size\": \"many\"}", "reflect"]
        )
    )
    func settings(key: String, value: String) throws {
        let files = try model("odd.safetensors", settings: [key: value])
        let error = #expect(throws: CheckpointError.self) { try ModelWeights(files) }
        let text = error?.description ?? ""
        #expect(text.contains(key) && text.contains(value) && text.contains("update"), "\(text)")
        let checkpoint = try SAMCheckpoint(contentsOf: files.model)
        #expect(throws: (any Error).self) { try Model(checkpoint) }
        #expect(checkpoint.allWarnings.contains { $0.contains(key) })
        // The behaviour of the reference uses none of them.
        #expect(throws: Never.self) { try ModelWeights(files, behavior: .reference) }
        let said = try CheckpointDescription(contentsOf: files.name).warnings
        #expect(said.contains { $0.contains(key) && $0.contains("left out") })
        guard key == ModelTraits.Key.padding else { return }
        let end = try Program.run(
            ["export", files.name, "-o", "new.safetensors"],
            in: place.folder
        )
        #expect(end.status == 0 && end.error.contains(key), "\(end.error)")
        let mended = URL(filePath: place.path("new.safetensors"))
        #expect(throws: Never.self) {
            try ModelWeights(ModelFiles(name: mended.path, model: mended))
        }
    }
}
