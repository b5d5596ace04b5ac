import Imaging
import Prompting
import Segmentation

/// An image that went through the networks: labels for any options, and its plane for prompts.
struct ImageEvidence {
    private enum Objects {
        /// Only prompts were asked for.
        case none
        /// Labels for any options.
        case state(AutomaticState)
        /// The image is so large that it is segmented tile by tile.
        case joined(Segmenter)
    }

    private let pixels: PlanePixels
    private let model: Model
    private let tiling: TilingChoice
    private let shelf = FirstParts()
    private let work: Work

    private let mode: AutomaticMode?
    private let plane: EmbeddedPlane
    private var objects: Objects

    /// Runs the networks, as segmentation does.
    ///
    /// - Parameter mode: How objects are found; nil if only prompts are asked for.
    init(
        of pixels: PlanePixels,
        _ mode: AutomaticMode?,
        _ model: Model,
        _ tiling: TilingChoice,
        _ limits: PlanningLimits,
        _ work: Work
    ) throws {
        (self.pixels, self.model, self.tiling, self.work) = (pixels, model, tiling, work)
        self.mode = mode
        guard let mode else {
            plane = try Planner(model, tiling).embedded(pixels, shelf: shelf, work)
            objects = .none
            return
        }
        let options = model.options(of: mode)
        let segmenter = try Segmenter(model, options, tiling: tiling, limits: limits)
        plane = try segmenter.embedded(pixels, shelf: shelf, work)
        objects =
            plane.division.joinsTiles
            ? .joined(segmenter) : .state(segmenter.state(of: plane, keepsStages: true))
    }

    /// The plane as it is divided for prompts: a grid of points takes no first look, prompts do, and smaller objects
    /// can suit the decoder.
    func promptPlane() throws -> EmbeddedPlane {
        let traits = model.traits
        guard
            mode == .maskGeneration || traits.objectDiameter(for: mode) != traits.objectDiameter
        else { return plane }
        return try Planner(model, tiling).embedded(pixels, shelf: shelf, isLazy: true, work)
    }

    /// The objects for some options; nil if only prompts were asked for.
    mutating func labels(_ options: AutomaticSegmentationOptions) throws -> LabelImage? {
        switch objects {
        case .none: return nil
        case .state(var state):
            defer { objects = .state(state) }
            return try state.labels(options, work)
        case .joined(let segmenter):
            let again = try Segmenter(
                segmenter.model,
                options,
                tiling: segmenter.planner.tiling,
                limits: segmenter.planner.limits
            )
            let labels = PlaneLabels.joined(
                try again.joined(plane, in: nil, work)
            )
            defer { labels.discard() }
            return try labels.labelImage(work)
        }
    }
}
