// Follows trackastra/model/rope.py, RotaryPositionalEncoding.

import Torch
import TorchNN

/// Rotates pairs of channels of queries and keys by their coordinates, so that products depend on differences.
struct RotaryEncoding: Sendable {
    /// One `[n]` for each dimension; together half of the channels of a head.
    private let frequencies: [Tensor]

    init(from scope: ParameterScope, dimensions: Int) throws(ParameterError) {
        var frequencies: [Tensor] = []
        for dimension in 0..<dimensions {
            let shape = scope["freqs"].shape(of: "\(dimension)") ?? [1, 1, 1]
            let stored = try scope["freqs"].parameter(
                "\(dimension)",
                shape: [1, 1, shape.last ?? 1]
            )
            frequencies.append(
                try scope.derive { () throws(TensorError) in try stored.reshaped(-1) }
            )
        }
        self.frequencies = frequencies
    }

    /// Cosines and sines for the pairs of channels at each place, both `[N, d]` with each value twice.
    func turns(_ coordinates: Tensor) throws(TensorError) -> (cosines: Tensor, sines: Tensor) {
        var parts: [Tensor] = []
        for (dimension, frequency) in frequencies.enumerated() {
            parts.append(try phases(coordinates, dimension, frequency))
        }
        let phase = try Tensor.concatenated(parts, axis: -1)
        return (
            try phase.cosine().repeatedElements(2, axis: -1),
            try phase.sine().repeatedElements(2, axis: -1)
        )
    }

    /// `[heads, N, d]`, turned.
    static func apply(
        _ x: Tensor,
        _ turns: (cosines: Tensor, sines: Tensor)
    ) throws(TensorError) -> Tensor {
        let pairs = try x.reshaped(x.size(0), x.size(1), x.size(2) / 2, 2)
        let first = try pairs.sliced(-1, 0..<1)
        let second = try pairs.sliced(-1, 1..<2)
        let across = try Tensor.concatenated([second.negated(), first], axis: -1).reshaped(x.shape)
        return try x * turns.cosines + across * turns.sines
    }
}
