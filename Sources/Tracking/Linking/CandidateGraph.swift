public import Imaging

/// The links that are possible by distance, found frame by frame.
///
/// Only the frames that a gap can bridge are kept, so memory does not grow with the movie.
///
/// ```swift
/// var graph = CandidateGraph(CandidateGraph.Limits(distance: 40))
/// for centroids in movie { edges += graph.add(centroids) }
/// ```
public struct CandidateGraph: Sendable {
    /// Which links are possible.
    public struct Limits: Hashable, Codable, Sendable {
        /// The longest distance between the centroids, in pixels.
        public var distance: Double
        /// The most links from one detection to one later frame; the nearest are kept.
        public var neighbors: Int
        /// The most frames that an object may be missing in between.
        public var gap: Int

        /// Limits as in the reference by default: 256 pixels, 10 neighbours, no gap.
        public init(distance: Double = 256, neighbors: Int = 10, gap: Int = 0) {
            self.distance = distance
            self.neighbors = neighbors
            self.gap = gap
        }
    }

    /// A possible link, and how far the centroids are apart.
    public struct Edge: Hashable, Sendable {
        /// The detections, counted over all frames in the order in which they were added.
        public var link: Link
        /// Distance of the centroids in pixels.
        public var distance: Double

        /// A possible link.
        public init(link: Link, distance: Double) {
            self.link = link
            self.distance = distance
        }
    }

    /// Which links are possible.
    public let limits: Limits

    /// How many detections have been added.
    public private(set) var count = 0

    private var frames: [(first: Int, centroids: [Point<OriginalPixels>])] = []

    /// A graph without detections.
    public init(_ limits: Limits) { self.limits = limits }

    /// Adds the detections of the next frame.
    ///
    /// - Parameter isPossible: Further conditions of a link; only links that meet them count as neighbours.
    /// - Returns: The links that end in this frame, ordered by source and then by distance.
    public mutating func add(
        _ centroids: [Point<OriginalPixels>],
        where isPossible: (Link) -> Bool = { _ in true }
    ) -> [Edge] {
        let grid = NeighborGrid(centroids, reach: limits.distance)
        var edges: [Edge] = []
        for (first, sources) in frames {
            for (source, place) in sources.enumerated() {
                var rest = limits.neighbors
                for near in grid.nearest(to: place, within: limits.distance) where rest > 0 {
                    let link = Link(from: first + source, to: count + near.index)
                    guard isPossible(link) else { continue }
                    edges.append(Edge(link: link, distance: near.distance))
                    rest -= 1
                }
            }
        }
        frames.append((count, centroids))
        if frames.count > max(limits.gap, 0) + 1 { frames.removeFirst() }
        count += centroids.count
        return edges
    }
}
