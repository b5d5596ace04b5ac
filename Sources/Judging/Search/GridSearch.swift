public import Evaluation
import Files
import Foundation
public import ImageFormats
import Imaging
public import Prompting
import SegmentAnything
public import Segmentation

/// Tries all combinations of parameters on annotated images; each image goes through the networks once.
public struct GridSearch: Sendable {
    /// What the tables of images depend on.
    public struct Conditions: Codable, Hashable, Sendable {
        /// Hashes of the weights, and how the networks behave.
        public var model: String

        /// How objects are found.
        public var mode: AutomaticMode

        /// The combinations.
        public var grid: ParameterGrid

        /// Parameters that all combinations share.
        public var fixed: [String: Double]

        /// How files are read.
        public var reading: AnnotatedImage.ReadingOptions

        /// Whether connected parts of annotated labels count as objects of their own.
        public var splitsLabels: Bool

        /// How images are divided.
        public var tiling: TilingChoice

        /// From how many pixels on images are joined from their tiles; nil for the standard, so that what was
        /// written before there was a choice stays the same.
        private var joinedPixels: Int?

        /// From which size on images are joined from their tiles.
        public var limits: PlanningLimits {
            joinedPixels.map(PlanningLimits.init(joinedPixels:)) ?? .standard
        }

        /// Combines them.
        public init(
            model: String,
            mode: AutomaticMode,
            grid: ParameterGrid,
            fixed: [String: Double] = [:],
            reading: AnnotatedImage.ReadingOptions = .init(),
            splitsLabels: Bool = false,
            tiling: TilingChoice = .automatic,
            limits: PlanningLimits = .machine
        ) {
            self.model = model
            self.mode = mode
            self.grid = grid
            self.fixed = fixed
            self.reading = reading
            self.splitsLabels = splitsLabels
            self.tiling = tiling
            joinedPixels = limits == .standard ? nil : limits.joinedPixels
        }
    }

    private let conditions: Conditions
    private let files: EvaluationFiles

    /// The folder of the tables of images.
    private static let tables = "grid_search"

    /// Prepares the folder, which may hold tables of a search that was stopped.
    ///
    /// - Parameters:
    ///   - conditions: What is searched.
    ///   - output: The folder for tables; it is made.
    ///   - replaces: Whether tables of the folder are removed.
    /// - Throws: ``JudgingError`` if the folder holds tables under other conditions.
    public init(_ conditions: Conditions, output: String, replaces: Bool = false) throws {
        self.conditions = conditions
        files = try EvaluationFiles(output)
        let text = try JSONText.encode(conditions, keys: .asDeclared)
        let tables = files.folder.appending(path: Self.tables)
        let file = ConditionsFile(folder: output, kind: .search)
        if replaces {
            try? FileManager.default.removeItem(at: tables)
        } else {
            let known = try? FileManager.default.contentsOfDirectory(atPath: tables.path)
            try file.check(text, hasMeasurements: known?.isEmpty == false)
        }
        do {
            try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
        } catch {
            throw JudgingError.folderNotMade(folder: tables.path)
        }
        try file.write(text)
    }

    /// Searches, and writes the tables and the best parameters.
    ///
    /// - Parameters:
    ///   - images: Annotated images.
    ///   - model: Loads the model; not called if all images are known.
    ///   - work: Told of combinations, counted over all images.
    ///   - finished: Called with the name of each image that was searched with, and the seconds it took.
    /// - Throws: ``JudgingError/noImages``; as ``ModelJudge/judge(_:_:)``. Tables of images that are
    ///   finished stay.
    public func run(
        _ images: [AnnotatedImage],
        _ model: () throws -> Model,
        _ work: Work = Work(),
        finished: (String, Double) -> Void = { _, _ in }
    ) throws -> GridResult {
        var loaded: Model?
        var results: [GridTable] = []
        let count = conditions.grid.count
        for (index, image) in images.enumerated() {
            let name = "\(Self.tables)/\(image.name).csv"
            if let known = known(image.name, name) {
                results.append(known)
                continue
            }
            let current = try loaded ?? model()
            loaded = current
            let start = ContinuousClock().now
            let table = try search(image, current, work) { done in
                try work.advance(index * count + done, of: images.count * count)
            }
            try files.write(table.csv, to: name)
            results.append(table)
            finished(image.name, start.duration(to: ContinuousClock().now) / .seconds(1))
        }
        guard let result = GridResult(results) else { throw JudgingError.noImages }
        try write(result)
        return result
    }

    /// The table of an image, if a search wrote it before.
    private func known(_ image: String, _ name: String) -> GridTable? {
        let file = files.folder.appending(path: name)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        return GridTable(csv: text, image: image, grid: conditions.grid)
    }

    private func search(
        _ image: AnnotatedImage,
        _ model: Model,
        _ work: Work,
        advance: (Int) throws -> Void
    ) throws -> GridTable {
        let plane = try AnnotatedPlane(
            image,
            splitsLabels: conditions.splitsLabels,
            keepsOpacity: model.networks.behavior.isReference,
            model.normalization,
            work
        )
        try advance(0)
        var evidence = try ImageEvidence(
            of: plane.pixels,
            conditions.mode,
            model,
            conditions.tiling,
            conditions.limits,
            work.silent
        )
        let names = conditions.grid.names
        var scores: [SegmentationScore] = []
        for index in 0..<conditions.grid.count {
            try advance(index)
            let values = conditions.grid[index].map(\.number)
            let chosen = Dictionary(zip(names, values), uniquingKeysWith: { $1 })
            let parameters = conditions.fixed.merging(chosen) { $1 }
            var options = AutomaticSegmentationOptions()
            options.mode = conditions.mode
            try options.set(parameters, of: conditions.mode)
            guard let labels = try evidence.labels(options) else { continue }
            scores.append(try SegmentationScore(truth: plane.truth, prediction: labels))
        }
        return GridTable(image: image.name, grid: conditions.grid, scores: scores)
    }

    private func write(_ result: GridResult) throws {
        try files.write(result.csv, to: "grid_search_results.csv")
        let name =
            result.grid.names.contains("stability_score_thresh")
            ? "amg" : "instance_segmentation_with_decoder"
        try files.write(result.bestCSV, to: "grid_search_params_\(name).csv")
        let best = try best(result).text()
        try files.write(String(decoding: best, as: UTF8.self) + "\n", to: "best_parameters.json")
    }

    /// The best parameters, with those that all combinations share.
    public func best(_ result: GridResult) -> BestParameters {
        BestParameters(
            mode: conditions.mode,
            meanAccuracy: result.means[result.best].meanAccuracy,
            images: result.images,
            parameters: conditions.fixed.mapValues { .number($0) }
                .merging(result.bestParameters) { $1 }
        )
    }
}
