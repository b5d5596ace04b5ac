// Follows trackastra/model/parts.py, RelativePositionalBias.

import Torch
import TorchNN

/// A learned value for each step of distance in space and in time, and each head.
struct DistanceTable: Sendable {
    private let values: Tensor  // [times · distances, heads]
    private let distances: [Float]
    private let times: [Float]

    init(from scope: ParameterScope, heads: Int) throws(ParameterError) {
        let spatial = scope.shape(of: "spatial_bins")?.first ?? 0
        let temporal = scope.shape(of: "temporal_bins")?.first ?? 0
        values = try scope.parameter("bias", shape: [spatial * temporal, heads])
        distances = try Self.limits(scope, "spatial_bins", spatial)
        times = try Self.limits(scope, "temporal_bins", temporal)
    }

    private static func limits(
        _ scope: ParameterScope,
        _ name: String,
        _ count: Int
    ) throws(ParameterError) -> [Float] {
        let stored = try scope.parameter(name, shape: [count])
        do {
            return try stored.moved(to: .cpu).elements()
        } catch {
            throw .tensor(name, error)
        }
    }

    /// What is added to the scores, `[heads, N, N]`.
    ///
    /// - Parameters:
    ///   - separation: Distances in space, row-major `[N, N]`.
    ///   - frames: The frame of each object.
    func callAsFunction(_ separation: [Float], frames: [Float]) throws(TensorError) -> Tensor {
        let count = frames.count
        var places = [Int64](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0..<count {
                let near = Self.bin(separation[row * count + column], distances)
                let late = Self.bin(frames[row] - frames[column], times)
                places[row * count + column] = Int64(late * distances.count + near)
            }
        }
        let index = try Tensor(places, shape: count * count).moved(to: values.device)
        // The reference exchanges the axes of the objects together with that of the heads.
        return try values.indexed(0, by: index).reshaped(count, count, -1).permuted(2, 1, 0)
    }

    /// The first limit that is not below the value, or the last.
    private static func bin(_ value: Float, _ limits: [Float]) -> Int {
        min(limits.firstIndex { $0 >= value } ?? limits.count, limits.count - 1)
    }
}
