import Files
import Testing

@Suite("Words, tables and differences")
struct WordingTests {
    @Test("Numbers are written as people read them")
    func wording() {
        #expect(Wording.duration(0.421) == "0.42 s")
        #expect(Wording.duration(12.34) == "12.3 s")
        #expect(Wording.duration(185) == "3 min 5 s")
        #expect(Wording.duration(7800) == "2 h 10 min")
        #expect(Wording.duration(.infinity) == "a very long time")
        #expect(Wording.byteCount(999) == "999 bytes")
        #expect(Wording.byteCount(1500) == "1.5 kB")
        #expect(Wording.byteCount(40_613_000) == "41 MB")
        #expect(Wording.count(1, "image") == "1 image" && Wording.count(0, "image") == "0 images")
        #expect(Wording.list(["a", "b", "c"]) == "a, b and c")
        #expect(Duration.milliseconds(1500).seconds == 1.5)
    }

    @Test("Columns line up, the last one ends where its words end")
    func table() {
        let table = TextTable(header: ["name", "n"], rows: [["a", "10"], ["longer", "2"]])
        #expect(table.text == "name    n\na       10\nlonger  2")
        #expect(TextTable(rows: []).text.isEmpty)
    }

    @Test("Values differ by their paths in JSON")
    func differences() throws {
        struct Inner: Encodable { var firstValue = 1 }
        struct Outer: Encodable {
            var inner = Inner()
            var list = [1, 2]
            var name: String?
        }
        var other = Outer(name: "a")
        other.inner.firstValue = 3
        other.list = [2]
        #expect(
            try JSONDifference.all(Outer(), other).map(\.description)
                == ["inner.first_value: 1, now 3", "list: 1,2, now 2", "name: none, now a"]
        )
        #expect(try JSONDifference.all(other, other).isEmpty)
    }
}
