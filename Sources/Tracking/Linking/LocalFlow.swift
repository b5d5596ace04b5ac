import Imaging

/// How much farther the neighbours of each object moved than was predicted: drift of the stage, growth of a colony.
struct LocalFlow {
    /// What is to be added to the predicted way of each source.
    private(set) var corrections: [Displacement]

    /// Whether any correction is larger than what does not matter.
    private(set) var isNoticeable = false

    /// How many neighbours are asked.
    private static let neighbors = 8

    init(
        _ sources: [LinkSource],
        _ choices: [LinkChoice],
        _ targets: [LinkTarget],
        ways: [Displacement],
        frame: Int
    ) {
        corrections = Array(repeating: Displacement(), count: sources.count)
        var places: [Point<OriginalPixels>] = []
        var residuals: [Displacement] = []
        var positions: [Int?] = Array(repeating: nil, count: sources.count)
        for (position, source) in sources.enumerated() where source.frame == frame - 1 {
            guard case .continuation(let target) = choices[position] else { continue }
            positions[position] = places.count
            places.append(source.measurement.centroid)
            let way = targets[target].measurement.centroid - source.measurement.centroid
            residuals.append(way - ways[position])
        }
        guard places.count >= 4 else { return }
        let reach = 6 * median(sources.map(\.diameter))
        let grid = NeighborGrid(places, reach: reach)
        for (position, source) in sources.enumerated() {
            let near = grid.nearest(
                to: source.measurement.centroid,
                within: reach,
                count: Self.neighbors + 1
            )
            .filter { $0.index != positions[position] }
            guard near.count >= 3 else { continue }
            let steps = Double(frame - source.frame)
            corrections[position] =
                Displacement(
                    dx: median(near.map { residuals[$0.index].dx }),
                    dy: median(near.map { residuals[$0.index].dy })
                ) * steps
            if corrections[position].length > max(0.05 * source.diameter, 0.5) {
                isNoticeable = true
            }
        }
    }
}
