import Files
import Foundation
public import ImageFormats
import Imaging
public import Prompting
import Segmentation
public import Torch
public import Volumes

/// Objects from prompts in the slices of a file, or in the frames of a movie.
public struct VolumePromptRun: Sendable {
    /// What is asked for.
    public struct Request: Sendable {
        /// The objects with their prompts.
        public var objects: [VolumeObject]

        /// The objects of a movie with their relatives; nil for a volume.
        public private(set) var tracks: [TrackObject]?

        /// How objects go from slice to slice.
        public var propagation: PropagationOptions

        /// How prompts of people become masks.
        public var prompting: PromptOptions

        /// A label stack whose objects keep their pixels; nil for none.
        public var others: String?

        /// Describes a request.
        public init(
            _ objects: [VolumeObject],
            _ propagation: PropagationOptions,
            _ prompting: PromptOptions,
            others: String? = nil
        ) {
            (self.objects, self.propagation) = (objects, propagation)
            (self.prompting, self.others) = (prompting, others)
        }

        /// Describes a request for objects of a movie.
        public init(
            following tracks: [TrackObject],
            _ propagation: PropagationOptions,
            _ prompting: PromptOptions,
            others: String? = nil
        ) {
            self.init(tracks.map(\.followed), propagation, prompting, others: others)
            self.tracks = tracks
        }
    }

    /// The volume.
    public let file: PlaneFile

    /// How slices are divided: as was asked for, or as the store is.
    public let tiling: TilingChoice

    private let store: String?

    /// Whether the planes are the frames of a movie.
    let isMovie: Bool

    /// Describes a run.
    ///
    /// - Parameters:
    ///   - file: The slices, opened with all planes of one time point.
    ///   - tiling: How slices are divided where there is no store.
    ///   - store: A store of embeddings of the volume, to which missing ones are added; it is begun if it does not exist.
    ///   - isMovie: Whether the planes are the frames of a movie.
    /// - Throws: ``VolumeError``; `EmbeddingStoreError` if the store cannot be opened.
    public init(
        _ file: PlaneFile,
        tiling: TilingChoice = .automatic,
        store: String? = nil,
        isMovie: Bool = false
    ) throws {
        if isMovie { try file.requireMovie() } else { try file.requireVolume() }
        (self.file, self.store, self.isMovie) = (file, store, isMovie)
        self.tiling = try store.flatMap(Self.tiling) ?? tiling
    }

    /// How a store is divided; nil if it is not complete, or not there yet.
    private static func tiling(of store: String) throws -> TilingChoice? {
        guard FileStatus(of: store) != nil else { return nil }
        do {
            return try EmbeddingStore(opening: URL(filePath: store)).tilingChoice
        } catch EmbeddingStoreError.incomplete {
            return nil
        }
    }

    /// Checks the prompts of all objects, which needs no model.
    ///
    /// - Throws: `VolumePromptError`, `TrackPromptError`, or `PromptUseError` that names the object whose prompts cannot be used;
    ///   ``VolumeError`` if the other labels do not fit.
    public func check(_ request: Request) throws {
        if let tracks = request.tracks {
            _ = try Propagation(
                following: tracks,
                frameCount: file.planes.count,
                request.propagation,
                request.prompting
            )
        } else {
            _ = try Propagation(
                request.objects,
                sliceCount: file.planes.count,
                request.propagation,
                request.prompting
            )
        }
        for object in request.objects {
            for slice in object.prompts.keys.sorted() {
                try object.planar(slice: slice)?.requireUsable(in: file.size, request.prompting)
            }
        }
        _ = try occupied(request.others)
    }

    /// Predicts the masks.
    ///
    /// - Parameters:
    ///   - weights: The model.
    ///   - work: Told of decisions; cancelling it ends the run.
    ///   - warning: Told what looks odd in the store.
    ///   - receive: Told of each mask when it is there, outwards from the prompts.
    /// - Returns: All masks, by object and slice.
    /// - Throws: `PlaneError` for a slice with values that are not finite; what `VolumeRun` throws; `CancellationError`.
    public func masks(
        _ request: Request,
        _ weights: ModelWeights,
        on device: Device,
        _ work: Work,
        warning: @escaping @Sendable (String) -> Void = { _ in },
        telling receive: (SliceMask) -> Void = { _ in }
    ) async throws -> [SliceMask] {
        let (model, shelf) = try await InferenceEngine.shared(on: device).run(.automatic, work) {
            work in
            let model = try weights.load(on: device)
            return (model, try self.shelf(model, work))
        }
        shelf?.warnings.forEach(warning)
        let slices = slices(model, shelf, objectCount: request.objects.count)
        let occupied = try occupied(request.others)
        let (next, result): (() async throws -> SliceMask?, () async throws -> [SliceMask])
        if let tracks = request.tracks {
            let run = try TrackRun(
                tracks,
                in: slices,
                request.propagation,
                request.prompting,
                work,
                occupied: occupied
            )
            (next, result) = ({ try await run.next() }, { try await run.result() })
        } else {
            let run = try VolumeRun(
                request.objects,
                in: slices,
                request.propagation,
                request.prompting,
                work,
                occupied: occupied
            )
            (next, result) = ({ try await run.next() }, { try await run.result() })
        }
        while let mask = try await next() { receive(mask) }
        try shelf?.finish()
        return try await result()
    }

    private func shelf(_ model: Model, _ work: Work) throws -> StoreShelf? {
        try store.map { path in
            try StoreShelf(
                URL(filePath: path),
                of: PlaneStack(file.planes),
                model: model.identity,
                base: Planner(model, tiling).base(of: file.size),
                isWritable: true,
                work
            )
        }
    }

    /// The sessions on the slices.
    private func slices(
        _ model: Model,
        _ shelf: StoreShelf?,
        objectCount: Int
    ) -> SliceSessions {
        let memory = EmbeddingMemory(byteLimit: memoryLimit(shelf, objectCount: objectCount))
        let (file, tiling) = (file, tiling)
        return SliceSessions(count: file.planes.count, size: file.size) { slice in
            let plane = file.planes[slice]
            guard try !plane.isBlank(slice, model.normalization) else {
                return BlankSession(size: plane.size)
            }
            return ImageSession(
                on: plane,
                id: "\(file.file)#z\(slice)",
                model,
                tiling: tiling,
                memory: memory,
                store: shelf?.shelf(ofPlane: slice)
            )
        }
    }

    /// Bytes of embeddings that stay in memory.
    ///
    /// One object visits each slice once. Several come to the same slices at different times, so that as many slices
    /// stay as a quarter of the machine holds, where no store keeps them.
    private func memoryLimit(_ shelf: StoreShelf?, objectCount: Int) -> Int {
        guard objectCount > 1, shelf == nil else { return 128 << 20 }
        let quarter = Int(ProcessInfo.processInfo.physicalMemory / 4)
        return max(512 << 20, min(file.planes.count << 23, quarter))
    }

    // MARK: - Other objects

    /// The pixels of each slice that belong to other objects.
    private func occupied(
        _ others: String?
    ) throws -> @Sendable (Int) throws -> RunLengthMask? {
        guard let others else { return { _ in nil } }
        let options = ImageSource.Options(colorConversion: .asStored)
        let source = try ImageSource(opening: URL(filePath: others), options: options)
        let axes = source.description.axes
        guard axes.t * axes.z == file.planes.count, Size(width: axes.x, height: axes.y) == file.size
        else {
            throw VolumeError.otherSize(
                file: others,
                size: "\(axes.t * axes.z) slices of \(axes.x) x \(axes.y) pixels",
                expected: "\(file.planes.count) slices of \(file.size) pixels"
            )
        }
        return { slice in
            let labels = try source.readLabels(PlaneIndex(t: slice / axes.z, z: slice % axes.z))
            return try RunLengthMask(
                Raster(size: labels.size, samples: labels.labels.map { $0 != 0 })
            )
        }
    }
}

extension PlaneSource {
    /// Whether nothing can be seen in a slice.
    fileprivate func isBlank(_ slice: Int, _ normalization: Normalization) throws -> Bool {
        do {
            return try PlanePixels(self, normalization).isBlank()
        } catch let error as ImagingError {
            throw PlaneError.unusablePixels(file: "\(file), slice \(slice)", error)
        }
    }
}

/// The work on a slice in which nothing can be seen: no object is there.
private struct BlankSession: InteractiveSession {
    let size: Size

    var state: SessionState { .ready }

    func prepare(_ work: Work) {}

    func preview(at point: Point<OriginalPixels>, _ work: Work) -> [PredictedMask]? { [] }

    func predict(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        keepsLogits: Bool,
        _ work: Work
    ) throws -> [PredictedMask] {
        let nothing = try RunLengthMask(Raster(repeating: false, size: size))
        return objects.indices.map {
            PredictedMask(object: $0, pixels: nothing, score: 0, stability: 0)
        }
    }

    func automatic(_ options: AutomaticSegmentationOptions, _ work: Work) -> LabelImage {
        LabelImage(size: size)
    }

    func close() {}
}
