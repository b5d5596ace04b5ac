import Prompting
import Torch
import TorchNN

/// Multi-head attention with its own projections, eight heads.
///
/// The image has 4096 tokens and the prompts a handful. Where one side is that short, its projections
/// are multiplied with those of the other side first, so that the long side is never projected:
/// q (W x) = (q W) x. The results are the same up to rounding, for less than half of the products.
struct ProjectedAttention: Sendable {
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: Linear

    /// Number of heads.
    static let heads = 8

    /// The most tokens for which exchanging the order of products saves work: heads times tokens must
    /// stay below the width that the projections have.
    private static let shortLength = 14

    init(from scope: ParameterScope, innerDimensions: Int) throws(ParameterError) {
        let channels = ModelFrame.embeddingChannels
        query = try Linear(from: scope["q_proj"], inputs: channels, outputs: innerDimensions)
        key = try Linear(from: scope["k_proj"], inputs: channels, outputs: innerDimensions)
        value = try Linear(from: scope["v_proj"], inputs: channels, outputs: innerDimensions)
        output = try Linear(from: scope["out_proj"], inputs: innerDimensions, outputs: channels)
    }

    /// Any lengths; operands of batch size 1 are shared by all objects.
    func callAsFunction(
        query q: Tensor,
        key k: Tensor,
        value v: Tensor
    ) throws(TensorError) -> Tensor {
        let (length, memory) = (q.size(1), k.size(1))
        if length <= Self.shortLength, memory > 16 * length {
            return try attendToMany(q, k, v)
        }
        if memory <= Self.shortLength, length > 16 * memory {
            return try attendFromMany(q, k, v)
        }
        let objects = max(q.size(0), k.size(0))
        let split1 = try split(query(q), objects)
        let attended = try split1.attending(
            to: split(key(k), objects),
            value: split(value(v), objects),
            scale: scale
        )
        return try output(attended.permuted(0, 2, 1, 3).reshaped(objects, length, -1))
    }

    private var headDimensions: Int { query.weight.size(0) / Self.heads }
    private var scale: Double { 1 / Double(headDimensions).squareRoot() }

    /// `[1 or objects, n, inner]` to `[objects, heads, n, inner / heads]`.
    private func split(_ x: Tensor, _ objects: Int) throws(TensorError) -> Tensor {
        let parts = try x.reshaped(x.size(0), x.size(1), Self.heads, -1).permuted(0, 2, 1, 3)
        return x.size(0) == objects ? parts : try parts.expanded([objects, -1, -1, -1])
    }

    /// The projection of one head after the other, `[heads, inner / heads, 256]`.
    private func perHead(_ layer: Linear) throws(TensorError) -> Tensor {
        try layer.weight.reshaped(Self.heads, headDimensions, -1)
    }

    /// Few queries, many keys: the keys' projection is applied to the queries instead.
    private func attendToMany(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor
    ) throws(TensorError) -> Tensor {
        let (objects, length, channels) = (q.size(0), q.size(1), q.size(2))
        // The keys' bias adds the same to all scores of a query, which softmax ignores.
        let projected = try split(query(q) * scale, objects).matmul(perHead(key))
        let rows = try projected.reshaped(objects, Self.heads * length, channels)
        let scores = try products(rows, k.transposed(1, 2))
        let mixed = try products(scores.softmax(-1), v)
            .reshaped(objects, Self.heads, length, channels)
        // The shares of the values add up to 1, so their bias is added once.
        let attended = try mixed.matmul(perHead(value).transposed(1, 2))
            .permuted(0, 2, 1, 3).reshaped(objects, length, -1)
        return try output(attended + value.bias)
    }

    /// Many queries, few keys: queries' and output's projections are applied to the keys and values.
    private func attendFromMany(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor
    ) throws(TensorError) -> Tensor {
        let (objects, memory, channels) = (k.size(0), k.size(1), k.size(2))
        let keys = try split(key(k) * scale, objects)  // [objects, heads, memory, d]
        let columns = try keys.matmul(perHead(query))
            .reshaped(objects, Self.heads * memory, channels)
        let offsets = try keys.matmul(query.bias.reshaped(Self.heads, headDimensions, 1))
            .reshaped(objects, 1, Self.heads * memory)
        let scores = try products(q, columns.transposed(1, 2)) + offsets
        let shares = try scores.reshaped(objects, -1, Self.heads, memory).softmax(-1)
            .reshaped(objects, -1, Self.heads * memory)
        let outputs = try output.weight.reshaped(channels, Self.heads, headDimensions)
            .permuted(1, 2, 0)
        let values = try split(value(v), objects).matmul(outputs)
            .reshaped(objects, Self.heads * memory, channels)
        return try output.bias.reshaped(1, 1, channels).expanded([objects, shares.size(1), -1])
            .addingProduct(shares, values)
    }

    // MARK: - Parts for the fused pass over the image

    /// Prompt tokens as the image tokens attend to them, with all projections folded in.
    func folded(key k: Tensor, value v: Tensor) throws(TensorError) -> FoldedPrompts {
        let (objects, memory, channels) = (k.size(0), k.size(1), k.size(2))
        let keys = try split(key(k) * scale, objects)  // [objects, heads, memory, d]
        let offsets = try keys.matmul(query.bias.reshaped(Self.heads, headDimensions, 1))
            .permuted(0, 2, 1, 3).reshaped(objects, memory * Self.heads)
        let outputs = try output.weight.reshaped(channels, Self.heads, headDimensions)
            .permuted(1, 2, 0)
        return FoldedPrompts(
            keys: try Self.headsInnermost(keys.matmul(perHead(query))),
            offsets: offsets,
            values: try Self.headsInnermost(split(value(v), objects).matmul(outputs)),
            bias: output.bias
        )
    }

    /// Prompt tokens as queries of image tokens that are not projected,
    /// `[objects, tokens · heads, 256]`, heads innermost.
    func foldedQueries(_ q: Tensor) throws(TensorError) -> Tensor {
        // The keys' bias adds the same to all scores of a query, which softmax ignores.
        try Self.headsInnermost(split(query(q) * scale, q.size(0)).matmul(perHead(key)))
    }

    /// From the mixtures of image tokens that ``foldedQueries(_:)`` give, `[objects, tokens · heads,
    /// 256]`, to the result of the attention.
    func finished(_ mixed: Tensor) throws(TensorError) -> Tensor {
        let (objects, channels) = (mixed.size(0), mixed.size(2))
        let perHead = try mixed.reshaped(objects, -1, Self.heads, channels).permuted(0, 2, 1, 3)
            .matmul(perHead(value).transposed(1, 2))
            .permuted(0, 2, 1, 3)
        return try output(perHead.reshaped(objects, perHead.size(1), -1) + value.bias)
    }

    /// `[objects, heads, tokens, 256]` to `[objects, tokens · heads, 256]`.
    private static func headsInnermost(_ x: Tensor) throws(TensorError) -> Tensor {
        try x.permuted(0, 2, 1, 3).reshaped(x.size(0), -1, x.size(3))
    }

    /// What all objects of an image share of this attention: the image's keys and values.
    struct Memory: Sendable {
        let keys: Tensor  // [heads, d, tokens]
        let values: Tensor  // [heads, tokens, d]
    }

    /// Projects the keys and values of one image, `[1, tokens, 256]`.
    func memory(key k: Tensor, value v: Tensor) throws(TensorError) -> Memory {
        Memory(
            keys: try split(key(k), 1).squeezed(0).transposed(1, 2).contiguous(),
            values: try split(value(v), 1).squeezed(0).contiguous()
        )
    }

    /// The attention of the prompts of all objects to the same image.
    func callAsFunction(query q: Tensor, memory: Memory) throws(TensorError) -> Tensor {
        let (objects, length) = (q.size(0), q.size(1))
        let rows = try split(query(q) * scale, objects).permuted(1, 0, 2, 3)
            .reshaped(Self.heads, objects * length, headDimensions)
        let attended = try rows.matmul(memory.keys).softmax(-1).matmul(memory.values)
            .reshaped(Self.heads, objects, length, headDimensions)
            .permuted(1, 2, 0, 3)
        return try output(attended.reshaped(objects, length, -1))
    }

    /// Batched matrix products in which one side may be shared by all objects.
    private func products(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        guard a.size(0) != b.size(0) else { return try a.matmul(b) }
        if b.size(0) == 1 {
            return try a.reshaped(1, -1, a.size(2)).matmul(b).reshaped(a.size(0), a.size(1), -1)
        }
        return try a.matmul(b)
    }
}
