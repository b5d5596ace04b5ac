import Foundation

/// An array as a NumPy file, version 1.0.
enum NumPyFile {
    /// The types that are written.
    enum ElementType: String {
        case uint8 = "|u1"
        case int64 = "<i8"
        case float32 = "<f4"
    }

    /// The content of the file.
    ///
    /// - Parameters:
    ///   - shape: Extents of the axes, slowest first.
    ///   - bytes: Row-major, little-endian.
    static func content(_ type: ElementType, shape: [Int], bytes: [UInt8]) -> Data {
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var header =
            "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }"
        // Magic, version and length take 10 bytes; the data begin at a multiple of 64.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
        withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: header.utf8)
        data.append(contentsOf: bytes)
        return data
    }

    /// The content of a file of numbers.
    static func content<Number>(_ type: ElementType, shape: [Int], _ numbers: [Number]) -> Data {
        content(type, shape: shape, bytes: numbers.withUnsafeBytes { Array($0) })
    }
}
