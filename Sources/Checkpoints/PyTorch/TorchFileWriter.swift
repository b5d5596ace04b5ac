import Files
public import Foundation

/// Writes files that `torch.load` reads, also with `weights_only=True`: dictionaries of tensors.
///
/// The same content gives the same bytes. Every tensor has a storage of its own, which begins at a
/// multiple of 64 bytes of the file, so that it can be mapped. The file is written beside its destination
/// and renamed when it is complete.
///
/// ```swift
/// var writer = TorchFileWriter()
/// try writer.add("model_state", [.init(name: "bias", elementType: .float32, shape: [2], bytes: bytes)])
/// writer.add("epoch", 3)
/// try writer.write(to: url)
/// ```
public struct TorchFileWriter {
    /// A tensor to be written.
    public struct Item {
        /// The name in its dictionary.
        public let name: String
        let elementType: ElementType
        let shape: [Int]
        let content: Content

        enum Content {
            case entry(TensorEntry, asFloat32: Bool)
            case bytes([UInt8])
        }

        /// A tensor of another file; halves and doubles become single precision if `asFloat32`.
        public init(_ entry: TensorEntry, named name: String? = nil, asFloat32: Bool = false) {
            self.name = name ?? entry.name
            let isConverted =
                asFloat32 && entry.elementType.isFloatingPoint && entry.elementType != .float32
            elementType = isConverted ? .float32 : entry.elementType
            shape = entry.shape
            content = .entry(entry, asFloat32: isConverted)
        }

        /// A tensor from memory, row-major and little-endian.
        ///
        /// - Throws: ``CheckpointError/malformed(file:what:)`` for a wrong number of bytes.
        public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8])
            throws(CheckpointError)
        {
            guard let needed = TensorEntry.product(of: shape + [elementType.byteCount]),
                needed == bytes.count
            else {
                throw .malformed(
                    file: name,
                    what:
                        "\(bytes.count) bytes do not fill a \(elementType.rawValue) tensor of \(shape)"
                )
            }
            self.name = name
            self.elementType = elementType
            self.shape = shape
            content = .bytes(bytes)
        }

        /// The bytes in row-major order.
        func bytes() -> [UInt8] {
            switch content {
            case .bytes(let bytes): bytes
            case .entry(let entry, asFloat32: false): entry.withBytes { Array($0) }
            case .entry(let entry, asFloat32: true):
                entry.floats().withUnsafeBytes { Array($0) }
            }
        }
    }

    private enum Value {
        case state([Item])
        case integer(Int)
        case number(Double)
    }

    private var values: [(name: String, value: Value)] = []

    /// The file holds the tensors of one dictionary and nothing else, as original SAM checkpoints do.
    private var isPlain = false

    /// An empty file.
    public init() {}

    /// A file that is one dictionary of tensors.
    public init(plain items: [Item]) {
        values = [("", .state(items))]
        isPlain = true
    }

    /// Adds a dictionary of tensors under a name.
    public mutating func add(_ name: String, _ items: [Item]) {
        values.append((name, .state(items)))
    }

    /// Adds a whole number under a name.
    public mutating func add(_ name: String, _ number: Int) {
        values.append((name, .integer(number)))
    }

    /// Adds a number under a name.
    public mutating func add(_ name: String, _ number: Double) {
        values.append((name, .number(number)))
    }

    /// Writes the file beside `url` and renames it; an existing file is replaced.
    ///
    /// - Throws: ``CheckpointError``; then nothing is left behind.
    public func write(to url: URL) throws(CheckpointError) {
        var pickle = PickleWriter()
        var items: [Item] = []
        pickle.begin()
        if isPlain {
            if case .state(let state) = values.first?.value { pickle.state(state, &items) }
        } else {
            pickle.dictionary(values.map(\.name)) { pickle, index in
                switch values[index].value {
                case .state(let state): pickle.state(state, &items)
                case .integer(let number): pickle.integer(number)
                case .number(let number): pickle.number(number)
                }
            }
        }
        pickle.end()
        let data = pickle.bytes
        do throws(ZipError) {
            var archive = try ZipWriter(replacing: url.path, alignment: Self.alignment)
            try archive.append("archive/data.pkl", data)
            try archive.append("archive/byteorder", Array("little".utf8))
            for (key, item) in items.enumerated() {
                try archive.append("archive/data/\(key)", item.bytes())
            }
            try archive.append("archive/version", Array("3\n".utf8))
            try archive.commit()
        } catch {
            throw CheckpointError(error)
        }
    }

    /// Where PyTorch lets storages begin.
    private static let alignment = 64
}

/// The instructions that build dictionaries of tensors: protocol 2, without references between objects.
private struct PickleWriter {
    private(set) var bytes: [UInt8] = []

    mutating func begin() { bytes += [0x80, 2] }

    mutating func end() { bytes.append(UInt8(ascii: ".")) }

    mutating func dictionary(_ names: [String], _ value: (inout PickleWriter, Int) -> Void) {
        bytes += [UInt8(ascii: "}"), UInt8(ascii: "(")]
        for (index, name) in names.enumerated() {
            text(name)
            value(&self, index)
        }
        bytes.append(UInt8(ascii: "u"))
    }

    /// An `OrderedDict` of tensors; their storages are appended to `storages`.
    mutating func state(_ items: [TorchFileWriter.Item], _ storages: inout [TorchFileWriter.Item]) {
        orderedDictionary()
        bytes.append(UInt8(ascii: "("))
        for item in items {
            text(item.name)
            tensor(item, key: storages.count)
            storages.append(item)
        }
        bytes.append(UInt8(ascii: "u"))
    }

    mutating func integer(_ value: Int) {
        if let small = Int32(exactly: value) {
            bytes.append(UInt8(ascii: "J"))
            little(small)
        } else {
            bytes += [0x8A, 8]
            little(Int64(value))
        }
    }

    mutating func number(_ value: Double) {
        bytes.append(UInt8(ascii: "G"))
        withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes += $0 }
    }

    private mutating func tensor(_ item: TorchFileWriter.Item, key: Int) {
        global("torch._utils", "_rebuild_tensor_v2")
        bytes.append(UInt8(ascii: "("))
        bytes.append(UInt8(ascii: "("))
        text("storage")
        global("torch", Self.storageName(item.elementType))
        text("\(key)")
        text("cpu")
        integer(item.shape.reduce(1, *))
        bytes += [UInt8(ascii: "t"), UInt8(ascii: "Q")]
        integer(0)
        tuple(item.shape)
        tuple(TensorEntry.rowMajorStrides(of: item.shape))
        bytes.append(0x89)  // needs no gradient
        orderedDictionary()
        bytes += [UInt8(ascii: "t"), UInt8(ascii: "R")]
    }

    private mutating func tuple(_ values: [Int]) {
        bytes.append(UInt8(ascii: "("))
        values.forEach { integer($0) }
        bytes.append(UInt8(ascii: "t"))
    }

    private mutating func orderedDictionary() {
        global("collections", "OrderedDict")
        bytes += [UInt8(ascii: ")"), UInt8(ascii: "R")]
    }

    private mutating func global(_ module: String, _ name: String) {
        bytes.append(UInt8(ascii: "c"))
        bytes += Array("\(module)\n\(name)\n".utf8)
    }

    private mutating func text(_ value: String) {
        let characters = Array(value.utf8)
        bytes.append(UInt8(ascii: "X"))
        little(Int32(truncatingIfNeeded: characters.count))
        bytes += characters
    }

    private mutating func little(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    private static func storageName(_ type: ElementType) -> String {
        switch type {
        case .float32: "FloatStorage"
        case .float64: "DoubleStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .int8: "CharStorage"
        case .int16: "ShortStorage"
        case .int32: "IntStorage"
        case .int64: "LongStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        // Numbers without a storage class of their own in older versions; never part of a model.
        case .uint16: "UInt16Storage"
        case .uint32: "UInt32Storage"
        case .uint64: "UInt64Storage"
        }
    }
}
