import Files

extension PickleMachine {
    /// Looks up what a call would give.
    ///
    /// Nothing is executed; unknown names give an opaque object.
    mutating func call(_ function: PickleValue, _ arguments: [PickleValue]) throws(CheckpointError)
        -> PickleValue
    {
        guard case .global(let name) = graph[function]?.kind else {
            // A call of an unknown object, for example of a partial function.
            guard case .object(let name) = graph[function]?.kind else {
                throw malformed("calls something that is not a function")
            }
            return try add(.object(name))
        }
        switch name {
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
            return try tensor(arguments, type: nil)
        case "torch._utils._rebuild_tensor_v3":
            guard arguments.count >= 7, case .global(let type) = graph[arguments[6]]?.kind else {
                throw malformed("describes a tensor without type")
            }
            return try tensor(arguments, type: type)
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
            guard let data = arguments.first else {
                throw malformed("describes an empty parameter")
            }
            return data
        case "torch._tensor._rebuild_from_type_v2":
            return try tensorSubclass(arguments, name: name)
        case "torch.Size", "builtins.set", "builtins.frozenset", "builtins.list", "builtins.tuple",
            "__builtin__.set", "__builtin__.frozenset":
            return try add(.list, arguments.first.flatMap { graph.elements($0) } ?? [])
        case "collections.OrderedDict", "builtins.dict", "__builtin__.dict":
            return try dictionary(arguments.first)
        case "collections.defaultdict": return try dictionary(nil)
        case "torch.device":
            return arguments.first ?? .none
        case "_codecs.encode":
            return try encodedBytes(arguments)
        case "numpy.dtype": return try numberType(arguments)
        case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar":
            return try scalar(arguments, name: name)
        default: return try opaque(name)
        }
    }

    /// BUILD: attributes of an object.
    ///
    /// They matter only for the byte order of NumPy's types.
    mutating func setState(_ state: PickleValue, of target: PickleValue) throws(CheckpointError) {
        guard case .node(let index) = target, case .numberType(let code) = graph.nodes[index].kind,
            let parts = graph.elements(state), parts.count > 1, case .string(">") = parts[1]
        else { return }
        graph.replace(index, with: .numberType(">" + code))
    }

    /// A persistent identifier: `('storage', type, key, location, count[, view])`.
    mutating func storage(_ identifier: PickleValue) throws(CheckpointError) -> PickleValue {
        guard let parts = graph.elements(identifier), parts.count >= 5,
            case .string("storage") = parts[0], case .global(let type) = graph[parts[1]]?.kind,
            case .string(let key) = parts[2], case .integer(var count) = parts[4], count >= 0
        else { throw malformed("refers to something that is not a storage") }
        var viewOffset = 0
        if parts.count > 5, let view = graph.elements(parts[5]) {
            guard view.count == 3, case .integer(let offset) = view[1], offset >= 0,
                case .integer(let size) = view[2], size >= 0
            else { throw malformed("has a damaged view of a storage") }
            (viewOffset, count) = (offset, size)
        }
        return try add(
            .storage(
                PickleStorage(
                    key: key,
                    elementType: PickleMachine.storageTypes[type],
                    typeName: type,
                    count: count,
                    viewOffset: viewOffset
                )
            )
        )
    }

    // MARK: - Tensors

    private mutating func tensor(_ arguments: [PickleValue], type: String?) throws(CheckpointError)
        -> PickleValue
    {
        guard arguments.count >= 4, let node = graph[arguments[0]] else {
            throw malformed("describes a tensor incompletely")
        }
        if case .object(let name) = node.kind { return try add(.object(name)) }
        guard case .storage(let storage) = node.kind, case .integer(let offset) = arguments[1],
            let shape = graph.integers(arguments[2]), let strides = graph.integers(arguments[3])
        else { throw malformed("describes a tensor without storage, offset, shape or strides") }
        let elementType = type.map { PickleMachine.tensorTypes[$0] } ?? storage.elementType
        return try add(
            .tensor(
                PickleTensor(
                    storage: storage,
                    elementType: elementType,
                    typeName: type ?? storage.typeName,
                    offset: offset,
                    shape: shape,
                    strides: strides
                )
            )
        )
    }

    /// `_rebuild_from_type_v2(function, type, arguments, state)`: a tensor of a subclass, or with attributes.
    private mutating func tensorSubclass(_ arguments: [PickleValue], name: String)
        throws(CheckpointError) -> PickleValue
    {
        guard arguments.count >= 3, let inner = graph.elements(arguments[2]) else {
            throw malformed("describes a tensor incompletely")
        }
        // The function may be this one again; a tower of them would recurse, so only one step is taken.
        guard case .global(let function) = graph[arguments[0]]?.kind, function != name else {
            return try opaque(name)
        }
        return try call(arguments[0], inner)
    }

    // MARK: - Containers and numbers

    private mutating func dictionary(_ pairs: PickleValue?) throws(CheckpointError) -> PickleValue {
        var items: [PickleValue] = []
        for pair in pairs.flatMap({ graph.elements($0) }) ?? [] {
            guard let pair = graph.elements(pair), pair.count == 2 else {
                throw malformed("has a dictionary that does not consist of pairs")
            }
            items += pair
        }
        return try add(.dictionary, items)
    }

    /// `_codecs.encode(text, 'latin1')`, which is how protocol 2 writes bytes.
    private mutating func encodedBytes(_ arguments: [PickleValue]) throws(CheckpointError)
        -> PickleValue
    {
        guard case .string(let text)? = arguments.first else { return try opaque("_codecs.encode") }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else {
                return try opaque("_codecs.encode")
            }
            bytes.append(byte)
        }
        return .bytes(bytes)
    }

    private mutating func numberType(_ arguments: [PickleValue]) throws(CheckpointError)
        -> PickleValue
    {
        guard case .string(let code)? = arguments.first, code.utf8.count <= 4 else {
            return try opaque("numpy.dtype")
        }
        return try add(.numberType(code))
    }

    /// One number of NumPy: its type and its bytes.
    private mutating func scalar(_ arguments: [PickleValue], name: String) throws(CheckpointError)
        -> PickleValue
    {
        guard arguments.count == 2, case .numberType(let code) = graph[arguments[0]]?.kind,
            case .bytes(let bytes) = arguments[1]
        else { return try opaque(name) }
        func bits<T: FixedWidthInteger>(_ type: T.Type) -> T? {
            // Safe because the array has as many bytes as the number that is read.
            guard bytes.count == type.bitWidth / 8 else { return nil }
            return bytes.withUnsafeBytes { $0.integer(type, at: 0) }
        }
        let value: PickleValue? =
            switch code {
            case "f8": bits(UInt64.self).map { .number(Double(bitPattern: $0)) }
            case "f4": bits(UInt32.self).map { .number(Double(Float(bitPattern: $0))) }
            case "f2": bits(UInt16.self).map { .number(Double(Float(halfBits: $0))) }
            case "i8": bits(Int64.self).map { .integer(Int($0)) }
            case "i4": bits(Int32.self).map { .integer(Int($0)) }
            case "u4": bits(UInt32.self).map { .integer(Int($0)) }
            case "b1": bits(UInt8.self).map { .bool($0 != 0) }
            default: nil
            }
        guard let value else { return try opaque(name) }
        return value
    }

    private mutating func opaque(_ name: String) throws(CheckpointError) -> PickleValue {
        if unknownGlobals.count < PickleMachine.maximumUnknownCount, !unknownGlobals.contains(name)
        {
            unknownGlobals.append(name)
        }
        return try add(.object(name))
    }

    // MARK: - Names of types

    /// Storage classes and their element types.
    static let storageTypes: [String: ElementType] = [
        "torch.FloatStorage": .float32, "torch.DoubleStorage": .float64,
        "torch.HalfStorage": .float16, "torch.BFloat16Storage": .bfloat16,
        "torch.CharStorage": .int8, "torch.ShortStorage": .int16, "torch.IntStorage": .int32,
        "torch.LongStorage": .int64, "torch.ByteStorage": .uint8, "torch.BoolStorage": .bool,
        "torch.cuda.FloatStorage": .float32, "torch.cuda.DoubleStorage": .float64,
        "torch.cuda.HalfStorage": .float16, "torch.cuda.BFloat16Storage": .bfloat16,
        "torch.cuda.CharStorage": .int8, "torch.cuda.ShortStorage": .int16,
        "torch.cuda.IntStorage": .int32, "torch.cuda.LongStorage": .int64,
        "torch.cuda.ByteStorage": .uint8, "torch.cuda.BoolStorage": .bool,
        "torch.storage.UntypedStorage": .uint8, "torch.storage._UntypedStorage": .uint8,
        "torch.UntypedStorage": .uint8,
    ]

    /// Element types by their name in PyTorch.
    static let tensorTypes: [String: ElementType] = [
        "torch.float32": .float32, "torch.float64": .float64, "torch.float16": .float16,
        "torch.bfloat16": .bfloat16, "torch.int8": .int8, "torch.int16": .int16,
        "torch.int32": .int32, "torch.int64": .int64, "torch.uint8": .uint8,
        "torch.uint16": .uint16, "torch.uint32": .uint32, "torch.uint64": .uint64,
        "torch.bool": .bool,
    ]
}
