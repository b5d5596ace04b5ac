import Imaging

/// The way that most objects have in common: a jump of the stage.
///
/// Each pair of objects of similar area, not too far apart, votes for the way between them. Pairs that do not belong together vote for
/// all kinds of ways, those that do vote for the same one.
struct CommonShift {
    /// The way with the most votes, beside the predicted ones.
    private(set) var shift = Displacement()

    /// Whether it has clearly more votes than no shift at all.
    private(set) var isNoticeable = false

    /// How far a shift is looked for, in diameters.
    private static let reach = 4.0
    private static let cellsPerDiameter = 5.0

    init(
        _ sources: [LinkSource],
        _ targets: [LinkTarget],
        ways: [Displacement],
        frame: Int
    ) {
        let diameter = max(median(sources.map(\.diameter)), 1)
        let side = diameter / Self.cellsPerDiameter
        let half = Int(Self.reach * Self.cellsPerDiameter) + 2
        let width = 2 * half + 1
        let grid = NeighborGrid(targets.map(\.measurement.centroid), reach: Self.reach * diameter)
        var votes = [Int](repeating: 0, count: width * width)
        var pairs: [Displacement] = []
        var voters = 0
        for (source, way) in zip(sources, ways) where source.frame == frame - 1 {
            let place = source.measurement.centroid + way
            voters += 1
            for near in grid.nearest(to: place, within: Self.reach * diameter) {
                let target = targets[near.index].measurement
                let area = source.measurement.area
                guard 4 * target.area > 3 * area, 3 * target.area < 4 * area else { continue }
                let move = target.centroid - place
                let (column, row) = Self.cell(move, side: side, half: half)
                votes[row * width + column] += 1
                pairs.append(move)
            }
        }
        guard voters >= 4 else { return }
        let (best, count) = Self.peak(votes, width: width)
        let center = Displacement(
            dx: Double(best.column - half) * side,
            dy: Double(best.row - half) * side
        )
        let near = pairs.filter { ($0 - center).length <= 1.5 * side }
        shift = Displacement(dx: median(near.map(\.dx)), dy: median(near.map(\.dy)))
        let none = Self.votes(votes, width: width, column: half, row: half)
        isNoticeable = 4 * count > 5 * none && 4 * count > voters && shift.length > side
    }

    private static func cell(_ move: Displacement, side: Double, half: Int) -> (Int, Int) {
        (Int((move.dx / side).rounded()) + half, Int((move.dy / side).rounded()) + half)
    }

    /// The votes in a cell and the eight around it.
    private static func votes(_ votes: [Int], width: Int, column: Int, row: Int) -> Int {
        var sum = 0
        for y in row - 1...row + 1 {
            for x in column - 1...column + 1 { sum += votes[y * width + x] }
        }
        return sum
    }

    private static func peak(_ all: [Int], width: Int) -> (
        cell: (column: Int, row: Int), count: Int
    ) {
        var best = (cell: (column: 1, row: 1), count: -1)
        for row in 1..<width - 1 {
            for column in 1..<width - 1 {
                let count = votes(all, width: width, column: column, row: row)
                if count > best.count { best = ((column, row), count) }
            }
        }
        return best
    }
}
