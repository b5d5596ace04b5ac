public import AnnotationServer
import Foundation
public import Jobs
import ModelZoo
public import Prompting
import Segmentation
public import Torch

/// The models of the annotator: that of the start, those of the registry, and those that were trained on the
/// project.
public struct AnnotatorModels: ModelSource {
    /// The name or file of the model of the start.
    public let start: String

    /// Where models compute.
    public let device: Device

    /// The models that were trained on the project.
    public let trained: TrainedModels

    private let tiling: TilingChoice
    private let limits: PlanningLimits
    private let weights: @Sendable (String) async throws -> ModelWeights

    /// All sessions share the memory, so that an image that is opened again is ready at once.
    private let memory = EmbeddingMemory()

    /// Describes the models.
    ///
    /// - Parameters:
    ///   - start: The name or file of the model of the start.
    ///   - trained: The models that were trained on the project.
    ///   - device: Where models compute.
    ///   - tiling: How large images are divided.
    ///   - limits: From which size on an image is segmented tile by tile.
    ///   - weights: Finds a model by its name or file, and may download it.
    public init(
        _ start: String,
        trained: TrainedModels,
        on device: Device,
        tiling: TilingChoice = .automatic,
        limits: PlanningLimits = .machine,
        weights: @escaping @Sendable (String) async throws -> ModelWeights
    ) {
        self.start = start
        self.trained = trained
        self.device = device
        self.tiling = tiling
        self.limits = limits
        self.weights = weights
    }

    /// The models that can be chosen: those of the project, that of the start, those of the registry.
    public func choices() async throws -> [ModelChoice] {
        let rows = ModelRow.all(in: .standard)
        var choices = rows.map { row in
            ModelChoice(
                name: row.name,
                words: row.availability == "remote" ? "is downloaded first" : row.family
            )
        }
        if !choices.contains(where: { $0.name == start }) {
            choices.insert(ModelChoice(name: start, words: "a file"), at: 0)
        }
        return trained.choices() + choices
    }

    /// Loads a model on the engine of the device; a model of the registry may be downloaded before.
    public func load(_ name: String, _ work: Work) async throws -> any InteractiveSegmenter {
        let weights = try await found(name)
        let device = device
        let model = try await InferenceEngine.shared(on: device).run(.prompt, work) { _ in
            try weights.load(on: device)
        }
        return EngineSegmenter(model, tiling: tiling, limits: limits, memory: memory)
    }

    private func found(_ name: String) async throws -> ModelWeights {
        if let own = try trained.weights(of: name) { return own }
        return try await weights(name)
    }

    /// The file, or the name, of a model for other commands.
    func argument(_ name: String) -> String { trained.file(of: name) ?? name }
}
