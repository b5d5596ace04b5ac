import CTorch

/// The large blocks of host memory that tensors use.
///
/// Freed blocks are kept and given out again, because the system takes long to hand out fresh pages.
/// A server that has been idle for a while may want to give them back.
public enum HostMemory {
    /// Bytes of unused memory that may be kept.
    ///
    /// 1 GiB to begin with.
    public static var cacheLimit: Int {
        get { Int(ms_memory_cache_limit()) }
        set { ms_memory_cache_limit_set(Int64(newValue)) }
    }

    /// Bytes kept and not in use now.
    public static var cachedBytes: Int { Int(ms_memory_cached_bytes()) }

    /// Bytes of large blocks in use now.
    public static var usedBytes: Int { Int(ms_memory_used_bytes()) }

    /// The most bytes of large blocks that were ever in use.
    public static var peakUsedBytes: Int { Int(ms_memory_peak_used_bytes()) }

    /// Gives everything that is kept back to the system.
    public static func releaseCache() {
        ms_memory_cache_release()
    }
}
