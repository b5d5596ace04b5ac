/// The hash that identifies an image in an embedding store, as micro-sam computes it.
///
/// It tells images apart; it protects against nothing.
///
/// - Source: FIPS 180-4, section 6.1.
public struct SHA1 {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) =
        (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0)
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Begins without bytes.
    public init() {}

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        // Safe because slices stay within the bytes of the caller, and what is kept of them is
        // copied.
        byteCount += UInt64(bytes.count)
        var start = 0
        if !pending.isEmpty {
            start = min(64 - pending.count, bytes.count)
            pending.append(contentsOf: bytes[..<start])
            guard pending.count == 64 else { return }
            pending.withUnsafeBytes { process($0) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = (bytes.count - start) / 64 * 64
        process(UnsafeRawBufferPointer(rebasing: bytes[start..<start + whole]))
        pending.append(contentsOf: bytes[(start + whole)...])
    }

    /// The hash of all bytes in lower-case hexadecimal digits.
    public consuming func finish() -> String {
        // Safe because the tail outlives the statement, and no pointer to it is kept.
        let bits = byteCount * 8
        var tail = pending
        tail.append(0x80)
        while tail.count % 64 != 56 { tail.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        tail.withUnsafeBytes { process($0) }
        return [state.0, state.1, state.2, state.3, state.4].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Takes whole blocks of 64 bytes.
    private mutating func process(_ bytes: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { schedule in
            // Safe because the loop stays in the 80 words and in whole blocks of the buffer.
            for start in stride(from: 0, to: bytes.count, by: 64) {
                for word in 0..<16 {
                    let value = bytes.loadUnaligned(
                        fromByteOffset: start &+ word &* 4,
                        as: UInt32.self
                    )
                    schedule[word] = UInt32(bigEndian: value)
                }
                for word in 16..<80 {
                    let mixed =
                        schedule[word &- 3] ^ schedule[word &- 8] ^ schedule[word &- 14]
                        ^ schedule[word &- 16]
                    schedule[word] = mixed << 1 | mixed >> 31
                }
                compress(schedule)
            }
        }
    }

    @inline(__always)
    private mutating func compress(_ schedule: UnsafeMutableBufferPointer<UInt32>) {
        // Safe because the schedule has 80 words and belongs to the caller.
        var (a, b, c, d, e) = state
        func mix(_ function: UInt32, _ constant: UInt32, _ word: Int) {
            let next =
                (a << 5 | a >> 27) &+ function &+ e &+ constant &+ schedule[word]
            (e, d, c, b, a) = (d, c, b << 30 | b >> 2, a, next)
        }
        for word in 0..<20 { mix(d ^ (b & (c ^ d)), 0x5A82_7999, word) }
        for word in 20..<40 { mix(b ^ c ^ d, 0x6ED9_EBA1, word) }
        for word in 40..<60 { mix((b & c) | (d & (b | c)), 0x8F1B_BCDC, word) }
        for word in 60..<80 { mix(b ^ c ^ d, 0xCA62_C1D6, word) }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
    }
}
