import Torch

/// Where and when the objects of a window are, and what that means for attention; shared by all layers.
struct ObjectPlaces {
    /// Frame, row and column of each object, less the first frame, `[N, 1 + dimensions]`.
    let coordinates: Tensor

    /// The frame of each object.
    let frames: [Float]

    /// What distances add to the scores, `[1, N, N]`.
    let bias: Tensor

    private let distances: Tensor

    /// What is added to the scores of objects beyond the cutoff.
    private static let ignored = -1000.0

    /// - Parameter coordinates: Frame, row and column of each object, `[N, 1 + dimensions]`.
    init(_ coordinates: Tensor, _ configuration: TrackastraConfiguration) throws(TensorError) {
        // The reference takes the first frame from all coordinates, not only from the time.
        let first = try coordinates.sliced(-1, 0..<1).min([0], keepingAxes: true)
        self.coordinates = try coordinates - first
        frames = try self.coordinates.selected(-1, 0).moved(to: .cpu).elements()
        distances = try pairwiseDistances(self.coordinates.sliced(-1, 1..<coordinates.size(1)))
        let weakening =
            switch configuration.distanceMode {
            case .absolute: try pairwiseDistances(self.coordinates) * -0.1
            case .relative: try distances * -5 / configuration.cutoff
            }
        let isFar = try distances .> configuration.cutoff
        let far = try Tensor.full(Self.ignored, shape: [1, 1], on: coordinates.device)
        let near = try Tensor.zeros([1, 1], on: coordinates.device)
        bias = try (near.replacing(with: far, where: isFar) + weakening.exponential()).unsqueezed(0)
    }

    /// Distances in space, row-major `[N, N]`.
    func separation() throws(TensorError) -> [Float] {
        try distances.moved(to: .cpu).contiguous().elements()
    }
}

/// The distance between each two rows, `[N, D]` to `[N, N]`.
///
/// For more than 25 rows by one matrix product, as `torch.cdist` does: then the distance of a row from itself is not exactly 0, and the
/// trained models saw it like that.
func pairwiseDistances(_ x: Tensor) throws(TensorError) -> Tensor {
    guard x.size(0) > 25 else {
        let difference = try x.unsqueezed(1) - x.unsqueezed(0)
        return try (difference * difference).sum([-1]).squareRoot()
    }
    let squares = try (x * x).sum([-1], keepingAxes: true)
    let ones = try Tensor.ones([x.size(0), 1], on: x.device)
    let left = try Tensor.concatenated([x * -2, squares, ones], axis: -1)
    let right = try Tensor.concatenated([x, ones, squares], axis: -1)
    return try left.matmul(right.transposed(0, 1)).clamped(0...Double.infinity).squareRoot()
}
