import CTorch

extension Engine {
    /// Calls `body` with each of 0 ..< count on the threads that operations use, and waits.
    ///
    /// For work on the processor between operations: a second pool of threads would compete with
    /// libtorch's, which wait actively for a while after each operation.
    ///
    /// - Parameters:
    ///   - count: Number of calls.
    ///   - body: Called on several threads at once, in any order.
    public static func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
        // Safe because `ms_perform` returns when all calls have ended, and the work lives until
        // then.
        withoutActuallyEscaping(body) { body in
            let work = Work(body)
            withExtendedLifetime(work) {
                ms_perform(Int64(count), Unmanaged.passUnretained(work).toOpaque()) {
                    context,
                    index in
                    guard let context else { return }
                    Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().body(Int(index))
                }
            }
        }
    }

    /// All results of `transform`, in order, computed on the threads that operations use.
    public static func map<Result: Sendable>(
        _ count: Int,
        _ transform: @Sendable (Int) -> Result
    ) -> [Result] {
        guard count > 0 else { return [] }
        let results = [Result?](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: nil)
            // Safe because every call writes an element of its own, and all have ended before the
            // buffer is used.
            nonisolated(unsafe) let elements = buffer
            perform(count) { elements[$0] = transform($0) }
            initialized = count
        }
        return results.compactMap { $0 }
    }
}

/// Carries a closure through the C interface.
private final class Work: Sendable {
    let body: @Sendable (Int) -> Void

    init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }
}
