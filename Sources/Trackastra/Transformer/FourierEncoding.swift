// Follows trackastra/model/parts.py, PositionalEncoding.

import Foundation
import Torch
import TorchNN

/// Coordinates as sines and cosines of learned frequencies.
struct FourierEncoding: Sendable {
    private let frequencies: [Tensor]  // one [n / 2] for each dimension

    /// - Parameter channels: Sines and cosines for each dimension.
    init(from scope: ParameterScope, dimensions: Int, channels: Int) throws(ParameterError) {
        var frequencies: [Tensor] = []
        for dimension in 0..<dimensions {
            let stored = try scope["freqs"].parameter("\(dimension)", shape: [1, 1, channels / 2])
            frequencies.append(
                try scope.derive { () throws(TensorError) in try stored.reshaped(-1) }
            )
        }
        self.frequencies = frequencies
    }

    /// `[N, dimensions]` to `[N, dimensions · channels]`: of each dimension first the sines, then the cosines.
    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        var parts: [Tensor] = []
        for (dimension, frequency) in frequencies.enumerated() {
            let phase = try phases(x, dimension, frequency)
            parts += [try phase.sine(), try phase.cosine()]
        }
        return try Tensor.concatenated(parts, axis: -1)
    }
}

/// Half a turn for each unit of coordinate and frequency: `[N, D]` and `[n]` to `[N, n]`.
func phases(_ x: Tensor, _ dimension: Int, _ frequency: Tensor) throws(TensorError) -> Tensor {
    try (x.sliced(-1, dimension..<dimension + 1) * (0.5 * Double.pi)) * frequency
}
