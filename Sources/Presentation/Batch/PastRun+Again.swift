public import Jobs
public import ModelZoo
import Prompting
import Segmentation
public import Terminal
public import Torch

extension PastRun {
    /// The same run into another folder, with the settings and the model of the past one.
    ///
    /// - Throws: `OutputPlanError` if there is no place for results; what reading the model throws.
    public func run(
        _ images: [String],
        _ files: ModelFiles,
        in folder: String,
        replacing replaces: Bool,
        on device: Device,
        _ console: Console
    ) throws -> SegmentationRun {
        let plan = try OutputPlan(inputs(images), request(output: folder))
        var settings = header.settings
        settings.behavior = settings.behavior.usable(on: device, console)
        let weights = try ModelWeights(files, behavior: settings.behavior)
        var run = SegmentationRun(plan, settings, weights, on: device)
        run.replacesResults = replaces
        run.manifestPath = plan.manifestPath
        run.arguments = Array(CommandLine.arguments.dropFirst())
        run.speak(console)
        return run
    }
}
