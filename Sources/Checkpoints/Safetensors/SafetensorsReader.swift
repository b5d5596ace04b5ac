import Files

/// Reads safetensors files: a length, a JSON header, then the tensors without gaps.
///
/// Source: the format description of huggingface/safetensors. All of its rules are enforced: offsets
/// inside the file, no gap and no overlap, length equal to shape times type, names unique.
enum SafetensorsReader {
    /// Header bytes accepted at most; a model of a thousand tensors needs about 0.1 MB.
    static let maximumHeaderSize = 32 << 20

    /// What a file holds.
    struct Content {
        var tensors = CheckpointDictionary()
        var metadata: [String: String] = [:]
    }

    static func read(_ storage: ByteStorage) throws(CheckpointError) -> Content {
        let header = try headerRange(of: storage)
        let text = try storage.slice(header.lowerBound, count: header.count, for: "the header")
        guard case .object(let object) = try json(Array(text), file: storage.name) else {
            throw .malformed(file: storage.name, what: "the header is not a JSON object")
        }
        var content = Content()
        var ranges: [NamedRange] = []
        ranges.reserveCapacity(object.members.count)
        for member in object.members {
            if member.name == "__metadata__" {
                content.metadata = try metadata(member.value, file: storage.name)
                continue
            }
            let (entry, range) = try tensor(member, storage: storage, dataStart: header.upperBound)
            content.tensors[member.name] = .tensor(entry)
            ranges.append(NamedRange(name: member.name, range: range))
        }
        try checkCoverage(ranges, end: storage.count - header.upperBound, file: storage.name)
        return content
    }

    /// The header, in which a tensor that is named twice must be refused.
    private static func json(_ text: [UInt8], file: String) throws(CheckpointError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: text, .strict(maximumDepth: 8))
        } catch {
            throw .malformed(
                file: file,
                what: "the JSON header is wrong at byte \(error.position): \(error.problem)"
            )
        }
    }

    private struct NamedRange {
        let name: String
        let range: Range<Int>
    }

    private static func headerRange(of storage: ByteStorage) throws(CheckpointError) -> Range<Int> {
        let lengthBytes = try storage.slice(0, count: 8, for: "the length of the header")
        let length = UInt64(littleEndian: lengthBytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(maximumHeaderSize) else {
            throw .limitExceeded(
                file: storage.name,
                what: "the size of the safetensors header",
                limit: maximumHeaderSize,
                found: Int(clamping: length)
            )
        }
        _ = try storage.slice(8, count: Int(length), for: "the safetensors header")
        return 8..<(8 + Int(length))
    }

    private static func metadata(_ value: JSONValue, file: String) throws(CheckpointError)
        -> [String: String]
    {
        guard case .object(let object) = value else {
            throw .malformed(file: file, what: "__metadata__ is not a JSON object")
        }
        var result: [String: String] = [:]
        for member in object.members {
            guard case .string(let text) = member.value else {
                throw .malformed(file: file, what: "__metadata__ '\(member.name)' is not text")
            }
            result[member.name] = text
        }
        return result
    }

    private static func tensor(
        _ member: JSONObject.Member,
        storage: ByteStorage,
        dataStart: Int
    ) throws(CheckpointError) -> (TensorEntry, Range<Int>) {
        func malformed(_ what: String) -> CheckpointError {
            .malformed(file: storage.name, what: "tensor '\(member.name)' \(what)")
        }
        guard case .object(let fields) = member.value else {
            throw malformed("is not a JSON object")
        }
        var type: ElementType?
        var shape: [Int]?
        var offsets: [Int]?
        for field in fields.members {
            switch field.name {
            case "dtype":
                guard case .string(let code) = field.value else { throw malformed("has no dtype") }
                type = typesByCode[code]
                if type == nil {
                    throw .unsupported(
                        file: storage.name,
                        what: "the element type '\(code)' of tensor '\(member.name)'",
                        advice: "Convert it to float16 or float32 first."
                    )
                }
            case "shape": shape = integers(field.value)
            case "data_offsets": offsets = integers(field.value)
            default: throw malformed("has the unknown field '\(field.name)'")
            }
        }
        guard let type, let shape, let offsets else {
            throw malformed("lacks its dtype, shape or data_offsets")
        }
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
            throw malformed("has data_offsets \(offsets)")
        }
        guard offsets[1] <= storage.count - dataStart else {
            throw .truncated(
                file: storage.name,
                what: "tensor '\(member.name)'",
                needed: offsets[1],
                available: storage.count - dataStart
            )
        }
        let entry = try TensorEntry(
            name: member.name,
            elementType: type,
            shape: shape,
            storage: storage,
            window: (dataStart + offsets[0])..<(dataStart + offsets[1])
        )
        guard entry.byteCount == offsets[1] - offsets[0] else {
            throw malformed(
                "of shape \(shape), \(type.rawValue), needs \(entry.byteCount) bytes, but its "
                    + "data_offsets give \(offsets[1] - offsets[0])"
            )
        }
        return (entry, offsets[0]..<offsets[1])
    }

    /// Every byte of the data must belong to exactly one tensor.
    private static func checkCoverage(_ ranges: [NamedRange], end: Int, file: String)
        throws(CheckpointError)
    {
        var position = 0
        let ordered = ranges.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for item in ordered {
            guard item.range.lowerBound == position else {
                let relation = item.range.lowerBound < position ? "overlaps" : "leaves a gap after"
                throw .malformed(
                    file: file,
                    what: "tensor '\(item.name)' \(relation) the one before it"
                )
            }
            position = item.range.upperBound
        }
        guard position == end else {
            throw .malformed(
                file: file,
                what: "\(end - position) bytes at the end belong to no tensor"
            )
        }
    }

    private static func integers(_ value: JSONValue) -> [Int]? {
        guard case .array(let values) = value else { return nil }
        var result: [Int] = []
        for value in values {
            guard case .integer(let integer) = value else { return nil }
            result.append(integer)
        }
        return result
    }

    static let typesByCode: [String: ElementType] = [
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16,
        "I64": .int64, "I32": .int32, "I16": .int16, "I8": .int8,
        "U64": .uint64, "U32": .uint32, "U16": .uint16, "U8": .uint8, "BOOL": .bool,
    ]
}
