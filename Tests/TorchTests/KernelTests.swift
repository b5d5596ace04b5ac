import Foundation
import Testing
import Torch

/// Random numbers from a fixed seed.
private struct Source {
    let generator: RandomGenerator

    init(_ seed: UInt64) throws { generator = try RandomGenerator(seed: seed) }

    func callAsFunction(_ shape: Int..., scale: Double = 1) throws -> Tensor {
        try Tensor.normal(shape, using: generator) * scale
    }
}

private func largestDifference(_ a: Tensor, _ b: Tensor) throws -> Double {
    try #require(a.shape == b.shape)
    return try (a - b).absolute().max().item()
}

@Suite("Fused linear layers")
struct FusedLinearTests {
    @Test(
        "A fused layer computes what its parts compute",
        arguments: [(37, 64, 192), (101, 300, 33), (5, 768, 70), (1, 1, 1)]
    )
    func linear(rows: Int, inputs: Int, outputs: Int) throws {
        let random = try Source(1)
        let x = try random(rows, inputs)
        let weight = try random(outputs, inputs, scale: 1 / Double(inputs).squareRoot())
        let (bias, residual) = (try random(outputs), try random(rows, outputs))
        let (factor, shift) = (try random(inputs), try random(inputs))
        let layer = try PackedLinear(weight: weight, bias: bias)
        #expect(
            try largestDifference(x.linear(layer), x.linear(weight: weight, bias: bias)) < 1e-5
        )
        let norm = NormParameters(weight: factor, bias: shift, epsilon: 1e-6)
        let fused = try x.linear(layer, norm: norm, activation: .gelu, residual: residual)
        let composed =
            try x.layerNormalized(weight: factor, bias: shift, epsilon: 1e-6)
            .linear(weight: weight, bias: bias).gelu() + residual
        #expect(try largestDifference(fused, composed) < 1e-5)
    }

    @Test("A shorter residual is repeated over the rows")
    func repeatedResidual() throws {
        let random = try Source(2)
        let (x, residual) = (try random(3, 5, 8), try random(5, 4))
        let weight = try random(4, 8)
        let layer = try PackedLinear(weight: weight, bias: nil)
        let composed = try x.linear(weight: weight, bias: nil).relu() + residual
        let fused = try x.linear(layer, activation: .relu, residual: residual)
        #expect(try largestDifference(fused, composed) < 1e-5)
    }

    @Test("A perceptron computes what its layers compute", arguments: [(64, 256), (96, 520)])
    func perceptron(width: Int, hidden: Int) throws {
        let random = try Source(3)
        let x = try random(2, 61, width)
        let (first, second) = (try random(hidden, width), try random(width, hidden, scale: 0.1))
        let (bias1, bias2) = (try random(hidden), try random(width))
        let (factor, shift) = (try random(width, scale: 0.1), try random(width))
        let composed =
            try x.layerNormalized(weight: factor, bias: shift, epsilon: 1e-5)
            .linear(weight: first, bias: bias1).gelu().linear(weight: second, bias: bias2) + x
        let fused = try x.perceptron(
            PackedLinear(weight: first, bias: bias1),
            PackedLinear(weight: second, bias: bias2),
            norm: NormParameters(weight: factor, bias: shift, epsilon: 1e-5),
            residual: x
        )
        let scale = try composed.absolute().max().item()
        #expect(try largestDifference(fused, composed) < 2e-6 * scale)
    }

    @Test("GELU is exact from the far left to the far right")
    func gelu() throws {
        let x = try (Tensor.arange(4001) * 0.01 - 20).reshaped(4001, 1)
        let layer = try PackedLinear(weight: .ones([1, 1]), bias: nil)
        let found = try x.linear(layer, activation: .gelu).elements(as: Float.self)
        for (x, y) in zip(try x.elements(as: Float.self), found) {
            let exact = 0.5 * Double(x) * erfc(-Double(x) / 2.0.squareRoot())
            #expect(abs(Double(y) - exact) <= 1.2e-7 * max(1, abs(Double(x))), "x = \(x)")
        }
    }

    @Test("Unfit operands are refused or declined")
    func refusals() throws {
        let layer = try PackedLinear(weight: .ones([4, 8]), bias: nil)
        let wrong = try Tensor.ones([3, 7])
        #expect(throws: TensorError.self) { try wrong.linear(layer) }
        let right = try Tensor.ones([3, 8])
        #expect(throws: TensorError.self) { try right.linear(layer, residual: .ones([2, 4])) }
        #expect(throws: TensorError.self) { try right.perceptron(layer, layer) }
        let whole = try Tensor.ones([4, 8], dtype: .int64)
        #expect {
            _ = try PackedLinear(weight: whole, bias: nil)
        } throws: { error in
            if case TensorError.notSupported = error { true } else { false }
        }
    }
}

@Suite("Fused convolutions")
struct FusedConvolutionTests {
    /// Channels outermost, as libtorch's operators want them.
    private func planes(_ image: Tensor) throws -> Tensor {
        try image.permuted(2, 0, 1).unsqueezed(0)
    }

    private func perChannel(_ values: Tensor) throws -> Tensor { try values.reshaped(1, -1, 1, 1) }

    @Test(
        "A convolution over two parts computes what its steps compute",
        arguments: [(20, 28, 64, 64, 64), (22, 30, 32, 16, 48), (6, 10, 272, 16, 16)]
    )
    func convolution(height: Int, width: Int, a: Int, b: Int, outputs: Int) throws {
        let random = try Source(7)
        let (small, image) = (
            try random(height / 2, width / 2, a), try random(height, width, b + 32)
        )
        let weight = try random(outputs, a + b, 3, 3, scale: 1 / Double(9 * (a + b)).squareRoot())
        let (bias, factor, shift) = (try random(outputs), try random(b), try random(b))
        let layer = try PackedConvolution(weight: weight, bias: bias)

        let first = try ImagePart(small).doubled()
        let enlarged = try planes(small).resizedBilinear(height: height, width: width)
        let second = try ImagePart(image).centerChannels(b).scaled(by: factor, shift: shift)
        let rectified = try
            (planes(image).sliced(1, 16..<16 + b) * perChannel(factor) + perChannel(shift)).relu()

        let parts = try ImageParts(
            first.normalized(first.moments(), epsilon: 1e-5),
            second.normalized(second.moments(), epsilon: 1e-5)
        )
        let joined = try Tensor.concatenated(
            [
                enlarged.instanceNormalized(epsilon: 1e-5),
                rectified.instanceNormalized(epsilon: 1e-5),
            ],
            axis: 1
        )
        let expected = try joined.convolved(weight: weight, bias: bias, padding: 1).relu()
        let (found, moments) = try parts.convolvedWithMoments(layer, relu: true)
        #expect(try largestDifference(planes(found), expected) < 5e-5)
        #expect(
            try largestDifference(moments.selected(0, 0), expected.mean([0, 2, 3])) < 1e-5
        )
        #expect(try parts.convolved(layer, relu: true).isIdentical(to: found))

        let (headWeight, headBias) = (try random(3, outputs), try random(3))
        let maps = try parts.convolvedToMaps(
            layer,
            weight: headWeight,
            bias: headBias,
            height: height - 3,
            width: width - 1
        )
        let head = try expected.convolved(
            weight: headWeight.reshaped(3, outputs, 1, 1),
            bias: headBias
        ).sigmoid().selected(0, 0).sliced(1, 0..<height - 3).sliced(2, 0..<width - 1)
        #expect(try largestDifference(maps, head) < 1e-4)
    }

    @Test("A 1 x 1 convolution reads mapped channels")
    func pointwise() throws {
        let random = try Source(8)
        let (image, factor, shift) = (try random(5, 9, 48), try random(48), try random(48))
        let (weight, bias) = (try random(20, 48), try random(20))
        let expected = try (image * factor + shift).relu().linear(weight: weight, bias: bias)
        let part = try ImagePart(image).scaled(by: factor, shift: shift)
        let found = try part.pointwise(PackedLinear(weight: weight, bias: bias))
        #expect(try largestDifference(found, expected) < 1e-4)
    }

    @Test("Parts that do not fit are refused or declined")
    func refusals() throws {
        let layer = try PackedConvolution(weight: .ones([16, 32, 3, 3]), bias: nil)
        let (a, b) = (try ImagePart(.ones([4, 4, 16])), try ImagePart(.ones([4, 6, 16])))
        #expect(throws: TensorError.self) { try ImageParts(a, b).convolved(layer, relu: true) }
        #expect(throws: TensorError.self) { try ImageParts(a).convolved(layer, relu: true) }
        #expect(throws: TensorError.self) { try ImagePart(.ones([4, 4, 10])).moments() }
        #expect(throws: TensorError.self) {
            try PackedConvolution(weight: .ones([16, 32, 5, 5]), bias: nil)
        }
    }
}

@Suite("Fused attention")
struct FusedAttentionTests {
    /// Attention over one window as the formula says, in double precision; `score` is added.
    private func attend(
        _ query: [Double],
        _ keys: [[Double]],
        _ values: [[Double]],
        score: (Int) -> Double
    ) -> [Double] {
        let scale = 1 / Double(query.count).squareRoot()
        let scores = keys.indices.map { key in
            scale * zip(query, keys[key]).reduce(0) { $0 + $1.0 * $1.1 } + score(key)
        }
        let top = scores.max() ?? 0
        let weights = scores.map { exp($0 - top) }
        let total = weights.reduce(0, +)
        return query.indices.map { c in
            keys.indices.reduce(0) { $0 + weights[$1] * values[$1][c] } / total
        }
    }

    private func doubles(_ tensor: Tensor) throws -> [Double] {
        try tensor.elements(as: Float.self).map(Double.init)
    }

    @Test(
        "Relative attention follows the formula, padding included",
        arguments: [
            (9, 13, 2, 16, 5), (6, 11, 1, 40, nil), (14, 7, 2, 80, 14), (17, 18, 1, 64, nil),
        ]
    )
    func relative(height: Int, width: Int, heads: Int, d: Int, window: Int?) throws {
        let random = try Source(4)
        let channels = heads * d
        let qkv = try random(2, height, width, 3 * channels)
        let padding = try random(3 * channels)
        let (sideH, sideW) = (window ?? height, window ?? width)
        let (rows, columns) = (
            try random(2 * sideH - 1, d, scale: 0.3), try random(2 * sideW - 1, d, scale: 0.3)
        )
        let found = try doubles(
            qkv.relativeAttention(
                padding: padding,
                rowTable: rows,
                columnTable: columns,
                heads: heads,
                window: window
            )
        )
        let (tokens, pad) = (try doubles(qkv), try doubles(padding))
        let (rowValues, columnValues) = (try doubles(rows), try doubles(columns))
        func part(_ image: Int, _ y: Int, _ x: Int, _ offset: Int) -> [Double] {
            guard y < height, x < width else { return Array(pad[offset..<offset + d]) }
            let at = ((image * height + y) * width + x) * 3 * channels + offset
            return Array(tokens[at..<at + d])
        }
        func dot(_ a: [Double], _ b: ArraySlice<Double>) -> Double {
            zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        var worst = 0.0
        // A sample of the queries: all would take long in plain Swift.
        for sample in stride(from: 0, to: 2 * height * width * heads, by: 17) {
            let head = sample % heads
            let (y, x) = (sample / heads / width % height, sample / heads % width)
            let image = sample / heads / width / height
            let (top, left) = (y / sideH * sideH, x / sideW * sideW)
            let positions = (0..<sideH * sideW).map { (top + $0 / sideW, left + $0 % sideW) }
            let query = part(image, y, x, head * d)
            let expected = attend(
                query,
                positions.map { part(image, $0.0, $0.1, channels + head * d) },
                positions.map { part(image, $0.0, $0.1, 2 * channels + head * d) }
            ) { key in
                let row = (y - positions[key].0 + sideH - 1) * d
                let column = (x - positions[key].1 + sideW - 1) * d
                return dot(query, rowValues[row..<row + d])
                    + dot(query, columnValues[column..<column + d])
            }
            let at = ((image * height + y) * width + x) * channels + head * d
            for c in 0..<d { worst = max(worst, abs(expected[c] - found[at + c])) }
        }
        #expect(worst < 2e-5)
    }

    @Test("Window attention follows the formula", arguments: [(10, 15, 3, 8, 7), (4, 4, 2, 32, 4)])
    func windows(height: Int, width: Int, heads: Int, d: Int, window: Int) throws {
        let random = try Source(5)
        let (channels, area) = (heads * d, window * window)
        let qkv = try random(1, height, width, 3 * channels)
        let padding = try random(3 * channels)
        let bias = try random(heads, area, area)
        let found = try doubles(
            qkv.windowAttention(padding: padding, bias: bias, heads: heads, window: window)
        )
        let (tokens, pad, biases) = (try doubles(qkv), try doubles(padding), try doubles(bias))
        func part(_ y: Int, _ x: Int, _ offset: Int) -> [Double] {
            guard y < height, x < width else { return Array(pad[offset..<offset + d]) }
            let at = (y * width + x) * 3 * channels + offset
            return Array(tokens[at..<at + d])
        }
        var worst = 0.0
        for sample in 0..<height * width * heads {
            let (head, x, y) = (sample % heads, sample / heads % width, sample / heads / width)
            let (top, left) = (y / window * window, x / window * window)
            let positions = (0..<area).map { (top + $0 / window, left + $0 % window) }
            let query = (y - top) * window + x - left
            let expected = attend(
                part(y, x, head * 3 * d),
                positions.map { part($0.0, $0.1, head * 3 * d + d) },
                positions.map { part($0.0, $0.1, head * 3 * d + 2 * d) }
            ) { biases[(head * area + query) * area + $0] }
            let at = (y * width + x) * channels + head * d
            for c in 0..<d { worst = max(worst, abs(expected[c] - found[at + c])) }
        }
        #expect(worst < 1e-5)
    }

    @Test("An image's result does not depend on the batch, nor on the number of threads")
    func independence() throws {
        let random = try Source(6)
        let qkv = try random(3, 16, 12, 96)
        let (padding, table) = (try random(96), try random(27, 16))
        func run(_ qkv: Tensor) throws -> Tensor {
            try qkv.relativeAttention(
                padding: padding,
                rowTable: table,
                columnTable: table,
                heads: 2,
                window: 14
            )
        }
        let all = try run(qkv)
        let threads = Engine.threadCount
        try Engine.setThreadCount(1)
        defer { #expect(throws: Never.self) { try Engine.setThreadCount(threads) } }
        let alone = try run(qkv.sliced(0, 1..<2))
        #expect(try alone.isIdentical(to: all.sliced(0, 1..<2)))
    }

    @Test("Shapes that do not fit are refused")
    func refusals() throws {
        let qkv = try Tensor.ones([1, 4, 4, 24])
        let (padding, table) = (try Tensor.ones([24]), try Tensor.ones([7, 4]))
        func attempt(_ table: Tensor, heads: Int) throws -> Tensor {
            try qkv.relativeAttention(
                padding: padding,
                rowTable: table,
                columnTable: table,
                heads: heads,
                window: nil
            )
        }
        #expect(try attempt(table, heads: 2).shape == [1, 4, 4, 8])
        #expect(throws: TensorError.self) { try attempt(table, heads: 3) }
        #expect(throws: TensorError.self) { try attempt(.ones([5, 4]), heads: 2) }
    }
}

@Suite("Host memory", .serialized)
struct HostMemoryTests {
    @Test("Freed blocks are kept up to the limit and given back on demand")
    func cache() throws {
        let megabyte = 1 << 20
        do {
            let block = try Tensor.zeros([64 * megabyte / 4])
            #expect(HostMemory.usedBytes >= 64 * megabyte)
            #expect(try block.sum().item() == 0)
        }
        #expect(HostMemory.peakUsedBytes >= 64 * megabyte)
        #expect(HostMemory.cachedBytes <= HostMemory.cacheLimit)
        HostMemory.releaseCache()
        #expect(try Tensor.ones([8 * megabyte]).sum().item() == Double(8 * megabyte))
    }

    @Test("Memory that was given back comes back as new")
    func reuse() throws {
        for round in 0..<3 {
            let blocks = try (1...9).map { try Tensor.full(Double($0), shape: [$0 * 100_003]) }
            for (index, block) in blocks.enumerated() where index % 2 == round % 2 {
                #expect(try block.min().item() == Double(index + 1))
                #expect(try block.max().item() == Double(index + 1))
            }
            HostMemory.releaseCache()
        }
    }
}
