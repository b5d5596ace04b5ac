import Foundation
import Imaging
import Prompting
import Testing

@Suite("Tables of prompts of other programs")
struct ProgramTableTests {
    private func read(
        _ csv: String,
        _ options: PromptReadingOptions = PromptReadingOptions()
    ) throws -> PromptDocument {
        try PromptDocument(csv: Data(csv.utf8), file: "p.csv", options)
    }

    private func box(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> Box<OriginalPixels>
    {
        Box(minX: x0, minY: y0, maxX: x1, maxY: y1)
    }

    // MARK: - napari

    @Test("Points of napari: the last two axes are y and x, earlier ones select", arguments: 2...5)
    func napariPoints(axisCount: Int) throws {
        let header = (0..<axisCount).map { "axis-\($0)" }.joined(separator: ",")
        let leading = (0..<axisCount - 2).map { "\($0 + 3).0," }.joined()
        let document = try read("index,\(header)\n0.0,\(leading)44,207\n1.0,\(leading)85.5,129\n")
        #expect(document.objects.map(\.id) == [1, 2])
        #expect(document.objects[0].prompts == [.point(Point(x: 207, y: 44))])
        #expect(document.objects[1].prompts == [.point(Point(x: 129, y: 85.5))])
        let axes = axisCount == 2 ? nil : (0..<axisCount - 2).map { $0 + 3 }
        #expect(document.objects.allSatisfy { $0.place == ObjectPlace(axes: axes) })
    }

    @Test(
        "Shapes of napari: rectangles, ellipses, polygons, paths and lines, in the order of vertices"
    )
    func napariShapes() throws {
        let document = try read(
            """
            index,shape-type,vertex-index,axis-0,axis-1
            0,rectangle,0,10,20
            0,rectangle,1,10,50
            0,rectangle,2,40,50
            0,rectangle,3,40,20
            1,ellipse,0,1,2
            1,ellipse,1,1,12
            1,ellipse,2,7,12
            1,ellipse,3,7,2
            2,polygon,2,9,9
            2,polygon,0,1,1
            2,polygon,1,1,9
            3,path,0,3,4
            3,path,1,5,6
            3,path,2,7,8
            4,line,0,30,31
            4,line,1,32,33
            """
        )
        #expect(document.objects.map(\.id) == [1, 2, 3, 4, 5])
        #expect(
            document.objects.map(\.prompts) == [
                [.rectangle(box(20, 10, 50, 40))], [.ellipse(box(2, 1, 12, 7))],
                [.polygon([Point(x: 1, y: 1), Point(x: 9, y: 1), Point(x: 9, y: 9)])],
                [.scribble([Point(x: 4, y: 3), Point(x: 6, y: 5), Point(x: 8, y: 7)])],
                [.scribble([Point(x: 31, y: 30), Point(x: 33, y: 32)])],
            ]
        )
    }

    @Test("Turned rectangles and ellipses keep their outline")
    func turnedShapes() throws {
        let corners = [(0, 10), (10, 20), (20, 10), (10, 0)]
        for kind in ["rectangle", "ellipse"] {
            let rows = corners.enumerated().map { "0,\(kind),\($0),\($1.0),\($1.1)" }
            let text =
                "index,shape-type,vertex-index,axis-0,axis-1\n" + rows.joined(separator: "\n")
            guard case .polygon(let points) = try read(text).objects[0].prompts[0] else {
                Issue.record("no polygon")
                return
            }
            let size = Size(width: 30, height: 30)
            let area = Double(RunLengthMask(filling: [points], size: size).area)
            // A square with a diagonal of 20, and the circle inside it.
            #expect(abs(area - (kind == "rectangle" ? 221 : 50 * .pi)) < 12, "\(kind): \(area)")
        }
    }

    @Test("Shapes in three dimensions select their slice, and lie in one")
    func shapesInSlices() throws {
        let rows = { (z: [Int]) in
            "index,shape-type,vertex-index,axis-0,axis-1,axis-2\n"
                + z.enumerated().map { "7,polygon,\($0),\($1).0,\($0 * $0),\($0 * 3)" }
                .joined(separator: "\n")
        }
        let document = try read(rows([4, 4, 4, 4]))
        #expect(document.objects.map(\.place) == [ObjectPlace(axes: [4])])
        let error = #expect(throws: PromptError.self) { try read(rows([4, 4, 5, 4])) }
        #expect(error?.description.contains("several planes") == true)
    }

    // MARK: - Planes

    @Test(
        "Columns of planes are never ignored",
        arguments: [
            ("y,x,z\n1,2,3", ObjectPlace(z: 3)), ("y,x,slice\n1,2,3.0", ObjectPlace(z: 3)),
            ("t,y,x,channel\n4,1,2,0", ObjectPlace(t: 4, channel: 0)),
            ("frame;y;x;c\n4;1;2;1", ObjectPlace(t: 4, channel: 1)),
            ("y,x,z\n1,2,", ObjectPlace()),
            (" ,Area,X,Y,Slice\n1,5,2,1,3", ObjectPlace(stack: 2)),
            (" ,Area,X,Y,Ch,Slice,Frame\n1,5,2,1,2,3,1", ObjectPlace(z: 2, t: 0, channel: 1)),
        ]
    )
    func planes(csv: String, place: ObjectPlace) throws {
        let document = try read(csv)
        #expect(document.objects.map(\.place) == [place])
        #expect(document.objects[0].prompts == [.point(Point(x: 2, y: 1))])
    }

    @Test("Planes that are none are refused", arguments: ["-1", "2.5", "top", "99999999999"])
    func wrongPlanes(text: String) {
        let error = #expect(throws: PromptError.self) { try read("y,x,z\n1,2,\(text)") }
        #expect(error?.place == "line 2")
    }

    // MARK: - Units

    @Test(
        "A unit that is not pixels is asked about",
        arguments: [
            "y_um,x_um\n10,20", "y (µm),x (µm)\n10,20", "Y [microns],X [microns]\n10,20",
            "Centroid Y \u{B5}m,Centroid X \u{B5}m\n10,20", " ,Area,X,Y\n1,4,20,10",
        ]
    )
    func units(csv: String) throws {
        var options = PromptReadingOptions()
        options.pixelSize = PixelSize(x: 0.5, y: 0.25)
        let error = #expect(throws: PromptError.self) { try read(csv, options) }
        #expect(error?.kind == .unitUnknown)
        options.unit = .micrometre
        #expect(try read(csv, options).objects[0].prompts == [.point(Point(x: 40, y: 40))])
        options.unit = .pixel
        #expect(try read(csv, options).objects[0].prompts == [.point(Point(x: 20, y: 10))])
        (options.unit, options.pixelSize) = (.nanometre, nil)
        #expect(throws: PromptError.self) { try read(csv, options) }
    }

    @Test("Columns in pixels are taken where there are both")
    func bothUnits() throws {
        let document = try read("y_um,x_um,y,x\n1,2,3,4\n")
        #expect(document.objects[0].prompts == [.point(Point(x: 4, y: 3))])
        let quPath = try read(
            "Centroid X px,Centroid Y px,Centroid X um,Centroid Y um\n4.5,3.5,9,8"
        )
        #expect(quPath.objects[0].prompts == [.point(Point(x: 4, y: 3))])
        let error = #expect(throws: PromptError.self) { try read("y,x,z_um\n1,2,3\n") }
        #expect(error?.kind == .unitUnknown)
    }

    // MARK: - Measured objects

    @Test("Tables of measured objects give points or boxes, and their labels are numbers")
    func measured() throws {
        let own =
            "label,area,centroid_x,centroid_y,box_x,box_y,box_width,box_height\n7,9,20.5,10,2,3,40,5\n"
        let skimage =
            "label,centroid-0,centroid-1,bbox-0,bbox-1,bbox-2,bbox-3\n7,10,20.5,3,2,8,42\n"
        for csv in [own, skimage] {
            let points = try read(csv)
            #expect(points.objects.map(\.id) == [7])
            #expect(points.objects[0].prompts == [.point(Point(x: 20.5, y: 10))])
            var options = PromptReadingOptions()
            options.outlines = .box
            #expect(try read(csv, options).objects[0].prompts == [.box(box(2, 3, 42, 8))])
        }
    }

    @Test("Results of ImageJ give points, or boxes where these are asked for")
    func imageJ() throws {
        let csv =
            " ,Label,Area,X,Y,BX,BY,Width,Height\n1,cell one,12,7.5,3.5,2,3,10,5\n2,b,9,8,4,0,0,3,3\n"
        let document = try read(csv)
        #expect(document.objects.map(\.name) == ["cell one", "b"])
        // Fractions count from the corner of the first pixel, whole numbers mean a pixel.
        #expect(
            document.objects.map(\.prompts) == [
                [.point(Point(x: 7, y: 3))], [.point(Point(x: 8, y: 4))],
            ]
        )
        var options = PromptReadingOptions()
        options.outlines = .box
        #expect(try read(csv, options).objects[0].prompts == [.box(box(2, 3, 12, 8))])
    }

    // MARK: - Lengths

    @Test("Lists that are too long are refused, and why is said")
    func limits() throws {
        let many = "y,x\n" + String(repeating: "1,2\n", count: 100_001)
        let error = #expect(throws: PromptError.self) { try read(many) }
        #expect(error?.kind == .tooLarge && error?.description.contains("100000") == true)
        let one = "object,y,x\n" + String(repeating: "1,1,2\n", count: 1001)
        #expect(throws: PromptError.self) { try read(one) }
        let fine = "object,y,x\n" + String(repeating: "1,1,2\n", count: 1000)
        #expect(try read(fine).objects[0].prompts.count == 1000)
        let json = { (count: Int) in
            let objects = (1...count).map {
                #"{"id": \#($0), "prompts": [{"type": "point", "y": 1, "x": 2}]}"#
            }
            return Data(
                (#"{"objects": ["# + objects.joined(separator: ",")
                    + #"], "version": 1, "format": "microsam.prompts"}"#).utf8
            )
        }
        #expect(try PromptDocument(json: json(2000), file: "p.json").objects.last?.id == 2000)
        let long = #expect(throws: PromptError.self) {
            try PromptDocument(json: json(100_001), file: "p.json")
        }
        #expect(long?.kind == .tooLarge)
    }

    @Test("The plane of an object is written and read again")
    func roundTrip() throws {
        let places = [
            ObjectPlace(), ObjectPlace(z: 3), ObjectPlace(t: 0, channel: 2),
            ObjectPlace(axes: [1, 2]), ObjectPlace(stack: 9),
        ]
        let objects = places.enumerated().map {
            PromptedObject(id: UInt32($0 + 1), place: $1, prompts: [.point(Point(x: 1, y: 2))])
        }
        let document = PromptDocument(objects: objects)
        #expect(try PromptDocument(json: document.json(), file: "p.json") == document)
        let mask = RunLengthMask(1, of: LabelImage(size: Size(width: 3, height: 2)))
        let predictions = objects.map {
            ObjectPrediction(
                PredictedMask(object: 0, pixels: mask, score: 0.5, stability: 1),
                of: $0
            )
        }
        let data = try JSONEncoder().encode(predictions)
        #expect(try JSONDecoder().decode([ObjectPrediction].self, from: data) == predictions)
        #expect(String(decoding: data, as: UTF8.self).contains(#""z":3"#))
    }
}
