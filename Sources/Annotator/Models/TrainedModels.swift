import AnnotationServer
import Files
import Foundation
import Jobs
import ModelZoo

/// The models that were trained on a project, in a folder beside it: one folder for each.
public struct TrainedModels: Sendable {
    /// The folder; it need not be there yet.
    public let folder: String

    /// The models in a folder.
    public init(folder: String) { self.folder = folder }

    /// What is noted of a model.
    struct Note: Codable {
        var model: String
        var before: Double?
        var after: Double?
        var images: Int
    }

    private static let noteName = "scores.json"

    /// The models there are, the latest first.
    func choices() -> [ModelChoice] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted { $0.naturallyPrecedes($1) }.reversed().compactMap { name in
            guard file(of: name) != nil, let note = note(of: name) else { return nil }
            let images = Wording.count(note.images, "image")
            return ModelChoice(
                name: name,
                words: "trained from \(FileName.last(of: note.model)) on \(images) of this project",
                score: note.after
            )
        }
    }

    /// The file of a model; nil if there is none of this name.
    func file(of name: String) -> String? {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else { return nil }
        let file = FileName.join(place(of: name), "best.safetensors")
        return FileStatus(of: file) == nil ? nil : file
    }

    /// The weights of a model; nil if there is none of this name.
    func weights(of name: String) throws -> ModelWeights? {
        try file(of: name).map {
            try ModelWeights(ModelFiles(name: name, model: URL(filePath: $0)))
        }
    }

    /// The folder of a model.
    func place(of name: String) -> String { FileName.join(folder, name) }

    /// A name that no model has yet.
    func newName() -> String {
        var number = 1
        while FileStatus(of: place(of: "trained-\(number)")) != nil { number += 1 }
        return "trained-\(number)"
    }

    /// Notes what a model is worth.
    func write(_ note: Note, of name: String) throws {
        let text = try JSONText.encode(note) + "\n"
        try FileReplacement.write(text, to: FileName.join(place(of: name), Self.noteName))
    }

    private func note(of name: String) -> Note? {
        let file = URL(filePath: FileName.join(place(of: name), Self.noteName))
        guard let data = try? Data(contentsOf: file) else { return nil }
        return try? JSONText.decode(Note.self, from: data)
    }
}
