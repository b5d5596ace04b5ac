/// A value found in a checkpoint: a tensor, or what lies around the tensors.
///
/// Trees of these values are at most ``maximumDepth`` deep.
public indirect enum CheckpointValue: Sendable {
    /// Python's `None`.
    case none
    /// A truth value.
    case bool(Bool)
    /// An integer of 64 bits.
    case integer(Int)
    /// A floating-point number.
    case number(Double)
    /// A text.
    case string(String)
    /// A tensor.
    case tensor(TensorEntry)
    /// A list, tuple or set.
    case list([CheckpointValue])
    /// A dictionary, in the order of the file.
    case dictionary(CheckpointDictionary)
    /// Something that is not represented, such as an object of an unknown Python class, with its name.
    ///
    /// It was read past and never executed.
    case unknown(String)

    /// How deep lists and dictionaries may be nested; deeper parts become ``unknown(_:)``.
    public static let maximumDepth = 64
}

/// A dictionary that keeps the order of the file.
///
/// Keys that are no text are written as text.
public struct CheckpointDictionary: Sendable {
    /// The keys in the order of the file.
    public private(set) var keys: [String] = []
    private var values: [String: CheckpointValue] = [:]

    /// An empty dictionary.
    public init() {}

    /// The value of a key; the last one where a file repeats a key, as in Python.
    public subscript(key: String) -> CheckpointValue? {
        get { values[key] }
        set {
            guard let newValue else {
                if values.removeValue(forKey: key) != nil { keys.removeAll { $0 == key } }
                return
            }
            if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
        }
    }

    /// The number of entries.
    public var count: Int { keys.count }
}

extension CheckpointValue {
    /// The dictionary, if it is one.
    public var dictionary: CheckpointDictionary? {
        if case .dictionary(let value) = self { value } else { nil }
    }

    /// The tensor, if it is one.
    public var tensor: TensorEntry? {
        if case .tensor(let value) = self { value } else { nil }
    }

    /// A word for messages: what kind of value this is.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a truth value"
        case .integer, .number: "a number"
        case .string: "a text"
        case .tensor: "a tensor"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .unknown(let name): "an object of '\(name)'"
        }
    }
}
