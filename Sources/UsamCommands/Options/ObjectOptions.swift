import ArgumentParser
import Imaging
import Jobs
import Judging
import Prompting
import Segmentation

/// How all objects of an image are found, in every mode.
struct ObjectOptions: ParsableArguments {
    @OptionGroup(title: "Objects") var modes: ModeOptions
    @OptionGroup(title: "Objects from the maps of the decoder (ais, apg)") var maps:
        DecoderMapOptions
    @OptionGroup(title: "Objects from generated prompts (apg)") var prompts: GeneratedPromptOptions
    @OptionGroup(title: "Objects from a grid of points (amg)") var grid: PointGridOptions

    /// Puts the options into settings, with those of the model where nothing was given.
    ///
    /// - Parameter best: What `ModeOptions.best()` has read, before the model was loaded.
    func set(
        _ settings: inout SegmentationSettings,
        _ best: BestParameters?,
        _ weights: ModelWeights
    ) throws {
        let objects = AutomaticOptions(
            choice: modes.mode,
            best: best,
            maps: maps,
            prompts: prompts,
            grid: grid
        )
        let mode = try objects.mode(hasDecoder: weights.hasDecoder)
        try weights.requireDecoder(for: mode)
        settings.automatic = try objects.value(
            mode,
            suggested: weights.traits.parameters(of: mode)
        )
        settings.behavior.precision = weights.behavior.precision
        if weights.normalization != .minmax {
            settings.behavior.normalization = weights.normalization
        }
    }
}
