import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("Pages and channels that OME-XML does not account for")
struct OMEPagesTests: OMEWriting {
    /// An image whose `SizeC` is written as it is given.
    private func counted(_ attributes: String, channels: Int = 0, _ data: String = "<TiffData/>")
        -> String
    {
        let names = (0..<channels).map { "<Channel Name=\"C\($0)\"/>" }.joined()
        return "<Image ID=\"Image:0\"><Pixels DimensionOrder=\"XYCZT\" Type=\"uint8\" SizeX=\"4\" "
            + "SizeY=\"3\" \(attributes)>\(names)\(data)</Pixels></Image>"
    }

    @Test(
        "Pages in no plane are counted",
        arguments: [
            ("SizeC=\"1\" SizeZ=\"1\" SizeT=\"1\"", "<TiffData/>", 2),
            ("SizeZ=\"1\"", "<TiffData/>", 2), ("SizeC=\"2\"", "", 1),
            ("SizeC=\"1\" SizeZ=\"2\"", "<TiffData IFD=\"1\" PlaneCount=\"2\"/>", 1),
            (
                "SizeC=\"2\"",
                "<TiffData IFD=\"0\" FirstC=\"0\"/><TiffData IFD=\"0\" FirstC=\"1\"/>", 2
            ),
        ]
    )
    func unnamed(attributes: String, data: String, count: Int) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.ome.tif")
        try write(xml(counted(attributes, data)), [1, 2, 3], to: url)
        let source = try ImageSource(opening: url)
        #expect(source.description.format == "OME-TIFF")
        #expect(source.description.notes == [.pagesUnnamed(count)])
    }

    @Test("Several images share the pages, and what is left is said", arguments: [3, 4])
    func severalImages(pages: Int) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.ome.tif")
        let images = counted("SizeC=\"2\"") + counted("SizeC=\"1\"")
        try write(xml(images), (0..<UInt8(pages)).map { $0 }, to: url)
        let source = try ImageSource(opening: url)
        #expect(source.description.series.count == 2)
        #expect(source.description.notes == (pages == 3 ? [] : [.pagesUnnamed(1)]))
    }

    @Test(
        "Channels that are named are channels, whatever is counted",
        arguments: [("", nil), ("SizeC=\"1\"", 1), ("SizeC=\"2\"", 2)] as [(String, Int?)]
    )
    func named(attributes: String, counted: Int?) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.ome.tif")
        try write(xml(self.counted(attributes, channels: 3)), [1, 2, 3], to: url)
        let source = try ImageSource(opening: url)
        #expect(source.description.axes == ImageAxes(c: 3, y: 3, x: 4))
        #expect(source.description.channelNames == ["C0", "C1", "C2"])
        #expect(try value(source, PlaneIndex(c: 2)) == 3)
        #expect(source.description.notes == [.channelsNamed(3, counted: counted)])
    }

    @Test("Names without pages are no channels, where fewer are counted")
    func namesAlone() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.ome.tif")
        try write(xml(counted("SizeC=\"1\"", channels: 3)), [1], to: url)
        let source = try ImageSource(opening: url)
        #expect(source.description.axes.c == 1 && source.description.notes.isEmpty)
        // Slices are not channels only because there are as many.
        try write(xml(counted("SizeC=\"1\" SizeZ=\"3\"", channels: 3)), [1, 2, 3], to: url)
        let stack = try ImageSource(opening: url)
        #expect(stack.description.axes == ImageAxes(z: 3, y: 3, x: 4))
        #expect(stack.description.notes.isEmpty)
    }

    // MARK: - Other files

    @Test("A description in a TIFF beside is read without that file's pixels")
    func largeCompanion() throws {
        let folder = try TemporaryFolder()
        let images = (0..<2).map { position in
            image(
                "Pos\(position)",
                c: 2,
                (0..<2).map { c in
                    block("p_Pos\(position).ome.tif", page: c, "FirstC=\"\(c)\"")
                }.joined()
            )
        }
        let first = folder.file("p_Pos0.ome.tif")
        try write(xml(images.joined()), [1, 2], to: first)
        let only = "<BinaryOnly MetadataFile=\"p_Pos0.ome.tif\" UUID=\"urn:uuid:0\"/>"
        try write(xml(only), [3, 4], to: folder.file("p_Pos1.ome.tif"))
        let handle = try FileHandle(forWritingTo: first)
        // The file has a hole and takes no room on the disk.
        try handle.truncate(atOffset: 3 << 28)
        try handle.close()
        let source = try ImageSource(opening: folder.file("p_Pos1.ome.tif"))
        #expect(source.description.axes == ImageAxes(c: 2, y: 3, x: 4))
        #expect(source.description.series.map(\.name) == ["Pos1"])
        #expect(source.description.notes == [.imagesElsewhere(1)])
        #expect(try value(source, PlaneIndex(c: 1)) == 4)
    }

    @Test(
        "A neighbour with fewer pages than the description names is noticed on opening",
        arguments: [(0, 2), (1, 1), (2, 0)]
    )
    func shortNeighbour(pages: Int, lacking: Int) throws {
        let folder = try TemporaryFolder()
        let data = (0..<2).flatMap { t in
            (0..<2).map { z in
                block("s_T\(t).ome.tif", page: z, "FirstT=\"\(t)\" FirstZ=\"\(z)\"")
            }
        }
        let text = xml(image("s", t: 2, z: 2, data.joined()))
        try write(text, [1, 2], to: folder.file("s_T0.ome.tif"))
        let other = folder.file("s_T1.ome.tif")
        if pages > 0 {
            try write(text, (0..<UInt8(pages)).map { $0 }, to: other)
        } else {
            try Data("no TIFF".utf8).write(to: other)
        }
        let source = try ImageSource(opening: folder.file("s_T0.ome.tif"))
        #expect(source.description.axes == ImageAxes(t: 2, z: 2, y: 3, x: 4))
        #expect(
            source.description.notes
                == (lacking > 0 ? [.filesShort(["s_T1.ome.tif"], planes: lacking)] : [])
        )
    }

    @Test("Links between pages that lead in a circle come to an end")
    func circle() throws {
        let folder = try TemporaryFolder()
        let data = (0..<2).map { block("c_\($0).ome.tif", page: 5 * $0, "FirstC=\"\($0)\"") }
        let text = xml(image("s", c: 2, data.joined()))
        try write(text, [1], to: folder.file("c_0.ome.tif"))
        let other = folder.file("c_1.ome.tif")
        try write(text, [2], to: other)
        var bytes = [UInt8](try Data(contentsOf: other))
        let start = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let link = start + 2 + 12 * Int(bytes[start])
        bytes.replaceSubrange(link..<link + 4, with: bytes[4..<8])
        try Data(bytes).write(to: other)
        let source = try ImageSource(opening: folder.file("c_0.ome.tif"))
        #expect(source.description.axes.c == 2)
        #expect(throws: ImageFormatError.self) { try source.read(PlaneIndex(c: 1)) }
    }
}
