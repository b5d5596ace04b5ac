import Imaging

/// Links detections by distance alone, in two steps, each of which solves an assignment problem.
///
/// First the objects of each frame are linked with those of the next, as many as possible and then at the lowest sum of squared distances.
/// Then the ends of the resulting segments are linked with later starts (gaps), and starts with the middle of other segments (divisions).
///
/// It looks at nothing but centroids and, for divisions, areas, so it suits spots and points. ``Linker`` looks at outlines and motion, too.
///
/// - Source: Jaqaman et al., "Robust single-particle tracking in live-cell time-lapse sequences", Nature Methods 5, 695, 2008; without
///   merging, because an object has one parent.
public struct AssignmentLinker: Hashable, Codable, Sendable {
    /// The longest way from one frame to the next, in pixels.
    public var maximumDistance: Double

    /// The most frames in which an object may be missing.
    public var maximumGap: Int

    /// The longest way across a gap, in pixels.
    public var maximumGapDistance: Double

    /// The longest way from a mother to the second daughter, in pixels; nil finds no divisions.
    public var maximumDivisionDistance: Double?

    /// What ending and starting cost together, in parts of the highest cost in the first step, and of the 90th percentile of all costs in
    /// the second.
    static let alternative = 1.05

    /// A linker with these limits.
    ///
    /// - Parameters:
    ///   - maximumDistance: The longest way from one frame to the next, in pixels.
    ///   - maximumGap: The most frames in which an object may be missing.
    ///   - maximumGapDistance: The longest way across a gap; nil for that of one frame.
    ///   - maximumDivisionDistance: The longest way from a mother to the second daughter; nil finds no divisions.
    public init(
        maximumDistance: Double,
        maximumGap: Int = 2,
        maximumGapDistance: Double? = nil,
        maximumDivisionDistance: Double? = nil
    ) {
        self.maximumDistance = maximumDistance
        self.maximumGap = maximumGap
        self.maximumGapDistance = maximumGapDistance ?? maximumDistance
        self.maximumDivisionDistance = maximumDivisionDistance
    }

    /// The links of detections, which are ordered by frame; ordered by target and then by source.
    ///
    /// Frames without detections may be missing.
    public func link(_ detections: [Detection]) -> [Link] {
        let frames = Frames(detections)
        let first = linkFrames(frames)
        return (first + linkSegments(frames, first)).sorted {
            ($0.target, $0.source) < ($1.target, $1.source)
        }
    }

    // MARK: - Frame to frame

    private func linkFrames(_ frames: Frames) -> [Link] {
        var links: [Link] = []
        for frame in frames.ranges.keys.sorted() {
            let limit = maximumDistance * maximumDistance
            var problem = PairProblem()
            for source in frames.ranges[frame - 1] ?? 0..<0 {
                for near in frames.near(source, in: frame, within: maximumDistance) {
                    let cost = near.distance * near.distance
                    problem.add(Link(from: source, to: near.index), cost: cost)
                }
            }
            links += problem.solve(alternative: Self.alternative * limit)
        }
        return links
    }

    // MARK: - Segments

    private func linkSegments(_ frames: Frames, _ links: [Link]) -> [Link] {
        let successors = Dictionary(links.map { ($0.source, $0.target) }) { first, _ in first }
        let hasParent = Set(links.map(\.target))
        let starts = Set(frames.detections.indices.filter { !hasParent.contains($0) })
        var problem = PairProblem()
        for source in frames.detections.indices {
            if let successor = successors[source] {
                addDivisions(of: source, successor, starts, frames, &problem)
            } else {
                addGaps(after: source, starts, frames, &problem)
            }
        }
        return problem.solve(alternative: Self.alternative * problem.percentile(0.9))
    }

    private func addGaps(
        after end: Int,
        _ starts: Set<Int>,
        _ frames: Frames,
        _ problem: inout PairProblem
    ) {
        guard maximumGap > 0 else { return }
        let frame = frames.detections[end].frame
        for later in frame + 2...frame + 1 + maximumGap {
            for near in frames.near(end, in: later, within: maximumGapDistance)
            where starts.contains(near.index) {
                problem.add(Link(from: end, to: near.index), cost: near.distance * near.distance)
            }
        }
    }

    private func addDivisions(
        of mother: Int,
        _ daughter: Int,
        _ starts: Set<Int>,
        _ frames: Frames,
        _ problem: inout PairProblem
    ) {
        guard let limit = maximumDivisionDistance else { return }
        let all = frames.detections
        for near in frames.near(mother, in: all[mother].frame + 1, within: limit)
        where starts.contains(near.index) {
            let both = all[daughter].measurement.area + all[near.index].measurement.area
            let ratio = Double(all[mother].measurement.area) / Double(both)
            let weight = ratio > 1 ? ratio : 1 / (ratio * ratio)
            // The mother keeps her first daughter: a detection with a successor is no end, so it has no gap to close.
            problem.add(
                Link(from: mother, to: near.index),
                cost: near.distance * near.distance * weight
            )
        }
    }
}

/// Detections by frame.
private struct Frames {
    let detections: [Detection]
    let ranges: [Int: Range<Int>]
    private let grids: [Int: NeighborGrid]

    init(_ detections: [Detection]) {
        self.detections = detections
        var ranges: [Int: Range<Int>] = [:]
        for (position, detection) in detections.enumerated() {
            ranges[detection.frame] =
                (ranges[detection.frame]?.lowerBound ?? position)..<position + 1
        }
        self.ranges = ranges
        grids = ranges.mapValues { range in
            let diameter = median(detections[range].map(\.measurement.equivalentDiameter))
            return NeighborGrid(detections[range].map(\.measurement.centroid), reach: 2 * diameter)
        }
    }

    /// The detections of a frame near the place of a detection of another frame.
    func near(_ source: Int, in frame: Int, within limit: Double) -> [(
        index: Int, distance: Double
    )] {
        guard let grid = grids[frame], let range = ranges[frame] else { return [] }
        return grid.nearest(to: detections[source].measurement.centroid, within: limit, count: 20)
            .map { (range.lowerBound + $0.index, $0.distance) }
    }
}

/// Links with costs, of which each source and each target takes part in one at most.
private struct PairProblem {
    private var links: [Link] = []
    private var costs: [Double] = []

    mutating func add(_ link: Link, cost: Double) {
        links.append(link)
        costs.append(cost)
    }

    /// The lowest cost that at least this share of all costs does not exceed; 0 without costs.
    func percentile(_ share: Double) -> Double {
        guard !costs.isEmpty else { return 0 }
        return costs.sorted()[Int((share * Double(costs.count - 1)).rounded(.up))]
    }

    /// The links at the lowest sum of costs, where each end and each start that stays alone costs `alternative`.
    func solve(alternative: Double) -> [Link] {
        var assignment = SparseAssignment()
        for (position, link) in links.enumerated() where costs[position] < 2 * alternative {
            assignment.addPair(
                position,
                row: UInt32(link.source),
                column: UInt32(link.target),
                cost: costs[position] - 2 * alternative
            )
        }
        return assignment.cheapest().map { links[$0] }
    }
}
