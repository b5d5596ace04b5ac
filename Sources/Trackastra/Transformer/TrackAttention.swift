// Follows trackastra/model/parts.py, RelativePositionalAttention.

import Torch
import TorchNN

/// Attention between objects, which knows where and when they are.
struct TrackAttention: Sendable {
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: Linear
    private let heads: Int
    private let position: Position

    private enum Position: Sendable {
        case rotary(RotaryEncoding)
        case table(DistanceTable)
        case none
    }

    init(from scope: ParameterScope, _ configuration: TrackastraConfiguration)
        throws(ParameterError)
    {
        let width = configuration.dimensions
        query = try Linear(from: scope["q_pro"], inputs: width, outputs: width)
        key = try Linear(from: scope["k_pro"], inputs: width, outputs: width)
        value = try Linear(from: scope["v_pro"], inputs: width, outputs: width)
        output = try Linear(from: scope["proj"], inputs: width, outputs: width)
        heads = configuration.heads
        position =
            switch configuration.positionalBias {
            case .rotary:
                .rotary(
                    try RotaryEncoding(
                        from: scope["rot_pos_enc"],
                        dimensions: configuration.spatialDimensions + 1
                    )
                )
            case .table: .table(try DistanceTable(from: scope["pos_bias"], heads: heads))
            case .none: .none
            }
    }

    /// Queries `[N, C]` from objects and what they attend to, `[N, C]`, the same objects, to `[N, C]`.
    func callAsFunction(_ x: Tensor, memory: Tensor, _ places: ObjectPlaces) throws(TensorError)
        -> Tensor
    {
        var q = try split(query(x))
        var k = try split(key(memory))
        let v = try split(value(memory))
        var bias = places.bias
        switch position {
        case .rotary(let encoding):
            let turns = try encoding.turns(places.coordinates)
            q = try RotaryEncoding.apply(q, turns)
            k = try RotaryEncoding.apply(k, turns)
        case .table(let table):
            bias = try bias + table(places.separation(), frames: places.frames)
        case .none: break
        }
        let scale = 1 / Double(q.size(-1)).squareRoot()
        let count = x.size(0)
        let mask = try bias.unsqueezed(0).expanded([1, heads, count, count])
        let attended = try q.unsqueezed(0).attending(
            to: k.unsqueezed(0),
            value: v.unsqueezed(0),
            bias: mask,
            scale: scale
        )
        return try output(attended.squeezed(0).permuted(1, 0, 2).reshaped(count, -1))
    }

    /// `[N, C]` to `[heads, N, C / heads]`.
    private func split(_ x: Tensor) throws(TensorError) -> Tensor {
        try x.reshaped(x.size(0), heads, -1).permuted(1, 0, 2).contiguous()
    }
}
