import Files

/// The content of a PyTorch file: the values of its pickle, with tensors that point into the file.
struct TorchObject {
    let root: CheckpointValue
    let warnings: [String]

    /// Blocks of numbers by name.
    typealias StorageLookup = (PickleStorage) throws(CheckpointError) -> ZipArchive.Content

    /// Values that are turned into a tree at most; beyond that they are left out with a warning.
    static let maximumValueCount = 2 << 20

    /// Turns the graph of a pickle into a tree.
    ///
    /// - Parameter lookup: Finds the bytes of a block, at least as many as its elements need.
    init(
        _ pickle: PickleMachine.Result,
        file: String,
        isBigEndian: Bool,
        lookup: @escaping StorageLookup
    )
        throws(CheckpointError)
    {
        var builder = Builder(
            graph: pickle.graph,
            isBigEndian: isBigEndian,
            file: file,
            lookup: lookup
        )
        root = try builder.value(pickle.root, path: "", depth: 0)
        var warnings = builder.warnings
        if !pickle.unknownGlobals.isEmpty {
            warnings.append(
                "Objects of unknown Python classes were not loaded: "
                    + pickle.unknownGlobals.joined(separator: ", ") + "."
            )
        }
        self.warnings = warnings
    }

    private struct Builder {
        let graph: PickleGraph
        let isBigEndian: Bool
        let file: String
        let lookup: StorageLookup
        var warnings: [String] = []
        var count = 0

        mutating func value(_ value: PickleValue, path: String, depth: Int) throws(CheckpointError)
            -> CheckpointValue
        {
            count += 1
            switch value {
            case .none: return .none
            case .bool(let value): return .bool(value)
            case .integer(let value): return .integer(value)
            case .number(let value): return .number(value)
            case .string(let value): return .string(value)
            case .bytes(let bytes): return .unknown("\(bytes.count) bytes")
            case .node(let index):
                return try node(graph.nodes[index], path: path, depth: depth)
            }
        }

        private mutating func node(_ node: PickleGraph.Node, path: String, depth: Int)
            throws(CheckpointError) -> CheckpointValue
        {
            switch node.kind {
            case .global(let name), .object(let name): return .unknown(name)
            case .storage(let storage): return .unknown(storage.typeName)
            case .numberType(let code): return .unknown("numpy.dtype \(code)")
            case .tensor(let tensor): return try entry(tensor, path: path)
            case .tuple, .list, .dictionary: break
            }
            guard depth < CheckpointValue.maximumDepth, count < TorchObject.maximumValueCount else {
                let reason =
                    depth < CheckpointValue.maximumDepth ? "too large" : "nested too deeply"
                if warnings.count < 100 {
                    warnings.append("'\(path)' is \(reason) and was left out.")
                }
                return .unknown("a container that is \(reason)")
            }
            if case .dictionary = node.kind {
                return try dictionary(node, path: path, depth: depth)
            }
            var values: [CheckpointValue] = []
            for (index, item) in node.items.enumerated() {
                values.append(try value(item, path: join(path, String(index)), depth: depth + 1))
            }
            return .list(values)
        }

        private mutating func dictionary(_ node: PickleGraph.Node, path: String, depth: Int)
            throws(CheckpointError) -> CheckpointValue
        {
            var result = CheckpointDictionary()
            for index in stride(from: 0, to: node.items.count - 1, by: 2) {
                guard let key = text(node.items[index]) else { continue }
                result[key] = try value(
                    node.items[index + 1],
                    path: join(path, key),
                    depth: depth + 1
                )
            }
            return .dictionary(result)
        }

        private func text(_ key: PickleValue) -> String? {
            switch key {
            case .string(let text): text
            case .integer(let integer): String(integer)
            case .number(let number): String(number)
            case .bool(let bool): bool ? "True" : "False"
            case .none: "None"
            case .bytes, .node: nil
            }
        }

        private func join(_ path: String, _ key: String) -> String {
            path.isEmpty ? key : "\(path).\(key)"
        }

        private func entry(_ tensor: PickleTensor, path: String) throws(CheckpointError)
            -> CheckpointValue
        {
            guard let type = tensor.elementType else {
                return .unknown("tensor of \(tensor.typeName)")
            }
            // An untyped storage counts bytes.
            let storageWidth = tensor.storage.elementType?.byteCount ?? 1
            guard
                let size = TensorEntry.product(of: [tensor.storage.count, storageWidth]),
                let skip = TensorEntry.product(of: [tensor.storage.viewOffset, storageWidth])
            else { throw .malformed(file: file, what: "tensor '\(path)' has an impossible size") }
            let content = try lookup(tensor.storage)
            guard skip <= content.range.count, size <= content.range.count - skip else {
                throw .truncated(
                    file: file,
                    what: "the storage of tensor '\(path)'",
                    needed: size,
                    available: content.range.count
                )
            }
            let start = content.range.lowerBound + skip
            return .tensor(
                try TensorEntry(
                    name: path,
                    elementType: type,
                    shape: tensor.shape,
                    strides: tensor.strides,
                    storage: content.storage,
                    window: start..<(start + size),
                    elementOffset: tensor.offset,
                    isBigEndian: isBigEndian
                )
            )
        }
    }
}
