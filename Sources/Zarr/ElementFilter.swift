import Files

/// A filter of numcodecs that turns numbers into other numbers, for reading.
struct ElementFilter: Hashable, Sendable {
    /// A type and the order of its bytes.
    struct StoredType: Hashable, Sendable {
        var type: ZarrDataType
        var isBigEndian = false
    }

    /// How numbers are stored.
    enum Kind: Hashable, Sendable {
        /// As the difference to the number before.
        case delta
        /// As `(number - offset) * scale`, rounded.
        case fixedScaleOffset(offset: Double, scale: Double)
        /// As the nearest number of another type, rounded before where the filter is `quantize`.
        case converted
    }

    let kind: Kind

    /// The type of the numbers.
    var type: StoredType

    /// The type that they are stored in.
    var stored: StoredType

    /// The numbers of bytes in the stored type, as bytes of the other.
    ///
    /// Follows numcodecs: sums of integers wrap around; scaled integers are computed in double precision,
    /// floating-point numbers in their own; fractions are cut off where the numbers are integers.
    func decoded(_ bytes: [UInt8]) -> [UInt8] {
        switch kind {
        case .converted:
            stored.isFloat || type.isFloat
                ? type.bytes(of: reals(bytes)) : type.bytes(of: integers(bytes))
        case .delta:
            stored.isFloat ? sums(reals(bytes)) : sums(integers(bytes))
        case .fixedScaleOffset(let offset, let scale):
            type.bytes(
                of: reals(bytes).map { value in
                    stored.type == .float32
                        ? Double(Float(value) / Float(scale) + Float(offset))
                        : value / scale + offset
                }
            )
        }
    }

    private func sums(_ values: [Double]) -> [UInt8] {
        var sum = 0.0
        return type.bytes(
            of: values.map { value in
                sum = stored.type == .float32 ? Double(Float(sum) + Float(value)) : sum + value
                return sum
            }
        )
    }

    private func sums(_ values: [UInt64]) -> [UInt8] {
        var sum: UInt64 = 0
        return type.bytes(
            of: values.map { value in
                sum &+= value
                return sum
            }
        )
    }

    /// Integers, signs extended, so that all types compute alike.
    private func integers(_ bytes: [UInt8]) -> [UInt64] {
        let size = stored.type.byteCount
        return (0..<bytes.count / size).map { index in
            var value: UInt64 = 0
            for place in 0..<size {
                let byte = bytes[index * size + (stored.isBigEndian ? place : size - 1 - place)]
                value = value << 8 | UInt64(byte)
            }
            let unused = UInt64(64 - 8 * size)
            return stored.isSigned
                ? UInt64(bitPattern: Int64(bitPattern: value << unused) >> Int64(unused)) : value
        }
    }

    private func reals(_ bytes: [UInt8]) -> [Double] {
        integers(bytes).map { bits in
            switch stored.type {
            case .float16: Double(HalfPrecision.value(of: UInt16(truncatingIfNeeded: bits)))
            case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
            case .float64: Double(bitPattern: bits)
            default: stored.isSigned ? Double(Int64(bitPattern: bits)) : Double(bits)
            }
        }
    }
}

extension ElementFilter.StoredType {
    fileprivate var isFloat: Bool { [.float16, .float32, .float64].contains(type) }

    fileprivate var isSigned: Bool { [.int8, .int16, .int32, .int64].contains(type) }

    /// The lowest bytes of integers.
    fileprivate func bytes(of values: [UInt64]) -> [UInt8] {
        if isFloat { return bytes(of: values.map { Double(Int64(bitPattern: $0)) }) }
        let size = type.byteCount
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * size)
        for value in values {
            for place in 0..<size {
                let shift = UInt64(8 * (isBigEndian ? size - 1 - place : place))
                bytes.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        return bytes
    }

    fileprivate func bytes(of values: [Double]) -> [UInt8] {
        let unsigned = ElementFilter.StoredType(
            type: [1: .uint8, 2: .uint16, 4: .uint32][type.byteCount] ?? .uint64,
            isBigEndian: isBigEndian
        )
        return unsigned.bytes(
            of: values.map { value -> UInt64 in
                switch type {
                case .float16: UInt64(HalfPrecision.bits(of: Float(value)))
                case .float32: UInt64(Float(value).bitPattern)
                case .float64: value.bitPattern
                case .uint64 where value >= 0x1p63: value < 0x1p64 ? UInt64(value) : .max
                default:
                    value.isNaN
                        ? 0 : UInt64(bitPattern: Int64(max(-0x1p63, min(value, 0x1p63 - 1024))))
                }
            }
        )
    }
}

extension ElementFilter {
    /// Reads the configuration of numcodecs; nil for types that are not read.
    ///
    /// - Parameter name: `delta`, `fixedscaleoffset`, `quantize` or `astype`.
    init?(_ name: String, _ json: JSONValue?) {
        func type(_ name: String) -> StoredType? {
            json?[name]?.string.flatMap(ZarrDataType.numpy).map {
                StoredType(type: $0.type, isBigEndian: $0.isBigEndian)
            }
        }
        let isCast = name == "astype"
        guard let own = type(isCast ? "decode_dtype" : "dtype"), own.type != .bool,
            let stored = type(isCast ? "encode_dtype" : "astype") ?? (isCast ? nil : own),
            stored.type != .bool, stored.type != .float16 || isCast || name == "quantize"
        else { return nil }
        switch name {
        case "delta": kind = .delta
        case "fixedscaleoffset":
            guard let offset = json?["offset"]?.number, let scale = json?["scale"]?.number,
                scale != 0
            else { return nil }
            kind = .fixedScaleOffset(offset: offset, scale: scale)
        case "quantize", "astype": kind = .converted
        default: return nil
        }
        self.type = own
        self.stored = stored
    }
}
