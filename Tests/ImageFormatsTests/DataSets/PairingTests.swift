import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

@Suite("Matching images with labels")
struct PairingTests {
    private func labels(_ images: [String], _ labels: [String]) throws -> ImagePairing {
        try ImagePairing(images: images, labels: labels)
    }

    @Test("Equal names match whatever the order and the ending")
    func byName() throws {
        let found = try labels(
            ["a/x2.png", "a/x10.tif", "a/x1.ome.tif"],
            ["b/x1.tif", "b/x2.tif", "b/x10.png"]
        )
        #expect(found.matching == .name)
        #expect(found.pairs.map(\.labels) == ["b/x2.tif", "b/x10.png", "b/x1.tif"])
        #expect(found.pairs.map(\.name) == ["x2", "x10", "x1"])
    }

    @Test("Labels without an image are left over where names decide")
    func unusedLabels() throws {
        let found = try labels(
            ["i/a.ome.tif", "i/b.png"],
            ["l/a.tif", "l/b.tif", "l/c.tif"]
        )
        #expect(found.pairs.map(\.labels) == ["l/a.tif", "l/b.tif"])
        #expect(found.matching == .name && found.unusedLabels == ["l/c.tif"])
    }

    @Test("Names that differ by a common beginning or end match by the rest")
    func byDistinctPart() throws {
        let found = try labels(
            ["t000.tif", "t001.tif", "t012.tif"],
            ["man_track012_mask.tif", "man_track000_mask.tif", "man_track001_mask.tif"]
        )
        #expect(found.matching == .distinctPart)
        #expect(
            found.pairs.map(\.labels)
                == ["man_track000_mask.tif", "man_track001_mask.tif", "man_track012_mask.tif"]
        )
    }

    @Test("Names that tell nothing match by order, but only as many of both")
    func byOrder() throws {
        let found = try labels(["a.png", "b.png"], ["u.png", "v.png"])
        #expect(found.matching == .order)
        #expect(found.pairs.map(\.labels) == ["u.png", "v.png"])
        #expect(throws: DataSetError.self) {
            try labels(["a.png", "b.png"], ["u.png", "v.png", "w.png"])
        }
    }

    @Test("Pairs by order are told, all of the first ones")
    func notesOfOrder() throws {
        let found = try labels(["a.png", "b.png"], ["u.png", "v.png"])
        #expect(
            found.notes.map(\.description) == [
                "a.png: its labels are u.png, paired by order, because names do not match",
                "b.png: its labels are v.png, paired by order, because names do not match",
            ]
        )
        #expect(try labels(["a.png"], ["a.tif"]).notes.isEmpty)
        let letters = (0..<26).map { String(UnicodeScalar(UInt8(97 + $0))) }
        let many = try labels(letters.map { $0 + ".png" }, letters.map { "x" + $0 + $0 + ".png" })
        #expect(many.matching != .order || many.notes.count == 21)
    }

    @Test(
        "Pairs by order whose numbers disagree are refused",
        arguments: [
            (["t1", "t2", "t4"], ["m1", "m2", "m3"]), (["a3x", "b4x"], ["c4", "d5"]),
            (["s2_t1", "s2_t2"], ["man1", "man3"]),
        ]
    )
    func numbersDisagree(images: [String], labels: [String]) {
        let error = #expect(throws: DataSetError.self) {
            try self.labels(images.map { $0 + ".tif" }, labels.map { $0 + ".tif" })
        }
        guard case .numbersDisagree = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("Labels may be named as their image, with what programs add")
    func companions() throws {
        let found = try labels(
            ["i/a.tif", "i/b.tif", "i/img10.png"],
            ["i/b_cp_masks.png", "i/a_masks.tif", "i/img10_seg.tif", "i/c_masks.tif"]
        )
        #expect(found.matching == .name)
        #expect(
            found.pairs.map(\.labels) == ["i/a_masks.tif", "i/b_cp_masks.png", "i/img10_seg.tif"]
        )
        let files = CompanionFiles([
            "a.tif", "a_masks.tif", "b_masks.tif", "a_overlay.png", "c_cp_masks.png", "c.png",
        ])
        #expect(files.images == ["a.tif", "b_masks.tif", "c.png"])
        #expect(
            files.labels == ["a_masks.tif", "c_cp_masks.png"] && files.pictures == ["a_overlay.png"]
        )
    }

    @Test("Names that come again in another folder are numbered, and keep their order")
    func repeatedNames() throws {
        let numbered = try labels(["x/a.tif", "y/a.tif"], ["l/1.tif", "l/2.tif"])
        #expect(numbered.matching == .order && numbered.pairs.map(\.name) == ["a", "a_2"])
        let folders = try labels(["x/a.tif", "y/a.tif"], ["xl/a.tif", "yl/a.tif"])
        #expect(folders.matching == .name)
        #expect(folders.pairs.map(\.labels) == ["xl/a.tif", "yl/a.tif"])
    }

    @Test("A missing partner is named")
    func missingPartner() throws {
        let error = #expect(throws: DataSetError.self) {
            try labels(
                ["i/a.png", "i/b.png", "i/c.png"],
                ["l/a.png", "l/c.png", "l/d.png"]
            )
        }
        guard case .unpaired(let files) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(files.images == ["i/b.png"] && files.labels == ["l/d.png"])
        #expect(files.commonCount == 2)
    }

    @Test("Data sets of containers match by the container, or by what differs")
    func containers() throws {
        let found = try labels(
            ["a.h5#raw/0", "b.h5#raw/0"],
            ["b.h5#labels/0", "a.h5#labels/0"]
        )
        #expect(found.matching == .name)
        #expect(found.pairs.map(\.labels) == ["a.h5#labels/0", "b.h5#labels/0"])
        #expect(found.pairs.map(\.name) == ["a_raw_0", "b_raw_0"])
        let planes = try labels(["v.h5#raw/1", "v.h5#raw/2"], ["v.h5#seg/2", "v.h5#seg/1"])
        #expect(planes.matching == .distinctPart)
        #expect(planes.pairs.map(\.labels) == ["v.h5#seg/1", "v.h5#seg/2"])
    }

    @Test("Pairs in records of earlier revisions are read, and written as then")
    func records() throws {
        let text = """
            {"image":"i/a.tif","labels":"l/a.tif","planes":[1,3],\
            "reading":{"channels":[0]},"region":{"height":5,"width":4,"x":1,"y":2}}
            """
        let pair = try JSONDecoder().decode(AnnotatedImage.self, from: Data(text.utf8))
        #expect(pair.name == "a" && pair.planes == 1..<3 && pair.reading.channels == [0])
        #expect(pair.region == Region(x: 1, y: 2, width: 4, height: 5))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(String(decoding: try encoder.encode(pair), as: UTF8.self) == text)
        var named = pair
        named.name = "a_2"
        let again = try JSONDecoder().decode(AnnotatedImage.self, from: encoder.encode(named))
        #expect(again == named)
    }

    @Test("A limit takes elements from all parts of a list")
    func limit() {
        let numbers = Array(0..<10)
        #expect(numbers.evenlySpread(2) == [2, 7])
        #expect(numbers.evenlySpread(nil) == numbers && numbers.evenlySpread(10) == numbers)
    }
}
