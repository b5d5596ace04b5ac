import Files
import Foundation
import Zarr

/// The numbers of an array of any type, as this library counts.
struct ZarrNumbers {
    private let bytes: [UInt8]
    private let type: ZarrDataType

    /// Reads a whole array.
    ///
    /// - Parameter limit: The most elements.
    init(_ array: ZarrArray, limit: Int) throws {
        type = array.metadata.dataType
        let count = array.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard array.shape.allSatisfy({ $0 <= limit }), count <= limit else {
            throw TrackFileError(
                .tooLarge,
                path: array.url.path,
                "an array of the shape \(array.shape)",
                advice: "graphs of up to \(limit / 2) objects are read"
            )
        }
        bytes = try array.read(limit: limit * 8)
    }

    /// Whether the elements are integers.
    var areIntegers: Bool {
        switch type {
        case .float16, .float32, .float64, .bool: false
        default: true
        }
    }

    /// The elements as integers; nil for what is none, or does not fit.
    func integers() -> [Int?] {
        switch type {
        case .bool, .uint8: values(UInt8.self).map { Int($0) }
        case .int8: values(Int8.self).map { Int($0) }
        case .int16: values(Int16.self).map { Int($0) }
        case .int32: values(Int32.self).map { Int($0) }
        case .int64: values(Int64.self).map { Int($0) }
        case .uint16: values(UInt16.self).map { Int($0) }
        case .uint32: values(UInt32.self).map { Int($0) }
        case .uint64: values(UInt64.self).map { Int(exactly: $0) }
        case .float16, .float32, .float64: reals().map { Int(exactly: $0) }
        }
    }

    /// The elements as they name nodes: nothing is lost of 64 bits without a sign.
    func names() -> [UInt64?] {
        if type == .uint64 { return values(UInt64.self) }
        return integers().map { $0.flatMap { UInt64(exactly: $0) } }
    }

    /// The elements as numbers.
    func reals() -> [Double] {
        switch type {
        case .float16: values(UInt16.self).map { Double(HalfPrecision.value(of: $0)) }
        case .float32: values(Float.self).map { Double($0) }
        case .float64: values(Double.self)
        case .uint64: values(UInt64.self).map { Double($0) }
        default: integers().map { $0.map { Double($0) } ?? .nan }
        }
    }

    private func values<Value: BitwiseCopyable>(_ type: Value.Type) -> [Value] {
        // Safe because every element lies within the bytes, and needs no alignment.
        let size = MemoryLayout<Value>.size
        return bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / size).map {
                bytes.loadUnaligned(fromByteOffset: $0 * size, as: Value.self)
            }
        }
    }
}
