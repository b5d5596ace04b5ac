import Prompting
import Torch
import TorchNN

/// Self-attention with decomposed relative positions, over windows or over the whole image.
///
/// - Source: Li et al., Exploring Plain Vision Transformer Backbones (2022), section 3 and MViTv2
///   (2022), equation 4, for the relative positions.
struct ViTAttention: Sendable {
    private let queryKeyValue: FusedLinear
    private let output: FusedLinear
    private let rowTable: Tensor  // [2 S - 1, d], S the side of the window or of the image
    private let columnTable: Tensor  // [2 S - 1, d]
    private let heads: Int
    private let window: Int?
    private let form: Form

    /// How the attention is computed.
    private enum Form: Sendable {
        /// By the measured kernel, which pads and divides by itself.
        case fused(padding: Tensor)  // [3 C], the projection of a padded position
        /// By operators that can be differentiated and run on every device.
        case composed
    }

    /// - Parameter window: Side of the windows in tokens; nil attends to the whole image.
    init(
        from scope: ParameterScope,
        configuration: ViTConfiguration,
        window: Int?
    ) throws(ParameterError) {
        let dimensions = configuration.dimensions
        let projection = try scope["qkv"].queryKeyValue(dimensions: dimensions)
        queryKeyValue = try scope.fused(projection)
        form = queryKeyValue.isPacked ? .fused(padding: projection.bias) : .composed
        output = try scope.fused(scope["proj"].linear(inputs: dimensions, outputs: dimensions))
        let length = 2 * (window ?? ModelFrame.embeddingSide) - 1
        let shape = [length, configuration.headDimensions]
        rowTable = try scope.parameter("rel_pos_h", shape: shape)
        columnTable = try scope.parameter("rel_pos_w", shape: shape)
        heads = configuration.heads
        self.window = window
    }

    /// `x + attention(norm(x))`, all `[batch, height, width, C]`.
    func callAsFunction(_ x: Tensor, norm: LayerNorm) throws(TensorError) -> Tensor {
        // Padding is zero before the projection and is not masked: its keys and values are the bias.
        if case .fused(let padding) = form {
            let attended = try queryKeyValue(x, norm: norm).relativeAttention(
                padding: padding,
                rowTable: rowTable,
                columnTable: columnTable,
                heads: heads,
                window: window
            )
            return try output(attended, residual: x)
        }
        guard let window else {
            return try output(attend(queryKeyValue(x, norm: norm)), residual: x)
        }
        let grid = WindowGrid(height: x.size(1), width: x.size(2), window: window)
        let windows = try attend(queryKeyValue(grid.partition(norm(x))))
        return try output(grid.unpartition(windows), residual: x)
    }

    /// `[batch, height, width, 3 C]` to `[batch, height, width, C]`, without the output projection.
    private func attend(_ projected: Tensor) throws(TensorError) -> Tensor {
        guard !projected.requiresGradient else {
            return try projected.differentiableRelativeAttention(
                rowTable: rowTable,
                columnTable: columnTable,
                heads: heads
            )
        }
        let (batch, height, width) = (projected.size(0), projected.size(1), projected.size(2))
        let dimensions = projected.size(3) / 3
        let headDimensions = dimensions / heads
        let parts = try projected.reshaped(batch, height * width, 3, heads, headDimensions)
            .permuted(2, 0, 3, 1, 4)  // [3, B, heads, N, d]
        let (query, key, value) = (
            try parts.selected(0, 0), try parts.selected(0, 1), try parts.selected(0, 2)
        )
        let rows = try gatherTable(rowTable, size: height)
        let columns = try gatherTable(columnTable, size: width)
        var results: [Tensor] = []
        // Head by head for the whole image, so that a single 4096 x 4096 matrix is held at a time.
        let step = window == nil ? 1 : heads
        for head in stride(from: 0, to: heads, by: step) {
            let range = head..<head + step
            let q = try query.sliced(1, range)
            let bias = try relativePositions(q, rows, columns, height: height, width: width)
            results.append(
                try q.attending(
                    to: key.sliced(1, range),
                    value: value.sliced(1, range),
                    bias: bias,
                    scale: 1 / Double(headDimensions).squareRoot()
                )
            )
        }
        let joined = results.count == 1 ? results[0] : try Tensor.concatenated(results, axis: 1)
        return try joined.permuted(0, 2, 1, 3).reshaped(batch, height, width, dimensions)
    }

    /// `table[i - j + size - 1]` for all i and j: `[size, size, d]`.
    private func gatherTable(_ table: Tensor, size: Int) throws(TensorError) -> Tensor {
        let indices = (0..<size).flatMap { i in (0..<size).map { j in Int64(i - j + size - 1) } }
        let index = try Tensor(indices, shape: size * size).moved(to: table.device)
        return try table.indexed(0, by: index).reshaped(size, size, -1)
    }

    /// What is added to the scores of query (h, w) and key (k, l): q R_h[h, k] + q R_w[w, l].
    private func relativePositions(
        _ query: Tensor,
        _ rows: Tensor,
        _ columns: Tensor,
        height: Int,
        width: Int
    ) throws(TensorError) -> Tensor {
        let (batch, heads) = (query.size(0), query.size(1))
        let grid = try query.reshaped(batch * heads, height, width, -1)
        // einsum bhwc,hkc->bhwk and bhwc,wkc->bhwk
        let byRow = try grid.matmul(rows.transposed(1, 2))
        let byColumn = try grid.transposed(1, 2).matmul(columns.transposed(1, 2)).transposed(1, 2)
        return try (byRow.unsqueezed(4) + byColumn.unsqueezed(3))
            .reshaped(batch, heads, height * width, height * width)
    }
}

/// The division of a token grid into square windows, with padding at the bottom and right.
struct WindowGrid {
    let height: Int
    let width: Int
    let window: Int

    private var rows: Int { (height + window - 1) / window }
    private var columns: Int { (width + window - 1) / window }

    /// `[batch, height, width, C]` to `[batch * windows, window, window, C]`, row by row.
    func partition(_ x: Tensor) throws(TensorError) -> Tensor {
        let (batch, channels) = (x.size(0), x.size(3))
        let bottom = rows * window - height
        let right = columns * window - width
        let padded =
            bottom == 0 && right == 0
            ? x
            : try x.permuted(0, 3, 1, 2).padded(bottom: bottom, right: right).permuted(0, 2, 3, 1)
        return try padded.reshaped(batch, rows, window, columns, window, channels)
            .permuted(0, 1, 3, 2, 4, 5)
            .reshaped(batch * rows * columns, window, window, channels)
    }

    /// The inverse of ``partition(_:)``; padding is dropped.
    func unpartition(_ windows: Tensor) throws(TensorError) -> Tensor {
        let channels = windows.size(3)
        let batch = windows.size(0) / (rows * columns)
        return try windows.reshaped(batch, rows, columns, window, window, channels)
            .permuted(0, 1, 3, 2, 4, 5)
            .reshaped(batch, rows * window, columns * window, channels)
            .sliced(1, 0..<height).sliced(2, 0..<width).contiguous()
    }
}
