import Foundation

/// Lets reading and writing run beside the model without getting in its way.
///
/// The operations of the model use all cores. On a machine of two, reading and writing wait for each
/// other, so that the model competes with one thread at most.
final class SideWork: Sendable {
    private let lock: NSLock?

    init(cores: Int = ProcessInfo.processInfo.activeProcessorCount) {
        lock = cores <= 2 ? NSLock() : nil
    }

    func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        lock?.lock()
        defer { lock?.unlock() }
        return try body()
    }
}
