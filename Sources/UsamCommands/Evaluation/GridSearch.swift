import Evaluation
import Files
import Foundation
import Imaging
import Prompting
import Segmentation

/// Tries all combinations of parameters on annotated images; each image goes through the networks once.
struct GridSearch {
    /// What the tables of images depend on.
    struct Conditions: Codable, Equatable {
        /// Hashes of the weights, and how the networks behave.
        var model: String

        /// How objects are found.
        var mode: AutomaticMode

        /// The combinations.
        var grid: ParameterGrid

        /// Parameters that all combinations share.
        var fixed: [String: Double]

        /// How files are read.
        var input: EvaluationInput
    }

    let conditions: Conditions
    let folder: EvaluationFiles
    let console: Console
    let isQuiet: Bool

    /// How images with small objects are enlarged; nil for not at all.
    var enlargement: Enlargement?

    private var tables: URL { folder.folder.appending(path: "grid_search") }

    /// Prepares the folder, which may hold tables of a run that was stopped.
    init(
        _ conditions: Conditions,
        output: String,
        replaces: Bool,
        console: Console,
        isQuiet: Bool
    ) throws {
        self.conditions = conditions
        self.console = console
        self.isQuiet = isQuiet
        folder = try EvaluationFiles(output)
        try checkConditions(replaces: replaces)
    }

    private func checkConditions(replaces: Bool) throws {
        let text = try JSONText.encode(conditions, keys: .asDeclared)
        let file = folder.folder.appending(path: "settings.json")
        let known = try? String(contentsOf: file, encoding: .utf8)
        if let known, known != text, !replaces {
            throw CommandFailure(
                "\(folder.folder.path): the folder holds a search with another model or other "
                    + "settings (settings.json); choose another folder, or give --force"
            )
        }
        if replaces { try? FileManager.default.removeItem(at: tables) }
        try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
        try folder.write(text, to: "settings.json")
    }

    /// Searches, and writes the tables and the best parameters.
    func run(
        _ pairs: [ImagePairs.Pair],
        _ predictor: () throws -> ImagePredictor
    ) throws -> GridResult {
        var progress = ProgressLine(console, isQuiet: isQuiet)
        var loaded: ImagePredictor?
        var results: [GridTable] = []
        for (index, pair) in pairs.enumerated() {
            let prefix = "[\(index + 1)/\(pairs.count)] \(pair.name)"
            let name = "grid_search/\(pair.name).csv"
            let file = folder.folder.appending(path: name)
            if let text = try? String(contentsOf: file, encoding: .utf8),
                let known = GridTable(csv: text, image: pair.name, grid: conditions.grid)
            {
                results.append(known)
                continue
            }
            let current = try loaded ?? predictor()
            loaded = current
            let start = ContinuousClock().now
            let table = try search(pair, current) { done in
                progress.show("\(prefix): \(done) of \(conditions.grid.count) combinations")
            }
            try folder.write(table.csv, to: name)
            results.append(table)
            progress.clear()
            let seconds = start.duration(to: ContinuousClock().now).seconds
            progress.note("\(prefix), \(Wording.duration(seconds))")
        }
        guard let result = GridResult(results) else {
            throw CommandFailure("there are no images to search with")
        }
        try write(result)
        return result
    }

    private func search(
        _ pair: ImagePairs.Pair,
        _ predictor: ImagePredictor,
        progress: (Int) -> Void
    ) throws -> GridTable {
        let image = try conditions.input.image(pair.file)
        let truth = try conditions.input.truth(pair.labels, for: pair.file, size: image.size)
        let embedded = try predictor.embed(image, enlargement)
        var initialized = try InitializedImage(conditions.mode, image, embedded, predictor)
        let names = conditions.grid.names
        var scores: [SegmentationScore] = []
        for index in 0..<conditions.grid.count {
            try Task.checkCancellation()
            let values = conditions.grid[index].map(\.number)
            let chosen = Dictionary(zip(names, values), uniquingKeysWith: { $1 })
            let parameters = conditions.fixed.merging(chosen) { $1 }
            let labels = try initialized.segmented(parameters)
            scores.append(try SegmentationScore(truth: truth, prediction: labels))
            if index % 8 == 0 { progress(index) }
        }
        return GridTable(image: pair.name, grid: conditions.grid, scores: scores)
    }

    private func write(_ result: GridResult) throws {
        try folder.write(result.csv, to: "grid_search_results.csv")
        let name =
            result.grid.names.contains("stability_score_thresh")
            ? "amg" : "instance_segmentation_with_decoder"
        try folder.write(result.bestCSV, to: "grid_search_params_\(name).csv")
        let best = try best(result).text()
        try folder.write(String(decoding: best, as: UTF8.self) + "\n", to: "best_parameters.json")
    }

    /// The best parameters, with those that all combinations share.
    func best(_ result: GridResult) -> BestParameters {
        BestParameters(
            mode: conditions.mode,
            meanAccuracy: result.means[result.best].meanAccuracy,
            images: result.images,
            parameters: conditions.fixed.mapValues { .number($0) }
                .merging(result.bestParameters) { $1 }
        )
    }
}
