public import Foundation

/// A whole safetensors file in memory, read without checks: for fixtures of the tests only.
public struct SafeTensors {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    /// The strings under `__metadata__`.
    public let metadata: [String: String]

    private let entries: [String: Entry]
    private let data: Data

    /// Reads the file at `url`.
    public init(contentsOf url: URL) throws {
        let file = try Data(contentsOf: url)
        let headerSize = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = file.subdata(in: 8..<8 + headerSize)
        let decoder = JSONDecoder()
        metadata =
            try decoder.decode([String: AnyEntry].self, from: header)["__metadata__"]?.strings
            ?? [:]
        entries = try decoder.decode([String: AnyEntry].self, from: header)
            .compactMapValues(\.entry)
        data = file.subdata(in: 8 + headerSize..<file.count)
    }

    /// The names of all tensors, sorted.
    public var names: [String] { entries.keys.sorted() }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The shape of a tensor.
    public func shape(_ name: String) throws -> [Int] { try entry(name).shape }

    /// The values of a tensor of the type `F32`, `F16`, `U8`, `U16`, `I32` or `I64` as doubles.
    public func values(_ name: String) throws -> [Double] {
        let entry = try entry(name)
        let bytes = [UInt8](data[entry.data_offsets[0]..<entry.data_offsets[1]])
        func all<T>(_ type: T.Type, _ convert: (T) -> Double) -> [Double] {
            bytes.withUnsafeBytes { raw in
                (0..<raw.count / MemoryLayout<T>.size).map {
                    convert(
                        raw.loadUnaligned(
                            fromByteOffset: $0 * MemoryLayout<T>.size,
                            as: type
                        )
                    )
                }
            }
        }
        switch entry.dtype {
        case "F32": return all(Float.self, Double.init)
        case "F16": return all(UInt16.self) { Double(Self.half($0)) }
        case "U8": return all(UInt8.self, Double.init)
        case "U16": return all(UInt16.self, Double.init)
        case "I32": return all(Int32.self, Double.init)
        case "I64": return all(Int64.self) { Double($0) }
        default: throw FixtureError("\(name): unknown type \(entry.dtype)")
        }
    }

    /// The values of a tensor in single precision.
    public func floats(_ name: String) throws -> [Float] { try values(name).map { Float($0) } }

    /// The values of a tensor as whole numbers.
    public func integers(_ name: String) throws -> [Int] { try values(name).map { Int($0) } }

    private func entry(_ name: String) throws -> Entry {
        guard let entry = entries[name] else { throw FixtureError("no tensor named \(name)") }
        return entry
    }

    /// Half precision, decoded by hand because `Float16` is missing on some Macs.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Float(bits & 1023) / 1024
        if exponent == 0 {
            return sign * fraction * Float(sign: .plus, exponent: -14, significand: 1)
        }
        return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
    }

    private struct AnyEntry: Decodable {
        let entry: Entry?
        let strings: [String: String]?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let strings = try? container.decode([String: String].self) {
                (entry, self.strings) = (nil, strings)
            } else {
                (entry, strings) = (try container.decode(Entry.self), nil)
            }
        }
    }
}

/// A fixture that cannot be used, with the reason.
public struct FixtureError: Error, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    /// Creates an error with a message.
    public init(_ description: String) { self.description = description }
}
