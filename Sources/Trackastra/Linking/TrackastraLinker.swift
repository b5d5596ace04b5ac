public import Imaging
public import Tracking

/// Links the objects of a movie by Trackastra's transformer, frame by frame.
///
/// Frames are given one by one, images and labels together. What is kept belongs to one window of frames, so memory does not grow with the
/// movie, unless the costs of the integer programme allow to leave objects out.
///
/// Objects are told apart by their labels, wherever their centroids lie. An object without links is a track of one frame.
public struct TrackastraLinker: Sendable {
    /// How links are chosen by their scores.
    public enum Solver: Hashable, Sendable {
        /// One by one, the best first.
        case greedy(GreedySolver)
        /// The best sum of costs.
        case program(LineageProgram)
    }

    private var associations: Associations
    private let solver: Solver

    /// Possible links that wait for the end of the movie.
    private var waiting: [CandidateEdge] = []

    /// A linker that has seen no frame.
    ///
    /// - Parameters:
    ///   - model: The network.
    ///   - intensities: The range of intensities of the whole movie.
    ///   - solver: How links are chosen.
    ///   - limits: Which links are possible beside their score.
    public init(
        _ model: TrackastraModel,
        intensities: MovieIntensities.Range,
        solver: Solver = .greedy(GreedySolver()),
        limits: CandidateGraph.Limits = CandidateGraph.Limits()
    ) {
        associations = Associations(model, intensities: intensities, limits: limits)
        self.solver = solver
    }

    /// Adds the next frame.
    ///
    /// - Returns: The objects of the frame, and the links that are final now, which belong to earlier frames.
    /// - Throws: ``TrackastraError``.
    public mutating func add(_ labels: LabelImage, _ image: AnyRaster) throws(TrackastraError)
        -> LinkedFrame
    {
        let (frame, first) = (associations.frameCount, associations.objectCount)
        let edges = try associations.add(labels, image)
        // Without an image, measuring cannot fail.
        let objects = (try? labels.measurements()) ?? []
        let links = try choose(edges)
        return LinkedFrame(
            first: first,
            detections: objects.map { Detection(frame: frame, measurement: $0) },
            links: links,
            // What waits is looked at when it is decided.
            candidates: waiting.isEmpty ? edges.bestTwo(chosen: links) : []
        )
    }

    /// Ends the movie.
    ///
    /// - Returns: The links that were not final before, and the candidates that were not looked at; without objects.
    public mutating func finish() throws(TrackastraError) -> LinkedFrame {
        let edges = waiting + (try associations.finish())
        waiting = []
        let links = try solve(edges)
        return LinkedFrame(
            first: associations.objectCount,
            detections: [],
            links: links,
            candidates: edges.bestTwo(chosen: links)
        )
    }

    /// Links from one frame to the next do not depend on the others, unless objects may be left out.
    private mutating func choose(_ edges: [CandidateEdge]) throws(TrackastraError) -> [Link] {
        if case .program(let program) = solver, !program.takesAll {
            waiting += edges
            return []
        }
        return try solve(edges)
    }

    private func solve(_ edges: [CandidateEdge]) throws(TrackastraError) -> [Link] {
        switch solver {
        case .greedy(let greedy): return greedy.solve(edges)
        case .program(let program):
            // Only the objects that have possible links are counted, so that a frame costs what is in it.
            let nodes = Set(edges.flatMap { [$0.link.source, $0.link.target] }).sorted()
            let numbers = Dictionary(uniqueKeysWithValues: zip(nodes, nodes.indices))
            let numbered = edges.map { edge in
                CandidateEdge(
                    Link(
                        from: numbers[edge.link.source] ?? 0,
                        to: numbers[edge.link.target] ?? 0
                    ),
                    weight: edge.weight
                )
            }
            do throws(SolverError) {
                let links = try program.solve(nodeCount: nodes.count, edges: numbered).links
                return links.map { Link(from: nodes[$0.source], to: nodes[$0.target]) }
            } catch {
                throw .solver(error)
            }
        }
    }
}
