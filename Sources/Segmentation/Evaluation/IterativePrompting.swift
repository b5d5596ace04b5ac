public import Imaging
public import Prompting
import SegmentAnything

/// How a user is simulated who corrects masks by clicking.
public struct IterativePromptingOptions: Hashable, Codable, Sendable {
    /// The first prompt of every object.
    public enum Start: String, Hashable, Codable, Sendable, CaseIterable {
        /// One point, the centre of the object; the best of three masks is taken.
        case point
        /// The bounding box of the object, which is kept in all rounds.
        case box
    }

    /// The first prompt of every object.
    public var start = Start.point

    /// Rounds of prompts, the first one included.
    public var iterations = 8

    /// Whether the mask of the round before is a prompt too.
    public var usesMasks = false

    /// From what the correction prompts are drawn; those of an object depend on nothing else but its
    /// label and the masks.
    public var seed: UInt64 = 0

    /// Objects that go through the decoder together; the result does not depend on it.
    public var batchSize = 8

    /// The reference's protocol.
    public init() {}
}

/// What the model answered in one round.
public struct PromptingRound: Sendable {
    /// 0 for the round with the first prompts only.
    public let iteration: Int

    /// One mask for each object, in the order of the objects.
    public let masks: [PredictedMask]

    /// The IoU of each mask with its true object.
    public let overlaps: [Double]
}

extension ImagePredictor {
    /// Simulates a user who prompts every object and corrects all masks a few times.
    ///
    /// After each round every object gets one positive and one negative point more, drawn from where
    /// its mask is wrong (`CorrectionPrompts`); correct masks get points, too. Three masks are
    /// predicted only for a single first point.
    ///
    /// - Parameters:
    ///   - targets: The true objects of the image (`LabelImage.promptTargets()`).
    ///   - options: How the user is simulated.
    ///   - work: Told how many predictions are done.
    ///   - receive: Called after each round; throw to end the work.
    /// - Source: `run_inference_with_iterative_prompting` in micro-sam, `evaluation/inference.py`.
    ///   There the corrections cannot be repeated, because their generator has no seed.
    public func promptIteratively(
        _ targets: [PromptTarget],
        in embeddings: ImageEmbeddings,
        _ options: IterativePromptingOptions = IterativePromptingOptions(),
        _ work: Work = Work(),
        receive: (PromptingRound) throws -> Void
    ) throws {
        try promptIteratively(targets, PromptLooks(embeddings), options, work, receive)
    }

    /// Simulates a user in a plane that was divided as a `Planner` decided.
    ///
    /// An object with a box is predicted in the look that ``EmbeddedPlane/masks(of:_:_:keepsLogits:_:)``
    /// chooses, and stays there in all rounds.
    public func promptIteratively(
        _ targets: [PromptTarget],
        in plane: EmbeddedPlane,
        _ options: IterativePromptingOptions = IterativePromptingOptions(),
        _ work: Work = Work(),
        receive: (PromptingRound) throws -> Void
    ) throws {
        try promptIteratively(targets, plane.promptLooks, options, work, receive)
    }

    private func promptIteratively(
        _ targets: [PromptTarget],
        _ looks: PromptLooks,
        _ options: IterativePromptingOptions,
        _ work: Work,
        _ receive: (PromptingRound) throws -> Void
    ) throws {
        let embeddings = looks.embeddings
        var objects = targets.map { target in
            switch options.start {
            case .point: ObjectPrompts(points: [.init(target.center)])
            case .box: ObjectPrompts(box: target.box)
            }
        }
        let wholeOnes = looks.wholeOnes(of: objects, diameter: \.drawnDiameter)
        // In a divided image an object stays in the tile of its first prompt, and so do its corrections.
        var reach = [Region](repeating: Region(embeddings.imageSize), count: objects.count)
        if case .tiled(let tiled) = embeddings {
            for index in objects.indices {
                let object = Int(targets[index].label)
                let tile = try tiled.route(objects[index], object: object).tile
                objects[index].tile = tile
                if !wholeOnes.contains(index) { reach[index] = tiled.blocking[tile].outer }
            }
        }
        var random = targets.map { Self.generator(for: $0, options.seed) }
        for iteration in 0..<options.iterations {
            let isLast = iteration + 1 == options.iterations
            var batch = BatchOptions()
            batch.batchSize = options.batchSize
            batch.masks = iteration == 0 && options.start == .point ? .multiple : .single
            batch.keepsLogits = options.usesMasks && !isLast
            let part = work.part(
                from: iteration * objects.count,
                of: options.iterations * objects.count
            )
            let masks = try looks.masks(of: objects, wholeOnes: wholeOnes, part) {
                try predict($0, in: $1, batch, $2)
            }
            let overlaps = zip(targets, masks).map { $0.mask.intersectionOverUnion($1.pixels) }
            try receive(PromptingRound(iteration: iteration, masks: masks, overlaps: overlaps))
            guard !isLast else { return }
            for index in targets.indices {
                objects[index].correct(
                    masks[index],
                    to: targets[index],
                    within: reach[index],
                    using: &random[index]
                )
                objects[index].maskLogits = masks[index].logits
            }
        }
    }

    /// Prompts every object once, with points and boxes drawn from the truth.
    ///
    /// - Returns: One mask for each target, in order, with its overlap.
    /// - Source: `run_inference_with_prompts` in micro-sam, `evaluation/inference.py`.
    public func promptOnce(
        _ targets: [PromptTarget],
        in embeddings: ImageEmbeddings,
        _ prompts: FixedPromptOptions,
        seed: UInt64 = 0,
        batchSize: Int = 8,
        _ work: Work = Work()
    ) throws -> PromptingRound {
        try promptOnce(targets, PromptLooks(embeddings), prompts, seed, batchSize, work)
    }

    /// Prompts every object once in a plane that was divided as a `Planner` decided.
    ///
    /// - Returns: One mask for each target, in order, with its overlap.
    public func promptOnce(
        _ targets: [PromptTarget],
        in plane: EmbeddedPlane,
        _ prompts: FixedPromptOptions,
        seed: UInt64 = 0,
        batchSize: Int = 8,
        _ work: Work = Work()
    ) throws -> PromptingRound {
        try promptOnce(targets, plane.promptLooks, prompts, seed, batchSize, work)
    }

    private func promptOnce(
        _ targets: [PromptTarget],
        _ looks: PromptLooks,
        _ prompts: FixedPromptOptions,
        _ seed: UInt64,
        _ batchSize: Int,
        _ work: Work
    ) throws -> PromptingRound {
        let embeddings = looks.embeddings
        var objects = targets.map { target in
            var random = Self.generator(for: target, seed)
            let points = target.points(prompts, using: &random)
            return ObjectPrompts(
                points: points.map { .init($0.point, isInside: $0.isPositive) },
                box: prompts.usesBox ? target.box : nil
            )
        }
        if case .tiled(let tiled) = embeddings {
            for index in objects.indices {
                // The points that are drawn may lie nearer to another tile than the box, or the object.
                var place = ObjectPrompts(box: objects[index].box)
                if place.box == nil { place.points = [.init(targets[index].center)] }
                let object = Int(targets[index].label)
                objects[index].tile = try tiled.route(place, object: object).tile
            }
        }
        var batch = BatchOptions()
        batch.batchSize = batchSize
        batch.masks = prompts.isAmbiguous ? .multiple : .single
        let wholeOnes = looks.wholeOnes(of: objects, diameter: \.drawnDiameter)
        let masks = try looks.masks(of: objects, wholeOnes: wholeOnes, work) {
            try predict($0, in: $1, batch, $2)
        }
        let overlaps = zip(targets, masks).map { $0.mask.intersectionOverUnion($1.pixels) }
        return PromptingRound(iteration: 0, masks: masks, overlaps: overlaps)
    }

    private static func generator(for target: PromptTarget, _ seed: UInt64) -> SplitMix64 {
        // The first number of one generator is the seed of the next, so that labels are mixed well.
        var mixer = SplitMix64(seed: seed ^ UInt64(target.label) << 32)
        return SplitMix64(seed: mixer.next())
    }
}

extension ObjectPrompts {
    /// The diameter of the object as its box says it, in pixels of the plane; nil without a box.
    fileprivate var drawnDiameter: Double? { box.map { $0.area.squareRoot() } }

    /// Adds a point where the mask lacks pixels and one where it has too many.
    fileprivate mutating func correct(
        _ mask: PredictedMask,
        to target: PromptTarget,
        within region: Region,
        using random: inout SplitMix64
    ) {
        let prompts = CorrectionPrompts(correcting: mask.pixels, to: target.mask, using: &random)
        for (point, isInside) in [(prompts.positive, true), (prompts.negative, false)] {
            guard let point, region.contains(point) else { continue }
            points.append(.init(point, isInside: isInside))
        }
    }
}
