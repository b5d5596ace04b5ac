import Foundation

extension TrainingRecipe {
    /// The recipe with other names for its files, which then are relative to the working folder.
    ///
    /// A recipe file may name folders and patterns, for which a caller puts the files that they stand for.
    ///
    /// - Parameter transform: Given the names of an entry's images or labels, relative to the working
    ///   folder; not called for simulated images.
    public func replacingNames(
        _ transform: ([String]) throws -> [String]
    ) rethrows -> TrainingRecipe {
        func names(_ names: [String]) throws -> [String] {
            names.isEmpty ? [] : try transform(names.map(relativeToWorkingFolder))
        }
        func replaced(_ entries: [Entry]) throws -> [Entry] {
            try entries.map { entry in
                var entry = entry
                entry.images = try names(entry.images)
                entry.labels = try names(entry.labels)
                return entry
            }
        }
        var recipe = self
        recipe.data = try replaced(data)
        recipe.validation = try replaced(validation)
        recipe.folder = URL(filePath: ".", directoryHint: .isDirectory)
        return recipe
    }

    private func relativeToWorkingFolder(_ name: String) -> String {
        let base = folder.relativePath
        return name.hasPrefix("/") || name.hasPrefix("~") || base == "." ? name : "\(base)/\(name)"
    }
}
