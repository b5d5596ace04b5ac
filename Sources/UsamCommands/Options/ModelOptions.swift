public import ArgumentParser
import Foundation
public import Imaging
import Jobs
import ModelZoo
import Presentation
import Prompting
import SegmentAnything
import Terminal
import Torch

/// Which weights are used, and how the networks behave.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A name from 'usam models list', or a checkpoint file.",
            valueName: "name or file"
        ),
        completion: .file()
    )
    var model = EmbeddedModel.name

    @Option(
        name: .customLong("decoder"),
        help: ArgumentHelp(
            "A checkpoint with the decoder for automatic segmentation, if the model has none.",
            valueName: "file"
        ),
        completion: .file()
    )
    var decoder: String?

    @Flag(help: "Reproduce micro-sam 1.8, including its known defects.")
    var referenceBehavior = false

    @Option(
        help: ArgumentHelp(
            "The attention biases of ViT-T: 'trained', or 'zero' as in micro-sam 1.8.",
            valueName: "which"
        )
    )
    var attentionBiases: ModelBehavior.AttentionBiases?

    @Option(
        help: ArgumentHelp(
            "Statistics of the decoder's normalisation layers: 'running' (from training), or 'image' "
                + "(from the image, as in micro-sam 1.8).",
            valueName: "which"
        )
    )
    var decoderStatistics: ModelBehavior.NormStatistics?

    @Option(
        help: ArgumentHelp(
            "How intensities are stretched to 8 bits: minmax, percentile or percentile:low,high.",
            discussion: "Percentiles cut off hot pixels; without numbers they are 1 and 99.8. The "
                + "default is that of the model: minmax, as in micro-sam, unless it was trained "
                + "otherwise.",
            valueName: "way"
        )
    )
    var normalize: Normalization?

    @Option(
        help: ArgumentHelp(
            "How exactly the image encoder computes: float32, bfloat16 or int8.",
            discussion:
                "bfloat16 rounds its products to 8 significant bits, int8 those of its linear layers to 8-bit "
                + "integers. Both are faster on some processors ('usam info --machine' shows which), above all with "
                + "ViT-B, L and H, and slightly less accurate.",
            valueName: "precision"
        )
    )
    var precision: ModelBehavior.Precision = .float32

    /// The behaviour that the options ask for.
    var behavior: ModelBehavior {
        var behavior = referenceBehavior ? ModelBehavior.reference : .standard
        behavior.attentionBiases = attentionBiases ?? behavior.attentionBiases
        behavior.decoderStatistics = decoderStatistics ?? behavior.decoderStatistics
        behavior.normalization = normalize
        behavior.precision = precision == .float32 ? nil : precision
        return behavior
    }

    /// Finds the weights, downloads them where that is needed, and reads their directory.
    ///
    /// - Throws: An error that says what to do.
    func weights(_ console: Console, on device: Device) async throws -> ModelWeights {
        try await weights(console, on: device, named: model)
    }

    /// The same for another model, to which the decoder that was named does not belong.
    func weights(
        _ console: Console,
        on device: Device,
        named name: String
    ) async throws -> ModelWeights {
        let files = try await ModelFetcher(console: console)
            .files(of: name, decoder: name == model ? decoder : nil)
        return try ModelWeights(files, behavior: behavior.usable(on: device, console))
    }

    /// The model to be judged.
    func session(
        _ machine: DeviceOptions,
        needsDecoder: Bool,
        _ console: Console
    ) async throws -> EvaluationSession {
        let device = try machine.prepare()
        let weights = try await weights(console, on: device)
        if needsDecoder { try weights.requireDecoder(for: .instanceDecoder) }
        return try EvaluationSession(weights, on: device, console)
    }
}

extension ModelBehavior.AttentionBiases: ExpressibleByArgument {}
extension ModelBehavior.NormStatistics: ExpressibleByArgument {}
extension ModelBehavior.Precision: ExpressibleByArgument {}
extension FramePadding: ExpressibleByArgument {}

extension Normalization: ExpressibleByArgument {
    /// Reads the text.
    public init?(argument: String) { self.init(argument) }
}
