import Foundation
import ModelZoo

/// What is known of a model by name, and of its checkpoint where that is on this machine.
struct ModelDescription: Encodable, Hashable, Sendable {
    /// What the registry knows; nil for a file of the user's.
    var model: ModelRow?

    /// What the files tell; nil if they are not here.
    var checkpoint: CheckpointDescription?

    /// Looks at a model.
    init(of name: String, in zoo: ModelZoo) throws {
        model = ModelRow.all(in: zoo).first { $0.name == name }
        if zoo.availability(of: name) == .remote { return }
        let files = try zoo.locate(name)
        checkpoint = try CheckpointDescription(
            contentsOf: files.model.path,
            decoder: files.decoder?.path
        )
    }

    /// Lines for a person.
    var text: String {
        var rows: [[String]] = []
        if let model {
            rows = [
                ["name", model.name], ["for", model.family], ["here", model.state],
                ["origin", model.url ?? "trained for this project"],
            ]
        }
        let registered = TextTable(rows: rows).text
        return [registered, checkpoint?.text ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
