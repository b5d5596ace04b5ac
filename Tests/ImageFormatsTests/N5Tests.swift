import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

/// N5 as Fiji, Paintera and COSEM write it.
@Suite("N5")
struct N5Tests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A data set of 5 x 4 x 3 elements (x, y, z) without any blocks, so all of them are 0.
    private func write(_ name: String, _ attributes: String = "") throws {
        let url = folder.file(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let json = """
            {"dimensions": [5, 4, 3], "blockSize": [5, 4, 3], "dataType": "uint8",
             "compression": {"type": "raw"}\(attributes.isEmpty ? "" : ", " + attributes)}
            """
        try Data(json.utf8).write(to: url.appending(path: "attributes.json"))
    }

    @Test("The only data set is taken, however deep it lies", arguments: ["raw", "a/b/raw", "."])
    func single(name: String) throws {
        try write("a.n5/\(name)")
        if name != "." {
            try Data(#"{"n5": "2.0.0"}"#.utf8).write(to: folder.file("a.n5/attributes.json"))
        }
        let source = try ImageSource(opening: folder.file("a.n5"))
        #expect(source.description.axes == ImageAxes(z: 3, y: 4, x: 5))
        #expect(try source.read(PlaneIndex(z: 2)).floats().samples.allSatisfy { $0 == 0 })
        let notes = try PlaneFile(opening: folder.file("a.n5").path, each: true).notes
        #expect(notes.last?.note == .planesAbsent(3, of: 3))
    }

    @Test("What is said about several data sets can be opened")
    func several() throws {
        try write("a.n5/group/one")
        try write("a.n5/group/two")
        try write("a.n5/other/three")
        for start in ["a.n5", "a.n5#group", "a.n5/group"] {
            let error = #expect(throws: ImageFormatError.self) {
                try ImageSource(opening: folder.file(start))
            }
            let path = try #require(error?.advice.split(separator: " ").last.map(String.init))
            #expect(throws: Never.self) { try ImageSource(opening: URL(filePath: path)) }
        }
    }

    @Test(
        "Sizes and names of the dimensions are used in all forms that programs write",
        arguments: [
            (
                #""resolution": [4, 5, 40], "units": ["nm", "nm", "nm"]"#, "nm",
                ImageAxes(z: 3, y: 4, x: 5)
            ),
            (
                #""resolution": [4, 5, 40], "axes": ["x", "y", "t"], "units": ["nm", "nm", "s"]"#,
                "nm",
                ImageAxes(t: 3, y: 4, x: 5)
            ),
            (
                #""pixelResolution": {"dimensions": [4, 5, 40], "unit": "um"}"#, "\u{B5}m",
                ImageAxes(z: 3, y: 4, x: 5)
            ),
            (
                #""pixelResolution": {"dimensions": [2, 2.5, 40], "unit": "um"}, "downsamplingFactors": [2, 2, 1]"#,
                "\u{B5}m", ImageAxes(z: 3, y: 4, x: 5)
            ),
            (
                #""transform": {"axes": ["z", "y", "x"], "scale": [40, 5, 4], "units": ["nm", "nm", "nm"]}"#,
                "nm", ImageAxes(z: 3, y: 4, x: 5)
            ),
            (#""resolution": [4, 5, 40]"#, nil, ImageAxes(z: 3, y: 4, x: 5)),
        ] as [(String, String?, ImageAxes)]
    )
    func calibration(attributes: String, unit: String?, axes: ImageAxes) throws {
        try write("a.n5/raw", attributes)
        let description = try ImageSource(opening: folder.file("a.n5")).description
        #expect(description.axes == axes)
        #expect(description.physicalSize.x == 4)
        #expect(description.physicalSize.y == 5)
        #expect(description.physicalSize.unit == unit)
        if axes.z > 1 {
            #expect(description.physicalSize.z == 40)
        } else {
            #expect(description.physicalSize.t == 40)
        }
    }

    @Test(
        "Attributes of another kind are passed over",
        arguments: [#""resolution": [1, 1, 1]"#, #""axes": 3"#, #""resolution": ["a"]"#]
    )
    func nonsense(attributes: String) throws {
        try write("a.n5/raw", attributes)
        let description = try ImageSource(opening: folder.file("a.n5")).description
        #expect(description.axes == ImageAxes(z: 3, y: 4, x: 5))
        #expect(description.physicalSize.isEmpty)
    }

    /// Writes a level of one block, in which all elements have one value.
    private func writeLevel(_ name: String, _ sides: [Int], value: UInt8, _ more: String = "")
        throws
    {
        let url = folder.file(name)
        let block = url.appending(path: sides.map { _ in "0" }.joined(separator: "/"))
        try FileManager.default.createDirectory(
            at: block.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        let json = """
            {"dimensions": \(sides), "blockSize": \(sides), "dataType": "uint8",
             "compression": {"type": "raw"}\(more.isEmpty ? "" : ", " + more)}
            """
        try Data(json.utf8).write(to: url.appending(path: "attributes.json"))
        let header: [UInt8] =
            [0, 0, 0, UInt8(sides.count)] + sides.flatMap { [0, 0, 0, UInt8($0)] as [UInt8] }
        let content = [UInt8](repeating: value, count: sides.reduce(1, *))
        try Data(header + content).write(to: block)
    }

    @Test(
        "A group of levels is one image, in all forms that programs write",
        arguments: [
            (#"{"scales": [[1, 1, 1], [2, 2, 1]]}"#, ""),
            (#"{"downsamplingFactors": [[1, 1, 1], [2, 2, 1]], "resolution": [2, 3, 4]}"#, ""),
            (#"{"multiScale": true, "resolution": [2, 3, 4]}"#, ""),
            (
                #"{"pixelResolution": {"dimensions": [2, 3, 4], "unit": "um"}}"#,
                #""downsamplingFactors": [2, 2, 1]"#
            ),
        ]
    )
    func pyramid(group: String, level: String) throws {
        try writeLevel("a.n5/volume/s0", [40, 20, 3], value: 7)
        try writeLevel("a.n5/volume/s1", [20, 10, 3], value: 8, level)
        try Data(group.utf8).write(to: folder.file("a.n5/volume/attributes.json"))
        for start in ["a.n5", "a.n5#volume", "a.n5/volume"] {
            let source = try ImageSource(opening: folder.file(start))
            let found = source.description
            #expect(found.axes == ImageAxes(z: 3, y: 20, x: 40))
            #expect(found.levels == [Size(width: 40, height: 20), Size(width: 20, height: 10)])
            let size = group.contains("esolution") ? [2.0, 3, 4] : []
            #expect(
                [found.physicalSize.x, found.physicalSize.y, found.physicalSize.z]
                    .compactMap(\.self) == size
            )
            for (index, value) in [Float(7), 8].enumerated() {
                let plane = try source.read(PlaneIndex(z: 2), level: index).floats()
                #expect(plane.samples.allSatisfy { $0 == value })
            }
        }
        let single = try ImageSource(opening: folder.file("a.n5#volume/s1"))
        #expect(single.description.axes == ImageAxes(z: 3, y: 10, x: 20))
    }

    @Test("Data sets that are numbered without being levels are several")
    func noPyramid() throws {
        try writeLevel("a.n5/s0", [4, 2], value: 1)
        try writeLevel("a.n5/s1", [4, 2], value: 2)
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: folder.file("a.n5"))
        }
        #expect(error?.problem == "there are several data sets: s0, s1")
    }

    @Test("Levels that differ in type or slices are no levels")
    func otherLevels() throws {
        try writeLevel("a.n5/s0", [40, 20, 4], value: 7)
        try writeLevel("a.n5/s1", [20, 10, 2], value: 8)
        try Data(#"{"scales": [[1, 1, 1], [2, 2, 2]]}"#.utf8)
            .write(to: folder.file("a.n5/attributes.json"))
        let source = try ImageSource(opening: folder.file("a.n5"))
        #expect(source.description.levels == [Size(width: 40, height: 20)])
        #expect(try source.read(PlaneIndex(z: 3)).floats().samples.allSatisfy { $0 == 7 })
    }
}
