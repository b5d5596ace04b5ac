import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

@Suite("Files of prompts")
struct PromptFileTests {
    /// A region of ImageJ: the header, and coordinates as 16-bit numbers relative to the box.
    private func region(
        type: UInt8,
        box: (top: Int, left: Int, bottom: Int, right: Int),
        points: [(x: Int, y: Int)] = []
    ) -> [UInt8] {
        func bytes(_ value: Int) -> [UInt8] {
            [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        var file = Array("Iout".utf8) + bytes(227) + [type, 0]
        for value in [box.top, box.left, box.bottom, box.right, points.count] {
            file += bytes(value)
        }
        file += [UInt8](repeating: 0, count: 64 - file.count)
        for point in points { file += bytes(point.x - box.left) }
        for point in points { file += bytes(point.y - box.top) }
        return file
    }

    @Test("Regions of ImageJ become prompts, outlines moved by half a pixel")
    func regions() throws {
        let folder = try TemporaryFolder()
        func prompts(_ bytes: [UInt8]) throws -> [Prompt] {
            try Data(bytes).write(to: folder.file("a.roi"))
            let document = try PromptFile(reading: folder.file("a.roi").path).document
            #expect(document.objects.count == 1 && document.objects[0].id == 1)
            return document.objects[0].prompts
        }
        let box = (top: 3, left: 5, bottom: 13, right: 25)
        #expect(
            try prompts(region(type: 1, box: box))
                == [.box(Box(minX: 5, minY: 3, maxX: 25, maxY: 13))]
        )
        #expect(
            try prompts(region(type: 2, box: box))
                == [.ellipse(Box(minX: 4.5, minY: 2.5, maxX: 24.5, maxY: 12.5))]
        )
        let corners = [(x: 5, y: 3), (x: 25, y: 3), (x: 15, y: 13)]
        #expect(
            try prompts(region(type: 0, box: box, points: corners))
                == [
                    .polygon([
                        Point(x: 4.5, y: 2.5), Point(x: 24.5, y: 2.5), Point(x: 14.5, y: 12.5),
                    ])
                ]
        )
        #expect(
            try prompts(region(type: 10, box: box, points: [(x: 7, y: 9)]))
                == [.point(Point(x: 7, y: 9))]
        )
    }

    @Test(
        "Columns that may have named the planes are told of where the image has several",
        arguments: [
            ("y,x,position\n1,2,3", 4, true), ("y,x,position\n1,2,3", 1, false),
            ("y,x,position,z\n1,2,3,0", 4, false), ("y,x\n1,2", 4, false),
            ("label,area,centroid-0,centroid-1\n1,9,2,3", 4, true),
        ]
    )
    func unusedColumns(csv: String, planes: Int, isTold: Bool) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.csv")
        try Data(csv.utf8).write(to: file)
        var options = PromptReadingOptions()
        options.planeCount = planes
        let notes = try PromptFile(reading: file.path, options).notes
        #expect(notes.count == (isTold ? 1 : 0))
        #expect(notes.allSatisfy { $0.description.contains("the column") })
        #expect(notes.allSatisfy { $0.file == file.path })
    }

    @Test("Files of other kinds, missing ones and damaged ones are explained")
    func refused() throws {
        let folder = try TemporaryFolder()
        try Data("y,x\n1,left\n".utf8).write(to: folder.file("a.csv"))
        try Data("Iout".utf8).write(to: folder.file("a.roi"))
        for (name, mention) in [
            ("a.csv", "line 2, column x"), ("a.roi", "header"), ("b.json", "no such file"),
            ("a.txt2", "'.txt2'"),
        ] {
            let error = #expect(throws: (any Error).self) {
                _ = try PromptFile(reading: folder.file(name).path).document
            }
            let text = String(describing: try #require(error))
            #expect(
                text.contains(mention.replacingOccurrences(of: ", column", with: ": column"))
                    || text.contains(mention),
                "\(text)"
            )
            #expect(text.contains(folder.file(name).path))
        }
    }
}
