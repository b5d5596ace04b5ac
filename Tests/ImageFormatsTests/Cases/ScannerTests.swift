import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("TIFF of slide scanners that are no plain stacks")
struct ScannerTests {
    private func page(_ value: UInt8, _ text: String? = nil, side: Int = 8) -> TIFFBuilder.Page {
        let pixels = [UInt8](repeating: value, count: side * side)
        var page = TIFFBuilder.Page(width: side, height: side, bits: 8, strips: [pixels])
        if let text { page.tags[270] = .text(text) }
        return page
    }

    private func text(_ name: String) -> String {
        "<?xml version=\"1.0\" encoding=\"utf-16\"?><PerkinElmer-QPI-ImageDescription>"
            + "<ScanProfile><root><Name>profile</Name></root></ScanProfile>"
            + (name.isEmpty ? "" : "<Name>\(name)</Name>")
            + "<ImageType>FullResolution</ImageType></PerkinElmer-QPI-ImageDescription>"
    }

    @Test(
        "Pages of a QPTIFF that each name a channel are channels",
        arguments: [["DAPI", "FITC"], ["DAPI", "Opal 520", "Opal 690"], ["a & b", "b"]]
    )
    func channels(names: [String]) throws {
        var pages = names.enumerated().map {
            page(UInt8($0), text($1.replacing("&", with: "&amp;")))
        }
        pages.append(page(9, side: 3))
        for name in names {
            var small = page(7, text(name.replacing("&", with: "&amp;")), side: 4)
            small.tags[254] = .long([1])
            pages.append(small)
        }
        let source = try open(TIFFBuilder().file(pages))
        #expect(source.description.axes == ImageAxes(c: names.count, y: 8, x: 8))
        #expect(source.description.channelNames == names)
        let last = try source.read(PlaneIndex(c: names.count - 1)).floats().samples
        #expect(last.allSatisfy { $0 == Float(names.count - 1) })
    }

    @Test(
        "Pages that do not each name another channel stay slices",
        arguments: [["DAPI", "DAPI"], ["DAPI", ""], ["", ""]]
    )
    func slices(names: [String]) throws {
        let pages = names.map { page(1, text($0)) }
        let axes = try open(TIFFBuilder().file(pages)).description.axes
        #expect(axes == ImageAxes(z: 2, y: 8, x: 8))
    }

    @Test(
        "A VSI says that it is an overview of files beside it, or may be one",
        arguments: [("scan.vsi", true), ("scan.VSI", false), ("scan.tif", true)]
    )
    func overview(name: String, hasFolder: Bool) throws {
        let folder = try TemporaryFolder()
        try Data(TIFFBuilder().file([page(1)])).write(to: folder.file(name))
        if hasFolder {
            let stack = folder.file("_scan_/stack10001")
            try FileManager.default.createDirectory(at: stack, withIntermediateDirectories: true)
            try Data("SIS".utf8).write(to: stack.appending(path: "frame_t.ets"))
        }
        let source = try ImageSource(opening: folder.file(name))
        #expect(source.description.notes.count == 1)
        #expect(source.noteText.contains("_scan_"))
        #expect(source.noteText.contains("this is an overview") == hasFolder)
    }

    @Test("A folder of another name, or without pixels, says nothing", arguments: ["_b_", "_a_"])
    func noOverview(name: String) throws {
        let folder = try TemporaryFolder()
        try Data(TIFFBuilder().file([page(1)])).write(to: folder.file("a.tif"))
        let stack = folder.file(name + "/stack1")
        try FileManager.default.createDirectory(at: stack, withIntermediateDirectories: true)
        let file = name == "_b_" ? "frame_t.ets" : "notes.txt"
        try Data("x".utf8).write(to: stack.appending(path: file))
        #expect(try ImageSource(opening: folder.file("a.tif")).description.notes.isEmpty)
    }
}
