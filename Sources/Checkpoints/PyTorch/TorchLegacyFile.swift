import Files

/// Reads what `torch.save` wrote before version 1.6 (and still writes on request).
///
/// Layout: five pickles (a magic number, a version, facts of the system, the object, the storage keys),
/// then per key the number of elements in 64 bits and the raw elements.
enum TorchLegacyFile {
    /// Protocol instruction, then the magic number 0x1950A86A20F9469CFC6C as a ten-byte integer.
    private static let magic: [UInt8] = [
        0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]

    /// Whether a file starts like this.
    static func hasMagic(_ start: [UInt8]) -> Bool {
        start.count >= 14 && start[0] == 0x80 && start[2..<14].elementsEqual(magic)
    }

    static func read(_ storage: ByteStorage) throws(CheckpointError) -> TorchObject {
        let magic = try pickle(storage, from: 0)
        let version = try pickle(storage, from: magic.end)
        guard case .integer(1001) = version.root else {
            throw .unsupported(
                file: storage.name,
                what: "this version of the older PyTorch format",
                advice: "Load and save it with a current PyTorch."
            )
        }
        let system = try pickle(storage, from: version.end)
        try checkByteOrder(system, file: storage.name)
        let object = try pickle(storage, from: system.end)
        let keys = try pickle(storage, from: object.end)
        let blocks = try locate(keys, object: object, in: storage)
        return try TorchObject(object, file: storage.name, isBigEndian: false) {
            (wanted) throws(CheckpointError) in
            guard let range = blocks[wanted.key] else {
                throw .missingKey(
                    file: storage.name,
                    key: "storage \(wanted.key)",
                    advice: "The file is incomplete; download or copy it again."
                )
            }
            return ZipArchive.Content(storage: storage, range: range)
        }
    }

    private static func pickle(_ storage: ByteStorage, from offset: Int) throws(CheckpointError)
        -> PickleMachine.Result
    {
        try PickleMachine.run(storage, from: offset, to: storage.count)
    }

    private static func checkByteOrder(_ system: PickleMachine.Result, file: String)
        throws(CheckpointError)
    {
        guard let node = system.graph[system.root], case .dictionary = node.kind else {
            throw .malformed(file: file, what: "the system information is missing")
        }
        for index in stride(from: 0, to: node.items.count - 1, by: 2) {
            if case .string("little_endian") = node.items[index],
                case .bool(false) = node.items[index + 1]
            {
                throw .unsupported(
                    file: file,
                    what: "the byte order of the machine that wrote this file",
                    advice: "Load and save it with a current PyTorch on a little-endian machine."
                )
            }
        }
    }

    /// Finds the raw elements of each key, which follow each other in the order of the keys.
    private static func locate(
        _ keys: PickleMachine.Result,
        object: PickleMachine.Result,
        in storage: ByteStorage
    ) throws(CheckpointError) -> [String: Range<Int>] {
        var widths: [String: Int] = [:]
        for node in object.graph.nodes {
            if case .storage(let block) = node.kind {
                guard let type = block.elementType else {
                    throw .unsupported(
                        file: storage.name,
                        what: "the element type '\(block.typeName)'",
                        advice: "Convert the weights to float32 and save them again."
                    )
                }
                widths[block.key] = type.byteCount
            }
        }
        var ranges: [String: Range<Int>] = [:]
        var position = keys.end
        for key in keys.graph.elements(keys.root) ?? [] {
            guard case .string(let key) = key, let width = widths[key] else {
                throw .malformed(file: storage.name, what: "a storage is listed but not described")
            }
            let what = "storage \(key)"
            let count = try storage.slice(position, count: 8, for: what).integer(Int64.self, at: 0)
            guard let size = TensorEntry.product(of: [Int(count), width]) else {
                throw .malformed(file: storage.name, what: "\(what) has an impossible size")
            }
            _ = try storage.slice(position + 8, count: size, for: what)
            ranges[key] = (position + 8)..<(position + 8 + size)
            position += 8 + size
        }
        return ranges
    }
}
