// Follows trackastra/utils/utils.py, blockwise_causal_norm.

import Foundation

/// Turns logits into scores of associations in 0...1.
struct AssociationScores {
    let normalization: TrackastraConfiguration.Normalization

    /// Keeps a sum from being 0.
    private static let epsilon: Float = 1e-6

    /// The scores of the objects of two frames, `[rows, columns]`.
    ///
    /// Where the column is later, a score is the share of the row among all possible parents, the objects of the frame of the row;
    /// elsewhere it is the share of the column among the objects of its frame.
    ///
    /// - Parameters:
    ///   - logits: All logits, row-major.
    ///   - rows: The positions of the objects of one frame.
    ///   - columns: Those of the objects of another.
    ///   - columnIsLater: Whether the frame of the columns is the later one.
    ///   - isFar: Whether two objects are beyond the cutoff.
    func scores(
        // Safe because it is only read, at rows and columns below `count`.
        _ logits: UnsafeBufferPointer<Float>,
        count: Int,
        rows: Range<Int>,
        columns: Range<Int>,
        columnIsLater: Bool,
        isFar: (Int, Int) -> Bool
    ) -> [Float] {
        var scores = [Float](repeating: 0, count: rows.count * columns.count)
        func place(_ row: Int, _ column: Int) -> Int {
            (row - rows.lowerBound) * columns.count + column - columns.lowerBound
        }
        for row in rows {
            for column in columns {
                let logit = logits[row * count + column]
                scores[place(row, column)] =
                    switch normalization {
                    case .none, .linear: isFar(row, column) ? 0 : 1 / (1 + exp(-logit))
                    case .softmax, .quietSoftmax: isFar(row, column) ? -.infinity : logit
                    }
            }
        }
        guard normalization != .none else { return scores }
        if columnIsLater {
            for column in columns { normalize(&scores, rows.map { place($0, column) }) }
        } else {
            for row in rows { normalize(&scores, columns.map { place(row, $0) }) }
        }
        return scores
    }

    /// Divides the scores at some places by their sum.
    private func normalize(_ scores: inout [Float], _ places: [Int]) {
        var sum: Float = 0
        var highest: Float = 0
        if normalization != .linear {
            for place in places { highest = max(highest, scores[place]) }
            for place in places { scores[place] = exp(scores[place] - highest) }
        }
        for place in places { sum += scores[place] }
        sum += Self.epsilon
        if normalization == .quietSoftmax { sum += exp(-highest) }
        for place in places { scores[place] = min(max(scores[place] / sum, 0), 1) }
    }
}
