import Foundation
import Testing
import Torch

/// A matrix of two rows and three columns: 1 2 3 / 4 5 6.
private func matrix() throws -> Tensor { try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: 2, 3) }

private func floats(_ tensor: Tensor) throws -> [Float] {
    try tensor.converted(to: .float32).elements(as: Float.self)
}

private func expect(
    _ tensor: Tensor,
    _ expected: [Float],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let found = try floats(tensor)
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) {
        #expect(abs(a - b) <= 1e-5, "\(found)", sourceLocation: sourceLocation)
    }
}

private func expectFailure(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Tensor
) {
    #expect(throws: TensorError.self, sourceLocation: sourceLocation) { _ = try body() }
}

@Suite("Element-wise operations")
struct ElementwiseTests {
    @Test("Each operation of one operand computes what its name says")
    func unary() throws {
        let x = try Tensor([-1.5, 0.25, 2] as [Float], shape: 3)
        let functions: [((Tensor) throws -> Tensor, (Float) -> Float)] = [
            ({ try $0.negated() }, { -$0 }), ({ try $0.absolute() }, { abs($0) }),
            ({ try $0.exponential() }, { exp($0) }), ({ try $0.sine() }, { sin($0) }),
            ({ try $0.cosine() }, { cos($0) }), ({ try $0.hyperbolicTangent() }, { tanh($0) }),
            ({ try $0.sigmoid() }, { 1 / (1 + exp(-$0)) }), ({ try $0.relu() }, { max($0, 0) }),
            ({ try $0.gelu() }, { $0 * (1 + erf($0 / sqrt(2))) / 2 }),
            ({ try $0.rounded() }, { $0.rounded(.toNearestOrEven) }),
            ({ try $0.floored() }, { $0.rounded(.down) }),
            ({ try $0.isFinite() }, { _ in 1 }), ({ try $0.logicalNot() }, { _ in 0 }),
            ({ try $0.absolute().logarithm() }, { log(abs($0)) }),
            ({ try $0.absolute().squareRoot() }, { sqrt(abs($0)) }),
            ({ try $0.absolute().reciprocalSquareRoot() }, { 1 / sqrt(abs($0)) }),
        ]
        for (function, expected) in functions {
            try expect(function(x), [-1.5, 0.25, 2].map(expected))
        }
        expectFailure { try Tensor([true], shape: 1).negated() }
    }

    @Test("Each operation of two operands computes what its name says, and broadcasts")
    func binary() throws {
        let (a, b) = (try matrix(), try Tensor([3, 2, 1] as [Float], shape: 3))
        try expect(a + b, [4, 4, 4, 7, 7, 7])
        try expect(a - b, [-2, 0, 2, 1, 3, 5])
        try expect(a * b, [3, 4, 3, 12, 10, 6])
        try expect(a / b, [1 / 3, 1, 3, 4 / 3, 2.5, 6])
        try expect(a.maximum(b), [3, 2, 3, 4, 5, 6])
        try expect(a.minimum(b), [1, 2, 1, 3, 2, 1])
        try expect(a .> b, [0, 0, 1, 1, 1, 1])
        try expect(a .>= b, [0, 1, 1, 1, 1, 1])
        try expect(a .== b, [0, 1, 0, 0, 0, 0])
        try expect((a .> b).logicalAnd(a .== b), [0, 0, 0, 0, 0, 0])
        try expect((a .> b).logicalOr(a .== b), [0, 1, 1, 1, 1, 1])
        let wrong = try Tensor.ones([2])
        let operations: [(Tensor, Tensor) throws -> Tensor] = [
            { try $0 + $1 }, { try $0 - $1 }, { try $0 * $1 }, { try $0 / $1 },
            { try $0.maximum($1) }, { try $0.minimum($1) }, { try $0 .> $1 }, { try $0 .>= $1 },
            { try $0 .== $1 }, { try $0.logicalAnd($1) }, { try $0.logicalOr($1) },
        ]
        for operation in operations { expectFailure { try operation(a, wrong) } }
    }

    @Test("Operations with a number")
    func scalar() throws {
        let a = try matrix()
        try expect(a + 1, [2, 3, 4, 5, 6, 7])
        try expect(a - 1, [0, 1, 2, 3, 4, 5])
        try expect(a * 2, [2, 4, 6, 8, 10, 12])
        try expect(a / 2, [0.5, 1, 1.5, 2, 2.5, 3])
        try expect(a.power(2), [1, 4, 9, 16, 25, 36])
        try expect(a .> 3, [0, 0, 0, 1, 1, 1])
        try expect(a .< 3, [1, 1, 0, 0, 0, 0])
        try expect(a .== 3, [0, 0, 1, 0, 0, 0])
        try expect(a.clamped(2...4), [2, 2, 3, 4, 4, 4])
        try expect(a.replacing(with: a * 10, where: a .> 4), [1, 2, 3, 4, 50, 60])
        expectFailure { try a.replacing(with: a, where: Tensor([true, false], shape: 2)) }
    }
}

@Suite("Reductions and products")
struct ReductionTests {
    @Test("Reductions over one axis and over all")
    func reductions() throws {
        let a = try matrix()
        try expect(a.sum([0]), [5, 7, 9])
        try expect(a.sum(), [21])
        try expect(a.mean([1]), [2, 5])
        try expect(a.max([1], keepingAxes: true), [3, 6])
        try expect(a.min([0]), [1, 2, 3])
        try expect(a.indexOfMaximum(1), [2, 2])
        let moments = try a.moments([1])
        try expect(moments.mean, [2, 5])
        try expect(moments.variance, [2 / 3, 2 / 3])
        for operation in [
            { try a.sum([2]) }, { try a.mean([2]) }, { try a.max([2]) }, { try a.min([2]) },
            { try a.indexOfMaximum(2) }, { try a.moments([2]).mean },
        ] { expectFailure(operation) }
    }

    @Test("Matrix products")
    func products() throws {
        let a = try matrix()
        try expect(a.matmul(a.transposed(0, 1)), [14, 32, 32, 77])
        let ones = try Tensor.ones([2, 2])
        try expect(ones.addingProduct(a, a.transposed(0, 1)), [15, 33, 33, 78])
        expectFailure { try ones.addingProduct(a, a) }
    }
}

@Suite("Shapes")
struct ShapeTests {
    @Test("Views and rearrangements")
    func views() throws {
        let a = try matrix()
        #expect(try a.reshaped(3, -1).shape == [3, 2])
        #expect(try a.permuted(1, 0).shape == [3, 2])
        #expect(try a.unsqueezed(1).shape == [2, 1, 3])
        #expect(try a.unsqueezed(1).squeezed(1).shape == [2, 3])
        #expect(try a.unsqueezed(0).expanded([4, -1, -1]).shape == [4, 2, 3])
        try expect(a.selected(0, 1), [4, 5, 6])
        try expect(a.indexed(1, by: Tensor([2, 0] as [Int64], shape: 2)), [3, 1, 6, 4])
        try expect(a.gathered(1, by: Tensor([2, 0] as [Int64], shape: 2, 1)), [3, 4])
        try expect(a.flipped(1), [3, 2, 1, 6, 5, 4])
        try expect(a.repeatedElements(2, axis: 0).selected(0, 1), [1, 2, 3])
        #expect(try a.padded(bottom: 1, right: 2).shape == [3, 5])
        #expect(try a.padded(bottom: 1, right: 2).sum().item() == 21)
        try expect((a .> 4).nonzeroIndices(), [1, 1, 1, 2])
        #expect(try Tensor.concatenated([a, a], axis: 1).shape == [2, 6])
        #expect(try Tensor.stacked([a, a]).shape == [2, 2, 3])
    }

    @Test("Wrong axes and sizes are refused")
    func failures() throws {
        let a = try matrix()
        let index = try Tensor([5] as [Int64], shape: 1)
        for operation in [
            { try a.reshaped(4, -1) }, { try a.permuted(0, 0) }, { try a.transposed(0, 2) },
            { try a.unsqueezed(4) }, { try a.squeezed(0) }, { try a.expanded([2, 4]) },
            { try a.selected(0, 2) }, { try a.indexed(0, by: index) },
            { try a.gathered(0, by: index) }, { try a.flipped(2) },
            { try a.repeatedElements(-1, axis: 0) },
            { try Tensor.concatenated([a, a.reshaped(3, 2)], axis: 0) },
            { try Tensor.stacked([a, a.reshaped(3, 2)]) }, { try a.channelsLast() },
        ] { expectFailure(operation) }
    }

    @Test("Storage orders hold the same elements")
    func storage() throws {
        let image = try Tensor.arange(24).reshaped(1, 2, 3, 4)
        let last = try image.channelsLast()
        #expect(last.isChannelsLast && !last.isContiguous)
        #expect(try last.contiguous().isIdentical(to: image))
        #expect(try last.copied().isIdentical(to: image))
        #expect(try image.converted(to: .float64).dtype == .float64)
        #expect(try image.moved(to: .cpu).isIdentical(to: image))
    }
}

@Suite("Layers as functions")
struct LayerFunctionTests {
    @Test("Linear and convolutions")
    func products() throws {
        let a = try matrix()
        let weight = try Tensor([1, 0, 0, 0, 1, 1] as [Float], shape: 2, 3)
        let bias = try Tensor([10, 20] as [Float], shape: 2)
        try expect(a.linear(weight: weight, bias: bias), [11, 25, 14, 31])
        expectFailure { try a.linear(weight: a.transposed(0, 1), bias: nil) }
        let image = try Tensor.arange(9).reshaped(1, 1, 3, 3)
        let kernel = try Tensor.ones([1, 1, 2, 2])
        try expect(image.convolved(weight: kernel, bias: nil), [8, 12, 20, 24])
        #expect(
            try image.convolved(weight: kernel, bias: nil, stride: 2, padding: 1).shape
                == [1, 1, 2, 2]
        )
        expectFailure { try image.convolved(weight: Tensor.ones([1, 2, 2, 2]), bias: nil) }
        let small = try Tensor([1, 2] as [Float], shape: 1, 1, 1, 2)
        try expect(
            small.convolvedTransposed(weight: kernel, bias: nil, stride: 2),
            [1, 1, 2, 2, 1, 1, 2, 2]
        )
        expectFailure {
            try small.convolvedTransposed(weight: Tensor.ones([2, 1, 2, 2]), bias: nil, stride: 2)
        }
    }

    @Test("Normalisations give mean 0 and variance 1")
    func normalisations() throws {
        let image = try Tensor.arange(12).reshaped(1, 2, 2, 3)
        let (ones, zeros) = (try Tensor.ones([2]), try Tensor.zeros([2]))
        for normalized in [
            try image.instanceNormalized(epsilon: 0),
            try image.batchNormalized(weight: ones, bias: zeros, epsilon: 0),
        ] {
            let moments = try normalized.moments([0, 2, 3])
            try expect(moments.mean, [0, 0])
            try expect(moments.variance, [1, 1])
        }
        try expect(
            matrix().layerNormalized(weight: nil, bias: nil, epsilon: 0),
            [-1.2247449, 0, 1.2247449, -1.2247449, 0, 1.2247449]
        )
        expectFailure { try image.layerNormalized(weight: ones, bias: nil, epsilon: 0) }
        expectFailure {
            try image.batchNormalized(weight: Tensor.ones([3]), bias: zeros, epsilon: 0)
        }
        expectFailure { try Tensor.ones([2]).instanceNormalized(epsilon: 0) }
    }

    @Test("Softmax and attention")
    func attention() throws {
        let a = try matrix()
        try expect(a.softmax(1).sum([1]), [1, 1])
        expectFailure { try a.softmax(2) }
        let tokens = try a.reshaped(1, 1, 2, 3)
        let scores = try a.matmul(a.transposed(0, 1)) * 0.5
        let expected = try scores.softmax(1).matmul(a)
        try expect(tokens.attending(to: tokens, value: tokens, scale: 0.5), floats(expected))
        expectFailure {
            try tokens.attending(to: tokens.reshaped(1, 1, 3, 2), value: tokens, scale: 1)
        }
    }

    @Test("Resampling with half-pixel centres")
    func resampling() throws {
        let row = try Tensor([0, 4] as [Float], shape: 1, 1, 1, 2)
        try expect(row.resizedBilinear(height: 1, width: 4), [0, 1, 3, 4])
        try expect(row.resizedBilinear(height: 1, width: 1, antialias: true), [2])
        try expect(row.squeezed(0).resizedLinear(length: 4), [0, 1, 3, 4])
        expectFailure { try row.resizedBilinear(height: 0, width: 4) }
        expectFailure { try row.resizedLinear(length: 4) }
    }
}

@Suite("Engine", .serialized)
struct EngineTests {
    @Test("Settings of the process")
    func settings() throws {
        #expect(Engine.version.hasPrefix("2."))
        #expect(Device.count(of: .cpu) == 1)
        #expect(Device.cpu.isAvailable && Device.best.isAvailable)
        try Device.cpu.synchronize()
        #expect(throws: TensorError.self) { try Device.cpu.unusedMemory() }
        let threads = Engine.threadCount
        #expect(throws: TensorError.self) { try Engine.setThreadCount(0) }
        #expect(Engine.threadCount == threads)
        try Engine.seed(3)
    }

    @Test("A device that does not exist is an error", .enabled(if: Device.count(of: .cuda) == 0))
    func missingDevice() throws {
        expectFailure { try Tensor.zeros([2], on: Device(.cuda)) }
        expectFailure { try Tensor.ones([2]).moved(to: Device(.cuda)) }
        #expect(!Device(.cuda).isAvailable)
    }

    @Test("A gradient of something that has none is an error")
    func backward() throws {
        let x = try Tensor.ones([2])
        #expect(throws: TensorError.self) { try x.sum().backward() }
        #expect(try x.gradient() == nil)
        #expect(try !x.detached().requiresGradient)
    }
}
