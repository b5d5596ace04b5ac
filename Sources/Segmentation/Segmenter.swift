import Files
public import Foundation
public import Imaging
public import Prompting
import SegmentAnything
import Zarr

/// Finds all objects of a plane: the one way from a plane and a model to labels.
///
/// Commands, batches, evaluation, the search of parameters, sessions and Swift programs all go this way, so
/// the same plane and the same model give the same labels by every door.
///
/// ```swift
/// let segmenter = try Segmenter(model)
/// let labels = try segmenter.segment(PlaneSource(opening: "cells.tif")).labelImage()
/// ```
public struct Segmenter: Sendable {
    /// The model.
    public let model: Model

    /// How objects are found; the mode is set.
    public let options: AutomaticSegmentationOptions

    /// How planes are divided.
    public let planner: Planner

    /// When objects of two tiles count as one, in planes that are joined from their tiles.
    public var stitching = LabelStitcher.Options()

    /// Uses a model, by default with the parameters that it carries.
    ///
    /// - Parameters:
    ///   - options: How objects are found; nil for what suits the model.
    ///   - tiling: How planes are divided.
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if a mode was asked for that needs a
    ///   decoder, and the model has none.
    public init(
        _ model: Model,
        _ options: AutomaticSegmentationOptions? = nil,
        tiling: TilingChoice = .automatic,
        limits: PlanningLimits = .machine
    ) throws(SegmentationError) {
        var options = options ?? model.options()
        let mode = options.mode ?? model.suitedMode
        guard model.hasDecoder || mode == .maskGeneration else {
            throw .noInstanceDecoder(model: model.networks.architecture.name)
        }
        options.mode = mode
        self.model = model
        self.options = options
        planner = Planner(model, tiling, mode: mode, limits: limits)
    }

    /// The mode.
    public var mode: AutomaticMode { options.mode ?? model.suitedMode }

    // MARK: - Steps

    /// Divides a plane and gives its embeddings.
    ///
    /// - Parameter shelf: Where embeddings are taken from and kept.
    public func embedded(
        _ pixels: PlanePixels,
        shelf: any EmbeddingShelf = NoShelf(),
        _ work: Work = Work()
    ) throws -> EmbeddedPlane {
        try planner.embedded(pixels, shelf: shelf, work)
    }

    /// Begins the search for the objects of a plane that is not joined from its tiles.
    ///
    /// - Parameter keepsStages: Whether labels for other options will be asked for.
    public func state(of plane: EmbeddedPlane, keepsStages: Bool = false) -> AutomaticState {
        AutomaticState(
            plane.embeddings,
            model.predictor,
            pixels: plane.pixels,
            maps: plane.maps,
            keepsStages: keepsStages
        )
    }

    // MARK: - The whole way

    /// Finds the objects of a plane.
    ///
    /// - Parameters:
    ///   - plane: The pixels.
    ///   - shelf: Where embeddings are taken from and kept.
    ///   - workingFolder: Where the labels of tiles lie until they are joined, if the plane is so large; a
    ///     later call with the same folder goes on with the tiles that are missing. Nil for a temporary one.
    ///   - work: Told of steps and tiles.
    /// - Throws: What reading throws; `ImagingError.notFinite` for values that cannot be stretched;
    ///   `TensorError`; `CancellationError`.
    public func segment(
        _ plane: any PixelSource,
        shelf: any EmbeddingShelf = NoShelf(),
        workingFolder: URL? = nil,
        _ work: Work = Work()
    ) throws -> PlaneLabels {
        try segment(
            PlanePixels(plane, model.normalization),
            shelf: shelf,
            workingFolder: workingFolder,
            work
        )
    }

    /// Finds the objects of a plane that was perhaps stretched already.
    ///
    /// - Throws: As ``segment(_:shelf:workingFolder:_:)-(PixelSource,_,_,_)``.
    public func segment(
        _ pixels: PlanePixels,
        shelf: any EmbeddingShelf = NoShelf(),
        workingFolder: URL? = nil,
        _ work: Work = Work()
    ) throws -> PlaneLabels {
        work.begin(.encode)
        let pixels = pixels.stretched(model.normalization)
        if !planner.base(of: pixels.size).joinsTiles, try pixels.isBlank(work) {
            return .whole(LabelImage(size: pixels.size))
        }
        let plane = try embedded(pixels, shelf: shelf, work)
        if plane.division.joinsTiles {
            return .joined(try joined(plane, in: workingFolder, work))
        }
        var state = state(of: plane)
        work.begin(.decode)
        try state.prepare(options, work)
        work.begin(.segment)
        let labels = try state.labels(options, work)
        try state.hint(labels, options).map(work.decide)
        return .whole(labels)
    }

    private static func temporaryFolder() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "usam-\(UUID().uuidString)")
    }
}

// MARK: - Planes that are joined from their tiles

extension Segmenter {
    /// Segments the tiles of a plane that an earlier run has left, and joins all.
    ///
    /// Objects of fewer pixels than the mode's minimum are removed after joining, and so are not lost where
    /// a tile cuts them.
    ///
    /// - Parameters:
    ///   - plane: Its division joins tiles.
    ///   - workingFolder: Created for the labels of tiles; must not hold anything else. One of another
    ///     plane, model or other options is emptied first. Nil for a temporary one, which an error removes.
    /// - Throws: ``SegmentationError/noTiles`` if the plane was not divided; what reading and writing throws;
    ///   `TensorError`; `CancellationError`.
    public func joined(
        _ plane: EmbeddedPlane,
        in workingFolder: URL?,
        _ work: Work = Work()
    ) throws -> StitchedLabels {
        guard case .tiled(let tiled) = plane.embeddings else {
            throw SegmentationError.noTiles
        }
        let tileWork = TileWork(
            blocking: tiled.blocking,
            description: try description(plane, work),
            stitching: stitching,
            minimumSize: minimumSize
        )
        let folder = workingFolder ?? Self.temporaryFolder()
        do {
            return try tileWork.run(in: folder, work) { block in
                try labels(of: block, plane, tiled, work.silent)
            }
        } catch {
            // Nobody knows its name, so nobody could go on with it.
            if workingFolder == nil { try? FileManager.default.removeItem(at: folder) }
            throw error
        }
    }

    /// The objects of one tile; none in a tile without any contrast.
    private func labels(
        of block: Blocking.Block,
        _ plane: EmbeddedPlane,
        _ tiled: TiledEmbedding,
        _ work: Work
    ) throws -> LabelImage {
        let image = try plane.pixels.part(block.outer, plane.division.intensities, work)
        guard let first = image.samples.first, image.samples.contains(where: { $0 != first }) else {
            return LabelImage(size: image.size)
        }
        var state = AutomaticState(
            .whole(try tiled.embedding(ofTile: block.index, work)),
            model.predictor,
            pixels: PlanePixels(normalized: image),
            keepsStages: false
        )
        return try state.labels(tileOptions, work)
    }

    /// The options for a tile: objects are measured when they are whole.
    private var tileOptions: AutomaticSegmentationOptions {
        var options = options
        options.watershed.minimumSize = 0
        return options
    }

    private var minimumSize: Int {
        switch mode {
        case .instanceDecoder: options.watershed.minimumSize
        case .generatedPrompts: options.prompts.minimumSize
        case .maskGeneration: 0
        }
    }

    /// Everything that decides about the labels of tiles.
    private func description(_ plane: EmbeddedPlane, _ work: Work) throws -> JSONObject {
        func text(_ value: some Encodable) throws -> JSONValue {
            .string(try JSONText.encodeLine(value, keys: .asDeclared))
        }
        let signature = EmbeddingSignature(
            data: try PlaneStack(plane.pixels.source).dataSignature(work),
            model: model.identity,
            tiling: plane.division.tiling
        )
        var description: JSONObject = [
            "signature": .object(signature.attributes),
            "division": try text(plane.division),
            "options": try text(tileOptions),
            "behavior": try text(model.networks.behavior),
            "normalization": try text(model.normalization),
        ]
        if let decoder = model.decoderKey { description["decoder"] = .string(decoder) }
        return description
    }
}

/// The objects of a plane: in memory, or on disk where the plane was joined from its tiles.
public enum PlaneLabels: Sendable {
    /// All labels in memory.
    case whole(LabelImage)
    /// The labels of tiles on disk, joined block by block.
    case joined(StitchedLabels)

    /// Width and height of the plane.
    public var size: Size {
        switch self {
        case .whole(let labels): labels.size
        case .joined(let labels): labels.blocking.imageSize
        }
    }

    /// Number of objects.
    public var objectCount: Int {
        switch self {
        case .whole(let labels): labels.objectLabels().count
        case .joined(let labels): labels.objectCount
        }
    }

    /// All labels in memory; what lies on disk stays there.
    public func labelImage(_ work: Work = Work()) throws -> LabelImage {
        switch self {
        case .whole(let labels): labels
        case .joined(let labels): try labels.labelImage(work)
        }
    }

    /// Removes what lies on disk, after which nothing can be read any more.
    public func discard() {
        if case .joined(let labels) = self { labels.removeWorkingFolder() }
    }
}
