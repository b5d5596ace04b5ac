public import Checkpoints
public import Torch

/// Parameters from a checkpoint file, by name.
///
/// Single-precision entries are used in place: the tensor borrows the memory-mapped file, so a large
/// model needs no second copy. Other types are converted.
public struct CheckpointParameters: ParameterSource {
    /// The path of the file.
    public let name: String

    private let entries: [String: TensorEntry]

    /// Serves the given entries of the file at path `name`.
    public init(_ entries: [String: TensorEntry], name: String) {
        self.entries = entries
        self.name = name
    }

    /// All names, sorted.
    public var parameterNames: [String] { entries.keys.sorted() }

    /// The shape of one entry.
    public func shape(of parameter: String) -> [Int]? { entries[parameter]?.shape }

    /// One entry, as float32 on the CPU.
    public func values(of parameter: String) throws(ParameterError) -> Tensor {
        guard let entry = entries[parameter] else { throw .missing(parameter, source: name) }
        guard let dtype = DType(entry.elementType) else {
            throw .unreadable(parameter, reason: "\(entry.elementType) cannot be used here")
        }
        guard entry.holdsFiniteNumbers else {
            throw .notFinite(parameter, source: name)
        }
        do {
            let stored = try tensor(entry, dtype)
            return dtype == .float32 ? stored : try stored.converted(to: .float32)
        } catch {
            throw .tensor(parameter, error)
        }
    }

    private func tensor(_ entry: TensorEntry, _ dtype: DType) throws(TensorError) -> Tensor {
        try entry.withBytes { (bytes) throws(TensorError) in
            guard entry.isDirectlyReadable, dtype == .float32, let start = bytes.baseAddress else {
                return try Tensor(bytes: bytes, shape: entry.shape, dtype: dtype)
            }
            // Safe because the bytes belong to the storage, which the tensor keeps alive.
            return try Tensor(
                borrowing: start,
                shape: entry.shape,
                dtype: dtype,
                owner: entry.storage
            )
        }
    }
}

extension DType {
    /// The same type in memory, if tensors can have it.
    init?(_ elementType: ElementType) {
        switch elementType {
        case .float32: self = .float32
        case .float64: self = .float64
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        case .int8: self = .int8
        case .int16: self = .int16
        case .int32: self = .int32
        case .int64: self = .int64
        case .uint8: self = .uint8
        case .bool: self = .bool
        case .uint16, .uint32, .uint64: return nil
        }
    }
}
