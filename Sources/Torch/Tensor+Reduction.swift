import CTorch

// MARK: - Reductions

extension Tensor {
    /// Sums over `axes`, or over everything.
    public func sum(_ axes: [Int] = [], keepingAxes keep: Bool = false) throws(TensorError)
        -> Tensor
    {
        let list = axes.map(Int64.init)
        return try Tensor("sum", [self]) { ms_sum(pointer, list, Int32(list.count), keep, $0) }
    }

    /// Means over `axes`, or over everything.
    public func mean(
        _ axes: [Int] = [],
        keepingAxes keep: Bool = false
    ) throws(TensorError) -> Tensor {
        let list = axes.map(Int64.init)
        return try Tensor("mean", [self]) { ms_mean(pointer, list, Int32(list.count), keep, $0) }
    }

    /// Largest elements over `axes`, or over everything.
    public func max(_ axes: [Int] = [], keepingAxes keep: Bool = false) throws(TensorError)
        -> Tensor
    {
        let list = axes.map(Int64.init)
        return try Tensor("max", [self]) { ms_max(pointer, list, Int32(list.count), keep, $0) }
    }

    /// Smallest elements over `axes`, or over everything.
    public func min(_ axes: [Int] = [], keepingAxes keep: Bool = false) throws(TensorError)
        -> Tensor
    {
        let list = axes.map(Int64.init)
        return try Tensor("min", [self]) { ms_min(pointer, list, Int32(list.count), keep, $0) }
    }

    /// Mean and biased variance over `axes`.
    public func moments(
        _ axes: [Int],
        keepingAxes keep: Bool = false
    ) throws(TensorError) -> Moments {
        let list = axes.map(Int64.init)
        // Safe because the shim gives one reference to each, which the tensors take over.
        var variance: OpaquePointer?
        var mean: OpaquePointer?
        try check(
            "moments",
            [self],
            ms_variance_mean(pointer, list, Int32(list.count), keep, &variance, &mean)
        )
        guard let variance, let mean else {
            throw .operationFailed(operation: "moments", shapes: [shape], message: "no result")
        }
        return Moments(mean: Tensor(owning: mean), variance: Tensor(owning: variance))
    }

    /// Index of the first largest element along an axis, int64.
    public func indexOfMaximum(
        _ axis: Int,
        keepingAxis keep: Bool = false
    ) throws(TensorError) -> Tensor {
        try Tensor("indexOfMaximum", [self]) { ms_argmax(pointer, Int64(axis), keep, $0) }
    }
}

/// Mean and variance over the same axes.
public struct Moments: Sendable {
    /// Means.
    public let mean: Tensor

    /// Biased variances: the mean of the squared deviations.
    public let variance: Tensor
}

// MARK: - Matrix products

extension Tensor {
    /// Matrix product over the last two axes, the others broadcast.
    public func matmul(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor("matmul", [self, other]) { ms_matmul(pointer, other.pointer, $0) }
    }

    /// `self + a @ b`, for matrices or batches of matrices.
    public func addingProduct(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        try Tensor("addingProduct", [self, a, b]) {
            ms_add_matmul(pointer, a.pointer, b.pointer, $0)
        }
    }
}
