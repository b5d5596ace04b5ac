public import Imaging
public import Prompting

/// A model that answers interactive requests on the engine of its device.
///
/// ```swift
/// let segmenter = EngineSegmenter(model)
/// let session = segmenter.session(on: plane, id: "cells.tif")
/// try await session.prepare(Work())
/// let masks = try await session.predict(objects, PromptOptions(), Work())
/// ```
public struct EngineSegmenter: InteractiveSegmenter {
    /// The model.
    public let model: Model

    private let tiling: TilingChoice
    private let limits: PlanningLimits
    private let memory: EmbeddingMemory

    /// Uses a model.
    ///
    /// - Parameters:
    ///   - tiling: How planes are divided.
    ///   - limits: From which size on they are joined from their tiles.
    ///   - memory: Keeps the embeddings of all sessions.
    public init(
        _ model: Model,
        tiling: TilingChoice = .automatic,
        limits: PlanningLimits = .machine,
        memory: EmbeddingMemory = EmbeddingMemory()
    ) {
        self.model = model
        self.tiling = tiling
        self.limits = limits
        self.memory = memory
    }

    /// What the model is, and what it can do.
    public var description: SegmenterDescription {
        let all: [AutomaticMode] = [.instanceDecoder, .generatedPrompts, .maskGeneration]
        return SegmenterDescription(
            name: model.identity.name,
            hash: model.identity.hash,
            modes: model.hasDecoder ? all : [.maskGeneration],
            suitedOptions: model.options()
        )
    }

    /// Begins the work on a plane; nothing is computed yet.
    public func session(on plane: any PixelSource, id: String) -> any InteractiveSession {
        ImageSession(on: plane, id: id, model, tiling: tiling, limits: limits, memory: memory)
    }
}
