import CTorch

/// Runs `body` in inference mode: nothing is recorded for gradients, and operations cost least.
///
/// Tensors made inside can never take part in a gradient. The mode belongs to the thread, so `body`
/// is synchronous.
public func withInferenceMode<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    // Safe because the scope is left once, on the thread that entered it.
    var scope: OpaquePointer?
    // It fails for lack of a few bytes, which the mode without gradients does not need, or without libtorch, when
    // everything in the body fails.
    guard ms_inference_enter(&scope) == 0 else { return try withoutGradients(body) }
    defer { ms_inference_leave(scope) }
    return try body()
}

/// Runs `body` without recording gradients on this thread.
public func withoutGradients<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let before = ms_grad_enabled_set(false)
    defer { _ = ms_grad_enabled_set(before) }
    return try body()
}

/// Runs `body` with matrix products and convolutions in a lower precision, where `device` has one.
///
/// Parameters stay as they are; their copies in `dtype` are kept until the end of the outermost such
/// scope. For float32, `body` is simply run.
package func withAutocast<Result, Failure: Error>(
    to dtype: DType,
    on device: Device,
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    guard dtype != .float32 else { return try body() }
    // Safe because the scope is left once, on the thread that entered it.
    var scope: OpaquePointer?
    // It fails for lack of a few bytes, and the precision stays high, or without libtorch, when everything in
    // the body fails.
    _ = ms_autocast_enter(device.kind.rawValue, dtype.rawValue, &scope)
    defer { ms_autocast_leave(scope) }
    return try body()
}

extension Tensor {
    /// Whether operations on the tensor are recorded for a gradient.
    public var requiresGradient: Bool {
        withExtendedLifetime(handle) { ms_requires_grad(pointer) }
    }

    /// Marks a leaf as something to differentiate by, or no longer so.
    package func setRequiresGradient(_ value: Bool) throws(TensorError) {
        try check("setRequiresGradient", [self], ms_requires_grad_set(pointer, value))
    }

    /// The gradient accumulated by ``backward()``, if there is one.
    public func gradient() throws(TensorError) -> Tensor? {
        // Safe because the shim gives one reference, which the tensor takes over.
        var result: OpaquePointer?
        try check("gradient", [self], ms_grad(pointer, &result))
        return result.map(Tensor.init(owning:))
    }

    /// Replaces the accumulated gradient; nil removes it.
    package func setGradient(_ gradient: Tensor?) throws(TensorError) {
        try check("setGradient", [self], ms_grad_set(pointer, gradient?.pointer))
    }

    /// Accumulates the gradients of this scalar into the leaves it was made from.
    public func backward() throws(TensorError) {
        try check("backward", [self], ms_backward(pointer))
    }

    /// Accumulates the gradients of something else into the leaves this was made from.
    ///
    /// - Parameter gradient: The gradient of that something by this tensor, of the same shape.
    public func backward(from gradient: Tensor) throws(TensorError) {
        try check("backward", [self, gradient], ms_backward_from(pointer, gradient.pointer))
    }

    /// The same values, cut off from what they were made from.
    public func detached() throws(TensorError) -> Tensor {
        try Tensor("detached", [self]) { ms_detach(pointer, $0) }
    }
}
