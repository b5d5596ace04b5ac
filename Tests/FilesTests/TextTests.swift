import Files
import Foundation
import Testing

@Suite("JSON")
struct JSONTests {
    private func value(
        _ text: String,
        _ rules: JSONRules = .lenient
    ) throws(JSONError) -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), rules)
    }

    @Test("A value is read back from its text, members in their order")
    func roundTrip() throws {
        let all: JSONValue = [
            "z": [1, 2.5, nil, true], "a": ["text \"\\\n\t\u{1}\u{1F600}": [:]], "empty": [],
            "large": .integer(.max), "exponent": .number(1e300),
        ]
        #expect(try value(all.text) == all)
        #expect(all.object?.members.map(\.name) == ["z", "a", "empty", "large", "exponent"])
    }

    @Test("Python's numbers are read where others write, and refused in headers")
    func pythonNumbers() throws {
        #expect(try value("[NaN, -Infinity]").array?.last == .number(-.infinity))
        for text in ["NaN", "Infinity", "-Infinity", "[NaN]", ".5"] {
            #expect(throws: JSONError.self, "\(text)") { try value(text, .strict(maximumDepth: 8)) }
        }
    }

    @Test("A name that occurs twice: the last counts, or the text is refused")
    func repeatedNames() throws {
        #expect(try value(#"{"a": 1, "b": 2, "a": 3}"#) == ["a": 3, "b": 2])
        let error = #expect(throws: JSONError.self) {
            try value(#"{"a": 1, "a": 3}"#, .strict(maximumDepth: 8))
        }
        #expect(error?.problem == "'a' appears twice")
        // The same name, written in two ways.
        #expect(throws: JSONError.self) {
            try value(#"{"a": 1, "\u0061": 3}"#, .strict(maximumDepth: 8))
        }
    }

    @Test("Nesting is bounded, so that no text exhausts the stack")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try value(nested(128)) }
        #expect(throws: JSONError.self) { try value(nested(129)) }
        #expect(throws: JSONError.self) { try value(nested(1_000_000)) }
        #expect(throws: Never.self) { try value(nested(8), .strict(maximumDepth: 8)) }
        #expect(throws: JSONError.self) { try value(nested(9), .strict(maximumDepth: 8)) }
    }

    @Test("Half characters become the replacement character, or are refused")
    func halfCharacters() throws {
        #expect(try value(#""\ud83d\ude00""#) == "\u{1F600}")
        for text in [#""\ud83d""#, #""\ud83dx""#, #""\ud83d\u0041""#, #""\ude00""#] {
            #expect(try value(text).string?.hasPrefix("\u{FFFD}") == true, "\(text)")
            #expect(throws: JSONError.self, "\(text)") { try value(text, .strict(maximumDepth: 8)) }
        }
        let broken: [UInt8] = [0x22, 0xFF, 0x22]
        #expect(try JSONValue(parsing: broken) == "\u{FFFD}")
        #expect(throws: JSONError.self) { try JSONValue(parsing: broken, .strict(maximumDepth: 8)) }
    }

    @Test(
        "What is no JSON is refused with its place",
        arguments: [
            ("", 0), ("[1,]", 3), ("{\"a\" 1}", 5), ("{a: 1}", 1), ("[1 2]", 3), ("1 2", 2),
            ("\"a", 2), ("\"\\x\"", 3), ("tru", 0), ("+1", 0), ("[-]", 1), ("\"\\u12\"", 3),
        ]
    )
    func invalid(text: String, position: Int) {
        for rules in [JSONRules.lenient, .strict(maximumDepth: 8)] {
            let error = #expect(throws: JSONError.self) { try value(text, rules) }
            #expect(error?.position == position)
        }
    }

    private struct Sample: Codable, Equatable {
        var imageSize = 3
        var score = -Double.infinity
        var path = "a/b"
    }

    @Test("Values are encoded with sorted keys, in snake case or as declared")
    func encoding() throws {
        let line = try JSONText.encodeLine(Sample())
        #expect(line == #"{"image_size":3,"path":"a/b","score":"-Infinity"}"#)
        #expect(try JSONText.decode(Sample.self, from: Data(line.utf8)) == Sample())
        let text = try JSONText.encode(Sample(), keys: .asDeclared)
        #expect(text.hasPrefix("{\n  \"imageSize\" : 3,\n"))
        let back = try JSONText.decode(Sample.self, from: Data(text.utf8), keys: .asDeclared)
        #expect(back == Sample())
    }
}

@Suite("Tables")
struct TableTests {
    @Test("A table quotes what would break it")
    func quoting() {
        let table = CSVTable(header: ["a", "b"], rows: [["x,y", "say \"z\""], ["u\r\nv", ""]])
        #expect(table.text == "a,b\n\"x,y\",\"say \"\"z\"\"\"\n\"u\r\nv\",\n")
    }

    @Test("A row is read back whatever its cells hold")
    func roundTrip() throws {
        let table = CSVTable(
            header: ["name", "note"],
            rows: [
                ["a,b", "two\nlines"], ["say \"x\"", "two\r\nlines"], ["plain", "ä\u{1F600}"],
            ]
        )
        var lines = try DelimitedText(Array(table.text.utf8), file: "a.csv")
        var rows: [[String]] = []
        while let row = try lines.next() { rows.append(row.fields) }
        #expect(rows == [table.header] + table.rows)
    }

    @Test("The separator is the one that the first line has, and rows know their lines")
    func separators() throws {
        var lines = try DelimitedText(Array("\u{FEFF}a;b\r\n\n1;\"2\n3\"\n4;5".utf8), file: "a.csv")
        #expect(try lines.next()?.fields == ["a", "b"])
        let second = try #require(try lines.next())
        #expect(second.fields == ["1", "2\n3"] && second.number == 3)
        #expect(try lines.next()?.number == 5)
        #expect(try lines.next() == nil)
    }

    @Test("A stray quotation mark is an error with its line; bytes that are no text are refused")
    func errors() throws {
        var lines = try DelimitedText(Array("a,b\n1,\"2".utf8), file: "a.csv")
        _ = try lines.next()
        let error = #expect(throws: DelimitedTextError.self) { _ = try lines.next() }
        #expect(error?.line == 2 && error?.description.hasPrefix("a.csv, line 2: ") == true)
        for bytes: [UInt8] in [[0x61, 0xFF], [0x61, 0, 0x62]] {
            #expect(throws: DelimitedTextError.self) { try DelimitedText(bytes, file: "a.csv") }
        }
    }
}
