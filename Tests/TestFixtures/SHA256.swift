/// The SHA-256 hash of some bytes as lower-case hexadecimal, to compare with hashes in fixtures.
public func sha256(_ bytes: [UInt8]) -> String {
    var state = roots(of: 8, power: 2)
    let constants = roots(of: 64, power: 3)
    let padding = (119 - bytes.count % 64) % 64 + 1
    var message = bytes + [0x80] + [UInt8](repeating: 0, count: padding - 1)
    message += (0..<8).reversed().map { UInt8(truncatingIfNeeded: (bytes.count * 8) >> ($0 * 8)) }
    message.withUnsafeBufferPointer { message in
        for start in stride(from: 0, to: message.count, by: 64) {
            update(
                &state,
                with: UnsafeBufferPointer(rebasing: message[start..<start + 64]),
                constants
            )
        }
    }
    return state.map { word in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
}

/// The first 32 fractional bits of the square or cube roots of the first primes, by bisection.
private func roots(of count: Int, power: Int) -> [UInt32] {
    let primes = (2...400).filter { n in !(2..<n).contains { n % $0 == 0 } }.prefix(count)
    return primes.map { prime in
        var root: UInt64 = 0  // in units of 2^-32
        for bit in (0..<40).reversed() {
            let candidate = root | 1 << UInt64(bit)
            if isRoot(candidate, power: power, atMost: UInt64(prime)) { root = candidate }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}

/// Whether (`candidate` / 2^32)^power <= prime, exactly.
private func isRoot(_ candidate: UInt64, power: Int, atMost prime: UInt64) -> Bool {
    let value = UInt128(candidate)
    let limit = UInt128(prime)
    if power == 2 { return value * value <= limit << 64 }
    return value * value <= (limit << 96) / value
}

private func update(_ state: inout [UInt32], with block: UnsafeBufferPointer<UInt8>, _ k: [UInt32])
{
    func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    var w = [UInt32](repeating: 0, count: 64)
    for i in 0..<16 { w[i] = (0..<4).reduce(0) { $0 << 8 | UInt32(block[i * 4 + $1]) } }
    for i in 16..<64 {
        let s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3
        let s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10
        w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in 0..<64 {
        let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let t1 = h &+ s1 &+ (e & f ^ ~e & g) &+ k[i] &+ w[i]
        let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let t2 = s0 &+ (a & b ^ a & c ^ b & c)
        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
    }
    for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
}
