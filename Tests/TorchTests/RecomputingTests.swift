import Testing
import Torch

/// Numbers that look random and are the same each time.
private func noise(_ shape: [Int], seed: Int) throws -> Tensor {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { Float(($0 * 7919 + seed * 104_729) % 1009) / 504.5 - 1 }
    return try Tensor(values, shape: shape)
}

private func leaf(_ shape: [Int], seed: Int) throws -> Tensor {
    let tensor = try noise(shape, seed: seed)
    try tensor.setRequiresGradient(true)
    return tensor
}

private func values(_ tensor: Tensor) throws -> [Float] {
    try tensor.contiguous().elements(as: Float.self)
}

/// Largest difference, relative to the largest value.
private func difference(_ a: Tensor, _ b: Tensor) throws -> Float {
    let (a, b) = (try values(a), try values(b))
    #expect(a.count == b.count)
    let largest = b.map(abs).max() ?? 0
    return (zip(a, b).map { abs($0 - $1) }.max() ?? 0) / largest
}

/// Results and gradients of two ways to compute the same.
private func expectSame(
    _ parameters: [Tensor],
    tolerance: Float = 1e-5,
    _ first: @escaping () throws -> Tensor,
    _ second: @escaping () throws -> Tensor
) throws {
    var results: [[Tensor]] = []
    for way in [first, second] {
        let result = try way()
        // A weight that differs from pixel to pixel; a plain sum would be blind to normalisations.
        try (result * noise(result.shape, seed: 99)).sum().backward()
        let gradients = try parameters.map { try #require(try $0.gradient()) }
        results.append([try result.detached()] + gradients)
        try parameters.forEach { try $0.setGradient(nil) }
    }
    for (index, (a, b)) in zip(results[0], results[1]).enumerated() {
        let found = try difference(a, b)
        #expect(found < tolerance, "\(index): \(found)")
    }
}

@Suite("Layers that compute again for their gradients")
struct RecomputingTests {
    @Test(
        "Convolutions with what surrounds them agree with the operators one by one",
        arguments: [
            (false, false, false, true), (true, false, false, false), (false, true, false, true),
            (false, false, true, true), (true, true, true, true), (true, true, true, false),
        ]
    )
    func convolution(enlarges: Bool, appends: Bool, normalizes: Bool, rectifies: Bool) throws {
        let side = enlarges ? (9, 7) : (18, 14)
        let image = try leaf([2, 16, side.0, side.1], seed: 1)
        let appended = appends ? try leaf([2, 32, 18, 14], seed: 2) : nil
        let weight = try leaf([8, appends ? 48 : 16, 3, 3], seed: 3)
        let bias = try leaf([8], seed: 4)
        try expectSame([image, weight, bias] + (appended.map { [$0] } ?? [])) {
            try image.recomputingConvolution(
                weight: weight,
                bias: bias,
                enlarges: enlarges,
                appending: appended,
                normalizingWith: normalizes ? 1e-5 : nil,
                rectifies: rectifies
            )
        } _: {
            var x = enlarges ? try image.resizedBilinear(height: 18, width: 14) : image
            if let appended { x = try Tensor.concatenated([x, appended], axis: 1) }
            if normalizes { x = try x.instanceNormalized(epsilon: 1e-5) }
            let y = try x.convolved(weight: weight, bias: bias, stride: 1, padding: 1, groups: 1)
            return rectifies ? try y.relu() : y
        }
    }

    @Test("Channels that the kernels can't handle, and no bias, are no error")
    func unusual() throws {
        let image = try leaf([1, 3, 6, 5], seed: 1)
        let weight = try leaf([4, 3, 1, 1], seed: 2)
        try expectSame([image, weight]) {
            try image.recomputingConvolution(
                weight: weight,
                bias: nil,
                normalizingWith: 1e-5,
                rectifies: true
            )
        } _: {
            try image.instanceNormalized(epsilon: 1e-5)
                .convolved(weight: weight, bias: nil, stride: 1, padding: 0, groups: 1).relu()
        }
    }

    @Test(
        "Attention with relative positions agrees with the operators one by one",
        arguments: [
            [5, 4, 3], [3, 6, 7], [2, 40, 40],
        ]
    )
    func attention(sizes: [Int]) throws {
        let (batch, height, width, heads, d) = (sizes[0], sizes[1], sizes[2], 2, 8)
        let qkv = try leaf([batch, height, width, 3 * heads * d], seed: 1)
        let rowTable = try leaf([2 * height - 1, d], seed: 2)
        let columnTable = try leaf([2 * width - 1, d], seed: 3)
        try expectSame([qkv, rowTable, columnTable], tolerance: 1e-4) {
            try qkv.differentiableRelativeAttention(
                rowTable: rowTable,
                columnTable: columnTable,
                heads: heads
            )
        } _: {
            let parts = try qkv.reshaped(batch, height * width, 3, heads, d).permuted(2, 0, 3, 1, 4)
            let query = try parts.selected(0, 0)
            let grid = try query.reshaped(batch * heads, height, width, d)
            let rows = try gathered(rowTable, height)
            let columns = try gathered(columnTable, width)
            let byRow = try grid.matmul(rows.transposed(1, 2)).unsqueezed(4)
            let byColumn = try grid.transposed(1, 2).matmul(columns.transposed(1, 2))
                .transposed(1, 2).unsqueezed(3)
            let tokens = height * width
            return try query.attending(
                to: parts.selected(0, 1),
                value: parts.selected(0, 2),
                bias: (byRow + byColumn).reshaped(batch, heads, tokens, tokens),
                scale: 1 / Double(d).squareRoot()
            ).permuted(0, 2, 1, 3).reshaped(batch, height, width, heads * d)
        }
    }

    private func gathered(_ table: Tensor, _ size: Int) throws -> Tensor {
        let index = (0..<size).flatMap { i in (0..<size).map { Int64(i - $0 + size - 1) } }
        return try table.indexed(0, by: Tensor(index, shape: size * size)).reshaped(size, size, -1)
    }
}
