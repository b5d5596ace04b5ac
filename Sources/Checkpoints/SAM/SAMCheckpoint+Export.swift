public import Foundation

extension SAMCheckpoint {
    /// Writes model and decoder as a PyTorch file that micro-sam and the original SAM load.
    ///
    /// With a ``portableDecoder`` the file holds `model_state` and `decoder_state`, without one the names of the
    /// original SAM alone. Floating-point numbers are stored in single precision. Entries that strict
    /// loading wants but nothing uses, and that a compact file leaves out, are filled in: zeros for the
    /// classification head of MobileSAM and for the counters of batch normalisations.
    ///
    /// - Parameter includesDecoder: Whether a decoder is written if there is one.
    /// - Throws: ``CheckpointError``: the prompt path is missing (training of the decoder alone), or the
    ///   file cannot be written; then nothing is left behind.
    public func writeTorch(to url: URL, includesDecoder: Bool = true) throws(CheckpointError) {
        guard hasPromptPath else {
            throw .missingKey(
                file: file,
                key: "prompt_encoder.* and mask_decoder.*",
                advice:
                    "This is a training of encoder and decoder alone; export it together with the "
                    + "model that it started from."
            )
        }
        let items = try torchItems(model, isModel: true)
        guard includesDecoder, let decoder = portableDecoder else {
            return try TorchFileWriter(plain: items).write(to: url)
        }
        var writer = TorchFileWriter()
        writer.add("model_state", items)
        writer.add("decoder_state", try torchItems(decoder, isModel: false))
        try writer.write(to: url)
    }

    private func torchItems(
        _ tensors: [String: TensorEntry],
        isModel: Bool
    ) throws(CheckpointError) -> [TorchFileWriter.Item] {
        var items = tensors.map { TorchFileWriter.Item($0.value, named: $0.key, asFloat32: true) }
        for key in tensors.keys where key.hasSuffix(".running_mean") {
            let name = key.dropLast("running_mean".count) + "num_batches_tracked"
            guard tensors[String(name)] == nil else { continue }
            items.append(try Self.zeros(String(name), .int64, []))
        }
        if isModel, case .tinyViT(let encoder) = architecture {
            for (name, shape) in Self.classificationHead(width: encoder.widths.last ?? 0)
            where tensors[name] == nil {
                items.append(try Self.zeros(name, .float32, shape))
            }
        }
        return items.sorted { $0.name < $1.name }
    }

    /// Layers of MobileSAM's encoder that are built, stored, and never used.
    private static func classificationHead(width: Int) -> [(name: String, shape: [Int])] {
        let classes = 1000
        return [
            ("image_encoder.norm_head.weight", [width]), ("image_encoder.norm_head.bias", [width]),
            ("image_encoder.head.weight", [classes, width]), ("image_encoder.head.bias", [classes]),
        ]
    }

    private static func zeros(
        _ name: String,
        _ type: ElementType,
        _ shape: [Int]
    ) throws(CheckpointError) -> TorchFileWriter.Item {
        let count = shape.reduce(type.byteCount, *)
        return try TorchFileWriter.Item(
            name: name,
            elementType: type,
            shape: shape,
            bytes: [UInt8](repeating: 0, count: count)
        )
    }
}
