import Imaging
import Zarr

/// How samples lie in a decoded row, and how they become one of the types of ``SampleType``.
enum StoredSamples: Hashable, Sendable {
    /// Already in native form.
    case native(SampleType)
    /// Unsigned or signed integers of 1 to 31 bits, packed with the most significant bit first.
    case packed(bits: Int, isSigned: Bool)
    /// Integers of three bytes in native order.
    case triple(isSigned: Bool)
    /// Half-precision floating point.
    case half

    /// The type after ``expand(_:from:count:into:)``: the smallest that holds every value.
    var sampleType: SampleType {
        switch self {
        case .native(let type): type
        case .packed(let bits, let isSigned):
            switch bits {
            case ...8: isSigned ? .int8 : .uint8
            case ...16: isSigned ? .int16 : .uint16
            default: isSigned ? .int32 : .uint32
            }
        case .triple(let isSigned): isSigned ? .int32 : .uint32
        case .half: .float32
        }
    }

    /// Bits of one sample as stored.
    var bits: Int {
        switch self {
        case .native(let type): type.byteCount * 8
        case .packed(let bits, _): bits
        case .triple: 24
        case .half: 16
        }
    }

    /// Writes samples `first ..< first + count` of a row in native form.
    ///
    /// Relies on: `row` holds that many samples, `result` has room for `count` of `sampleType`.
    func expand(
        _ row: UnsafeRawBufferPointer,
        from first: Int,
        count: Int,
        into result: UnsafeMutableRawBufferPointer
    ) {
        // Safe because callers give a row with at least `first + count` stored samples, and a
        // result with room for `count` of them.
        switch self {
        case .native(let type):
            let size = type.byteCount
            result.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: row[first * size..<(first + count) * size])
            )
        case .packed(let bits, let isSigned):
            switch sampleType.byteCount {
            case 1: unpack(row, first, count, bits, isSigned, into: result, as: UInt8.self)
            case 2: unpack(row, first, count, bits, isSigned, into: result, as: UInt16.self)
            default: unpack(row, first, count, bits, isSigned, into: result, as: UInt32.self)
            }
        case .triple(let isSigned):
            expandTriples(row, first, count, isSigned, into: result)
        case .half:
            for index in 0..<count {
                let bits = row.loadUnaligned(fromByteOffset: (first + index) * 2, as: UInt16.self)
                result.storeBytes(
                    of: HalfPrecision.value(of: bits),
                    toByteOffset: index * 4,
                    as: Float.self
                )
            }
        }
    }
}

/// Reads `bits` at a time, most significant first, and extends the sign if there is one.
private func unpack<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ row: UnsafeRawBufferPointer,
    _ first: Int,
    _ count: Int,
    _ bits: Int,
    _ isSigned: Bool,
    into result: UnsafeMutableRawBufferPointer,
    as type: Sample.Type
) {
    // Safe because no byte is read behind the one that holds the last bit of the last sample.
    let mask: UInt64 = (1 << UInt64(bits)) - 1
    var position = first * bits
    var window: UInt64 = 0
    var available = 0
    if position % 8 != 0 {
        window = UInt64(row[position / 8])
        available = 8 - position % 8
        position += available
    }
    for index in 0..<count {
        while available < bits {
            window = window << 8 | UInt64(row[position / 8])
            position += 8
            available += 8
        }
        available -= bits
        var value = (window >> UInt64(available)) & mask
        if isSigned, value >> UInt64(bits - 1) == 1 { value |= ~mask }
        result.storeBytes(
            of: Sample(truncatingIfNeeded: value),
            toByteOffset: index * MemoryLayout<Sample>.size,
            as: Sample.self
        )
    }
}

private func expandTriples(
    _ row: UnsafeRawBufferPointer,
    _ first: Int,
    _ count: Int,
    _ isSigned: Bool,
    into result: UnsafeMutableRawBufferPointer
) {
    // Safe because the row has three bytes and the result four for each of the samples.
    for index in 0..<count {
        let base = (first + index) * 3
        var value =
            UInt32(row[base]) | UInt32(row[base + 1]) << 8 | UInt32(row[base + 2]) << 16
        if isSigned, value & 0x80_0000 != 0 { value |= 0xFF00_0000 }
        result.storeBytes(of: value, toByteOffset: index * 4, as: UInt32.self)
    }
}
