import Foundation

/// Runs work that blocks for long on a thread of its own, because libtorch keeps its modes by thread
/// and the threads of Swift's tasks must not block.
public func onWorkerThread<Result: Sendable>(
    _ name: String,
    _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Swift.Result { try work() }) }
        thread.name = name
        thread.stackSize = 16 << 20
        thread.start()
    }
}
