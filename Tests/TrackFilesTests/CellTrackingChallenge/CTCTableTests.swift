import Testing
import TrackFiles
import Tracking

@Suite("Tables of the Cell Tracking Challenge")
struct CTCTableTests {
    private func parse(_ text: String, checksParents: Bool = true) throws(TrackFileError)
        -> [TrackRecord]
    {
        try CTCTable(parsing: Array(text.utf8), file: "t.txt", checksParents: checksParents).records
    }

    @Test("Spaces, tabs, empty lines, Windows line ends and a byte order mark are read")
    func spaces() throws {
        let records = try parse("\u{FEFF}1 0 4 0\r\n\n2\t5  9 1 \r\n3 5 9 1")
        #expect(
            records == [
                TrackRecord(id: 1, first: 0, last: 4),
                TrackRecord(id: 2, first: 5, last: 9, parent: 1),
                TrackRecord(id: 3, first: 5, last: 9, parent: 1),
            ]
        )
        #expect(CTCTable(records).text == "1 0 4 0\n2 5 9 1\n3 5 9 1\n")
        #expect(try parse("") == [])
    }

    @Test(
        "Wrong tables end in an error of the right kind, which names the line",
        arguments: [
            ("1 0 4\n", TrackFileError.Kind.damaged, 1),
            ("1 0 4 0 7\n", .damaged, 1),
            ("L B E P\n1 0 4 0\n", .damaged, 1),
            ("1 0 4 0\n2 x 4 0\n", .damaged, 2),
            ("1 -1 4 0\n", .damaged, 1),
            ("1 0 4.0 0\n", .damaged, 1),
            ("0 0 4 0\n", .damaged, 1),
            ("1 5 4 0\n", .damaged, 1),
            ("1,0,4,0\n", .damaged, 1),
            ("4294967296 0 4 0\n", .tooLarge, 1),
            ("1 0 99999999999999999999999999999 0\n", .tooLarge, 1),
            ("1 0 4 0\n\n1 5 6 0\n", .usedTwice, 3),
            ("1 0 4 0\n2 5 6 3\n", .unknownParent, 2),
            ("1 0 4 1\n", .notForward, 1),
            ("1 0 4 0\n2 4 6 1\n", .notForward, 2),
            ("1 5 6 2\n2 5 6 1\n", .notForward, 1),
            ("1 0 1 3\n2 2 3 1\n3 4 5 2\n", .notForward, 1),
        ]
    )
    func wrong(text: String, kind: TrackFileError.Kind, line: Int) throws {
        let error = try #require(throws: TrackFileError.self) { try parse(text) }
        #expect(error.kind == kind && error.line == line, "\(error)")
        #expect("\(error)".hasPrefix("t.txt, line \(line): "))
    }

    @Test("Parents that are wrong can be read to be scored")
    func unchecked() throws {
        let records = try parse("1 0 4 0\n2 4 6 1\n3 5 6 9\n", checksParents: false)
        #expect(records.map(\.parent) == [nil, 1, 9])
    }

    @Test("Bytes that are no text end in an error")
    func noText() {
        #expect(throws: TrackFileError.self) {
            try CTCTable(parsing: [0, 255, 0x20, 9, 10, 200], file: "t.txt")
        }
    }
}
