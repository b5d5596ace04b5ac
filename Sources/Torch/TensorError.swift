import CTorch

/// A failure inside libtorch.
public enum TensorError: Error, Hashable, Sendable {
    /// An operation refused its operands.
    case operationFailed(operation: String, shapes: [[Int]], message: String)

    /// Host or device memory is exhausted. Nothing was changed; smaller work may succeed.
    case outOfMemory(operation: String, message: String)

    /// A kernel does not handle this device, type or layout.
    case notSupported(operation: String, message: String)

    /// The part of the program that runs libtorch cannot be opened.
    case unavailable(reason: String)
}

extension TensorError: CustomStringConvertible {
    /// The operation, the shapes of its operands, and libtorch's reason.
    public var description: String {
        switch self {
        case .operationFailed(let operation, let shapes, let message):
            let operands = shapes.map(String.init(describing:)).joined(separator: ", ")
            return "\(operation)(\(operands)): \(message)"
        case .outOfMemory(let operation, let message):
            return "not enough memory for \(operation): \(message). "
                + "Close other programs, choose a smaller model, or use tiles"
        case .notSupported(let operation, let message):
            return "\(operation): \(message)"
        case .unavailable(let reason):
            return reason
        }
    }
}

/// Turns a status of the shim into an error; the one place where its message is read.
@inline(__always)
func check(
    _ operation: StaticString,
    _ operands: @autoclosure () -> [Tensor] = [],
    _ status: ms_status
) throws(TensorError) {
    if status != 0 {
        throw failure(operation, operands(), status)
    }
}

private func failure(
    _ operation: StaticString,
    _ operands: [Tensor],
    _ status: ms_status
) -> TensorError {
    let message = String(cString: ms_last_error())
    switch status {
    case ms_status(MS_OUT_OF_MEMORY):
        return .outOfMemory(operation: "\(operation)", message: message)
    case ms_status(MS_NOT_SUPPORTED):
        return .notSupported(operation: "\(operation)", message: message)
    case ms_status(MS_UNAVAILABLE):
        return .unavailable(reason: message)
    default:
        return .operationFailed(
            operation: "\(operation)",
            shapes: operands.map(\.shape),
            message: message
        )
    }
}
