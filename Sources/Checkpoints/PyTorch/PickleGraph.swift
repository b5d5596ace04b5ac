/// A value on the stack of the pickle machine: a scalar, or a reference into a ``PickleGraph``.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case bytes([UInt8])
    /// Something compound; the index of a node.
    case node(Int)
}

/// What a pickle described, as a flat list of nodes.
///
/// Containers refer to each other by index. So a file can build cycles or towers of a million lists
/// without leaking memory or overflowing the stack when the graph is released.
struct PickleGraph {
    /// A compound value.
    struct Node {
        var kind: Kind
        /// Elements of a tuple or list; keys and values in turn of a dictionary.
        var items: [PickleValue] = []
    }

    /// What a node is.
    enum Kind {
        case tuple
        case list
        case dictionary
        /// A class or function, by name.
        case global(String)
        /// A block of numbers that tensors lie in.
        case storage(PickleStorage)
        case tensor(PickleTensor)
        /// An object of a class that is not known; never built, only named.
        case object(String)
        /// A number type of NumPy, by its code.
        case numberType(String)
    }

    private(set) var nodes: [Node] = []

    /// Nodes that a pickle may make at most.
    static let maximumNodeCount = 4 << 20
    /// Elements that all containers of a pickle may hold together.
    static let maximumElementCount = 16 << 20

    private(set) var elementCount = 0

    mutating func add(_ node: Node) -> PickleValue {
        elementCount += node.items.count
        nodes.append(node)
        return .node(nodes.count - 1)
    }

    mutating func append(_ values: [PickleValue], to index: Int) {
        elementCount += values.count
        nodes[index].items.append(contentsOf: values)
    }

    mutating func replace(_ index: Int, with kind: Kind) {
        nodes[index].kind = kind
    }

    /// The node that a value refers to.
    subscript(value: PickleValue) -> Node? {
        if case .node(let index) = value { nodes[index] } else { nil }
    }

    /// The elements of a tuple or list.
    func elements(_ value: PickleValue) -> [PickleValue]? {
        guard let node = self[value] else { return nil }
        switch node.kind {
        case .tuple, .list: return node.items
        default: return nil
        }
    }

    /// The elements of a tuple or list of integers.
    func integers(_ value: PickleValue) -> [Int]? {
        guard let elements = elements(value) else { return nil }
        var result: [Int] = []
        for element in elements {
            guard case .integer(let integer) = element else { return nil }
            result.append(integer)
        }
        return result
    }
}

/// A reference to a block of numbers outside of the pickle.
struct PickleStorage {
    /// The name of the block in the file.
    let key: String
    /// The type of its elements; nil if the file uses one that is not supported, named by `typeName`.
    let elementType: ElementType?
    let typeName: String
    /// Number of elements of the block, or of the part that is meant.
    let count: Int
    /// Where the part that is meant starts, in elements; not 0 for views of the older file form only.
    let viewOffset: Int
}

/// A tensor as the pickle describes it, not yet checked against the file.
struct PickleTensor {
    let storage: PickleStorage
    let elementType: ElementType?
    let typeName: String
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}
