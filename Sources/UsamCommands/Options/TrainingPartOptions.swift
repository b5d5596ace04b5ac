public import ArgumentParser
import Files
public import Training

/// Which values of the model change.
struct TrainingPartOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Parts to train (default: joint).",
            discussion: """
                joint: masks from prompts and the decoder for automatic segmentation; promptable: only masks \
                from prompts; decoder: image encoder and decoder, without prompts.
                """,
            valueName: "parts"
        )
    )
    var parts: TrainingOptions.Parts?

    @Option(
        name: .customLong("freeze"),
        help: ArgumentHelp(
            "A part to keep fixed: image_encoder, prompt_encoder or mask_decoder. Repeatable.",
            valueName: "part"
        )
    )
    var frozen: [String] = []

    @Option(
        help: ArgumentHelp(
            "Train an adapter instead of the image encoder (ViT-B, L, H; lora also ViT-T).",
            valueName: "kind"
        )
    )
    var adapter: AdapterOptions.Kind?

    @Option(help: "Rank of --adapter lora and fact (default: 4).")
    var rank: Int?

    @Option(
        help: ArgumentHelp(
            "Encoder blocks with the adapter, such as 9,10,11 (default: all).",
            valueName: "numbers"
        )
    )
    var adapterBlocks: NumberList?

    @Option(
        help: ArgumentHelp(
            "Layers with --adapter lora, of q, k, v and mlp (default: q,v).",
            valueName: "layers"
        )
    )
    var adapterLayers: AdapterLayers?

    func validate() throws {
        if let rank, !(1...256).contains(rank) {
            throw ValidationError("--rank is \(rank); it must be between 1 and 256.")
        }
        if adapter == nil, rank != nil || adapterBlocks != nil || adapterLayers != nil {
            throw ValidationError("--rank, --adapter-blocks and --adapter-layers need --adapter.")
        }
        if rank != nil, adapter != .lora, adapter != .fact {
            throw ValidationError("--rank is for --adapter lora and fact.")
        }
        if adapterLayers != nil, adapter != .lora {
            throw ValidationError("--adapter-layers is for --adapter lora.")
        }
        let known = ["image_encoder", "prompt_encoder", "mask_decoder"]
        for part in frozen where !known.contains(where: { part.hasPrefix($0) }) {
            throw ValidationError(
                "--freeze is '\(part)'; it must begin with \(Wording.list(known, "or"))."
            )
        }
        if adapter != nil, frozen.contains("image_encoder") {
            throw ValidationError(
                "--adapter trains the image encoder, which --freeze image_encoder forbids."
            )
        }
    }

    /// Takes the options over.
    func apply(to choices: inout TrainingChoices) {
        choices.parts = parts
        choices.frozen = frozen
        guard let adapter else { return }
        var options = AdapterOptions()
        options.kind = adapter
        options.rank = rank ?? options.rank
        options.blocks = adapterBlocks?.numbers
        options.layers = adapterLayers?.layers ?? options.layers
        choices.adapter = options
    }
}

/// Layers that LoRA adds to, separated by commas.
struct AdapterLayers: Hashable, Sendable, ExpressibleByArgument {
    let layers: [AdapterOptions.Layer]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        layers = parts.compactMap { AdapterOptions.Layer(rawValue: String($0)) }
        guard layers.count == parts.count, Set(layers).count == layers.count else { return nil }
    }
}

extension TrainingOptions.Parts: ExpressibleByArgument {}
extension AdapterOptions.Kind: ExpressibleByArgument {}
