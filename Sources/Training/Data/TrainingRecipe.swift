public import Foundation
public import ImageFormats
import Prompting

/// Several data sets with their weights, a start model and options of training, read from a JSON file.
///
/// ```json
/// {
///   "model": "usam-tiny",
///   "sampling": {"framing": "frame", "cropSide": 512},
///   "data": [
///     {"images": "dsb2018/train/images/fluo_*", "labels": "dsb2018/train/labels/fluo_*", "weight": 2},
///     {"images": "phase/images", "labels": "phase/labels", "take": 20},
///     {"simulated": {"radius": [8, 30]}, "weight": 0.5}
///   ],
///   "validation": [{"images": "dsb2018/val/images", "labels": "dsb2018/val/labels"}],
///   "training": {"epochs": 50, "batchSize": 2, "frameSide": 512}
/// }
/// ```
///
/// Names of files are relative to the recipe. `sampling` holds values of ``SamplingOptions`` for all data,
/// and may be repeated in an entry; `training` holds values of ``TrainingOptions``. What is left out keeps
/// its default.
public struct TrainingRecipe: Sendable {
    /// One data set.
    public struct Entry: Sendable {
        /// Images: files, folders or patterns, relative to the recipe; empty for simulated ones.
        public var images: [String] = []
        /// Labels: files, folders or patterns.
        public var labels: [String] = []
        /// Where in the files the pixels are.
        public var reading = AnnotatedImage.ReadingOptions()
        /// Files at the beginning, in natural order, that are left out.
        public var skip = 0
        /// Files that are used after these, or nil for all.
        public var take: Int?
        /// Share of the samples, relative to the other weights.
        public var weight = 1.0
        /// How patches are taken.
        public var sampling: SamplingOptions
        /// What is simulated, if the entry is not of files.
        public var simulated: SimulatedNuclei.Options?
    }

    /// Name of the start model, if the recipe says it.
    public var model: String?
    /// What is trained on.
    public var data: [Entry]
    /// What the metric is computed on; empty to keep a part of the training data.
    public var validation: [Entry]
    /// Share of the files kept for validation where there is none of its own.
    public var validationFraction = 0.1
    /// Samples in one pass over the training data, or nil for the sum over the data sets.
    public var samplesPerEpoch: Int?
    /// Options of training.
    public var training: TrainingOptions
    /// The folder that names of files are relative to.
    public var folder: URL

    /// Reads a recipe.
    ///
    /// - Parameters:
    ///   - sampling: Defaults for all data.
    ///   - training: Defaults for training.
    /// - Throws: ``TrainingRecipeError`` with the place in the file.
    public init(
        contentsOf url: URL,
        sampling: SamplingOptions = SamplingOptions(),
        training: TrainingOptions = TrainingOptions()
    ) throws {
        let file = url.relativePath
        let root: [String: Any]
        do {
            let value = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
            guard let object = value as? [String: Any] else {
                throw TrainingRecipeError(path: file, reason: "a recipe is a JSON object")
            }
            root = object
        } catch let error as TrainingRecipeError {
            throw error
        } catch {
            throw TrainingRecipeError(
                path: file,
                reason: "cannot be read as JSON: \(error.localizedDescription)"
            )
        }
        var reader = RecipeObject(root, path: file)
        model = try reader.take("model", as: String.self)
        validationFraction = try reader.take("validationFraction", as: Double.self) ?? 0.1
        samplesPerEpoch = try reader.take("samplesPerEpoch", as: Int.self)
        let shared = try reader.takeOptions("sampling", sampling) ?? sampling
        self.training = try reader.takeOptions("training", training) ?? training
        data = try reader.takeEntries("data", shared)
        var fixed = shared
        fixed.augmentation = .none
        validation = try reader.takeEntries("validation", fixed)
        _ = try reader.take("comment", as: String.self)
        try reader.finish()
        guard !data.isEmpty else {
            throw TrainingRecipeError(path: file, reason: "'data' must list at least one data set")
        }
        folder = url.deletingLastPathComponent()
    }

    /// A recipe made of values, for a run without a recipe file.
    public init(data: [Entry], validation: [Entry] = [], training: TrainingOptions, folder: URL) {
        self.data = data
        self.validation = validation
        self.training = training
        self.folder = folder
    }
}

extension TrainingRecipe.Entry {
    /// An entry of files.
    public init(images: [String], labels: [String], sampling: SamplingOptions) {
        self.images = images
        self.labels = labels
        self.sampling = sampling
    }
}

/// A JSON object whose values are taken out one by one; what is left over is an error.
private struct RecipeObject {
    private var values: [String: Any]
    private let path: String
    private var known: [String] = []

    init(_ values: [String: Any], path: String) {
        self.values = values
        self.path = path
    }

    mutating func take<Value>(_ name: String, as type: Value.Type) throws -> Value? {
        known.append(name)
        guard let value = values.removeValue(forKey: name), !(value is NSNull) else { return nil }
        guard let value = value as? Value else { throw error("'\(name)' must be a \(Value.self)") }
        return value
    }

    /// A text, or a list of texts.
    mutating func takeNames(_ name: String) throws -> [String] {
        if let single = values[name] as? String {
            values[name] = nil
            known.append(name)
            return [single]
        }
        return try take(name, as: [String].self) ?? []
    }

    mutating func takeOptions<Options: Codable>(
        _ name: String,
        _ defaults: Options
    ) throws -> Options? {
        guard let changes = try take(name, as: [String: Any].self) else { return nil }
        return try OptionsOverlay.options(defaults, changedBy: changes, at: "\(path), \(name)")
    }

    mutating func takeEntries(
        _ name: String,
        _ sampling: SamplingOptions
    ) throws -> [TrainingRecipe.Entry] {
        let list = try take(name, as: [[String: Any]].self) ?? []
        return try list.enumerated().map { index, values in
            var object = RecipeObject(values, path: "\(path), \(name)[\(index)]")
            let entry = try object.entry(sampling)
            try object.finish()
            return entry
        }
    }

    private mutating func entry(_ sampling: SamplingOptions) throws -> TrainingRecipe.Entry {
        var entry = TrainingRecipe.Entry(
            images: try takeNames("images"),
            labels: try takeNames("labels"),
            sampling: try takeOptions("sampling", sampling) ?? sampling
        )
        entry.reading.imageKey = try take("imageKey", as: String.self)
        entry.reading.labelKey = try take("labelKey", as: String.self)
        entry.reading.channels = try take("channels", as: [Int].self)
        entry.reading.axes = try take("axes", as: String.self)
        entry.skip = try take("skip", as: Int.self) ?? 0
        entry.take = try take("take", as: Int.self)
        entry.weight = try take("weight", as: Double.self) ?? 1
        entry.simulated = try takeOptions("simulated", SimulatedNuclei.Options())
        _ = try take("comment", as: String.self)
        guard
            entry.simulated == nil
                ? !entry.images.isEmpty && !entry.labels.isEmpty
                : entry.images.isEmpty && entry.labels.isEmpty
        else { throw error("either 'images' and 'labels' or 'simulated' must be given") }
        guard entry.skip >= 0, entry.take ?? 1 > 0 else {
            throw error("'skip' must not be negative, and 'take' must be positive")
        }
        if let axes = entry.reading.axes, !PlaneSelection.areAxes(axes) {
            throw error("'axes' names each dimension once with a letter of tczyxs")
        }
        guard entry.weight > 0 else { throw error("'weight' must be positive") }
        return entry
    }

    func finish() throws {
        guard let name = values.keys.sorted().first else { return }
        throw error("'\(name)' is not known; known are \(known.sorted().joined(separator: ", "))")
    }

    private func error(_ reason: String) -> TrainingRecipeError {
        TrainingRecipeError(path: path, reason: reason)
    }
}
