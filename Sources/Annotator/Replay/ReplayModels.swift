public import Annotations
import Foundation
public import Jobs

/// Finds the models that made the objects of a project.
public enum ReplayModels {
    /// The weights by name: those that were trained on the project first, then those that are found elsewhere.
    ///
    /// - Parameters:
    ///   - project: The project.
    ///   - images: Whose objects.
    ///   - model: The one model that takes the place of all; nil for those that objects name.
    ///   - find: Finds a model by its name or file.
    /// - Throws: `ProjectError`; what `find` throws.
    public static func weights(
        of project: Project,
        _ images: [ProjectImage],
        _ model: String?,
        find: (String) async throws -> ModelWeights
    ) async throws -> [String: ModelWeights] {
        var names = Set([model].compactMap(\.self))
        if model == nil {
            for image in images { names.formUnion(try project.models(image: image.id)) }
        }
        let file = project.url.path(percentEncoded: false)
        let trained = TrainedModels(folder: AnnotationPlace.modelFolder(of: file))
        var result: [String: ModelWeights] = [:]
        for name in names.sorted() {
            if let own = try trained.weights(of: name) {
                result[name] = own
            } else {
                result[name] = try await find(name)
            }
        }
        return result
    }
}
