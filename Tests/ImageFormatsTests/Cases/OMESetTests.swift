import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("OME-TIFF in several files")
struct OMESetTests: OMEWriting {
    @Test("Time points in three files, slices as pages", arguments: [0, 1, 2])
    func timePoints(opened: Int) throws {
        let folder = try TemporaryFolder()
        let data = (0..<3).flatMap { t in
            (0..<2).map { z in
                block("s_T\(t).ome.tif", page: z, "FirstT=\"\(t)\" FirstZ=\"\(z)\"")
            }
        }
        let text = xml(image("s", t: 3, z: 2, data.joined()))
        for t in 0..<3 {
            let pages = [UInt8(10 * t), UInt8(10 * t + 1)]
            try write(text, pages, to: folder.file("s_T\(t).ome.tif"))
        }
        let source = try ImageSource(opening: folder.file("s_T\(opened).ome.tif"))
        #expect(source.description.axes == ImageAxes(t: 3, z: 2, y: 3, x: 4))
        #expect(source.description.notes.isEmpty)
        for t in 0..<3 {
            for z in 0..<2 {
                #expect(try value(source, PlaneIndex(t: t, z: z)) == Float(10 * t + z))
            }
        }
    }

    @Test("A position in each file is the image of its own file", arguments: [0, 1])
    func positions(opened: Int) throws {
        let folder = try TemporaryFolder()
        let images = (0..<2).map { image("Pos\($0)", block("p_\($0).ome.tif", "FirstC=\"0\"")) }
        for position in 0..<2 {
            let pages = [UInt8(7 + position)]
            try write(xml(images.joined()), pages, to: folder.file("p_\(position).ome.tif"))
        }
        let source = try ImageSource(opening: folder.file("p_\(opened).ome.tif"))
        #expect(source.description.series.map(\.name) == ["Pos\(opened)"])
        #expect(try value(source, PlaneIndex()) == Float(7 + opened))
        #expect(source.description.notes == [.imagesElsewhere(1)])
    }

    @Test("A renamed file is found by its identity, or where one name stands throughout")
    func renamed() throws {
        let folder = try TemporaryFolder()
        let blocks =
            block("a.ome.tif", uuid: "1", "FirstC=\"0\"")
            + block("b.ome.tif", uuid: "2", "FirstC=\"1\"")
        try write(xml(image("s", c: 2, blocks), uuid: "2"), [20], to: folder.file("other.ome.tif"))
        try write(xml(image("s", c: 2, blocks), uuid: "1"), [10], to: folder.file("a.ome.tif"))
        let second = try ImageSource(opening: folder.file("other.ome.tif"))
        #expect(try value(second, PlaneIndex(c: 0)) == 10)
        #expect(try value(second, PlaneIndex(c: 1)) == 20)
        let all = (0..<2).map { block("old.ome.tif", page: $0, "FirstC=\"\($0)\"") }.joined()
        try write(xml(image("s", c: 2, all)), [5, 6], to: folder.file("new.ome.tif"))
        let alone = try ImageSource(opening: folder.file("new.ome.tif"))
        #expect(alone.description.axes.c == 2 && alone.description.notes.isEmpty)
        #expect(try value(alone, PlaneIndex(c: 1)) == 6)
    }

    @Test(
        "A renamed file among neighbours that keep their names is found by its identity",
        arguments: [0, 1, 2]
    )
    func renamedAmongNeighbours(renamed: Int) throws {
        let folder = try TemporaryFolder()
        let blocks = (0..<3).map { block("s_\($0).ome.tif", uuid: "\($0)", "FirstC=\"\($0)\"") }
        let text = image("s", c: 3, blocks.joined())
        for number in 0..<3 {
            let name = number == renamed ? "my copy.tif" : "s_\(number).ome.tif"
            try write(xml(text, uuid: "\(number)"), [UInt8(10 + number)], to: folder.file(name))
        }
        // Opened by its new name, all planes are found.
        let source = try ImageSource(opening: folder.file("my copy.tif"))
        #expect(source.description.axes.c == 3 && source.description.notes.isEmpty)
        for c in 0..<3 { #expect(try value(source, PlaneIndex(c: c)) == Float(10 + c)) }
        // Opened by a neighbour, the name that is not there is said; other files are not searched.
        let neighbour = renamed == 0 ? 1 : 0
        let other = try ImageSource(opening: folder.file("s_\(neighbour).ome.tif"))
        #expect(other.description.axes.c == 3)
        for c in 0..<3 where c != renamed {
            #expect(try value(other, PlaneIndex(c: c)) == Float(10 + c))
        }
        #expect(
            other.description.notes == [.filesMissing(["s_\(renamed).ome.tif"], planes: 1)]
        )
        #expect(throws: ImageFormatError.self) { try other.read(PlaneIndex(c: renamed)) }
    }

    @Test("A name counts more than an identity, which copies share")
    func nameFirst() throws {
        let folder = try TemporaryFolder()
        let blocks = (0..<2).map { block("s_\($0).ome.tif", uuid: "same", "FirstC=\"\($0)\"") }
        for number in 0..<2 {
            let text = xml(image("s", c: 2, blocks.joined()), uuid: "same")
            try write(text, [UInt8(10 + number)], to: folder.file("s_\(number).ome.tif"))
        }
        for number in 0..<2 {
            let source = try ImageSource(opening: folder.file("s_\(number).ome.tif"))
            for c in 0..<2 { #expect(try value(source, PlaneIndex(c: c)) == Float(10 + c)) }
        }
        // Under a third name both blocks seem to be in it; its pages do not tell, so it is not guessed at.
        try write(
            xml(image("s", c: 2, blocks.joined()), uuid: "same"),
            [20],
            to: folder.file("copy.tif")
        )
        let copy = try ImageSource(opening: folder.file("copy.tif"))
        #expect(copy.description.format == "TIFF")
    }

    @Test("Blocks with identities and without names belong to their files", arguments: [0, 1])
    func identitiesAlone(opened: Int) throws {
        let folder = try TemporaryFolder()
        let blocks = (0..<2).map {
            "<TiffData IFD=\"0\" FirstC=\"\($0)\"><UUID>urn:uuid:\($0)</UUID></TiffData>"
        }
        let text = image("s", c: 2, blocks.joined())
        let url = folder.file("a.ome.tif")
        try write(xml(text, uuid: "\(opened)"), [7], to: url)
        let source = try ImageSource(opening: url)
        #expect(source.description.axes.c == 2)
        #expect(try value(source, PlaneIndex(c: opened)) == 7)
        #expect(throws: ImageFormatError.self) { try source.read(PlaneIndex(c: 1 - opened)) }
        #expect(source.noteText.contains("urn:uuid:\(1 - opened)"))
        // One identity throughout is that of the file, also where it was saved under a new one.
        let all = blocks.joined().replacing("urn:uuid:1", with: "urn:uuid:0")
            .replacing("IFD=\"0\" FirstC=\"1\"", with: "IFD=\"1\" FirstC=\"1\"")
        try write(xml(image("s", c: 2, all), uuid: "9"), [5, 6], to: url)
        let alone = try ImageSource(opening: url)
        #expect(try value(alone, PlaneIndex(c: 1)) == 6 && alone.description.notes.isEmpty)
    }

    @Test("A renamed file of a set that nothing identifies is never guessed at")
    func unidentified() throws {
        let folder = try TemporaryFolder()
        let blocks = block("a.ome.tif", "FirstC=\"0\"") + block("b.ome.tif", "FirstC=\"1\"")
        try write(xml(image("s", c: 2, blocks)), [20, 30], to: folder.file("c.ome.tif"))
        let source = try ImageSource(opening: folder.file("c.ome.tif"))
        #expect(source.description.format == "TIFF")
        #expect(source.noteText.contains("a.ome.tif and b.ome.tif"))
        #expect(source.noteText.contains("pages are taken as slices"))
    }

    @Test("A companion file describes the files beside it")
    func companion() throws {
        let folder = try TemporaryFolder()
        let blocks = block("a.tif", "FirstC=\"0\"") + block("b.tif", "FirstC=\"1\"")
        let only = xml("<BinaryOnly MetadataFile=\"set.companion.ome\" UUID=\"urn:uuid:9\"/>")
        try write(only, [1], to: folder.file("a.tif"))
        try write(only, [2], to: folder.file("b.tif"))
        let lost = try ImageSource(opening: folder.file("b.tif"))
        #expect(lost.noteText.contains("set.companion.ome"))
        let text = xml(image("s", c: 2, blocks), uuid: "9")
        try Data(text.utf8).write(to: folder.file("set.companion.ome"))
        let source = try ImageSource(opening: folder.file("b.tif"))
        #expect(source.description.axes.c == 2)
        #expect(try value(source, PlaneIndex(c: 0)) == 1)
        #expect(try value(source, PlaneIndex(c: 1)) == 2)
    }

    @Test("Names with folders lead nowhere else than beside the file")
    func folders() throws {
        let folder = try TemporaryFolder()
        let blocks =
            block("a.ome.tif", "FirstC=\"0\"") + block("../../etc/b.ome.tif", "FirstC=\"1\"")
        try write(xml(image("s", c: 2, blocks)), [1], to: folder.file("a.ome.tif"))
        let source = try ImageSource(opening: folder.file("a.ome.tif"))
        #expect(source.description.notes == [.filesMissing(["b.ome.tif"], planes: 1)])
    }

    @Test("A recording that was stopped has the time points that are whole", arguments: [5, 4])
    func stopped(pages: Int) throws {
        let folder = try TemporaryFolder()
        let text = xml(image("s", t: 10, c: 2, "<TiffData/>"))
        try write(text, (0..<UInt8(pages)).map { $0 }, to: folder.file("a.ome.tif"))
        let source = try ImageSource(opening: folder.file("a.ome.tif"))
        #expect(source.description.axes == ImageAxes(t: 2, c: 2, y: 3, x: 4))
        #expect(source.description.notes == [.planesMissing(promised: 20, found: pages)])
        #expect(try value(source, PlaneIndex(t: 1, c: 1)) == 3)
    }

    @Test(
        "XML that is not well-formed is read as far as it goes",
        arguments: [
            "<Image Name=\"a < b\"><Pixels", "<Image Name=\"5 &micro; & more\"><Pixels",
            "<StructuredAnnotations></Wrong><Image><Pixels",
            "<Description>a & b<br></Description><Image><Pixels",
        ]
    )
    func sloppy(beginning: String) throws {
        let folder = try TemporaryFolder()
        let text = xml(
            beginning + " DimensionOrder=\"XYCZT\" SizeX=\"4\" SizeY=\"3\" SizeC=\"2\" SizeZ=\"1\" "
                + "SizeT=\"1\"><Channel Name=\"A\"/><Channel Name=\"B\"/><TiffData/></Pixels></Image>"
        )
        try write(text, [1, 2], to: folder.file("a.ome.tif"))
        let source = try ImageSource(opening: folder.file("a.ome.tif"))
        if beginning.contains("Annotations") {
            #expect(source.noteText.contains("it names no image; pages are taken as slices"))
        } else {
            #expect(source.description.channelNames == ["A", "B"])
            #expect(source.noteText.contains("damaged") != beginning.contains("a < b"))
        }
    }

    @Test(
        "Descriptions that end anywhere, or nest without end, come to an end",
        arguments: [
            "<OME><Image a:", "<OME><Image Name=\"a\" :", "<OME><a:", "<OME></a:",
            "<OME><Image a='",
            "<OME>" + String(repeating: "<a>", count: 200_000)
                + String(repeating: "</b>", count: 200_000),
        ]
    )
    func cutAnywhere(text: String) throws {
        let folder = try TemporaryFolder()
        try write(text, [1, 2], to: folder.file("a.ome.tif"))
        let source = try ImageSource(opening: folder.file("a.ome.tif"))
        #expect(source.description.axes.z == 2)
        #expect(source.noteText.contains("pages are taken as slices"))
    }

    @Test("Elements of the same names in a vendor's block count for nothing")
    func vendorBlock() throws {
        let folder = try TemporaryFolder()
        let block =
            "<StructuredAnnotations><XMLAnnotation><Value><v:Image><v:Pixels SizeX=\"9\"/>"
            + "<v:Channel Name=\"wrong\"/></v:Image></Value></XMLAnnotation></StructuredAnnotations>"
        let inner =
            "<Channel Name=\"right\"><v:Channel Name=\"wrong\"/></Channel><TiffData/>"
        for text in [block + image("s", inner), image("s", inner) + block] {
            try write(xml(text), [1], to: folder.file("a.ome.tif"))
            let source = try ImageSource(opening: folder.file("a.ome.tif"))
            #expect(source.description.channelNames == ["right"])
            #expect(source.description.series.count == 1 && source.description.notes.isEmpty)
        }
    }

    @Test("Text in Latin-1 is read and said")
    func latin1() throws {
        let folder = try TemporaryFolder()
        let text = xml(
            image("s", "<Channel Name=\"\u{B5}\"/><TiffData/>")
                .replacing(
                    "SizeX=",
                    with: "PhysicalSizeX=\"2\" PhysicalSizeXUnit=\"\u{B5}m\" SizeX="
                )
        )
        var page = TIFFBuilder.Page(
            width: 4,
            height: 3,
            bits: 8,
            strips: [[UInt8](repeating: 1, count: 12)]
        )
        page.tags[270] = .ascii(text.unicodeScalars.map { UInt8($0.value) })
        try Data(TIFFBuilder().file([page])).write(to: folder.file("a.ome.tif"))
        let source = try ImageSource(opening: folder.file("a.ome.tif"))
        #expect(source.description.physicalSize.unit == "\u{B5}m")
        #expect(source.description.channelNames == ["\u{B5}"])
        #expect(source.description.notes == [.descriptionNotUTF8])
    }
}
