import Foundation

extension TrainingRecipe {
    /// The recipe with other names for its files, which then are relative to the working folder.
    ///
    /// A recipe file may name folders and patterns, for which a caller puts the files that they stand for.
    ///
    /// - Parameter transform: Given the names of an entry's images or labels, relative to the working
    ///   folder, and whether they are those of labels; not called for simulated images.
    public func replacingNames(
        _ transform: ([String], _ areLabels: Bool) throws -> [String]
    ) rethrows -> TrainingRecipe {
        func names(_ names: [String], _ areLabels: Bool) throws -> [String] {
            names.isEmpty ? [] : try transform(names.map(relativeToWorkingFolder), areLabels)
        }
        func replaced(_ entries: [Entry]) throws -> [Entry] {
            try entries.map { entry in
                var entry = entry
                entry.images = try names(entry.images, false)
                entry.labels = try names(entry.labels, true)
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
