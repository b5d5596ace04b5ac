internal import CXXHash

/// XXH3 with 128 bits, by the system's libxxhash.
final class XXH128: StreamHasher {
    // Safe because it is made and freed once, by this object alone.
    private let state: OpaquePointer

    init(file: String) throws(FileError) {
        guard let state = XXH3_createState() else {
            throw FileError(
                .cannotRead,
                path: file,
                "there is no memory to compute its hash"
            )
        }
        XXH3_128bits_reset(state)
        self.state = state
    }

    deinit {
        XXH3_freeState(state)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        // Safe because xxHash reads as many bytes as the buffer has, and keeps no pointer.
        XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
    }

    func finish() -> [UInt8] {
        var canonical = XXH128_canonical_t()
        XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state))
        return withUnsafeBytes(of: canonical.digest) { Array($0) }
    }
}
