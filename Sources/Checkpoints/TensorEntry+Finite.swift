extension TensorEntry {
    /// Whether no element is NaN, infinite, or a double beyond single precision.
    ///
    /// Reads all elements once, at the speed of the memory. The numbers of quantised or counted things are
    /// always finite.
    public var holdsFiniteNumbers: Bool {
        withBytes { bytes in
            switch elementType {
            case .float32: !hasFullExponent(bytes, UInt32(0x7F80_0000))
            case .float16: !hasFullExponent(bytes, UInt16(0x7C00))
            case .bfloat16: !hasFullExponent(bytes, UInt16(0x7F80))
            case .float64: bytes.bindMemory(to: Double.self).allSatisfy { Float($0).isFinite }
            default: true
            }
        }
    }
}

/// Whether all bits of an exponent are set in one of the numbers, as they are in NaN and infinity.
private func hasFullExponent<Bits: FixedWidthInteger & SIMDScalar>(
    _ bytes: UnsafeRawBufferPointer,
    _ exponent: Bits
) -> Bool {
    // Safe because every load lies within the count; the bytes are aligned for the element.
    let step = 16 * MemoryLayout<Bits>.size
    let whole = bytes.count / step
    let mask = SIMD16<Bits>(repeating: exponent)
    var found = SIMD16<Bits>(repeating: 0) .!= 0
    for block in 0..<whole {
        let lanes = bytes.loadUnaligned(fromByteOffset: block &* step, as: SIMD16<Bits>.self)
        found = found .| ((lanes & mask) .== mask)
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[(whole * step)...]).bindMemory(to: Bits.self)
    return any(found) || rest.contains { $0 & exponent == exponent }
}
