package import Torch

/// The objects of consecutive frames, as the transformer sees them together.
package struct AssociationWindow {
    /// Where the objects of each frame are among those of the window.
    private let ranges: [Range<Int>]
    private let numbers: [Int]
    private let coordinates: [[Float]]
    private let features: [[Float]]

    /// - Parameter frames: Of each frame its number, and of each of its objects the row and column (or more axes), and the features.
    package init(frames: [(number: Int, coordinates: [[Float]], features: [[Float]])]) {
        var ranges: [Range<Int>] = []
        var end = 0
        for frame in frames {
            ranges.append(end..<end + frame.coordinates.count)
            end += frame.coordinates.count
        }
        self.ranges = ranges
        numbers = frames.map(\.number)
        coordinates = frames.flatMap { frame in frame.coordinates.map { [Float(frame.number)] + $0 }
        }
        features = frames.flatMap(\.features)
    }

    private var count: Int { coordinates.count }

    /// Logits, row-major `[N, N]`.
    package func logits(_ model: TrackastraModel) throws(TensorError) -> Tensor {
        try withInferenceMode { () throws(TensorError) in
            let device = model.device
            let places = try Tensor(
                coordinates.flatMap { $0 },
                shape: count,
                coordinates.first?.count ?? 3
            )
            .moved(to: device)
            let width = features.first?.count ?? 0
            let values =
                model.usesFeatures
                ? try Tensor(features.flatMap { $0 }, shape: count, width).moved(to: device) : nil
            return try model.transformer(places, features: values).moved(to: .cpu).contiguous()
        }
    }

    /// The scores of each frame and the next, row-major; empty where a frame is.
    package func consecutiveScores(_ model: TrackastraModel) throws(TensorError) -> [[Float]] {
        let pairs = ranges.indices.dropLast()
        guard pairs.contains(where: { !ranges[$0].isEmpty && !ranges[$0 + 1].isEmpty }) else {
            return pairs.map { _ in [] }
        }
        return try logits(model).withElements(as: Float.self) { logits in
            pairs.map { scores(model, logits, $0, $0 + 1) }
        }
    }

    /// The scores of all objects, row-major `[N, N]`.
    package func allScores(_ model: TrackastraModel) throws(TensorError) -> [Float] {
        try logits(model).withElements(as: Float.self) { logits in
            var all = [Float](repeating: 0, count: count * count)
            for (row, rows) in ranges.enumerated() {
                for (column, columns) in ranges.enumerated() {
                    for (place, score) in scores(model, logits, row, column).enumerated() {
                        let (y, x) = place.quotientAndRemainder(dividingBy: columns.count)
                        all[(rows.lowerBound + y) * count + columns.lowerBound + x] = score
                    }
                }
            }
            return all
        }
    }

    private func scores(
        _ model: TrackastraModel,
        // Safe because it is only read, and belongs to the tensor that the caller holds.
        _ logits: UnsafeBufferPointer<Float>,
        _ row: Int,
        _ column: Int
    ) -> [Float] {
        let limit = Float(model.configuration.cutoff * model.configuration.cutoff)
        return AssociationScores(normalization: model.configuration.normalization).scores(
            logits,
            count: count,
            rows: ranges[row],
            columns: ranges[column],
            columnIsLater: numbers[column] > numbers[row],
            isFar: { first, second in
                var square: Float = 0
                for axis in coordinates[first].indices.dropFirst() {
                    let difference = coordinates[first][axis] - coordinates[second][axis]
                    square += difference * difference
                }
                return square > limit
            }
        )
    }
}
