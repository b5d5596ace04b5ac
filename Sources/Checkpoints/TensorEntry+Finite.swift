extension TensorEntry {
    /// Whether no element is NaN, infinite, or a double beyond single precision.
    ///
    /// Reads all elements once, at about the speed of the memory. Whole numbers are always finite.
    public var holdsFiniteNumbers: Bool {
        withBytes { bytes in
            switch elementType {
            case .float32: !hasFullExponent(bytes, 0x7F80_0000_7F80_0000)
            case .float16: !hasFullExponent(bytes, 0x7C00_7C00_7C00_7C00)
            case .bfloat16: !hasFullExponent(bytes, 0x7F80_7F80_7F80_7F80)
            case .float64: bytes.bindMemory(to: Double.self).allSatisfy { Float($0).isFinite }
            default: true
            }
        }
    }
}

/// Whether all bits of the exponent are set in one of the numbers, as they are in NaN and infinity.
///
/// Several numbers are looked at in one word: the lowest bit of its exponent added, a full exponent becomes the
/// sign, and no other reaches it.
///
/// - Parameter exponents: The bits of the exponents in a word.
private func hasFullExponent(_ bytes: UnsafeRawBufferPointer, _ exponents: UInt64) -> Bool {
    // Safe because every load lies within the count.
    let lowest = exponents & ~(exponents << 1)
    let signs = (exponents << 1) & ~exponents
    var found: UInt64 = 0
    let whole = bytes.count / 8
    for word in 0..<whole {
        let numbers = bytes.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self)
        found |= (numbers & exponents) &+ lowest
    }
    var last: UInt64 = 0
    withUnsafeMutableBytes(of: &last) { $0.copyBytes(from: bytes[(whole * 8)...]) }
    found |= (last & exponents) &+ lowest
    return found & signs != 0
}
