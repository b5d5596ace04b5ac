#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The memory of this machine, asked before a file decides how much of it is taken.
///
/// Swift ends the program where memory cannot be had. So whoever makes room for what a file claims asks
/// here first, and throws an error of its own.
public enum MachineMemory {
    /// Whether so many bytes more are free at this moment.
    ///
    /// Small amounts always count as free. Other programs may take what was free a moment ago.
    public static func holds(_ count: Int) -> Bool {
        guard count > smallAmount else { return true }
        if let available, count > available { return false }
        // Limits of the process, and of systems that do not say what is free.
        // Safe because the memory is given back untouched.
        guard let memory = malloc(count) else { return false }
        free(memory)
        return true
    }

    private static let smallAmount = 16 << 20

    /// Bytes that programs can still have without others being stopped; nil where the system does not
    /// tell.
    private static var available: Int? {
        guard let file = fopen("/proc/meminfo", "r") else { return nil }
        defer { fclose(file) }
        var found = 0
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            guard words.count > 1, let kilobytes = Int(words[1]) else { continue }
            if words[0] == "MemAvailable:" || words[0] == "SwapFree:" { found += kilobytes << 10 }
        }
        return found > 0 ? found : nil
    }
}
