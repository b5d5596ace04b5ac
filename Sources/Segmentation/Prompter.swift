import Imaging
public import Prompting

/// Segments objects from prompts: the one way from a plane, a model and prompts to masks.
///
/// Only the parts of a divided plane in which prompts lie are read and embedded.
///
/// ```swift
/// let prompter = Prompter(model)
/// let objects = [PromptedObject(id: 1, prompts: [.point(Point(x: 120, y: 84))])]
/// let masks = try prompter.masks(of: objects, in: PlanePixels(plane))
/// ```
public struct Prompter: Sendable {
    /// The model.
    public let model: Model

    /// How planes are divided.
    public let planner: Planner

    /// Uses a model.
    ///
    /// - Parameter tiling: How planes are divided.
    public init(_ model: Model, tiling: TilingChoice = .automatic) {
        self.model = model
        planner = Planner(model, tiling)
    }

    /// Predicts the masks of some objects.
    ///
    /// - Parameters:
    ///   - objects: The objects and their prompts, in pixels of the plane.
    ///   - plane: The pixels.
    ///   - options: How prompts are used and which masks are returned.
    ///   - shelf: Where embeddings are taken from and kept.
    ///   - work: Told how many predictions are done; refinements count, too.
    /// - Returns: Masks in the order of the objects; one for each, three for
    ///   `PromptOptions.MaskChoice.all`.
    /// - Throws: ``PromptUseError`` or ``TilingError`` that names the object whose prompts cannot be used;
    ///   what reading throws; `TensorError`; `CancellationError`.
    public func masks(
        of objects: [PromptedObject],
        in plane: PlanePixels,
        _ options: PromptOptions = PromptOptions(),
        shelf: any EmbeddingShelf = NoShelf(),
        _ work: Work = Work()
    ) throws -> [PredictedMask] {
        work.begin(.encode)
        let embedded = try planner.embedded(plane, shelf: shelf, isLazy: true, work.silent)
        work.begin(.decode)
        return try embedded.masks(of: objects, options, model.predictor, work)
    }
}

extension EmbeddingStore {
    /// The choice of tiles by which the parts of this store are found again.
    public var tilingChoice: TilingChoice {
        if let diameter = signature.objectDiameter { return .objects(diameter: diameter) }
        if signature.tiling == TilingOptions.automatic(for: imageSize) { return .automatic }
        return signature.tiling.map(TilingChoice.always) ?? .never
    }
}
