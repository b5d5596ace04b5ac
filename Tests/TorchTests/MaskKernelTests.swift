import Testing
import Torch

@Suite("Kernels of the mask decoder")
struct MaskKernelTests {
    private func largestDifference(_ a: Tensor, _ b: Tensor) throws -> Double {
        try #require(a.shape == b.shape)
        return try (a - b).absolute().max().item()
    }

    @Test(
        "Tokens and prompts exchange what the steps of both attentions exchange",
        arguments: [(3, 1, 130, 7), (2, 2, 61, 1), (1, 1, 1201, 14), (2, 1, 57, 32)]
    )
    func exchange(objects: Int, images: Int, tokens: Int, prompts: Int) throws {
        let (heads, channels) = (8, 256)
        let random = try RandomGenerator(seed: 5)
        func normal(_ shape: [Int], _ scale: Double = 1) throws -> Tensor {
            try Tensor.normal(shape, using: random) * scale
        }
        let image = try normal([images, tokens, channels])
        let positions = try normal([1, tokens, channels])
        let count = prompts * heads
        let keys = try normal([objects, count, channels], 0.2)
        let queries = try normal([objects, count, channels], 0.2)
        let folded = FoldedPrompts(
            keys: keys,
            offsets: try normal([objects, count]),
            values: try normal([objects, count, channels]),
            bias: try normal([channels])
        )
        let (factor, shift) = (try normal([channels]), try normal([channels]))
        let norm = NormParameters(weight: factor, bias: shift, epsilon: 1e-5)
        let found = try image.exchangingTokens(
            with: folded,
            positions: positions,
            norm: norm,
            queries: queries,
            heads: heads
        )
        let whole = try image.expanded([objects, tokens, channels])
        let scores =
            try (whole + positions).matmul(keys.transposed(1, 2))
            + folded.offsets.unsqueezed(1)
        let shares = try scores.reshaped(objects, tokens, prompts, heads).softmax(2)
            .reshaped(objects, tokens, count)
        let renewed = try (whole + shares.matmul(folded.values) + folded.bias)
            .layerNormalized(weight: factor, bias: shift, epsilon: 1e-5)
        let attended = try queries.matmul((renewed + positions).transposed(1, 2)).softmax(-1)
            .matmul(renewed)
        #expect(try largestDifference(found.image, renewed) < 5e-5)
        #expect(try largestDifference(found.attended, attended) < 5e-5)
    }

    @Test("Masks are those of the two transposed convolutions", arguments: [4, 9])
    func upscaling(side: Int) throws {
        let random = try RandomGenerator(seed: 6)
        func normal(_ shape: [Int], _ scale: Double = 1) throws -> Tensor {
            try Tensor.normal(shape, using: random) * scale
        }
        let image = try normal([3, side * side, 256])
        let (kernel1, bias1) = (try normal([256, 64, 2, 2], 0.06), try normal([64]))
        let (kernel2, bias2) = (try normal([64, 32, 2, 2], 0.12), try normal([32]))
        let (factor, shift) = (try normal([64]), try normal([64]))
        let objects = [0, 0, 0, 2, 2]
        let weights = try normal([objects.count, 32])
        func layer(_ kernel: Tensor, _ bias: Tensor) throws -> PackedLinear {
            let (inputs, outputs) = (kernel.size(0), kernel.size(1))
            return try PackedLinear(
                weight: kernel.permuted(2, 3, 1, 0).reshaped(4 * outputs, inputs).contiguous(),
                bias: Tensor.concatenated([bias, bias, bias, bias], axis: 0)
            )
        }
        let found = try image.upscaledMasks(
            first: layer(kernel1, bias1),
            norm: NormParameters(weight: factor, bias: shift, epsilon: 1e-6),
            second: layer(kernel2, bias2),
            weights: weights,
            objects: objects
        )
        let planes = try image.transposed(1, 2).reshaped(3, 256, side, side)
        let half = try planes.convolvedTransposed(weight: kernel1, bias: bias1, stride: 2)
            .permuted(0, 2, 3, 1).contiguous()
            .layerNormalized(weight: factor, bias: shift, epsilon: 1e-6).gelu()
            .permuted(0, 3, 1, 2).contiguous()
        let full = try half.convolvedTransposed(weight: kernel2, bias: bias2, stride: 2).gelu()
        for (mask, object) in objects.enumerated() {
            let expected = try weights.sliced(0, mask..<mask + 1)
                .matmul(full.selected(0, object).reshaped(32, 16 * side * side))
                .reshaped(4 * side, 4 * side)
            #expect(try largestDifference(found.selected(0, mask), expected) < 1e-4)
        }
    }

    @Test("Unfit operands are refused or declined")
    func refusals() throws {
        let image = try Tensor.ones([1, 16, 256])
        let first = try PackedLinear(weight: .ones([256, 256]), bias: .ones([256]))
        let second = try PackedLinear(weight: .ones([128, 64]), bias: .ones([128]))
        let norm = NormParameters(weight: try .ones([64]), bias: try .ones([64]), epsilon: 1e-6)
        let weights = try Tensor.ones([1, 32])
        #expect(throws: TensorError.self) {
            try image.upscaledMasks(
                first: first,
                norm: norm,
                second: second,
                weights: weights,
                objects: [1]
            )
        }
        #expect(throws: TensorError.self) {
            try image.upscaledMasks(
                first: second,
                norm: norm,
                second: first,
                weights: weights,
                objects: [0]
            )
        }
        #expect(throws: TensorError.self) {
            try Tensor.ones([1, 15, 256]).upscaledMasks(
                first: first,
                norm: norm,
                second: second,
                weights: weights,
                objects: [0]
            )
        }
    }

    @Test("Work is divided among threads, each part done once")
    func threads() {
        #expect(Engine.map(101) { $0 * $0 } == (0..<101).map { $0 * $0 })
        #expect(Engine.map(0) { $0 }.isEmpty)
    }
}
