import Files
public import Foundation

/// Writes safetensors files, with the same bytes for the same content.
///
/// Tensors are ordered by falling element size and then by name, and the header is padded to eight
/// bytes, so that every tensor is aligned for its type. The file is written beside its destination and
/// renamed when it is complete.
///
/// ```swift
/// var writer = SafetensorsWriter(metadata: ["made-by": "usam"])
/// try writer.add(entry)
/// try writer.add("scores", elementType: .float32, shape: [2], bytes: bytes)
/// try writer.write(to: url)
/// ```
public struct SafetensorsWriter {
    /// Texts stored in the header.
    public var metadata: [String: String]

    private var items: [String: Item] = [:]

    private struct Item {
        let elementType: ElementType
        let shape: [Int]
        let content: Content
        var byteCount: Int
    }

    private enum Content {
        case entry(TensorEntry)
        case bytes([UInt8])
    }

    /// An empty file.
    public init(metadata: [String: String] = [:]) {
        self.metadata = metadata
    }

    /// Adds a tensor of another file; its numbers are copied only when the file is written.
    ///
    /// - Parameter name: The name in the new file; the entry's own when nil.
    /// - Throws: ``CheckpointError/malformed(file:what:)`` for a name that is taken or reserved.
    public mutating func add(_ entry: TensorEntry, named name: String? = nil)
        throws(CheckpointError)
    {
        try insert(
            Item(
                elementType: entry.elementType,
                shape: entry.shape,
                content: .entry(entry),
                byteCount: entry.byteCount
            ),
            named: name ?? entry.name
        )
    }

    /// Adds a tensor from memory.
    ///
    /// - Parameter bytes: Row-major, little-endian; as many as shape and type need.
    /// - Throws: ``CheckpointError/malformed(file:what:)`` for a wrong number of bytes, or a name that is
    ///   taken or reserved.
    public mutating func add(
        _ name: String,
        elementType: ElementType,
        shape: [Int],
        bytes: [UInt8]
    ) throws(CheckpointError) {
        guard let needed = TensorEntry.product(of: shape + [elementType.byteCount]),
            needed == bytes.count
        else {
            throw .malformed(
                file: name,
                what:
                    "\(bytes.count) bytes do not fill a \(elementType.rawValue) tensor of \(shape)"
            )
        }
        try insert(
            Item(
                elementType: elementType,
                shape: shape,
                content: .bytes(bytes),
                byteCount: bytes.count
            ),
            named: name
        )
    }

    private mutating func insert(_ item: Item, named name: String) throws(CheckpointError) {
        guard name != "__metadata__", items[name] == nil else {
            throw .malformed(file: name, what: "the tensor name '\(name)' is taken or reserved")
        }
        items[name] = item
    }

    /// Writes the file beside `url` and renames it; an existing file is replaced.
    ///
    /// - Throws: ``CheckpointError/unwritable(file:reason:)``; then nothing is left behind.
    public func write(to url: URL) throws(CheckpointError) {
        let order = items.keys.sorted { left, right in
            let sizes = (
                items[left]?.elementType.byteCount ?? 0, items[right]?.elementType.byteCount ?? 0
            )
            return sizes.0 != sizes.1 ? sizes.0 > sizes.1 : left < right
        }
        do throws(FileError) {
            var file = try FileReplacement(of: url.path)
            try file.append(header(for: order))
            for name in order {
                switch items[name]?.content {
                case .entry(let entry):
                    try entry.withBytes { bytes throws(FileError) in try file.append(bytes) }
                case .bytes(let bytes): try file.append(bytes)
                case nil: break
                }
            }
            try file.commit()
        } catch {
            throw CheckpointError(writing: error)
        }
    }

    private func header(for order: [String]) -> [UInt8] {
        var parts: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { "\(quoted($0.key)):\(quoted($0.value))" }
            parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for name in order {
            guard let item = items[name] else { continue }
            let code =
                SafetensorsReader.typesByCode.first { $0.value == item.elementType }?.key ?? ""
            let shape = item.shape.map(String.init).joined(separator: ",")
            parts.append(
                "\(quoted(name)):{\"dtype\":\"\(code)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(offset),\(offset + item.byteCount)]}"
            )
            offset += item.byteCount
        }
        var text = Array("{\(parts.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
