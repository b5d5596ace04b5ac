import Evaluation
import Foundation
public import ImageFormats
public import Imaging
public import Prompting
import SegmentAnything
public import Segmentation

/// Asks a model for the objects of images and compares them with the truth.
public struct ModelJudge: Sendable {
    /// Takes a segmentation of an image; the text is the folder of the round of prompts, empty for automatic
    /// segmentation.
    public typealias Keeper = @Sendable (LabelImage, AnnotatedImage, String) throws -> Void

    private let model: Model
    private let settings: JudgeSettings
    private let keep: Keeper

    /// Will ask a model.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - settings: What is asked.
    ///   - keep: Where segmentations may be kept.
    public init(
        _ model: Model,
        _ settings: JudgeSettings,
        keep: @escaping Keeper = { _, _, _ in }
    ) {
        self.model = model
        self.settings = settings
        self.keep = keep
    }

    /// Measures one image.
    ///
    /// - Throws: ``JudgingError``, `DataSetError` or `ImageFormatError` if files cannot be used, or do not
    ///   fit each other; `CancellationError`.
    public func judge(_ pair: AnnotatedImage, _ work: Work = Work()) throws -> ImageJudgement {
        let start = ContinuousClock().now
        let plane = try AnnotatedPlane(
            pair,
            splitsLabels: settings.splitsLabels,
            keepsOpacity: model.networks.behavior.isReference,
            model.normalization,
            work
        )
        try work.checkpoint()
        var evidence = try ImageEvidence(
            of: plane.pixels,
            settings.method,
            model,
            settings.tiling,
            settings.limits,
            work
        )
        var result = ImageJudgement(name: pair.name)
        if let labels = try evidence.labels(settings.options()) {
            let overlap = try LabelOverlap(truth: plane.truth, prediction: labels)
            result.automatic = ImageScore(overlap)
            try keep(labels, pair, "")
        }
        if !settings.starts.isEmpty || !settings.fixed.isEmpty {
            let all = try plane.truth.promptTargets()
            let targets = all.evenlySpread(settings.maximumObjects)
            let context = Context(
                targets: targets,
                isComplete: targets.count == all.count,
                truth: plane.truth,
                plane: try evidence.promptPlane(),
                pair: pair,
                work: work
            )
            result.prompted += try settings.starts.map { try prompt(from: $0, context) }
            result.prompted += try settings.fixed.map { try prompt(once: $0, context) }
        }
        result.seconds = start.duration(to: ContinuousClock().now).secondsForJSON
        return result
    }

    /// An image whose objects are prompted.
    private struct Context {
        let targets: [PromptTarget]
        let isComplete: Bool
        let truth: LabelImage
        let plane: EmbeddedPlane
        let pair: AnnotatedImage
        let work: Work
    }

    private func prompt(
        from start: IterativePromptingOptions.Start,
        _ context: Context
    ) throws -> PromptedScore {
        var options = IterativePromptingOptions()
        options.start = start
        options.iterations = settings.iterations
        options.usesMasks = settings.usesMasks
        options.seed = settings.seed
        var score = PromptedScore(start: start.rawValue, objects: context.targets.count)
        guard !context.targets.isEmpty else { return score }
        let folder = settings.starts.count > 1 ? "\(start)/" : ""
        try model.predictor.promptIteratively(
            context.targets,
            in: context.plane,
            options,
            context.work
        ) { round in
            try context.work.checkpoint()
            let part = folder + String(format: "iteration%02d", round.iteration)
            score.rounds.append(try self.score(round, context, part))
        }
        return score
    }

    private func prompt(
        once prompts: FixedPromptOptions,
        _ context: Context
    ) throws -> PromptedScore {
        try context.work.checkpoint()
        var score = PromptedScore(start: prompts.name, objects: context.targets.count)
        guard !context.targets.isEmpty else { return score }
        let round = try model.predictor.promptOnce(
            context.targets,
            in: context.plane,
            prompts,
            seed: settings.seed,
            context.work
        )
        score.rounds = [try self.score(round, context, prompts.name)]
        return score
    }

    private func score(
        _ round: PromptingRound,
        _ context: Context,
        _ part: String
    ) throws -> PromptedScore.Round {
        let sum = round.overlaps.reduce(0, +)
        var entry = PromptedScore.Round(meanOverlap: sum / Double(context.targets.count))
        guard context.isComplete else { return entry }
        let labels = try LabelImage(painting: round.masks.map(\.pixels), size: context.truth.size)
        entry.segmentation = try SegmentationScore(truth: context.truth, prediction: labels)
        try keep(labels, context.pair, part)
        return entry
    }
}
