import Imaging
public import Prompting

extension EmbeddedPlane {
    /// Predicts the masks of some objects, each in one look.
    ///
    /// Where a first look led to tiles that enlarge small objects, a box says how large its own object is.
    /// Objects that suit the model in the plane as a whole are predicted there, all others in the tiles.
    ///
    /// - Parameters:
    ///   - predictor: Of the model that made the embeddings.
    ///   - keepsLogits: Whether the masks keep their logits.
    ///   - work: Told how many predictions are done.
    /// - Throws: As `Prompter.masks`.
    public func masks(
        of objects: [PromptedObject],
        _ options: PromptOptions,
        _ predictor: ImagePredictor,
        keepsLogits: Bool = false,
        _ work: Work = Work()
    ) throws -> [PredictedMask] {
        let looks = promptLooks
        let rounds = 1 + options.refinements
        return try looks.masks(
            of: objects,
            wholeOnes: looks.wholeOnes(of: objects, diameter: \.drawnDiameter),
            rounds: rounds,
            work
        ) { objects, embeddings, work in
            try predictor.segment(objects, in: embeddings, options, keepsLogits: keepsLogits, work)
        }
    }

    /// What prompts can be predicted in.
    var promptLooks: PromptLooks { PromptLooks(promptEmbeddings, whole: firstLook) }
}

/// What prompts can be predicted in: the embeddings of a plane, and where a first look led to tiles, that look.
///
/// All prompts of objects go through here, those of people and those that are judged.
struct PromptLooks: Sendable {
    let embeddings: ImageEmbeddings

    /// The plane as a whole, if the embeddings are tiles that a look at it led to.
    private let whole: WholeLook?

    init(_ embeddings: ImageEmbeddings, whole: WholeLook? = nil) {
        self.embeddings = embeddings
        if case .tiled = embeddings { self.whole = whole } else { self.whole = nil }
    }

    /// The objects that are seen in the plane as a whole: those that are drawn large enough for the model.
    ///
    /// The limit is the one at which the planner begins to enlarge. `docs/prompts.md` has what was measured.
    ///
    /// - Parameter diameter: The diameter of an object as its box or outline says it, in pixels of the plane;
    ///   nil if nothing is drawn around it.
    func wholeOnes<Object>(of objects: [Object], diameter: (Object) -> Double?) -> Set<Int> {
        guard let whole else { return [] }
        let size = whole.embedding.transform.originalSize
        return Set(
            objects.indices.filter { index in
                guard let diameter = diameter(objects[index]) else { return false }
                return !whole.suited.isMissed(by: diameter, in: size)
            }
        )
    }

    /// Predicts each object in the look that was chosen for it.
    ///
    /// - Parameters:
    ///   - wholeOnes: The objects that are seen in the plane as a whole.
    ///   - rounds: Predictions that each object takes.
    ///   - work: Told how many predictions are done.
    ///   - predict: Predicts some objects in some embeddings.
    /// - Returns: The masks in the order of the objects.
    func masks<Object>(
        of objects: [Object],
        wholeOnes: Set<Int>,
        rounds: Int = 1,
        _ work: Work,
        predict: ([Object], ImageEmbeddings, Work) throws -> [PredictedMask]
    ) throws -> [PredictedMask] {
        guard let whole, !wholeOnes.isEmpty else { return try predict(objects, embeddings, work) }
        let parts = [
            (objects.indices.filter(wholeOnes.contains), .whole(whole.embedding)),
            (objects.indices.filter { !wholeOnes.contains($0) }, embeddings),
        ]
        var results = [[PredictedMask]](repeating: [], count: objects.count)
        var done = 0
        for (indices, embeddings) in parts where !indices.isEmpty {
            let part = work.part(from: done * rounds, of: objects.count * rounds)
            for var mask in try predict(indices.map { objects[$0] }, embeddings, part) {
                mask.object = indices[mask.object]
                results[mask.object].append(mask)
            }
            done += indices.count
        }
        return results.flatMap { $0 }
    }
}

extension PromptedObject {
    /// The diameter of the object as its box or outline says it, in pixels of the plane; nil if nothing was
    /// drawn around it.
    fileprivate var drawnDiameter: Double? {
        let boxes = prompts.compactMap { prompt -> Box<OriginalPixels>? in
            switch prompt {
            case .box(let box, _), .rectangle(let box), .ellipse(let box): box
            case .polygon(let corners): Box(around: corners)
            case .point, .scribble, .mask: nil
            }
        }
        return boxes.map { $0.area.squareRoot() }.max()
    }
}
