import Files
public import Tracking

/// The table of tracks of the Cell Tracking Challenge: number, first frame, last frame and parent in each line, 0 for no
/// parent.
///
/// - Source: Cell Tracking Challenge, "Naming and file content conventions".
public struct CTCTable: Hashable, Sendable {
    /// The tracks, in the order of the lines.
    public var records: [TrackRecord]

    /// Creates a table.
    public init(_ records: [TrackRecord]) { self.records = records }

    /// No table of tracks has more bytes.
    private static let mostBytes = 1 << 28

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - file: The path of the table.
    ///   - checksParents: Whether parents must exist and end before their daughters begin. Tables that break this are read to
    ///     be scored as they are.
    /// - Throws: ``TrackFileError``, which names the line.
    public init(reading file: String, checksParents: Bool = true) throws(TrackFileError) {
        let storage: ByteStorage
        do throws(FileError) {
            storage = try ByteStorage(mapping: file)
        } catch {
            throw TrackFileError(
                .cannotOpen,
                path: file,
                error.problem,
                advice: error.advice
            )
        }
        guard storage.count <= Self.mostBytes else {
            throw TrackFileError(
                .tooLarge,
                path: file,
                "a table of \(storage.count) bytes",
                advice: "tables of tracks have at most \(Self.mostBytes) bytes"
            )
        }
        // Safe because the bytes are copied while their storage lives.
        let bytes = withExtendedLifetime(storage) { Array(storage.bytes) }
        try self.init(parsing: bytes, file: file, checksParents: checksParents)
    }

    /// Reads the content of a table.
    ///
    /// - Parameters:
    ///   - bytes: The text; numbers are separated by spaces or tabs, empty lines are passed over.
    ///   - file: Its name, for messages.
    ///   - checksParents: As in ``init(reading:checksParents:)``.
    /// - Throws: ``TrackFileError``, which names the line.
    public init(
        parsing bytes: [UInt8],
        file: String,
        checksParents: Bool = true
    ) throws(TrackFileError) {
        var parser = CTCTableParser(file: file)
        let lines = bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
        for line in lines { try parser.add(line) }
        if checksParents { try parser.checkParents() }
        records = parser.records
    }

    /// The text of the file: a line for each track, numbers separated by single spaces.
    public var text: String {
        records.map { "\($0.id) \($0.first) \($0.last) \($0.parent ?? 0)\n" }.joined()
    }
}

/// Takes in a table line by line.
private struct CTCTableParser {
    let file: String
    private(set) var records: [TrackRecord] = []
    private var lines: [Int] = []
    private var places: [UInt32: Int] = [:]
    private var line = 0

    init(file: String) { self.file = file }

    mutating func add(_ text: ArraySlice<UInt8>) throws(TrackFileError) {
        line += 1
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = line == 1 && text.starts(with: mark) ? text.dropFirst(3) : text
        let words = text.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        guard !words.isEmpty else { return }
        guard words.count == 4 else {
            throw failure(
                .damaged,
                "\(words.count) values, but a track has four: number, first frame, last frame, parent",
                "give the table as the Cell Tracking Challenge defines it"
            )
        }
        var numbers: [Int] = []
        for word in words { numbers.append(try number(word)) }
        try add(numbers)
    }

    private mutating func add(_ numbers: [Int]) throws(TrackFileError) {
        guard let id = UInt32(exactly: numbers[0]), let parent = UInt32(exactly: numbers[3]) else {
            throw failure(
                .tooLarge,
                "the number of a track is beyond \(UInt32.max)",
                "number the tracks from 1"
            )
        }
        guard id != 0 else {
            throw failure(.damaged, "a track has the number 0, which is the background")
        }
        guard numbers[1] <= numbers[2] else {
            throw failure(
                .damaged,
                "track \(id) ends in frame \(numbers[2]), before it begins in \(numbers[1])"
            )
        }
        if let place = places[id] {
            throw failure(
                .usedTwice,
                "track \(id) was already in line \(lines[place])",
                "give every track a number of its own"
            )
        }
        places[id] = records.count
        lines.append(line)
        records.append(
            TrackRecord(
                id: id,
                first: numbers[1],
                last: numbers[2],
                parent: parent == 0 ? nil : parent
            )
        )
    }

    /// A whole number of digits; frames beyond 32 bits are in no movie.
    private func number(_ word: ArraySlice<UInt8>) throws(TrackFileError) -> Int {
        let text = String(decoding: word.prefix(40), as: UTF8.self)
        guard word.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw failure(
                .damaged,
                "'\(text)' is no whole number of 0 or more",
                "give the table as the Cell Tracking Challenge defines it"
            )
        }
        guard let number = Int(text), number <= Int(UInt32.max) else {
            throw failure(.tooLarge, "the number \(text) is beyond \(UInt32.max)")
        }
        return number
    }

    /// Parents exist, and end before their daughters begin; so no track is its own ancestor.
    func checkParents() throws(TrackFileError) {
        for (record, line) in zip(records, lines) {
            guard let parent = record.parent else { continue }
            guard let place = places[parent] else {
                throw failure(
                    .unknownParent,
                    "track \(record.id) has the parent \(parent), which is not in the table",
                    "add the parent, or write 0",
                    line: line
                )
            }
            let mother = records[place]
            guard mother.last < record.first else {
                throw failure(
                    .notForward,
                    "track \(record.id) begins in frame \(record.first), but its parent \(parent) ends in "
                        + "frame \(mother.last)",
                    "a parent ends before its daughters begin",
                    line: line
                )
            }
        }
    }

    private func failure(
        _ kind: TrackFileError.Kind,
        _ problem: String,
        _ advice: String = "",
        line: Int? = nil
    ) -> TrackFileError {
        TrackFileError(kind, path: file, line: line ?? self.line, problem, advice: advice)
    }
}
