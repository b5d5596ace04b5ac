import Foundation

/// Threads for work that waits for disks or computes for long, so that the server goes on answering.
final class BlockingWork: Sendable {
    private let queue = OperationQueue()

    /// - Parameter width: How much of it goes on at a time.
    init(width: Int = max(ProcessInfo.processInfo.activeProcessorCount, 2)) {
        queue.maxConcurrentOperationCount = width
        queue.qualityOfService = .userInitiated
    }

    /// Runs something on one of the threads.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
