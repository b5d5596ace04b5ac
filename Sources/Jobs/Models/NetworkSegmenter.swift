import Imaging
import Prompting
import SegmentAnything
public import Segmentation

/// A segmenter as a batch sees it: its steps are measured, and run on the engine of its device.
public struct NetworkSegmenter: BatchSegmenter {
    private let segmenter: Segmenter
    private let engine: InferenceEngine

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
                    in: plane.workingFolder ?? Segmenter.temporaryFolder(),
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
