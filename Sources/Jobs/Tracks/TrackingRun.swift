import Files
public import Foundation
import ImageFormats
public import Imaging
public import Prompting
import Segmentation
public import Torch
public import Tracking

/// Objects of a movie, frame by frame, and how they become each other.
///
/// Frames are taken one after the other. What is known of objects, but no pixels, is kept until the end; the labels of
/// frames lie in a working folder beside the results, so that a run that was killed goes on.
///
/// ```swift
/// let run = try TrackingRun(movie, settings, weights, on: device, workingFolder: folder)
/// let tracked = try run.tracked(work) { print($0.frame) }
/// ```
public struct TrackingRun: Sendable {
    /// What decides about tracks.
    public struct Settings: Hashable, Codable, Sendable {
        /// How objects are found; without use for labels that are given.
        public var segmentation = SegmentationSettings()

        /// How objects are linked.
        public var linking = LinkingSettings()

        /// Tracks of fewer frames that neither come from a division nor divide are left out; 1 keeps all.
        public var minimumLength = 1

        /// The defaults.
        public init() {}
    }

    /// What is told after each frame.
    public struct Progress: Hashable, Sendable {
        /// The frame, counted from 0.
        public let frame: Int

        /// Number of objects in it.
        public let objects: Int
    }

    /// The frames.
    public let movie: Movie

    /// What decides about tracks.
    public let settings: Settings

    private enum Source: Sendable {
        case model(ModelWeights, workingFolder: URL)
        case labels(GivenFrames)
        case tracks(GivenTracks)
    }

    private let source: Source
    private let device: Device

    /// Will find the objects with a model.
    ///
    /// - Parameter workingFolder: For the labels of frames; one of another run is emptied, any other folder refused.
    public init(
        _ movie: Movie,
        _ settings: Settings,
        _ weights: ModelWeights,
        on device: Device,
        workingFolder: URL
    ) {
        (self.movie, self.settings, self.device) = (movie, settings, device)
        source = .model(weights, workingFolder: workingFolder)
    }

    /// Will link objects that are known.
    ///
    /// - Parameters:
    ///   - labels: A label stack, or one label image for each frame; what the labels of different frames have in
    ///     common means nothing.
    ///   - device: Where a network links them.
    /// - Throws: ``MovieError`` if there are labels of other frames; what opening them throws.
    public init(
        _ movie: Movie,
        _ settings: Settings,
        labels: InputList,
        on device: Device = .cpu
    ) throws {
        (self.movie, self.settings, self.device) = (movie, settings, device)
        source = .labels(try GivenFrames(labels, of: movie))
    }

    /// Takes tracks that are known; of the settings, only ``Settings/minimumLength`` matters.
    ///
    /// - Parameters:
    ///   - tracks: A folder of the Cell Tracking Challenge, a GEFF, or a file of TrackMate.
    ///   - labels: The label images whose objects the tracks are; nil for those that the tracks have or name, or for outlines.
    /// - Throws: `TrackFileError` if the tracks cannot be used; ``MovieError`` if they are those of another movie, or label images are
    ///   missing; what opening the label images throws.
    public init(
        _ movie: Movie,
        _ settings: Settings,
        tracks: String,
        labels: InputList? = nil
    ) throws {
        (self.movie, self.settings, device) = (movie, settings, .cpu)
        source = .tracks(try GivenTracks(tracks, labels: labels, of: movie))
    }

    /// The file or folder of the tracks that were given; nil where objects are linked here.
    public var givenTracks: String? {
        if case .tracks(let given) = source { given.path } else { nil }
    }

    /// Finds and links all objects.
    ///
    /// - Parameters:
    ///   - work: Told of decisions; cancelling it ends the run, which goes on where it was.
    ///   - receive: Told of each frame.
    /// - Throws: What reading and the model throw; `LinkingError`; `TrackastraError`; `CancellationError`.
    public func tracked(_ work: Work, telling receive: (Progress) -> Void = { _ in }) throws
        -> TrackedMovie
    {
        var scores: LinkScores?
        var (graph, frames) =
            if case .tracks(let given) = source {
                try given.linked(work, telling: receive)
            } else {
                try linked(work, &scores, telling: receive)
            }
        try graph.removeTracks(shorterThan: settings.minimumLength)
        return try TrackedMovie(movie, graph, frames, scores, tracks: givenTracks)
    }

    /// The objects of all frames, linked here.
    private func linked(
        _ work: Work,
        _ scores: inout LinkScores?,
        telling receive: (Progress) -> Void
    ) throws -> (graph: LineageGraph, frames: any FrameLabels) {
        let frames = try frameLabels()
        var linker = try MovieLinker(settings.linking, movie, on: device, work)
        var (detections, links): ([Detection], [Link]) = ([], [])
        var found = LinkScores(margin: linker.clearMargin)
        for frame in 0..<movie.count {
            try work.checkpoint()
            let linked = try linker.add(frames.labels(frame, work), frame: frame)
            detections += linked.detections
            links += linked.links
            found.add(linked.candidates)
            receive(Progress(frame: frame, objects: linked.detections.count))
        }
        let last = try linker.finish()
        links += last.links
        found.add(last.candidates)
        scores = found
        return (try LineageGraph(detections, links: links), frames)
    }

    private func frameLabels() throws -> any FrameLabels {
        switch source {
        case .labels(let frames): return frames
        case .tracks(let tracks): return tracks.frames
        case .model(let weights, let folder):
            let store = try SliceStore(folder, description: description(weights), size: movie.size)
            let segmentation = settings.segmentation
            let engine = InferenceEngine.shared(on: device)
            var segmenter: Segmenter?
            return SegmentedFrames(movie, store, engine) {
                if let segmenter { return segmenter }
                let model = try engine.perform(.automatic) { _ in try weights.load(on: device) }
                let loaded = try Segmenter(
                    model,
                    segmentation.automatic,
                    tiling: segmentation.tiling,
                    limits: segmentation.limits
                )
                segmenter = loaded
                return loaded
            }
        }
    }

    /// Everything that decides about the labels of frames.
    private func description(_ weights: ModelWeights) throws -> JSONObject {
        var deciding = settings.segmentation
        deciding.results = []
        let model = try ManifestModel(weights.files, architecture: weights.report.architecture)
        var description = JSONObject()
        description["frames"] = .string(try movie.identity())
        description["model"] = .string(
            [model.hash, model.decoderHash ?? ""].joined(separator: " ")
        )
        description["program"] = .string(ProgramVersion.text)
        description["settings"] = .string(try JSONText.encodeLine(deciding, keys: .asDeclared))
        return description
    }
}

/// A movie whose objects have been linked.
public struct TrackedMovie {
    /// The frames.
    public let movie: Movie

    /// The objects of all frames by frame and label, and how they become each other.
    public let graph: LineageGraph

    /// How good the linker said links to be; nil for tracks that were given.
    public let scores: LinkScores?

    /// The file or folder of the tracks that were given; nil where objects were linked.
    public let givenTracks: String?

    private let frames: any FrameLabels
    private let numbers: LineageRecords

    init(
        _ movie: Movie,
        _ graph: LineageGraph,
        _ frames: any FrameLabels,
        _ scores: LinkScores?,
        tracks: String?
    ) throws {
        (self.movie, self.graph, self.frames) = (movie, graph, frames)
        (self.scores, givenTracks) = (scores, tracks)
        numbers = try graph.records(gaps: .sameTrack)
    }

    /// The labels of a frame, each object with the number of its track; objects that are in no track are background.
    ///
    /// - Throws: What reading throws; `CancellationError`.
    public func labels(_ frame: Int, _ work: Work = Work()) throws -> LabelImage {
        tracks(of: try found(frame, work), frame)
    }

    /// The labels of a frame as they were found, of which the graph tells.
    func found(_ frame: Int, _ work: Work) throws -> LabelImage { try frames.labels(frame, work) }

    /// The same with the numbers of tracks.
    func tracks(of found: LabelImage, _ frame: Int) -> LabelImage {
        found.relabeled(numbers.numbers(inFrame: frame))
    }

    /// Removes the working folder; labels cannot be read any more.
    public func discardWorkingFolder() { frames.discard() }
}

extension LineageGraph {
    /// Removes tracks that are too short to be believed, unless a division speaks for them.
    fileprivate mutating func removeTracks(shorterThan length: Int) throws {
        for track in tracks()
        where track.nodes.count < length && track.parent == nil && track.children.isEmpty {
            try apply(.delete(track.nodes[0], scope: .all))
        }
    }
}

extension Movie {
    /// What tells the frames apart from others.
    fileprivate func identity() throws -> String {
        try files.map { try ContentDigest.digest(of: $0) }.joined(separator: " ")
    }
}
