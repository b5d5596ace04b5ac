import Foundation
public import ModelZoo

/// What is known of a model by name, and of its checkpoint where that is on this machine.
public struct ModelDescription: Encodable, Hashable, Sendable {
    /// What the registry knows; nil for a file of the user's.
    public let model: ModelRow?

    /// What the files tell; nil if they are not here.
    public let checkpoint: CheckpointDescription?

    /// Looks at a model.
    public init(of name: String, in zoo: ModelZoo) throws {
        model = ModelRow.all(in: zoo).first { $0.name == name }
        if zoo.availability(of: name) == .remote {
            checkpoint = nil
            return
        }
        let files = try zoo.locate(name)
        checkpoint = try CheckpointDescription(
            contentsOf: files.model.path,
            decoder: files.decoder?.path
        )
    }
}
