import AnnotationServer
import Files
import Foundation
import Jobs
import ModelZoo
import Prompting
import Segmentation
import Terminal
import Torch

/// The models of the annotator: that of the start, those of the registry, and those that were trained on the
/// project.
struct AnnotatorModels: ModelSource {
    let start: ModelOptions
    let device: Device
    let tiling: TilingChoice
    let limits: PlanningLimits
    let trained: TrainedModels
    let console: Console

    /// All sessions share the memory, so that an image that is opened again is ready at once.
    private let memory = EmbeddingMemory()

    init(
        _ start: ModelOptions,
        _ tiling: TilingArguments,
        _ limits: PlanningLimits,
        on device: Device,
        trained: TrainedModels,
        _ console: Console
    ) {
        self.start = start
        self.tiling = tiling.value
        self.limits = limits
        self.device = device
        self.trained = trained
        self.console = console
    }

    func choices() async throws -> [ModelChoice] {
        let rows = ModelRow.all(in: .standard)
        var choices = rows.map { row in
            ModelChoice(
                name: row.name,
                words: row.availability == "remote" ? "is downloaded first" : row.family
            )
        }
        if !choices.contains(where: { $0.name == start.model }) {
            choices.insert(ModelChoice(name: start.model, words: "a file"), at: 0)
        }
        return trained.choices() + choices
    }

    func load(_ name: String, _ work: Work) async throws -> any InteractiveSegmenter {
        let weights = try await weights(name)
        let device = device
        let model = try await InferenceEngine.shared(on: device).run(.prompt, work) { _ in
            try weights.load(on: device)
        }
        return EngineSegmenter(model, tiling: tiling, limits: limits, memory: memory)
    }

    private func weights(_ name: String) async throws -> ModelWeights {
        if let file = trained.file(of: name) {
            return try ModelWeights(ModelFiles(name: name, model: URL(filePath: file)))
        }
        if name == start.model { return try await start.weights(console) }
        let files = try await ModelFetcher(console: console).files(of: name)
        return try ModelWeights(files, behavior: start.behavior)
    }

    /// The file, or the name, of a model for other commands.
    func argument(_ name: String) -> String { trained.file(of: name) ?? name }
}
