import Foundation
public import ImageFormats
import Imaging
public import Prompting
import Segmentation
public import Torch

/// Objects from prompts on a plane of a file.
public struct PromptRun: Sendable {
    /// The plane.
    public let plane: PlaneSource

    /// The file of the plane, as it is named in messages.
    public let file: String

    /// How the plane is divided: as was asked for, or as the store is.
    public let tiling: TilingChoice

    private let store: String?

    /// Planes of more pixels are not read as a whole.
    private static let mostPixels = 1 << 26

    /// Describes a run.
    ///
    /// - Parameters:
    ///   - plane: The plane.
    ///   - file: The file of the plane, as it is named in messages.
    ///   - tiling: How the plane is divided where there is no store.
    ///   - store: A store of embeddings of the plane; nil to compute them.
    /// - Throws: `EmbeddingStoreError` if the store cannot be opened.
    public init(
        _ plane: PlaneSource,
        file: String,
        tiling: TilingChoice = .automatic,
        store: String? = nil
    ) throws {
        let opened = try store.map { try EmbeddingStore(opening: URL(filePath: $0)) }
        (self.plane, self.file, self.store) = (plane, file, store)
        self.tiling = opened?.tilingChoice ?? tiling
    }

    /// Whether a large plane is shown to the model as a whole, which loses small objects.
    public var isMuchReduced: Bool {
        plane.size.longestSide > 4 * ModelFrame.side && tiling.tiling(of: plane.size) == nil
    }

    /// Checks the prompts of all objects, which needs no model.
    ///
    /// - Throws: `PromptUseError` that names the object whose prompts cannot be used.
    public func check(_ document: PromptDocument, _ options: PromptOptions) throws {
        for object in document.objects { try object.requireUsable(in: plane.size, options) }
    }

    /// Predicts the masks.
    ///
    /// Call it on the engine of the device.
    ///
    /// - Parameters:
    ///   - document: The objects, in pixels of the plane.
    ///   - options: How prompts are used.
    ///   - weights: The model.
    ///   - work: Told of warnings, of decisions and of predictions that are done.
    ///   - warning: Told what looks odd in the store.
    /// - Returns: The masks in the order of the objects.
    /// - Throws: ``PlaneError`` for a plane without contrast or with values that are not finite; what
    ///   `Prompter` throws; `CancellationError`.
    public func masks(
        of document: PromptDocument,
        _ options: PromptOptions,
        _ weights: ModelWeights,
        on device: Device,
        _ work: Work,
        warning: (String) -> Void = { _ in }
    ) throws -> [PredictedMask] {
        let prompter = Prompter(try weights.load(on: device), tiling: tiling)
        let isWhole = prompter.planner.base(of: plane.size).tiling == nil
        let isSmall = plane.size.count <= Self.mostPixels
        // A plane that is not divided is read once, for all that looks at it.
        let source: any PixelSource = isWhole && isSmall ? try plane.read() : plane
        let pixels = PlanePixels(source, prompter.model.normalization)
        let shelf = try store.map { path in
            try StoreShelf(
                URL(filePath: path),
                holding: plane,
                pixels: pixels,
                prompter.planner,
                isWritable: false,
                work
            )
        }
        shelf?.warnings.forEach(warning)
        do {
            if isSmall {
                try source.intensityNotes(file, prompter.model.normalization).forEach(work.note)
            }
            if isWhole, try pixels.isBlank() { throw PlaneError.constant(file: file) }
            return try prompter.masks(
                of: document.objects,
                in: pixels,
                options,
                shelf: shelf ?? NoShelf(),
                work
            )
        } catch let error as ImagingError {
            switch error {
            case .notFinite, .tooLarge: throw PlaneError.unusablePixels(file: file, error)
            default: throw error
            }
        }
    }

    /// Writes down where a label image came from, by which it is recognised as a result.
    ///
    /// - Parameters:
    ///   - others: Other results of the same prompts.
    ///   - model: The name of the model.
    /// - Throws: An error that names the file that cannot be written.
    public func note(_ labels: String, others: [String], model: String) throws {
        try PromptRecord(labels, others: others, of: file, model: model).write(beside: labels)
    }

    /// Writes the label image, and a picture with the contours of its objects.
    ///
    /// - Parameters:
    ///   - path: The label image, a TIFF; its folder is made.
    ///   - overlay: The picture, a PNG; nil for none.
    /// - Throws: An error that names the file that cannot be written.
    public func write(
        _ masks: [PredictedMask],
        of objects: [PromptedObject],
        _ options: PromptOptions,
        to path: String,
        overlay: String?
    ) throws {
        let labels = try LabelImage(painting: masks, of: objects, size: plane.size, options)
        try OutputPlan.makeFolder(for: path)
        try labels.writeTIFF(to: URL(filePath: path), physicalSize: plane.physicalSize)
        if let overlay {
            let picture = try labels.overlay(on: plane.read().renderedForDisplay())
            try AnyRaster.uint8(picture).writePNG(to: URL(filePath: overlay))
        }
    }
}
