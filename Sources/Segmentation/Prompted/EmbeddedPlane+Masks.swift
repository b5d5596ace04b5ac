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
        let masks = try predictor.segment(
            objects,
            in: promptEmbeddings,
            options,
            keepsLogits: keepsLogits,
            work
        )
        guard case .tiled = promptEmbeddings, let firstLook else { return masks }
        let boxed = objects.indices.filter { objects[$0].hasBox }
        guard !boxed.isEmpty else { return masks }
        let whole = try predictor.segment(
            boxed.map { objects[$0] },
            in: firstLook,
            options,
            keepsLogits: keepsLogits,
            work.silent
        )
        var better = Dictionary(grouping: whole) { boxed[$0.object] }
        for (object, seen) in Dictionary(grouping: masks, by: \.object) {
            guard let other = better[object] else { continue }
            let isBetter = other.map(\.score).max() ?? 0 > seen.map(\.score).max() ?? 0
            better[object] = isBetter ? other : nil
        }
        return masks.map { mask in
            guard var other = better[mask.object]?.first(where: { $0.index == mask.index }) else {
                return mask
            }
            other.object = mask.object
            return other
        }
    }
}

extension PromptedObject {
    fileprivate var hasBox: Bool {
        prompts.contains { $0.kind == .box || $0.kind == .rectangle }
    }
}
