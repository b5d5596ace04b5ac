import CTorch

extension Tensor {
    /// The same elements in another shape; one size may be -1.
    public func reshaped(_ shape: [Int]) throws(TensorError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try Tensor("reshaped", [self]) { ms_reshape(pointer, sizes, Int32(sizes.count), $0) }
    }

    /// The same elements in another shape; one size may be -1.
    public func reshaped(_ shape: Int...) throws(TensorError) -> Tensor {
        try reshaped(shape)
    }

    /// Axes in another order.
    public func permuted(_ axes: Int...) throws(TensorError) -> Tensor {
        let list = axes.map(Int64.init)
        return try Tensor("permuted", [self]) { ms_permute(pointer, list, Int32(list.count), $0) }
    }

    /// Two axes exchanged.
    public func transposed(_ axis0: Int, _ axis1: Int) throws(TensorError) -> Tensor {
        try Tensor("transposed", [self]) { ms_transpose(pointer, Int64(axis0), Int64(axis1), $0) }
    }

    /// A new axis of size 1.
    public func unsqueezed(_ axis: Int) throws(TensorError) -> Tensor {
        try Tensor("unsqueezed", [self]) { ms_unsqueeze(pointer, Int64(axis), $0) }
    }

    /// Without an axis of size 1.
    public func squeezed(_ axis: Int) throws(TensorError) -> Tensor {
        try Tensor("squeezed", [self]) { ms_squeeze(pointer, Int64(axis), $0) }
    }

    /// Axes of size 1 repeated without a copy; -1 keeps a size.
    public func expanded(_ shape: [Int]) throws(TensorError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try Tensor("expanded", [self]) { ms_expand(pointer, sizes, Int32(sizes.count), $0) }
    }

    /// The elements of `range` along an axis, every `step`-th.
    public func sliced(
        _ axis: Int,
        _ range: Range<Int>,
        step: Int = 1
    ) throws(TensorError) -> Tensor {
        try Tensor("sliced", [self]) {
            ms_slice(
                pointer,
                Int64(axis),
                Int64(range.lowerBound),
                Int64(range.upperBound),
                Int64(step),
                $0
            )
        }
    }

    /// One element of an axis, which disappears.
    public func selected(_ axis: Int, _ index: Int) throws(TensorError) -> Tensor {
        try Tensor("selected", [self]) { ms_select(pointer, Int64(axis), Int64(index), $0) }
    }

    /// The elements of an axis that `indices` (int64, one-dimensional) name.
    public func indexed(_ axis: Int, by indices: Tensor) throws(TensorError) -> Tensor {
        try Tensor("indexed", [self, indices]) {
            ms_index_select(pointer, Int64(axis), indices.pointer, $0)
        }
    }

    /// Along `axis`, the element that `indices` (int64) names at each place.
    public func gathered(_ axis: Int, by indices: Tensor) throws(TensorError) -> Tensor {
        try Tensor("gathered", [self, indices]) {
            ms_gather(pointer, Int64(axis), indices.pointer, $0)
        }
    }

    /// Tensors joined along an existing axis.
    public static func concatenated(
        _ tensors: [Tensor],
        axis: Int
    ) throws(TensorError) -> Tensor {
        // Safe because the tensors outlive the call.
        let pointers: [OpaquePointer?] = tensors.map(\.pointer)
        return try withExtendedLifetime(tensors) { () throws(TensorError) in
            try Tensor("concatenated", tensors) {
                ms_cat(pointers, Int32(pointers.count), Int64(axis), $0)
            }
        }
    }

    /// Tensors joined along a new axis.
    public static func stacked(_ tensors: [Tensor], axis: Int = 0) throws(TensorError) -> Tensor {
        // Safe because the tensors outlive the call.
        let pointers: [OpaquePointer?] = tensors.map(\.pointer)
        return try withExtendedLifetime(tensors) { () throws(TensorError) in
            try Tensor("stacked", tensors) {
                ms_stack(pointers, Int32(pointers.count), Int64(axis), $0)
            }
        }
    }

    /// Elements in reverse order along axes.
    public func flipped(_ axes: Int...) throws(TensorError) -> Tensor {
        let list = axes.map(Int64.init)
        return try Tensor("flipped", [self]) { ms_flip(pointer, list, Int32(list.count), $0) }
    }

    /// Each element `count` times along an axis: a a b b.
    public func repeatedElements(_ count: Int, axis: Int) throws(TensorError) -> Tensor {
        try Tensor("repeatedElements", [self]) {
            ms_repeat_interleave(pointer, Int64(count), Int64(axis), $0)
        }
    }

    /// Zeros added at the bottom and at the right of the last two axes.
    public func padded(bottom: Int, right: Int) throws(TensorError) -> Tensor {
        let amounts: [Int64] = [0, Int64(right), 0, Int64(bottom)]
        return try Tensor("padded", [self]) { ms_pad(pointer, amounts, 4, 0, $0) }
    }

    /// Row-major indices of the elements that are not zero, `[count, rank]`, int64.
    public func nonzeroIndices() throws(TensorError) -> Tensor {
        try Tensor("nonzeroIndices", [self]) { ms_nonzero(pointer, $0) }
    }
}

// MARK: - Storage

extension Tensor {
    /// Row-major storage, copied only if needed.
    public func contiguous() throws(TensorError) -> Tensor {
        try Tensor("contiguous", [self]) { ms_tensor_contiguous(pointer, $0) }
    }

    /// Channels-last storage of a four-dimensional tensor, copied only if needed.
    public func channelsLast() throws(TensorError) -> Tensor {
        try Tensor("channelsLast", [self]) { ms_tensor_channels_last(pointer, $0) }
    }

    /// A copy that shares nothing.
    public func copied() throws(TensorError) -> Tensor {
        try Tensor("copied", [self]) { ms_tensor_clone(pointer, $0) }
    }

    /// The same values in another type.
    public func converted(to dtype: DType) throws(TensorError) -> Tensor {
        try Tensor("converted", [self]) {
            ms_tensor_to(pointer, dtype.rawValue, device.native, $0)
        }
    }

    /// The same values on another device.
    public func moved(to device: Device) throws(TensorError) -> Tensor {
        try Tensor("moved", [self]) {
            ms_tensor_to(pointer, dtype.rawValue, device.native, $0)
        }
    }
}
