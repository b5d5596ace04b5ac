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
        let rounds = 1 + options.refinements
        var (masks, done): ([PredictedMask], Int) = ([], 0)
        for look in looks(at: objects) {
            let part = try predictor.segment(
                look.places.map { objects[$0] },
                in: look.embeddings,
                options,
                keepsLogits: keepsLogits,
                work.part(from: done * rounds, of: objects.count * rounds)
            )
            masks += part.map { mask in
                var mask = mask
                mask.object = look.places[mask.object]
                return mask
            }
            done += look.places.count
        }
        return masks.sorted { ($0.object, $0.index) < ($1.object, $1.index) }
    }

    /// Objects that are predicted in the same embeddings.
    private struct Look {
        let embeddings: ImageEmbeddings
        /// Their places in the list of all objects.
        let places: [Int]
    }

    /// Divides objects into those that are seen in the plane as a whole and the others.
    ///
    /// For a box the limit is the one at which the planner begins to enlarge. `docs/prompts.md` has what was
    /// measured.
    private func looks(at objects: [PromptedObject]) -> [Look] {
        guard case .tiled = promptEmbeddings, let firstLook else {
            return [Look(embeddings: promptEmbeddings, places: Array(objects.indices))]
        }
        let size = firstLook.embedding.transform.originalSize
        let suitsWhole = objects.map { object in
            guard let diameter = object.drawnDiameter else { return false }
            return !firstLook.suited.isMissed(by: diameter, in: size)
        }
        let looks = [
            Look(
                embeddings: .whole(firstLook.embedding),
                places: objects.indices.filter { suitsWhole[$0] }
            ),
            Look(
                embeddings: promptEmbeddings,
                places: objects.indices.filter { !suitsWhole[$0] }
            ),
        ]
        return looks.filter { !$0.places.isEmpty }
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
