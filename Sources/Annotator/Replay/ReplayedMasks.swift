public import Annotations
public import ImageFormats
public import Imaging
public import Jobs
public import Prompting
import Segmentation
public import Torch

/// Predicts the masks of an image once more, from the prompts that are stored.
public final class ReplayedMasks {
    private let project: Project
    private let image: ProjectImage
    private let weights: [String: ModelWeights]
    private let model: String?
    private let device: Device
    private let memory = EmbeddingMemory()
    private var models: [String: Model] = [:]
    private var found: (request: Request, labels: LabelImage)?

    /// The models whose weights are others than those that made the objects.
    public private(set) var changedModels: Set<String> = []

    /// What automatic segmentation is asked for; several gestures may take from one answer.
    private struct Request: Hashable {
        let settings: AutomaticSettings
        let model: String
        let plane: PlaneIndex
    }
    private var planes: [PlaneIndex: PlanePixels] = [:]

    /// Predicts for an image.
    ///
    /// - Parameters:
    ///   - project: The project of the image.
    ///   - image: The image.
    ///   - weights: The weights of models by name.
    ///   - model: The model that is used in place of those that objects name.
    ///   - device: Where models compute.
    public init(
        _ project: Project,
        _ image: ProjectImage,
        _ weights: [String: ModelWeights],
        _ model: String?,
        on device: Device
    ) {
        self.project = project
        self.image = image
        self.weights = weights
        self.model = model
        self.device = device
    }

    /// The mask of an object from its prompts and model; nil if its model is unknown.
    ///
    /// - Throws: What reading and prediction throw; `CancellationError`.
    public func mask(
        _ object: NewObject,
        _ t: Int,
        _ z: Int,
        _ work: Work
    ) throws -> RunLengthMask? {
        guard let (name, loaded) = try model(of: object) else { return nil }
        let prompter = Prompter(loaded)
        var options = object.options ?? PromptOptions()
        options.maskThreshold = object.threshold ?? options.maskThreshold
        let masks = try prompter.masks(
            of: [PromptedObject(id: 1, prompts: object.prompts)],
            in: pixels(t, z),
            options,
            shelf: memory.shelf(of: "\(name) \(t) \(z)"),
            work
        )
        // Of several candidates the one was taken that the stored mask comes from.
        let stored = try object.mask.mask(in: image.entry.shape.size)
        return masks.map(\.pixels).max {
            $0.intersectionOverUnion(stored) < $1.intersectionOverUnion(stored)
        }
    }

    /// All objects of the plane of an object; nil if its model is unknown.
    ///
    /// - Throws: What reading and segmentation throw; `CancellationError`.
    public func labels(
        _ settings: AutomaticSettings,
        _ object: NewObject,
        _ plane: PlaneIndex,
        _ work: Work
    ) throws -> LabelImage? {
        guard let (name, loaded) = try model(of: object) else { return nil }
        let request = Request(settings: settings, model: name, plane: plane)
        if let found, found.request == request { return found.labels }
        var options = loaded.options()
        options.mode = settings.mode
        try options.set(settings.parameters, of: settings.mode)
        let segmenter = try Segmenter(loaded, options)
        let labels = try segmenter.segment(try pixels(plane.t, plane.z), work)
        defer { labels.discard() }
        let image = try labels.labelImage(work)
        found = (request, image)
        return image
    }

    private func model(of object: NewObject) throws -> (name: String, loaded: Model)? {
        guard let name = model ?? object.model, let weights = weights[name] else { return nil }
        let loaded = try models[name] ?? weights.load(on: device)
        models[name] = loaded
        if model == nil, let hash = object.modelHash, hash != loaded.identity.hash {
            changedModels.insert(name)
        }
        return (name, loaded)
    }

    private func pixels(_ t: Int, _ z: Int) throws -> PlanePixels {
        let place = PlaneIndex(t: t, z: z)
        if let known = planes[place] { return known }
        var selection = image.entry.selection
        selection.t = image.entry.shape.t > 1 ? t : selection.t
        selection.z = image.entry.shape.z > 1 ? z : selection.z
        let plane = try PlaneSource(opening: project.path(of: image.entry), selection)
        let pixels = PlanePixels(plane)
        planes = [place: pixels]
        return pixels
    }
}
