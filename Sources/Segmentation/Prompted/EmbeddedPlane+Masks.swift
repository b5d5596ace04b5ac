import Imaging
public import Prompting

extension EmbeddedPlane {
    /// Predicts the masks of some objects.
    ///
    /// A box says how large its object is, so tiles that suit other objects may show it badly or cut it.
    /// Where a first look led to tiles, objects with a box are therefore predicted in the plane as a whole,
    /// too, and of both predictions the one stays that the model expects more of.
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
        try promptLooks.masks(of: objects, box: \.box, work) { objects, embeddings, work in
            try predictor.segment(objects, in: embeddings, options, keepsLogits: keepsLogits, work)
        }
        .masks
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
    private let whole: ImageEmbedding?

    init(_ embeddings: ImageEmbeddings, whole: ImageEmbedding? = nil) {
        self.embeddings = embeddings
        if case .tiled = embeddings { self.whole = whole } else { self.whole = nil }
    }

    /// Predicts objects in the look that suits each.
    ///
    /// - Parameters:
    ///   - box: The box that an object is given by; nil for none.
    ///   - predict: Predicts some objects in some embeddings.
    /// - Returns: The masks in the order of the objects, and the objects that were seen in the plane as a whole.
    func masks<Object>(
        of objects: [Object],
        box: (Object) -> Box<OriginalPixels>?,
        _ work: Work,
        predict: ([Object], ImageEmbeddings, Work) throws -> [PredictedMask]
    ) throws -> (masks: [PredictedMask], wholeOnes: Set<Int>) {
        let masks = try predict(objects, embeddings, work)
        let boxed = objects.indices.filter { box(objects[$0]) != nil }
        guard let whole, !boxed.isEmpty else { return (masks, []) }
        let others = try predict(boxed.map { objects[$0] }, .whole(whole), work.silent)
        var better = Dictionary(grouping: others) { boxed[$0.object] }
        for (object, seen) in Dictionary(grouping: masks, by: \.object) {
            guard let other = better[object] else { continue }
            let isBetter = other.map(\.score).max() ?? 0 > seen.map(\.score).max() ?? 0
            better[object] = isBetter ? other : nil
        }
        let chosen = masks.map { mask in
            guard var other = better[mask.object]?.first(where: { $0.index == mask.index }) else {
                return mask
            }
            other.object = mask.object
            return other
        }
        return (chosen, Set(better.keys))
    }

    /// Predicts objects again, in the looks that were chosen before.
    ///
    /// - Parameter wholeOnes: The objects that are seen in the plane as a whole.
    func masks<Object>(
        of objects: [Object],
        wholeOnes: Set<Int>,
        _ work: Work,
        predict: ([Object], ImageEmbeddings, Work) throws -> [PredictedMask]
    ) throws -> [PredictedMask] {
        guard let whole, !wholeOnes.isEmpty else { return try predict(objects, embeddings, work) }
        var results = [[PredictedMask]](repeating: [], count: objects.count)
        let parts = [
            (objects.indices.filter { !wholeOnes.contains($0) }, embeddings),
            (objects.indices.filter(wholeOnes.contains), .whole(whole)),
        ]
        var done = 0
        for (indices, embeddings) in parts {
            let part = work.part(from: done, of: objects.count)
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
    /// The box that says how large the object is; nil if none does.
    fileprivate var box: Box<OriginalPixels>? {
        for prompt in prompts {
            switch prompt {
            case .box(let box, _), .rectangle(let box): return box
            default: continue
            }
        }
        return nil
    }
}
