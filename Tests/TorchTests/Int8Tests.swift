import Testing
import Torch

/// Products of 8-bit integers; on processors without them, only that they are declined.
@Suite("Layers of 8-bit integers")
struct Int8Tests {
    private static let isAvailable = ProductPrecision.int8.isAvailable

    /// Whole numbers from -127 to 127; the first of each row is 127, so that its scale is 1.
    private static func whole(_ rows: Int, _ columns: Int, seed: UInt64) throws -> Tensor {
        let random = try RandomGenerator(seed: seed)
        let values = try (Tensor.uniform([rows, columns], using: random) * 254 - 127)
            .elements(as: Float.self)
            .enumerated().map { $0 % columns == 0 ? 127 : $1.rounded() }
        return try Tensor(values, shape: rows, columns)
    }

    @Test(
        "Whole numbers are multiplied exactly, whatever the division of the work",
        .enabled(if: isAvailable, "the processor has no fast products of 8-bit integers"),
        arguments: [(1, 16, 1), (29, 48, 33), (131, 272, 70), (500, 1024, 96)]
    )
    func exact(rows: Int, inputs: Int, outputs: Int) throws {
        let x = try Self.whole(rows, inputs, seed: 1)
        let weight = try Self.whole(outputs, inputs, seed: 2)
        let bias = try Tensor.arange(outputs)
        let layer = try PackedLinear(weight: weight, bias: bias, precision: .int8)
        let found = try x.linear(layer)
        let expected = try x.converted(to: .float64)
            .linear(weight: weight.converted(to: .float64), bias: bias.converted(to: .float64))
        let largest = try expected.absolute().max().item()
        let difference = try (found.converted(to: .float64) - expected).absolute().max().item()
        #expect(difference <= 2e-7 * largest)
        // Rows are rounded each for itself.
        let part = try x.sliced(0, 0..<(rows + 1) / 2).contiguous().linear(layer)
        #expect(
            try part.elements(as: Float.self)
                == found.sliced(0, 0..<(rows + 1) / 2).contiguous().elements(as: Float.self)
        )
    }

    @Test(
        "Normalised layers and perceptrons are near those in single precision",
        arguments: [(64, 256, 0.02), (160, 640, 0.02), (768, 3072, 0.025)],
        [ProductPrecision.int8, .bfloat16].filter(\.isAvailable)
    )
    func near(_ layer: (width: Int, hidden: Int, tolerance: Double), precision: ProductPrecision)
        throws
    {
        let (width, hidden, tolerance) = layer
        let random = try RandomGenerator(seed: 3)
        func normal(_ shape: [Int], _ scale: Double = 1) throws -> Tensor {
            try Tensor.normal(shape, using: random) * scale
        }
        let x = try normal([3, 47, width])
        let first = try normal([hidden, width], 1 / Double(width).squareRoot())
        let second = try normal([width, hidden], 1 / Double(hidden).squareRoot())
        let norm = NormParameters(
            weight: try normal([width]),
            bias: try normal([width]),
            epsilon: 1e-5
        )
        func layers(_ precision: ProductPrecision) throws -> (PackedLinear, PackedLinear) {
            (
                try PackedLinear(weight: first, bias: nil, precision: precision),
                try PackedLinear(weight: second, bias: nil, precision: precision)
            )
        }
        let (exact, rounded) = (try layers(.float32), try layers(precision))
        try expectNear(
            x.linear(rounded.0, norm: norm, activation: .gelu),
            x.linear(exact.0, norm: norm, activation: .gelu),
            tolerance
        )
        try expectNear(
            x.perceptron(rounded.0, rounded.1, norm: norm),
            x.perceptron(exact.0, exact.1, norm: norm),
            tolerance
        )
    }

    private func expectNear(_ found: Tensor, _ expected: Tensor, _ tolerance: Double) throws {
        try #require(found.shape == expected.shape)
        let error = try ((found - expected) * (found - expected)).mean().item()
        let size = try (expected * expected).mean().item()
        #expect(error.squareRoot() <= tolerance * size.squareRoot())
    }

    @Test(
        "Layers of both kinds are not mixed, and an odd number of inputs is declined",
        .enabled(if: isAvailable, "the processor has no fast products of 8-bit integers")
    )
    func refusals() throws {
        let weight = try Tensor.ones([16, 16])
        let layer = try PackedLinear(weight: weight, bias: nil, precision: .int8)
        let other = try PackedLinear(weight: weight, bias: nil)
        #expect(throws: TensorError.self) { try Tensor.ones([2, 16]).perceptron(layer, other) }
        #expect {
            _ = try PackedLinear(weight: .ones([16, 24]), bias: nil, precision: .int8)
        } throws: { error in
            if case TensorError.notSupported = error { true } else { false }
        }
    }

    @Test(
        "A processor without them declines",
        .enabled(if: !isAvailable, "the processor has fast products of 8-bit integers")
    )
    func unavailable() {
        #expect {
            _ = try PackedLinear(weight: .ones([16, 16]), bias: nil, precision: .int8)
        } throws: { error in
            if case TensorError.notSupported = error { true } else { false }
        }
    }
}
