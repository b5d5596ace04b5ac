import Files

/// Runs the instructions of a Python pickle without executing anything.
///
/// A pickle is a program for a small stack machine. The dangerous instructions import a Python object
/// and call it. Here an import only notes the name, and a call is looked up in a fixed table
/// (``call(_:_:)``): it knows how PyTorch describes tensors, and a few containers and numbers. Every
/// other call yields an ``PickleGraph/Kind/object(_:)`` that carries nothing but the name of what was asked
/// for; whether that matters is decided where the value would be used.
///
/// Memory is bounded: each instruction makes at most one node; nodes, stack and memo are limited; texts
/// cannot be longer than the file.
///
/// Source: the instruction set as documented in CPython's `pickletools.py`, protocols 0 to 5.
package struct PickleMachine {
    var graph = PickleGraph()
    /// Names of unknown classes and functions that were called, in order of appearance.
    var unknownGlobals: [String] = []

    private var stack: [PickleValue] = []
    /// For each open mark the height of the stack below it.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var cursor: ByteCursor

    package static let maximumStackDepth = 1 << 20
    static let maximumMemoCount = 4 << 20
    static let maximumByteCount = 64 << 20
    /// Names of unknown globals that are remembered for warnings.
    static let maximumUnknownCount = 100

    /// What a pickle gave.
    struct Result {
        let graph: PickleGraph
        let root: PickleValue
        /// Offset of the first byte after the pickle.
        let end: Int
        let unknownGlobals: [String]
    }

    /// Runs the pickle that starts at `offset` up to its STOP instruction, before `end` at the latest.
    static func run(_ storage: ByteStorage, from offset: Int, to end: Int) throws(CheckpointError)
        -> Result
    {
        let limit = offset + min(max(0, end - offset), maximumByteCount)
        var machine = PickleMachine(
            cursor: ByteCursor(storage: storage, position: offset, end: limit)
        )
        while true {
            if let root = try machine.step() {
                return Result(
                    graph: machine.graph,
                    root: root,
                    end: machine.cursor.position,
                    unknownGlobals: machine.unknownGlobals
                )
            }
        }
    }

    private init(cursor: ByteCursor) {
        self.cursor = cursor
    }

    func malformed(_ what: String) -> CheckpointError {
        .malformed(
            file: cursor.storage.name,
            what: "the pickle \(what) (near byte \(cursor.position))"
        )
    }

    func unsupported(_ what: String) -> CheckpointError {
        .unsupported(
            file: cursor.storage.name,
            what: "\(what) in the pickle",
            advice: "Save the plain state_dict() with torch.save."
        )
    }

    // MARK: - Instructions

    /// Runs one instruction.
    ///
    /// Returns the result at STOP, nil otherwise.
    private mutating func step() throws(CheckpointError) -> PickleValue? {
        let code = try cursor.byte()
        switch code {
        case UInt8(ascii: "."): return try pop()
        case 0x80:
            let version = try cursor.byte()
            guard version <= 5 else { throw unsupported("protocol \(version)") }
        case 0x95: _ = try cursor.integer(UInt64.self)  // frame length, only a hint for buffering
        case UInt8(ascii: "("):
            guard marks.count < PickleMachine.maximumStackDepth else {
                throw malformed("nests too deeply")
            }
            marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try popOrMark()
        case UInt8(ascii: "1"): _ = try popMark()
        case UInt8(ascii: "2"): try push(try top())
        case UInt8(ascii: "N"): try push(.none)
        case 0x88: try push(.bool(true))
        case 0x89: try push(.bool(false))
        case UInt8(ascii: "J"), UInt8(ascii: "K"), UInt8(ascii: "M"), UInt8(ascii: "G"), 0x8A, 0x8B,
            UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "F"):
            try number(code)
        case UInt8(ascii: "X"), 0x8C, 0x8D, UInt8(ascii: "T"), UInt8(ascii: "U"), UInt8(ascii: "B"),
            UInt8(ascii: "C"), 0x8E, 0x96, UInt8(ascii: "S"), UInt8(ascii: "V"):
            try text(code)
        case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "l"),
            UInt8(ascii: "d"), UInt8(ascii: "t"), 0x85, 0x86, 0x87, 0x8F, 0x91:
            try container(code)
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "s"), UInt8(ascii: "u"), 0x90:
            try fill(code)
        case UInt8(ascii: "g"), UInt8(ascii: "h"), UInt8(ascii: "j"), UInt8(ascii: "p"),
            UInt8(ascii: "q"), UInt8(ascii: "r"), 0x94:
            try memory(code)
        case UInt8(ascii: "c"), 0x93, UInt8(ascii: "R"), 0x81, 0x92, UInt8(ascii: "b"),
            UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "Q"):
            try construct(code)
        default:
            let digits = String(code, radix: 16)
            throw unsupported("instruction 0x\(digits)")
        }
        return nil
    }

    private mutating func number(_ code: UInt8) throws(CheckpointError) {
        switch code {
        case UInt8(ascii: "J"): try push(.integer(Int(try cursor.integer(Int32.self))))
        case UInt8(ascii: "K"): try push(.integer(Int(try cursor.byte())))
        case UInt8(ascii: "M"): try push(.integer(Int(try cursor.integer(UInt16.self))))
        case UInt8(ascii: "G"):
            let bits = UInt64(bigEndian: try cursor.take(8).loadUnaligned(as: UInt64.self))
            try push(.number(Double(bitPattern: bits)))
        case 0x8A: try longInteger(count: Int(try cursor.byte()))
        case 0x8B: try longInteger(count: Int(try cursor.integer(Int32.self)))
        default:
            var text = String(decoding: try cursor.line(), as: UTF8.self)
            if code == UInt8(ascii: "I"), text == "00" || text == "01" {
                return try push(.bool(text == "01"))
            }
            if text.hasSuffix("L") { text.removeLast() }
            if let integer = Int(text), code != UInt8(ascii: "F") {
                return try push(.integer(integer))
            }
            guard let number = Double(text) else { throw malformed("has an invalid number") }
            try push(.number(number))
        }
    }

    /// A little-endian integer in two's complement; beyond 64 bits it becomes an opaque object.
    private mutating func longInteger(count: Int) throws(CheckpointError) {
        let bytes = try cursor.take(count)
        guard count <= 8 else { return try push(try add(.object("a very large integer"))) }
        var value: UInt64 = count > 0 && bytes[count - 1] >= 0x80 ? .max : 0
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        try push(.integer(Int(bitPattern: UInt(value))))
    }

    private mutating func text(_ code: UInt8) throws(CheckpointError) {
        // Safe because the cursor holds the storage, and the bytes are copied before this function
        // ends.
        let bytes: UnsafeRawBufferPointer
        switch code {
        case 0x8C, UInt8(ascii: "U"), UInt8(ascii: "C"):
            bytes = try cursor.take(Int(try cursor.byte()))
        case UInt8(ascii: "X"), UInt8(ascii: "B"):
            bytes = try cursor.take(try cursor.length(UInt32.self))
        case UInt8(ascii: "T"): bytes = try cursor.take(try cursor.length(Int32.self))
        case 0x8D, 0x8E, 0x96: bytes = try cursor.take(try cursor.length(UInt64.self))
        case UInt8(ascii: "S"):
            // A quoted text; names of parameters need no escapes, so the quotes are all that is removed.
            let line = try cursor.line()
            guard line.count >= 2, line[0] == line[line.count - 1],
                line[0] == 0x27 || line[0] == 0x22
            else { throw malformed("has a text without quotes") }
            bytes = UnsafeRawBufferPointer(rebasing: line[1..<(line.count - 1)])
        default: bytes = try cursor.line()
        }
        let isBytes = [UInt8(ascii: "B"), UInt8(ascii: "C"), 0x8E, 0x96].contains(code)
        if !isBytes, let text = String(validating: bytes, as: UTF8.self) {
            try push(.string(text))
        } else {
            try push(.bytes(Array(bytes)))
        }
    }

    private mutating func container(_ code: UInt8) throws(CheckpointError) {
        switch code {
        case UInt8(ascii: "]"), 0x8F: try push(try add(.list))
        case UInt8(ascii: "}"): try push(try add(.dictionary))
        case UInt8(ascii: ")"): try push(try add(.tuple))
        case UInt8(ascii: "l"), 0x91: try push(try add(.list, try popMark()))
        case UInt8(ascii: "t"): try push(try add(.tuple, try popMark()))
        case UInt8(ascii: "d"):
            let items = try popMark()
            guard items.count.isMultiple(of: 2) else { throw malformed("has a key without value") }
            try push(try add(.dictionary, items))
        default: try push(try add(.tuple, try pop(Int(code) - 0x84)))
        }
    }

    /// Adds elements to the container below them on the stack.
    private mutating func fill(_ code: UInt8) throws(CheckpointError) {
        let items: [PickleValue]
        switch code {
        case UInt8(ascii: "a"): items = try pop(1)
        case UInt8(ascii: "s"): items = try pop(2)
        default: items = try popMark()
        }
        guard case .node(let index) = try top() else {
            throw malformed("fills something that is not a container")
        }
        try checkRoom(for: items.count)
        let forDictionary = code == UInt8(ascii: "s") || code == UInt8(ascii: "u")
        switch graph.nodes[index].kind {
        case .list where !forDictionary: graph.append(items, to: index)
        case .dictionary where forDictionary && items.count.isMultiple(of: 2):
            graph.append(items, to: index)
        case .object: break  // an unknown class may be a kind of list; its content is not kept
        default: throw malformed("fills something that is not a container of this kind")
        }
    }

    private mutating func memory(_ code: UInt8) throws(CheckpointError) {
        switch code {
        case UInt8(ascii: "h"): try recall(Int(try cursor.byte()))
        case UInt8(ascii: "j"): try recall(try cursor.length(UInt32.self))
        case UInt8(ascii: "g"): try recall(try lineNumber())
        case UInt8(ascii: "q"): try remember(Int(try cursor.byte()))
        case UInt8(ascii: "r"): try remember(try cursor.length(UInt32.self))
        case UInt8(ascii: "p"): try remember(try lineNumber())
        default: try remember(memo.count)
        }
    }

    private mutating func lineNumber() throws(CheckpointError) -> Int {
        let text = String(decoding: try cursor.line(), as: UTF8.self)
        guard let number = Int(text) else { throw malformed("has an invalid memo number") }
        return number
    }

    private mutating func recall(_ index: Int) throws(CheckpointError) {
        guard let value = memo[index] else {
            throw malformed("recalls a value that was never stored")
        }
        try push(value)
    }

    private mutating func remember(_ index: Int) throws(CheckpointError) {
        guard memo.count < PickleMachine.maximumMemoCount else {
            throw .limitExceeded(
                file: cursor.storage.name,
                what: "the number of remembered values in the pickle",
                limit: PickleMachine.maximumMemoCount,
                found: memo.count + 1
            )
        }
        memo[index] = try top()
    }

    private mutating func construct(_ code: UInt8) throws(CheckpointError) {
        switch code {
        case UInt8(ascii: "c"): try push(try add(.global(try globalName())))
        case 0x93:
            let names = try pop(2)
            guard case .string(let module) = names[0], case .string(let name) = names[1] else {
                throw malformed("imports something without a name")
            }
            try push(try add(.global("\(module).\(name)")))
        case UInt8(ascii: "R"), 0x81:
            let parts = try pop(2)
            guard let arguments = graph.elements(parts[1]) else {
                throw malformed("calls without arguments")
            }
            try push(try call(parts[0], arguments))
        case 0x92:
            let parts = try pop(3)
            guard let arguments = graph.elements(parts[1]) else {
                throw malformed("calls without arguments")
            }
            try push(try call(parts[0], arguments))
        case UInt8(ascii: "i"):
            let function = try add(.global(try globalName()))
            try push(try call(function, try popMark()))
        case UInt8(ascii: "o"):
            let parts = try popMark()
            guard let function = parts.first else { throw malformed("calls nothing") }
            try push(try call(function, Array(parts.dropFirst())))
        case UInt8(ascii: "b"):
            let state = try pop()
            try setState(state, of: try top())
        default: try push(try storage(try pop()))
        }
    }

    private mutating func globalName() throws(CheckpointError) -> String {
        let module = String(decoding: try cursor.line(), as: UTF8.self)
        let name = String(decoding: try cursor.line(), as: UTF8.self)
        return "\(module).\(name)"
    }

    // MARK: - Stack

    mutating func add(_ kind: PickleGraph.Kind, _ items: [PickleValue] = []) throws(CheckpointError)
        -> PickleValue
    {
        guard graph.nodes.count < PickleGraph.maximumNodeCount else {
            throw .limitExceeded(
                file: cursor.storage.name,
                what: "the number of values in the pickle",
                limit: PickleGraph.maximumNodeCount,
                found: graph.nodes.count + 1
            )
        }
        try checkRoom(for: items.count)
        return graph.add(PickleGraph.Node(kind: kind, items: items))
    }

    private func checkRoom(for count: Int) throws(CheckpointError) {
        guard graph.elementCount + count <= PickleGraph.maximumElementCount else {
            throw .limitExceeded(
                file: cursor.storage.name,
                what: "the number of elements in the pickle",
                limit: PickleGraph.maximumElementCount,
                found: graph.elementCount + count
            )
        }
    }

    private mutating func push(_ value: PickleValue) throws(CheckpointError) {
        guard stack.count < PickleMachine.maximumStackDepth else {
            throw .limitExceeded(
                file: cursor.storage.name,
                what: "the stack depth of the pickle",
                limit: PickleMachine.maximumStackDepth,
                found: stack.count + 1
            )
        }
        stack.append(value)
    }

    private func top() throws(CheckpointError) -> PickleValue {
        guard let value = stack.last, stack.count > (marks.last ?? 0) else {
            throw malformed("uses an empty stack")
        }
        return value
    }

    private mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(CheckpointError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw malformed("uses an empty stack")
        }
        let values = Array(stack.suffix(count))
        stack.removeLast(count)
        return values
    }

    private mutating func popMark() throws(CheckpointError) -> [PickleValue] {
        guard let height = marks.popLast() else {
            throw malformed("has no mark where one is needed")
        }
        let values = Array(stack[height...])
        stack.removeSubrange(height...)
        return values
    }

    /// POP removes a mark if nothing lies above it, as CPython does.
    private mutating func popOrMark() throws(CheckpointError) {
        if let height = marks.last, height == stack.count {
            marks.removeLast()
        } else {
            _ = try pop()
        }
    }
}
