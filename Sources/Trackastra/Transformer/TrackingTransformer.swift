// Follows trackastra/model/model.py, TrackingTransformer.

import Torch
import TorchNN

/// Tells from places and features of the objects of a few frames which belong together.
struct TrackingTransformer: Sendable {
    private let configuration: TrackastraConfiguration
    private let positions: FourierEncoding
    private let features: FourierEncoding?
    private let projection: Linear
    private let norm: LayerNorm
    private let encoder: [EncoderLayer]
    private let decoder: [DecoderLayer]
    private let sourceHead: FeedForward
    private let targetHead: FeedForward

    init(from scope: ParameterScope, _ configuration: TrackastraConfiguration)
        throws(ParameterError)
    {
        self.configuration = configuration
        let axes = configuration.spatialDimensions + 1
        let width = configuration.dimensions
        positions = try FourierEncoding(
            from: scope["pos_embed"],
            dimensions: axes,
            channels: configuration.positionChannels
        )
        let isEncoded = configuration.featureChannels > 1 && configuration.featureDimensions > 0
        features =
            isEncoded
            ? try FourierEncoding(
                from: scope["feat_embed"],
                dimensions: configuration.featureDimensions,
                channels: configuration.featureChannels
            ) : nil
        let inputs =
            axes * configuration.positionChannels
            + configuration.featureDimensions * configuration.featureChannels
        projection = try Linear(from: scope["proj"], inputs: inputs, outputs: width)
        norm = try LayerNorm(from: scope["norm"], dimensions: width, epsilon: 1e-5)
        var encoder: [EncoderLayer] = []
        for layer in 0..<configuration.encoderLayers {
            encoder.append(try EncoderLayer(from: scope["encoder"][layer], configuration))
        }
        var decoder: [DecoderLayer] = []
        for layer in 0..<configuration.decoderLayers {
            decoder.append(try DecoderLayer(from: scope["decoder"][layer], configuration))
        }
        (self.encoder, self.decoder) = (encoder, decoder)
        sourceHead = try FeedForward(from: scope["head_x"], dimensions: width)
        targetHead = try FeedForward(from: scope["head_y"], dimensions: width)
    }

    /// Logits of associations, `[N, N]`: rows are earlier, columns later objects.
    ///
    /// - Parameters:
    ///   - coordinates: Frame, row and column of each object, `[N, 1 + dimensions]`.
    ///   - values: Features of each object, `[N, features]`; not used by models without features.
    func callAsFunction(_ coordinates: Tensor, features values: Tensor?) throws(TensorError)
        -> Tensor
    {
        let places = try ObjectPlaces(coordinates, configuration)
        var input = try positions(places.coordinates)
        if configuration.featureDimensions > 0, let values {
            input = try Tensor.concatenated(
                [input, features.map { (e) throws(TensorError) in try e(values) } ?? values],
                axis: -1
            )
        }
        let tokens = try norm(projection(input))
        var x = tokens
        for layer in encoder { x = try layer(x, places) }
        var y = tokens
        for layer in decoder { y = try layer(y, memory: x, places) }
        return try sourceHead(x).matmul(targetHead(y).transposed(0, 1))
    }
}

/// Self-attention and a small network; the residuals start from the normalised input.
private struct EncoderLayer: Sendable {
    private let attention: TrackAttention
    private let network: FeedForward
    private let norm1: LayerNorm
    private let norm2: LayerNorm

    init(from scope: ParameterScope, _ configuration: TrackastraConfiguration)
        throws(ParameterError)
    {
        let width = configuration.dimensions
        attention = try TrackAttention(from: scope["attn"], configuration)
        network = try FeedForward(from: scope["mlp"], dimensions: width)
        norm1 = try LayerNorm(from: scope["norm1"], dimensions: width, epsilon: 1e-5)
        norm2 = try LayerNorm(from: scope["norm2"], dimensions: width, epsilon: 1e-5)
    }

    func callAsFunction(_ input: Tensor, _ places: ObjectPlaces) throws(TensorError) -> Tensor {
        var x = try norm1(input)
        x = try x + attention(x, memory: x, places)
        return try x + network(norm2(x))
    }
}

/// Attention to the encoded objects and a small network; the residuals start from the normalised input.
private struct DecoderLayer: Sendable {
    private let attention: TrackAttention
    private let network: FeedForward
    private let norm1: LayerNorm
    private let norm2: LayerNorm
    private let norm3: LayerNorm

    init(from scope: ParameterScope, _ configuration: TrackastraConfiguration)
        throws(ParameterError)
    {
        let width = configuration.dimensions
        attention = try TrackAttention(from: scope["attn"], configuration)
        network = try FeedForward(from: scope["mlp"], dimensions: width)
        norm1 = try LayerNorm(from: scope["norm1"], dimensions: width, epsilon: 1e-5)
        norm2 = try LayerNorm(from: scope["norm2"], dimensions: width, epsilon: 1e-5)
        norm3 = try LayerNorm(from: scope["norm3"], dimensions: width, epsilon: 1e-5)
    }

    func callAsFunction(
        _ input: Tensor,
        memory: Tensor,
        _ places: ObjectPlaces
    ) throws(TensorError) -> Tensor {
        var y = try norm1(input)
        y = try y + attention(y, memory: norm2(memory), places)
        return try y + network(norm3(y))
    }
}

/// Two layers with the width doubled in between.
private struct FeedForward: Sendable {
    private let expand: Linear
    private let project: Linear

    init(from scope: ParameterScope, dimensions: Int) throws(ParameterError) {
        expand = try Linear(from: scope["fc1"], inputs: dimensions, outputs: 2 * dimensions)
        project = try Linear(from: scope["fc2"], inputs: 2 * dimensions, outputs: dimensions)
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try project(expand(x).gelu())
    }
}
