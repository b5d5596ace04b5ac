/// The scores of every combination of a grid, for one image.
public struct GridTable: Hashable, Sendable {
    /// Name of the image.
    public let image: String

    /// The combinations that were tried.
    public let grid: ParameterGrid

    /// One score for each combination, in the order of the grid.
    public let scores: [SegmentationScore]

    /// Combines scores that are in the order of the grid.
    public init(image: String, grid: ParameterGrid, scores: [SegmentationScore]) {
        precondition(scores.count == grid.count, "one score for each combination")
        (self.image, self.grid, self.scores) = (image, grid, scores)
    }

    private static func header(_ grid: ParameterGrid) -> String {
        "image_name," + SegmentationScore.csvHeader + ","
            + grid.names.joined(separator: ",")
    }

    /// The table with the columns of the reference: name, scores, parameters.
    public var csv: String {
        let name = String(image.map { ",\"\n\r".contains($0) ? "_" : $0 })
        let rows = scores.indices.map { index in
            let values = grid[index].map(\.description)
            return ([name, scores[index].csvRow] + values).joined(separator: ",") + "\n"
        }
        return Self.header(grid) + "\n" + rows.joined()
    }

    /// Reads a table that was written before; nil unless it is complete and of the same grid.
    public init?(csv: String, image: String, grid: ParameterGrid) {
        let lines = csv.split(separator: "\n")
        guard lines.count == grid.count + 1, lines[0] == Self.header(grid) else { return nil }
        var scores: [SegmentationScore] = []
        for (index, line) in lines.dropFirst().enumerated() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let parameters = grid[index].map(\.description)
            guard cells.count == 7 + parameters.count,
                cells.dropFirst(7).elementsEqual(parameters, by: { $0 == $1 }),
                let score = SegmentationScore(csvValues: cells[1...6].map { Double($0) })
            else { return nil }
            scores.append(score)
        }
        self.init(image: image, grid: grid, scores: scores)
    }
}

/// What a grid search found, over all its images.
public struct GridResult: Hashable, Sendable {
    /// The combinations that were tried.
    public let grid: ParameterGrid

    /// Number of images.
    public let images: Int

    /// Mean scores over the images, one for each combination.
    public let means: [SegmentationScore]

    /// Averages the tables of images of one grid; nil if there are none.
    public init?(_ tables: [GridTable]) {
        guard let first = tables.first else { return nil }
        precondition(tables.allSatisfy { $0.grid == first.grid }, "tables of different grids")
        grid = first.grid
        images = tables.count
        means = first.scores.indices.compactMap { index in
            SegmentationScore(meanOf: tables.map { $0.scores[index] })
        }
    }

    /// The combination with the highest mean mSA; of equally good ones the first in the order of the
    /// values of the first parameter, then of the second, and so on.
    public var best: Int {
        let order = means.indices.sorted { left, right in
            let (a, b) = (means[left].meanAccuracy, means[right].meanAccuracy)
            if a != b { return a > b }
            return grid[left].map(\.number).lexicographicallyPrecedes(grid[right].map(\.number))
        }
        return order[0]
    }

    /// The best parameters by name.
    public var bestParameters: [String: ParameterValue] {
        Dictionary(zip(grid.names, grid[best]), uniquingKeysWith: { $1 })
    }

    /// One row for each combination: parameters and mean scores.
    public var csv: String {
        let header = (grid.names + [SegmentationScore.csvHeader]).joined(separator: ",") + "\n"
        return header
            + means.indices.map { index in
                (grid[index].map(\.description) + [means[index].csvRow]).joined(separator: ",")
                    + "\n"
            }
            .joined()
    }

    /// The table of one row that micro-sam reads: the best mSA, then the parameters.
    public var bestCSV: String {
        "best_msa," + grid.names.joined(separator: ",") + "\n\(means[best].meanAccuracy),"
            + grid[best].map(\.description).joined(separator: ",") + "\n"
    }
}
