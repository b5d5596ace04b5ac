import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Locks between programs.
public enum FileLock {
    /// How long a lock is tried for.
    private static let patience = Duration.seconds(3)

    /// Takes the lock of an open file or folder for this descriptor alone, until it is closed.
    ///
    /// A program that this one starts holds its locks, too, for the moment until it closes what is not its
    /// own, so a lock that is taken is tried again for a while.
    ///
    /// - Returns: Whether nobody else has it.
    public static func take(_ descriptor: Int32) -> Bool {
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else {
                return false
            }
            usleep(20_000)
        }
        return true
    }
}
