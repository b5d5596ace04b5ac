public import ImageFormats
public import Imaging
public import Judging
public import Prompting
public import Segmentation

extension Model {
    /// Finds all objects of a plane; the labels are those that `usam segment` writes.
    ///
    /// Planes beyond `PlanningLimits.joinedPixels` lie on disk until the labels are complete; whoever wants
    /// to write them without all labels in memory takes a `Segmenter`.
    ///
    /// - Parameters:
    ///   - plane: The pixels, such as a `PlaneSource` or an `AnyRaster`.
    ///   - options: How objects are found; nil for what suits the model.
    ///   - tiling: How the plane is divided.
    ///   - shelf: Where embeddings are taken from and kept.
    ///   - work: Told of steps and tiles; cancelled with the task.
    /// - Returns: A label image of the size of the plane; 0 is background.
    /// - Throws: `SegmentationError` if the mode needs a decoder and the model has none; what reading
    ///   throws; `ImagingError`, `TensorError`, `CancellationError`.
    public func segment(
        _ plane: any PixelSource,
        _ options: AutomaticSegmentationOptions? = nil,
        tiling: TilingChoice = .automatic,
        shelf: any EmbeddingShelf = NoShelf(),
        _ work: Work = Work()
    ) async throws -> LabelImage {
        let segmenter = try Segmenter(self, options, tiling: tiling)
        return try await engine.run(.automatic, work) { work in
            let labels = try segmenter.segment(plane, shelf: shelf, work)
            defer { labels.discard() }
            return try labels.labelImage(work)
        }
    }

    /// Segments objects from prompts; the masks are those of `usam prompt`.
    ///
    /// The request goes before automatic segmentation that is running. Of a divided plane, only parts with
    /// prompts are read and embedded.
    ///
    /// - Parameters:
    ///   - objects: The objects and their prompts, in pixels of the plane.
    ///   - plane: The pixels; the same value in several calls reads and stretches them once.
    ///   - options: How prompts are used and which masks are returned.
    ///   - tiling: How the plane is divided.
    ///   - shelf: Where embeddings are taken from and kept; an `EmbeddingMemory` for a second call.
    ///   - work: Told of predictions; cancelled with the task.
    /// - Returns: Masks in the order of the objects; one for each, three for
    ///   `PromptOptions.MaskChoice.all`.
    /// - Throws: `PromptUseError` or `TilingError` that names the object whose prompts cannot be used;
    ///   what reading throws; `ImagingError`, `TensorError`, `CancellationError`.
    public func segment(
        _ objects: [PromptedObject],
        in plane: PlanePixels,
        _ options: PromptOptions = PromptOptions(),
        tiling: TilingChoice = .automatic,
        shelf: any EmbeddingShelf = NoShelf(),
        _ work: Work = Work()
    ) async throws -> [PredictedMask] {
        let prompter = Prompter(self, tiling: tiling)
        return try await engine.run(.prompt, work) { work in
            try prompter.masks(of: objects, in: plane, options, shelf: shelf, work)
        }
    }

    /// Segments objects from prompts in a plane that is asked once.
    ///
    /// - Throws: As ``segment(_:in:_:tiling:shelf:_:)-([PromptedObject],PlanePixels,_,_,_,_)``.
    public func segment(
        _ objects: [PromptedObject],
        in plane: any PixelSource,
        _ options: PromptOptions = PromptOptions(),
        tiling: TilingChoice = .automatic,
        shelf: any EmbeddingShelf = NoShelf(),
        _ work: Work = Work()
    ) async throws -> [PredictedMask] {
        try await segment(
            objects,
            in: PlanePixels(plane, normalization),
            options,
            tiling: tiling,
            shelf: shelf,
            work
        )
    }

    /// Measures how well the model finds the objects of annotated images, as `usam evaluate automatic` does.
    ///
    /// `JudgementSummary` computes the means of the result.
    ///
    /// - Parameters:
    ///   - images: Images and their labels.
    ///   - settings: What is asked of the model; nil for automatic segmentation as it suits the model.
    ///   - work: Told of images; cancelled with the task.
    /// - Returns: One judgement for each image, in order.
    /// - Throws: `JudgingError`, `DataSetError` or `ImageFormatError` if files cannot be used, or do not
    ///   fit each other; `CancellationError`.
    public func evaluate(
        _ images: [AnnotatedImage],
        _ settings: JudgeSettings? = nil,
        _ work: Work = Work()
    ) async throws -> [ImageJudgement] {
        let judge = ModelJudge(self, settings ?? JudgeSettings(for: self))
        return try await engine.run(.automatic, work) { work in
            try JudgedSet("images", images).judgements(by: { judge }, work)
        }
    }
}
