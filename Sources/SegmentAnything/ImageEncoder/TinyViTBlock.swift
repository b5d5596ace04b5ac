import Prompting
import Torch
import TorchNN

/// Window attention, a depthwise convolution, and an MLP.
///
/// - Source: Wu et al., TinyViT (ECCV 2022), section 3.2.
struct TinyViTBlock: Sendable {
    private let attention: TinyViTAttention
    private let localFilter: ConvolutionNorm
    private let norm: LayerNorm
    private let expand: FusedLinear  // [..., C] -> [..., 4 C]
    private let project: FusedLinear  // [..., 4 C] -> [..., C]

    init(
        from scope: ParameterScope,
        dimensions: Int,
        heads: Int,
        window: Int,
        behavior: ModelBehavior
    ) throws(ParameterError) {
        attention = try TinyViTAttention(
            from: scope["attn"],
            dimensions: dimensions,
            heads: heads,
            window: window,
            behavior: behavior
        )
        localFilter = try ConvolutionNorm(
            from: scope["local_conv"],
            inputs: dimensions,
            outputs: dimensions,
            kernel: 3,
            groups: dimensions
        )
        let mlp = scope["mlp"]
        norm = try LayerNorm(from: mlp["norm"], dimensions: dimensions, epsilon: 1e-5)
        expand = try mlp.fused(
            mlp["fc1"].lowRankLinear(inputs: dimensions, outputs: 4 * dimensions)
        )
        project = try mlp.fused(
            mlp["fc2"].lowRankLinear(inputs: 4 * dimensions, outputs: dimensions)
        )
    }

    /// `[batch, C, height, width]`, channels last, to the same.
    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        let tokens = try x.permuted(0, 2, 3, 1)
        let attended = try attention(tokens)
        let filtered = try localFilter(attended.permuted(0, 3, 1, 2)).permuted(0, 2, 3, 1)
        return try FusedLinear.perceptron(filtered, expand, project, norm: norm, residual: filtered)
            .permuted(0, 3, 1, 2)
    }
}

/// Attention inside windows with a learned bias per head and offset.
struct TinyViTAttention: Sendable {
    private let norm: LayerNorm
    private let queryKeyValue: FusedLinear
    private let output: FusedLinear
    private let bias: Tensor?  // [1, heads, window², window²]; nil if all biases count as zero
    private let heads: Int
    private let window: Int
    private let form: Form

    /// How the attention is computed.
    private enum Form: Sendable {
        /// By the measured kernel, which pads and divides by itself.
        case fused(padding: Tensor)  // [3 C], the projection of a padded position
        /// By operators that can be differentiated and run on every device.
        case composed
    }

    init(
        from scope: ParameterScope,
        dimensions: Int,
        heads: Int,
        window: Int,
        behavior: ModelBehavior
    ) throws(ParameterError) {
        norm = try LayerNorm(from: scope["norm"], dimensions: dimensions, epsilon: 1e-5)
        let projection = try scope["qkv"].lowRankLinear(
            inputs: dimensions,
            outputs: 3 * dimensions
        )
        queryKeyValue = try scope.fused(projection)
        if queryKeyValue.isPacked {
            // Padding is zero before the normalisation, so a padded token becomes its bias.
            let padded = norm.bias
            let padding = try scope.derive { () throws(TensorError) in
                try projection(padded.reshaped(1, dimensions)).reshaped(3 * dimensions)
            }
            form = .fused(padding: padding)
        } else {
            form = .composed
        }
        output = try scope.fused(
            Linear(from: scope["proj"], inputs: dimensions, outputs: dimensions)
        )
        let table = try scope.parameter("attention_biases", shape: [heads, window * window])
        bias =
            behavior.attentionBiases == .zero
            ? nil
            : try scope.derive { () throws(TensorError) in
                try Self.expand(table, window: window)
            }
        self.heads = heads
        self.window = window
    }

    /// `x + attention(norm(x))`, all `[batch, height, width, C]`.
    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        if case .fused(let padding) = form {
            let attended = try queryKeyValue(x, norm: norm)
                .windowAttention(padding: padding, bias: bias, heads: heads, window: window)
            return try output(attended, residual: x)
        }
        let grid = WindowGrid(height: x.size(1), width: x.size(2), window: window)
        let windows = try grid.partition(x)
        let (count, dimensions) = (windows.size(0), windows.size(3))
        let headDimensions = dimensions / heads
        // Head-major: each head has its query, key and value side by side.
        let parts = try queryKeyValue(windows, norm: norm)
            .reshaped(count, window * window, heads, 3, headDimensions)
            .permuted(3, 0, 2, 1, 4)  // [3, windows, heads, N, d]
        let attended = try parts.selected(0, 0).attending(
            to: parts.selected(0, 1),
            value: parts.selected(0, 2),
            bias: bias,
            scale: 1 / Double(headDimensions).squareRoot()
        )
        let joined = try attended.permuted(0, 2, 1, 3)
            .reshaped(count, window, window, dimensions)
        return try output(grid.unpartition(joined), residual: x)
    }

    /// The bias of every pair of tokens, which depends on the absolute offsets only.
    private static func expand(_ table: Tensor, window: Int) throws(TensorError) -> Tensor {
        let side = window * window
        let indices = (0..<side * side).map { pair in
            let (a, b) = (pair / side, pair % side)
            return Int64(
                abs(a / window - b / window) * window + abs(a % window - b % window)
            )
        }
        let index = try Tensor(indices, shape: side * side).moved(to: table.device)
        return try table.indexed(1, by: index).reshaped(1, table.size(0), side, side)
    }
}
