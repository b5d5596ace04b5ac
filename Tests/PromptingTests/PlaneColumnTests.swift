import Foundation
import Imaging
import Prompting
import Testing

@Suite("Planes in tables and JSON, under the names that people give them")
struct PlaneColumnTests {
    private func read(
        _ csv: String,
        _ options: PromptReadingOptions = PromptReadingOptions()
    ) throws -> PromptDocument {
        try PromptDocument(csv: Data(csv.utf8), file: "p.csv", options)
    }

    private func places(
        _ csv: String,
        _ options: PromptReadingOptions = PromptReadingOptions()
    ) throws -> [ObjectPlace] {
        try read(csv, options).objects.map(\.place)
    }

    private var boxes: PromptReadingOptions {
        var options = PromptReadingOptions()
        options.outlines = .box
        return options
    }

    // MARK: - Tables

    @Test(
        "Other names of planes select, too",
        arguments: [
            ("timepoint", ObjectPlace(t: 3)), ("time_point", ObjectPlace(t: 3)),
            ("Frame_Index", ObjectPlace(t: 3)), ("z_slice", ObjectPlace(z: 3)),
            ("z_index", ObjectPlace(z: 3)), ("channel_index", ObjectPlace(channel: 3)),
            ("plane", ObjectPlace(axes: [3])),
        ]
    )
    func names(column: String, place: ObjectPlace) throws {
        #expect(try places("y,x,\(column)\n1,2,3\n1,2,\n") == [place, ObjectPlace()])
        #expect(throws: PromptError.self) { try read("y,x,\(column)\n1,2,top") }
    }

    @Test("Columns that hold nothing of use are named")
    func unused() throws {
        func columns(_ header: String) throws -> [String] {
            let row = header.split(separator: ",").map { _ in "1" }.joined(separator: ",")
            return try PromptTable(csv: Data("\(header)\n\(row)".utf8), file: "p.csv")
                .unusedColumns
        }
        #expect(try columns("y,x,position,z") == ["position"])
        #expect(try columns("y,x,z,t,channel,name,class,label") == [])
        #expect(
            try columns("label,area,centroid-0,centroid-1,bbox-0,bbox-1,bbox-2,bbox-3") == ["area"]
        )
    }

    @Test("Tables of a volume, as they are written here, tell the slice of each object")
    func volume() throws {
        let csv = """
            label,volume,centroid_x,centroid_y,centroid_z,box_x,box_y,box_z,box_width,box_height,\
            box_depth,surface,volume_um3,centroid_x_um,centroid_y_um,centroid_z_um,surface_um2
            1,500,15,16,0,7,8,0,16,17,1,9,1,7.5,8,0,1
            2,500,40,15,2.6,32,7,1,16,16,4,9,1,20,7.5,5.2,1
            """
        #expect(try places(csv) == [ObjectPlace(z: 0), ObjectPlace(z: 3)])
        #expect(try read(csv).objects[1].prompts == [.point(Point(x: 40, y: 15))])
        #expect(try places(csv, boxes) == [ObjectPlace(z: 0), ObjectPlace(z: 3)])
        let box = Box<OriginalPixels>(minX: 32, minY: 7, maxX: 48, maxY: 23)
        #expect(try read(csv, boxes).objects[1].prompts == [.box(box)])
    }

    @Test("Boxes of a volume are in its middle slice, where no centre is given")
    func boxSlices() throws {
        let header = "label,box_x,box_y,box_width,box_height,box_z"
        #expect(try places("\(header)\n1,7,8,16,17,4") == [ObjectPlace(z: 4)])
        let rows = "1,7,8,16,17,4,1\n2,7,8,16,17,4,2\n3,7,8,16,17,4,3\n4,7,8,16,17,4,6"
        #expect(try places("\(header),box_depth\n\(rows)").map(\.z) == [4, 4, 5, 6])
    }

    @Test(
        "Boxes of scikit-image in three dimensions: depth, rows and columns",
        arguments: [false, true]
    )
    func skimage(hasCentre: Bool) throws {
        let header =
            "label," + (hasCentre ? "centroid-0,centroid-1,centroid-2," : "")
            + "bbox-0,bbox-1,bbox-2,bbox-3,bbox-4,bbox-5"
        let rows = [(1, 0, 1), (2, 3, 6)].map { label, first, end in
            "\(label)," + (hasCentre ? "\(Double(first + end - 1) / 2),15,40," : "")
                + "\(first),7,32,\(end),23,48"
        }
        let csv = ([header] + rows).joined(separator: "\n")
        let box = Box<OriginalPixels>(minX: 32, minY: 7, maxX: 48, maxY: 23)
        let found = try read(csv, boxes)
        #expect(found.objects.map(\.place) == [ObjectPlace(axes: [0]), ObjectPlace(axes: [4])])
        #expect(found.objects.map(\.prompts) == [[.box(box)], [.box(box)]])
        if hasCentre {
            let point = Point<OriginalPixels>(x: 40, y: 15)
            #expect(try read(csv).objects.map(\.prompts) == [[.point(point)], [.point(point)]])
            #expect(try places(csv) == found.objects.map(\.place))
        }
    }

    // MARK: - Units

    @Test(
        "Depths in a unit become slices where the unit is said, and the distance of slices is known",
        arguments: ["y_um,x_um,z_um\n10,20,4.1", "y (µm),x (µm),z (µm)\n10,20,3.9"]
    )
    func depths(csv: String) throws {
        var options = PromptReadingOptions()
        options.pixelSize = PixelSize(x: 0.5, y: 0.25, z: 2)
        #expect(throws: PromptError.self) { try read(csv, options) }
        options.unit = .micrometre
        #expect(try places(csv, options) == [ObjectPlace(z: 2)])
        #expect(try read(csv, options).objects[0].prompts == [.point(Point(x: 40, y: 40))])
        options.pixelSize = PixelSize(x: 0.5, y: 0.25)
        let error = #expect(throws: PromptError.self) { try read(csv, options) }
        #expect(
            error?.kind == .badValue && error?.problem.contains("distance of slices") == true
        )
    }

    @Test("Depths in slices are preferred to lengths beside them")
    func bothDepths() throws {
        #expect(try places("y,x,z_um,z\n1,2,8.4,3\n") == [ObjectPlace(z: 3)])
        let measured = "label,centroid_x,centroid_y,centroid_z_um,box_z\n1,2,3,8.4,5"
        #expect(try places(measured) == [ObjectPlace(z: 5)])
        var options = PromptReadingOptions()
        options.unit = .pixel
        #expect(try places("y,x,z_um\n1,2,3\n", options) == [ObjectPlace(z: 3)])
    }

    // MARK: - JSON

    private func json(_ objects: String, joinsPlanes: Bool = false) throws -> [PromptedObject] {
        let text = #"{"format": "microsam.prompts", "version": 1, "objects": [\#(objects)]}"#
        return try PromptDocument(json: Data(text.utf8), file: "p.json", joinsPlanes: joinsPlanes)
            .objects
    }

    @Test(
        "Planes of objects have the same names in JSON, and may stand in the prompts",
        arguments: [
            (#""z": 2"#, "", ObjectPlace(z: 2)), (#""slice": 2"#, "", ObjectPlace(z: 2)),
            (#""frame": 4, "c": 1"#, "", ObjectPlace(t: 4, channel: 1)),
            (#""time": 4"#, #", "z": 1"#, ObjectPlace(z: 1, t: 4)),
            (#""name": "a""#, #", "slice": 3"#, ObjectPlace(z: 3)),
            (#""z": 2, "slice": 2"#, #", "z": 2"#, ObjectPlace(z: 2)),
        ]
    )
    func jsonNames(object: String, prompt: String, place: ObjectPlace) throws {
        let objects = try json(
            #"{"id": 1, \#(object), "prompts": [{"type": "point", "y": 1, "x": 2\#(prompt)}]}"#
        )
        #expect(objects.map(\.place) == [place])
        #expect(objects[0].prompts == [.point(Point(x: 2, y: 1))])
    }

    @Test(
        "Planes that contradict each other are refused",
        arguments: [
            (#""z": 2, "slice": 3"#, "", ""), (#""z": 2"#, #", "z": 1"#, ""),
            (#""name": "a""#, #", "z": 1"#, #", "z": 2"#),
        ]
    )
    func contradictions(object: String, first: String, second: String) {
        let point = { (more: String) in #"{"type": "point", "y": 1, "x": 2\#(more)}"# }
        let error = #expect(throws: PromptError.self) {
            try json(
                #"{"id": 1, \#(object), "prompts": [\#(point(first)), \#(point(second))]}"#
            )
        }
        #expect(error?.place?.hasPrefix("objects[0]") == true, "\(String(describing: error))")
    }
}
