import Evaluation
import Foundation
import Imaging
import Jobs
import Prompting
import Segmentation

/// What is asked of a model for each image.
struct JudgeSettings: Hashable, Codable, Sendable {
    /// How objects are found automatically; nil to leave that out.
    var method: AutomaticMode? = .instanceDecoder

    /// Parameters of the method, by micro-sam's names.
    var parameters: [String: Double] = [:]

    /// The first prompts with which every object is asked for.
    var starts: [IterativePromptingOptions.Start] = []

    /// Prompts drawn once from the truth, each a setting of its own.
    var fixed: [FixedPromptOptions] = []

    /// Rounds of prompts.
    var iterations = 1

    /// Whether masks are prompts of the next round.
    var usesMasks = false

    /// Objects of an image that are prompted at most, evenly spread over all; nil for all.
    var maximumObjects: Int?

    /// From what correction prompts are drawn.
    var seed: UInt64 = 0

    /// How files are read.
    var input = EvaluationInput()

    /// The objects that are prompted.
    func chosen(_ targets: [PromptTarget]) -> [PromptTarget] {
        guard let limit = maximumObjects, limit < targets.count else { return targets }
        return (0..<limit).map { targets[($0 * 2 + 1) * targets.count / (2 * limit)] }
    }
}

/// How well prompted masks of an image fit, round by round.
struct PromptedScore: Hashable, Codable, Sendable {
    /// What happened in one round.
    struct Round: Hashable, Codable, Sendable {
        /// Mean over the objects of the IoU of mask and truth.
        var meanOverlap: Double

        /// Scores of all masks painted into one label image; nil if not all objects were prompted.
        var segmentation: SegmentationScore?
    }

    /// The first prompt, `point` or `box`, or the name of a setting such as `points/p2-n4`.
    let start: String

    /// Number of objects that were prompted.
    var objects = 0

    /// One entry for each round.
    var rounds: [Round] = []
}

/// Everything that was measured of one image.
struct ImageJudgement: Hashable, Codable, Sendable {
    /// Name of the image.
    let name: String

    /// Scores of the automatic segmentation.
    var automatic: ImageScore?

    /// Scores of prompted masks, one for each first prompt or setting.
    var prompted: [PromptedScore] = []

    /// Wall time.
    var seconds = 0.0
}

/// Asks a model for the objects of images and compares them with the truth.
struct ModelJudge {
    let predictor: ImagePredictor
    let settings: JudgeSettings

    /// How images with small objects are enlarged; nil for not at all.
    var enlargement: Enlargement?

    /// Where a segmentation may be kept; the text is the folder of the round of prompts, empty for
    /// automatic segmentation.
    var keep: (LabelImage, ImagePairs.Pair, String) throws -> Void = { _, _, _ in }

    /// Measures one image.
    func judge(_ pair: ImagePairs.Pair) throws -> ImageJudgement {
        let start = ContinuousClock().now
        let image = try settings.input.image(pair.file)
        let truth = try settings.input.truth(pair.labels, for: pair.file, size: image.size)
        let embedded = try predictor.embed(image, enlargement)
        var result = ImageJudgement(name: pair.name)
        if let method = settings.method {
            var initialized = try InitializedImage(method, image, embedded, predictor)
            let labels = try initialized.segmented(settings.parameters)
            result.automatic = ImageScore(try LabelOverlap(truth: truth, prediction: labels))
            try keep(labels, pair, "")
        }
        if !settings.starts.isEmpty || !settings.fixed.isEmpty {
            let all = try truth.promptTargets()
            let context = Context(
                targets: settings.chosen(all),
                isComplete: settings.chosen(all).count == all.count,
                truth: truth,
                embeddings: embedded.embeddings,
                pair: pair
            )
            result.prompted += try settings.starts.map { try prompt(from: $0, context) }
            result.prompted += try settings.fixed.map { try prompt(once: $0, context) }
        }
        result.seconds = start.duration(to: ContinuousClock().now).seconds.roundedForJSON
        return result
    }

    /// An image whose objects are prompted.
    private struct Context {
        let targets: [PromptTarget]
        let isComplete: Bool
        let truth: LabelImage
        let embeddings: ImageEmbeddings
        let pair: ImagePairs.Pair
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
        try predictor.promptIteratively(context.targets, in: context.embeddings, options) { round in
            let part = folder + String(format: "iteration%02d", round.iteration)
            score.rounds.append(try self.score(round, context, part))
        }
        return score
    }

    private func prompt(
        once prompts: FixedPromptOptions,
        _ context: Context
    ) throws -> PromptedScore {
        var score = PromptedScore(start: prompts.name, objects: context.targets.count)
        guard !context.targets.isEmpty else { return score }
        let round = try predictor.promptOnce(
            context.targets,
            in: context.embeddings,
            prompts,
            seed: settings.seed
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
