/// SHA-256, from the description in FIPS 180-4.
///
/// It checks sample data of some megabytes, for which a cryptography library would be a heavy dependency.
struct SHA256: StreamHasher {
    private var state: [UInt32]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0
    private var schedule = [UInt32](repeating: 0, count: 64)

    /// Initial state and round constants: the fractional parts of roots of the first primes.
    private static let primes: [Int] = {
        var found: [Int] = []
        var candidate = 2
        while found.count < 64 {
            if !found.contains(where: { candidate % $0 == 0 }) { found.append(candidate) }
            candidate += 1
        }
        return found
    }()

    private static let constants: [UInt32] = primes.map { fraction(of: $0, power: 3) }

    init() {
        state = SHA256.primes.prefix(8).map { SHA256.fraction(of: $0, power: 2) }
    }

    /// The first 32 bits behind the point of the square or cube root of `prime`.
    ///
    /// Found by bisection over integers: the largest r with r^power ≤ prime · 2^(32 · power).
    private static func fraction(of prime: Int, power: Int) -> UInt32 {
        var low: UInt64 = 0
        var high: UInt64 = 1 << 37
        while high - low > 1 {
            let middle = (low + high) / 2
            if isAtMost(middle, power: power, prime: UInt64(prime)) {
                low = middle
            } else {
                high = middle
            }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    /// Whether root^power ≤ prime · 2^(32 · power), in 128-bit arithmetic.
    private static func isAtMost(_ root: UInt64, power: Int, prime: UInt64) -> Bool {
        let square = UInt128(root) * UInt128(root)
        if power == 2 { return square <= UInt128(prime) << 64 }
        return square * UInt128(root) <= UInt128(prime) << 96
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        // Safe because the bytes are copied.
        length += UInt64(bytes.count)
        pending.append(contentsOf: bytes)
        var position = 0
        while pending.count - position >= 64 {
            compress(from: position)
            position += 64
        }
        pending.removeFirst(position)
    }

    mutating func finish() -> [UInt8] {
        let bits = length * 8
        pending.append(0x80)
        while pending.count % 64 != 56 { pending.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            pending.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        for position in stride(from: 0, to: pending.count, by: 64) { compress(from: position) }
        return state.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    private mutating func compress(from start: Int) {
        func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
            word >> count | word << (32 - count)
        }
        for index in 0..<16 {
            schedule[index] = (0..<4).reduce(0) {
                $0 << 8 | UInt32(pending[start + index * 4 + $1])
            }
        }
        for index in 16..<64 {
            let old = schedule[index - 15]
            let new = schedule[index - 2]
            let small = rotated(old, 7) ^ rotated(old, 18) ^ old >> 3
            let large = rotated(new, 17) ^ rotated(new, 19) ^ new >> 10
            schedule[index] = schedule[index - 16] &+ small &+ schedule[index - 7] &+ large
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let first =
                h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ (e & f ^ ~e & g)
                &+ SHA256.constants[index] &+ schedule[index]
            let second =
                (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
    }
}
