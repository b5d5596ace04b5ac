public import Prompting
public import Torch
public import TorchNN

/// The convolutional decoder that predicts foreground and distances for automatic segmentation.
///
/// A UNETR whose only input is the image embedding: the upper path makes features at four
/// resolutions, the lower path merges them.
///
/// - Source: Archit et al., Segment Anything for Microscopy (Nature Methods 2025), methods,
///   "Automatic instance segmentation"; Hatamizadeh et al., UNETR (2022).
public struct InstanceDecoder: Sendable {
    private enum Form: Sendable {
        case fused(FusedInstanceDecoder)
        case composed(ComposedInstanceDecoder)
    }

    private let form: Form

    /// Channels at each resolution, from 128 x 128 to 1024 x 1024.
    static let widths = [512, 256, 128, 64]

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
        } else {
            form = .composed(try ComposedInstanceDecoder(from: scope, behavior: behavior))
        }
    }

    /// - Parameters:
    ///   - embedding: `[batch, 256, 64, 64]`.
    ///   - height: Rows of the result that are wanted, from the top; nil for all 1024.
    ///   - width: Columns that are wanted, from the left; nil for all 1024.
    ///   - between: Called before each image and, on the CPU, between layers; what it throws ends the work.
    /// - Returns: `[batch, 3, height, width]`, all in 0 ... 1: foreground probability, distance to the
    ///   object's centre (0 there), distance to the boundary (1 there and in the background).
    public func callAsFunction(
        _ embedding: Tensor,
        height: Int? = nil,
        width: Int? = nil,
        between: () throws -> Void = {}
    ) throws -> Tensor {
        let (height, width) = (height ?? ModelFrame.side, width ?? ModelFrame.side)
        // One image after the other, so that no result depends on what else is in the batch.
        var results: [Tensor] = []
        for index in 0..<embedding.size(0) {
            try between()
            let image = try embedding.sliced(0, index..<index + 1)
            switch form {
            case .fused(let decoder):
                results.append(
                    try decoder(image, height: height, width: width, between: between)
                )
            case .composed(let decoder):
                results.append(try decoder(image).sliced(2, 0..<height).sliced(3, 0..<width))
            }
        }
        return results.count == 1 ? results[0] : try Tensor.concatenated(results, axis: 0)
    }
}
