import Foundation
import ImageFormats
import Imaging
import Prompting
import SegmentAnything
public import Segmentation
import Synchronization

/// A segmenter as a batch sees it: its steps are measured, and run on the engine of its device.
public struct NetworkSegmenter: BatchSegmenter {
    private let segmenter: Segmenter
    private let engine: InferenceEngine
    private let volume = VolumeStore()

    /// Uses a segmenter.
    public init(_ segmenter: Segmenter) {
        self.segmenter = segmenter
        engine = InferenceEngine.shared(on: segmenter.model.networks.device)
    }

    /// Runs the networks on a plane.
    public func predict(_ plane: BatchPlane, _ clock: inout StageClock) throws -> RemainingWork {
        try engine.perform(.automatic, clock.work) { work in try find(plane, &clock, work) }
    }

    private func find(
        _ plane: BatchPlane,
        _ clock: inout StageClock,
        _ work: Work
    ) throws -> RemainingWork {
        var store: StoreShelf?
        let embedded = try clock.measure(.encode) {
            store = try self.store(of: plane, work)
            let shelf: any EmbeddingShelf = store ?? NoShelf()
            let embedded = try segmenter.embedded(plane.pixels, shelf: shelf, work)
            try store?.finish()
            return embedded
        }
        if embedded.division.joinsTiles {
            let labels = try clock.measure(.decode) {
                let labels = try segmenter.joined(
                    embedded,
                    in: plane.workingFolder,
                    work
                )
                // Tiles are embedded as they are segmented.
                try store?.finish()
                return labels
            }
            return { .joined(labels) }
        }
        var state = segmenter.state(of: embedded)
        let options = segmenter.options
        try clock.measure(.decode) { try state.prepare(options, work) }
        if segmenter.mode == .generatedPrompts {
            // Here the model is asked once more, which has to happen on its own thread.
            let labels = try clock.measure(.segment) { try state.labels(options, work) }
            try state.hint(labels, options).map(work.decide)
            return { .whole(labels) }
        }
        return { [state] in
            var state = state
            let labels = try state.labels(options, work)
            try state.hint(labels, options).map(work.decide)
            return .whole(labels)
        }
    }

    /// The store of the embeddings of a plane; nil for none.
    private func store(of plane: BatchPlane, _ work: Work) throws -> StoreShelf? {
        guard let url = plane.store else { return nil }
        if let depth = plane.storedDepth {
            return try volume.shelf(url, holding: plane.source, depth, segmenter.planner, work)
        }
        return try StoreShelf(
            url,
            holding: plane.source,
            pixels: plane.pixels,
            segmenter.planner,
            isWritable: true,
            work
        )
    }
}

/// The store of the volume whose slices are segmented, which is opened for the first of them.
private final class VolumeStore: Sendable {
    private let opened = Mutex<(place: String, shelf: StoreShelf)?>(nil)

    func shelf(
        _ url: URL,
        holding plane: PlaneSource,
        _ depth: Int,
        _ planner: Planner,
        _ work: Work
    ) throws -> StoreShelf {
        let stack = plane.stack(ofDepth: depth)
        let place = "\(url.path)#\(plane.file)"
        let known = opened.withLock { $0?.place == place ? $0?.shelf : nil }
        let shelf =
            try known
            ?? StoreShelf(
                url,
                of: PlaneStack(stack?.planes ?? [plane]),
                model: planner.model.identity,
                base: planner.base(of: plane.size),
                isWritable: true,
                work
            )
        opened.withLock { $0 = (place, shelf) }
        return shelf.shelf(ofPlane: stack?.place ?? 0)
    }
}
