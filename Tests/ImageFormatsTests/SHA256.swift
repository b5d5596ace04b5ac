/// SHA-256 as FIPS 180-4 defines it, for comparing pixels with the hashes of a manifest.
enum SHA256 {
    static func hex(_ message: [UInt8]) -> String {
        var state: [UInt32] = [
            0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C,
            0x1F83_D9AB, 0x5BE0_CD19,
        ]
        var padded = message
        padded.append(0x80)
        while padded.count % 64 != 56 { padded.append(0) }
        let bits = UInt64(message.count) * 8
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        padded.withUnsafeBufferPointer { bytes in
            var schedule = [UInt32](repeating: 0, count: 64)
            for block in stride(from: 0, to: bytes.count, by: 64) {
                for index in 0..<16 {
                    let base = block + 4 * index
                    schedule[index] =
                        UInt32(bytes[base]) << 24 | UInt32(bytes[base + 1]) << 16
                        | UInt32(bytes[base + 2]) << 8 | UInt32(bytes[base + 3])
                }
                mix(&state, &schedule)
            }
        }
        return state.map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
    }

    private static func mix(_ state: inout [UInt32], _ w: inout [UInt32]) {
        for i in 16..<64 {
            let a = w[i - 15]
            let b = w[i - 2]
            let s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)
            let s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10)
            w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
        }
        var v = state
        for i in 0..<64 {
            let s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
            let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
            let first = v[7] &+ s1 &+ choice &+ constants[i] &+ w[i]
            let s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
            v = [first &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        for i in 0..<8 { state[i] = state[i] &+ v[i] }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    /// Fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            // The largest n with n * n * n <= prime * 2^96, by bits; n has less than 36 bits.
            var root: UInt64 = 0
            for bit in stride(from: 35, through: 0, by: -1) {
                let next = root | 1 << UInt64(bit)
                let square = next.multipliedFullWidth(by: next)
                if cube(square, next) <= (UInt64(prime) << 32, 0) { root = next }
            }
            return UInt32(truncatingIfNeeded: root)
        }
    }()

    private static func cube(
        _ square: (high: UInt64, low: UInt64),
        _ factor: UInt64
    ) -> (UInt64, UInt64) {
        let low = square.low.multipliedFullWidth(by: factor)
        return (square.high * factor + low.high, low.low)
    }
}
