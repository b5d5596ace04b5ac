public import Imaging
import Torch
public import Tracking

/// Associations of the objects of a movie by the transformer, frame by frame.
///
/// The network sees windows of consecutive frames, each of which starts one frame after the one before. The score of two objects in
/// consecutive frames is the mean over the windows in which it is at least ``minimumScore``. Only the frames of one window are kept.
///
/// - Source: `predict_windows` and `build_graph` in `trackastra`.
public struct Associations: Sendable {
    /// Lower scores are left out.
    public static let minimumScore: Float = 0.05

    /// The possible links that become final with a frame, ordered by source and then by distance; positions count the objects of all frames.
    public typealias Final = [CandidateEdge]

    private let model: TrackastraModel
    private let intensities: MovieIntensities.Range
    private let limits: CandidateGraph.Limits

    private struct Frame {
        let number: Int
        let first: Int
        let coordinates: [[Float]]
        let features: [[Float]]

        /// To the next frame: the sum of scores and their number, for positions in this frame and in the next.
        var sums: [Int: (sum: Float, count: Int)] = [:]
    }

    private var frames: [Frame] = []
    private var size: Size?

    /// How many frames have been added.
    public private(set) var frameCount = 0

    /// How many objects they had.
    public private(set) var objectCount = 0

    /// Associations of a movie that is still to be seen.
    ///
    /// - Parameters:
    ///   - model: The network.
    ///   - intensities: The range of intensities of the whole movie.
    ///   - limits: Which links are possible beside their score.
    public init(
        _ model: TrackastraModel,
        intensities: MovieIntensities.Range,
        limits: CandidateGraph.Limits = CandidateGraph.Limits()
    ) {
        self.model = model
        self.intensities = intensities
        self.limits = limits
    }

    /// Adds the next frame.
    ///
    /// - Parameters:
    ///   - labels: The objects; objects are counted in the order of their labels.
    ///   - image: The pixels, one channel, of the same size.
    /// - Returns: The links that no later window can change.
    /// - Throws: ``TrackastraError``.
    public mutating func add(_ labels: LabelImage, _ image: AnyRaster) throws(TrackastraError)
        -> Final
    {
        guard image.channels == 1 else {
            throw .severalChannels(frame: frameCount, channels: image.channels)
        }
        for found in [labels.size, image.size] where found != size ?? labels.size {
            throw .sizeMismatch(frame: frameCount, expected: size ?? labels.size, found: found)
        }
        size = labels.size
        let index = LabelIndex(labels)
        let objects = ObjectFeatures(labels, index, image.floats(), intensities)
        frames.append(
            Frame(
                number: frameCount,
                first: objectCount,
                coordinates: objects.coordinates,
                features: objects.features
            )
        )
        frameCount += 1
        objectCount += index.labels.count
        guard frames.count == model.configuration.window else { return [] }
        try runWindow()
        return takeFirst()
    }

    /// Ends the movie.
    ///
    /// - Returns: The links that were not final before; none of a movie of one frame.
    public mutating func finish() throws(TrackastraError) -> Final {
        // A movie shorter than a window is one window.
        if frameCount < model.configuration.window { try runWindow() }
        var edges: Final = []
        while !frames.isEmpty { edges += takeFirst() }
        return edges
    }

    /// The candidates from the oldest frame, which is then forgotten.
    private mutating func takeFirst() -> Final {
        let frame = frames.removeFirst()
        guard let next = frames.first else { return [] }
        var graph = CandidateGraph(limits)
        func points(_ frame: Frame) -> [Point<OriginalPixels>] {
            frame.coordinates.map { Point(x: Double($0[1]), y: Double($0[0])) }
        }
        _ = graph.add(points(frame))
        let (sources, targets) = (frame.coordinates.count, next.coordinates.count)
        func score(_ link: Link) -> (sum: Float, count: Int)? {
            frame.sums[link.source * targets + link.target - sources]
        }
        return graph.add(points(next)) { score($0) != nil }.compactMap { edge in
            guard let (sum, count) = score(edge.link) else { return nil }
            let link = Link(
                from: frame.first + edge.link.source,
                to: next.first + edge.link.target - sources
            )
            return CandidateEdge(link, weight: Double(sum / Float(count)))
        }
    }

    /// Adds the scores of the frames that are kept to the sums.
    private mutating func runWindow() throws(TrackastraError) {
        let window = AssociationWindow(
            frames: frames.map { ($0.number, $0.coordinates, $0.features) }
        )
        let scores: [[Float]]
        do throws(TensorError) {
            scores = try window.consecutiveScores(model)
        } catch {
            throw .tensor(error)
        }
        for (frame, block) in scores.enumerated() {
            for (place, score) in block.enumerated() where score >= Self.minimumScore {
                let before = frames[frame].sums[place] ?? (0, 0)
                frames[frame].sums[place] = (before.sum + score, before.count + 1)
            }
        }
    }
}
