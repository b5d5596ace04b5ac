import Checkpoints
import Files
import Foundation
public import Jobs

extension CheckpointDescription {
    /// Lines for a person.
    public var text: String {
        var rows = [
            ["file", "\(file), \(Wording.byteCount(byteCount))"],
            ["kind", "checkpoint: \(formatText), \(flavorText)"],
            ["architecture", encoderText],
            ["prompts", acceptsPrompts ? "points, boxes, masks" : "no"],
            ["automatic", decoderText],
        ]
        if let adapter { rows.append(["adapters", Self.text(adapter)]) }
        rows.append(["parameters", parameterText])
        rows += metadata.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        rows += warnings.map { ["warning", $0] }
        return TextTable(rows: rows).text
    }
}

// MARK: - Wording

extension CheckpointDescription {
    private var formatText: String {
        switch format {
        case "safetensors": "safetensors"
        case "torchArchive": "PyTorch archive"
        default: "PyTorch file in the older format"
        }
    }

    private var flavorText: String {
        switch SAMCheckpoint.Flavor(rawValue: flavor) {
        case .plain: "model only"
        case .combined: "model and decoder as micro-sam exports them"
        case .training: "from a training run"
        case .unetr: "from a training run of encoder and decoder"
        case .converted: "written by usam"
        case .decoder, nil: "decoder only"
        }
    }

    private var encoderText: String {
        switch encoder {
        case .tinyViT(let encoder):
            "\(architecture) (TinyViT, \(encoder.depths.reduce(0, +)) blocks)"
        case .viT(let encoder):
            "\(architecture) (ViT, \(encoder.depth) blocks of width \(encoder.width), "
                + "input of \(encoder.imageSize) pixels)"
        }
    }

    private var decoderText: String {
        guard let decoder else { return "no decoder" }
        return
            "decoder with \(decoder.outputChannels) maps, \(decoder.upsampling.rawValue) upsampling"
            + (decoder.detailWidths.map {
                ", detail path of \(Wording.list($0.map(String.init))) channels"
            } ?? "")
    }

    private var parameterText: String {
        let millions = { (count: Int) in String(format: "%.1f million", Double(count) / 1e6) }
        let decoder = decoderParameterCount > 0 ? " and \(millions(decoderParameterCount))" : ""
        let parts = decoderParameterCount > 0 ? " (model and decoder)" : ""
        return millions(parameterCount) + decoder + parts
            + ", stored as \(Wording.list(elementTypes))"
    }

    private static func text(_ adapter: AdapterDescription) -> String {
        let rank = adapter.rank.map { " of rank \($0)" } ?? ""
        return
            "\(adapter.method.rawValue)\(rank) in \(Wording.count(adapter.blocks.count, "block"))"
    }
}
