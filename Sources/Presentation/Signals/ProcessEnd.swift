#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The end of the process.
public enum ProcessEnd {
    /// Ends the process at once, after what was printed has left it.
    ///
    /// Destructors of libraries do not run: another thread may still be computing, and memory need
    /// not be tidied up.
    public static func exit(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}

/// Ctrl-C, or a polite request to end, stopped a command; what it had to say was said.
public struct StoppedBySignal: Error, Hashable, Sendable {
    /// The exit status: 128 and the number of the signal.
    public let status: Int32

    /// Tells of a signal.
    public init(_ signal: Int32) { status = 128 + signal }
}
