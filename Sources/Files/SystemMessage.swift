#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The words of the system for its errors.
public enum SystemMessage {
    /// What a number of `errno` means.
    public static func text(of code: Int32) -> String { String(cString: strerror(code)) }

    /// What the last failed call of this thread met.
    public static func last() -> String { text(of: errno) }
}
