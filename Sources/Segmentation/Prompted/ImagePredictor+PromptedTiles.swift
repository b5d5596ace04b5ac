import Imaging
public import Prompting

extension ImagePredictor {
    /// Segments objects from any combination of prompts each, in an image that may be divided.
    ///
    /// In a divided image every object is predicted in one tile with its halo and cut off where that
    /// ends: the tile of the centre of mass of its mask, otherwise that of its prompts
    /// (``TiledEmbedding/route(_:object:)``). Each tile that is needed is loaded once.
    ///
    /// - Returns: Masks of the size of the whole image, in the order of the objects.
    /// - Throws: As ``segment(_:in:_:keepsLogits:_:)-(_,ImageEmbedding,_,_,_)``, and ``TilingError`` if prompts
    ///   of an object lie in different tiles.
    public func segment(
        _ objects: [PromptedObject],
        in embeddings: ImageEmbeddings,
        _ options: PromptOptions = PromptOptions(),
        keepsLogits: Bool = false,
        _ work: Work = Work()
    ) throws -> [PredictedMask] {
        switch embeddings {
        case .whole(let embedding):
            return try segment(objects, in: embedding, options, keepsLogits: keepsLogits, work)
        case .tiled(let tiled):
            return try segment(objects, in: tiled, options, keepsLogits: keepsLogits, work)
                .cleaned(objects, options)
        }
    }

    private func segment(
        _ objects: [PromptedObject],
        in tiled: TiledEmbedding,
        _ options: PromptOptions,
        keepsLogits: Bool,
        _ work: Work
    ) throws -> [PredictedMask] {
        try requireUsable(options)
        let resolver = PromptResolver(
            imageSize: tiled.imageSize,
            frame: tiled.blocking[0].outer.size,
            options: options
        )
        let gathered = try objects.map { try resolver.gather($0) }
        let routed = try zip(objects, gathered).map { object, gathered in
            try tiled.route(gathered, of: object)
        }
        let rounds = 1 + options.refinements
        var results = [[PredictedMask]](repeating: [], count: objects.count)
        var done = 0
        try tiled.forEachTile(of: routed, work.silent) { tile, embedding, indices in
            for part in PromptedRun.parts(of: indices.count) {
                let indices = Array(indices[part])
                var run = PromptedRun(
                    objects: try indices.map { index in
                        var prompts = routed[index].prompts
                        prompts.maskLogits = try resolver.maskLogits(
                            of: gathered[index],
                            inside: tile.outer
                        )
                        return prompts
                    },
                    options: options,
                    keepsLogits: keepsLogits,
                    predictor: self
                )
                let rest = work.part(from: done, of: objects.count * rounds)
                for mask in try run.masks(in: embedding, rest) {
                    let object = indices[mask.object]
                    var placed = try mask.placed(as: object, at: tile.outer, in: tiled.imageSize)
                    placed.droppedPoints = routed[object].droppedPoints
                    results[object].append(placed)
                }
                done += indices.count * rounds
            }
        }
        return results.flatMap { $0 }
    }
}

extension TiledEmbedding {
    /// The tile of an object, and its prompts there without its mask.
    fileprivate func route(
        _ gathered: PromptResolver.Gathered,
        of object: PromptedObject
    ) throws -> RoutedPrompts {
        var prompts = ObjectPrompts(points: gathered.points, box: gathered.box)
        prompts.tile = gathered.mask.flatMap { $0.centerOfMass }.flatMap {
            blocking.index(containing: $0)
        }
        return try route(prompts, object: Int(object.id))
    }
}

extension RunLengthMask {
    /// The mean position of all pixels, rounded to a pixel (halves to even); `nil` if there are none.
    fileprivate var centerOfMass: Point<OriginalPixels>? {
        var (sumX, sumY, count) = (0.0, 0.0, 0.0)
        for run in runs {
            for pixel in run.start..<run.end {
                sumX += Double(pixel % size.width)
                sumY += Double(pixel / size.width)
            }
            count += Double(run.end - run.start)
        }
        guard count > 0 else { return nil }
        func rounded(_ value: Double) -> Double { value.rounded(.toNearestOrEven) }
        return Point(x: rounded(sumX / count), y: rounded(sumY / count))
    }
}
