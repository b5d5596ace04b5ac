public import Prompting
public import Torch
public import TorchNN

/// The convolutional decoder that predicts foreground and distances for automatic segmentation.
///
/// A UNETR whose only input is the image embedding: the upper path makes features at four
/// resolutions, the lower path merges them. In one flavour of our own, recognised by parameters whose names
/// begin with `detail`, a shallow path from the image itself is added to them.
///
/// - Source: Archit et al., Segment Anything for Microscopy (Nature Methods 2025), methods,
///   "Automatic instance segmentation"; Hatamizadeh et al., UNETR (2022).
public struct InstanceDecoder: Sendable {
    private enum Form: Sendable {
        case fused(FusedInstanceDecoder)
        case composed(ComposedInstanceDecoder)
    }

    private let form: Form

    /// Whether the decoder has a detail path, so that it needs the image beside the embedding.
    public let usesImage: Bool

    /// The most stages of a detail path.
    public static let detailStages = 3

    /// Channels of the result: foreground, distance to the centre, distance to the boundary.
    public static let outputChannels = 3

    /// Reads the parameters of a decoder, whose names have no common prefix.
    ///
    /// - Parameter isFused: Whether the measured kernels may be used, which allow no gradients and
    ///   are used on the CPU only.
    public init(
        from scope: ParameterScope,
        behavior: ModelBehavior = .standard,
        isFused: Bool = true
    ) throws(ParameterError) {
        if isFused, let fused = try FusedInstanceDecoder(from: scope, behavior: behavior) {
            form = .fused(fused)
            usesImage = fused.usesImage
        } else {
            let composed = try ComposedInstanceDecoder(from: scope, behavior: behavior)
            form = .composed(composed)
            usesImage = composed.usesImage
        }
    }

    /// - Parameters:
    ///   - embedding: `[batch, 256, 64, 64]`.
    ///   - image: What the encoder saw, `[batch, 3, 1024, 1024]`; needed only by a decoder that
    ///     ``usesImage``.
    ///   - height: Rows of the result that are wanted, from the top; nil for all 1024.
    ///   - width: Columns that are wanted, from the left; nil for all 1024.
    ///   - between: Called before each image and, on the CPU, between layers; what it throws ends the work.
    /// - Returns: `[batch, 3, height, width]`, all in 0 ... 1: foreground probability, distance to the
    ///   object's centre (0 there), distance to the boundary (1 there and in the background).
    /// - Throws: ``InstanceDecoderError``; `TensorError`; what `between` throws.
    public func callAsFunction(
        _ embedding: Tensor,
        image: Tensor? = nil,
        height: Int? = nil,
        width: Int? = nil,
        between: () throws -> Void = {}
    ) throws -> Tensor {
        guard image != nil || !usesImage else { throw InstanceDecoderError.needsImage }
        let (height, width) = (height ?? ModelFrame.side, width ?? ModelFrame.side)
        // One image after the other, so that no result depends on what else is in the batch.
        var results: [Tensor] = []
        for index in 0..<embedding.size(0) {
            try between()
            let tokens = try embedding.sliced(0, index..<index + 1)
            let pixels = usesImage ? try image?.sliced(0, index..<index + 1) : nil
            switch form {
            case .fused(let decoder):
                results.append(
                    try decoder(tokens, pixels, height: height, width: width, between: between)
                )
            case .composed(let decoder):
                let maps = try decoder(tokens, pixels)
                results.append(try maps.sliced(2, 0..<height).sliced(3, 0..<width))
            }
        }
        return results.count == 1 ? results[0] : try Tensor.concatenated(results, axis: 0)
    }
}

/// What is missing for the maps of a decoder.
public enum InstanceDecoderError: Error, Hashable, Sendable {
    /// The decoder has a detail path, and was given an embedding without the image.
    case needsImage
}
