import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

/// Files as ilastik, BigDataViewer, MATLAB and h5py write them.
@Suite("HDF5 of other programs")
struct HDF5Tests {
    private static func tags(_ keys: String) -> String {
        let axes = keys.map { #"{"key": "\#($0)", "typeFlags": 2, "resolution": 0}"# }
        return #"{"axes": [\#(axes.joined(separator: ", "))]}"#
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(
        _ script: String,
        _ options: ImageSource.Options = ImageSource.Options()
    ) throws -> ImageSource {
        let file = folder.file("\(UUID()).h5")
        try HDF5Builder.write(script, to: file)
        return try ImageSource(opening: file, options: options)
    }

    @Test(
        "Axis tags of ilastik say which dimension is which, in any order",
        arguments: [
            ("yxc", [20, 24, 1], "variable", ImageAxes(y: 20, x: 24)),
            ("yxc", [20, 24, 2], "fixed", ImageAxes(c: 2, y: 20, x: 24)),
            ("tzyxc", [2, 3, 12, 10, 1], "variable", ImageAxes(t: 2, z: 3, y: 12, x: 10)),
            ("xyz", [10, 12, 3], "variable", ImageAxes(z: 3, y: 12, x: 10)),
            ("cxy", [3, 10, 12], "fixed", ImageAxes(c: 3, y: 12, x: 10)),
        ]
    )
    func axisTags(keys: String, shape: [Int], kind: String, axes: ImageAxes) throws {
        let sides = shape.map(String.init).joined(separator: "x")
        let source = try open(
            "data raw u1 \(sides)\ntext raw axistags \(kind) \(Self.tags(keys))"
        )
        #expect(source.description.axes == axes)
        let last = PlaneIndex(t: axes.t - 1, c: axes.c - 1, z: axes.z - 1)
        let plane = try source.read(last).floats()
        let part = try source.read(last, region: Region(x: 2, y: 3, width: 5, height: 4)).floats()
        let steps = zip(keys, shape.indices).map { key, axis in
            (key, shape[(axis + 1)...].reduce(1, *))
        }
        for y in 0..<axes.y {
            for x in 0..<axes.x {
                let place: [Character: Int] = [
                    "t": last.t, "c": last.c, "z": last.z, "y": y, "x": x,
                ]
                let index = steps.reduce(0) { $0 + (place[$1.0] ?? 0) * $1.1 }
                #expect(plane[x: x, y: y] == Float(HDF5Builder.value(index)))
                if (2..<7).contains(x), (3..<7).contains(y) {
                    #expect(part[x: x - 2, y: y - 3] == plane[x: x, y: y])
                }
            }
        }
    }

    @Test(
        "Labels of dimensions are names of axes where they are words for them",
        arguments: [
            ("z,y,x", ImageAxes(z: 9, y: 12, x: 10)), ("time,y,x", ImageAxes(t: 9, y: 12, x: 10)),
            ("channel,row,column", ImageAxes(c: 9, y: 12, x: 10)),
            ("first,second,third", ImageAxes(z: 9, y: 12, x: 10)),
        ]
    )
    func dimensionLabels(labels: String, axes: ImageAxes) throws {
        let source = try open(
            "data raw u2 9x12x10\ntexts raw DIMENSION_LABELS \(labels)"
        )
        #expect(source.description.axes == axes)
    }

    @Test(
        "Scales of dimensions, as netCDF has them, name the axes",
        arguments: [
            ("time,y,x", ImageAxes(t: 9, y: 12, x: 10)),
            ("g/channel,g/y,g/x", ImageAxes(c: 9, y: 12, x: 10)),
            ("x,y,z", ImageAxes(z: 10, y: 12, x: 9)), ("a,b,c", ImageAxes(z: 9, y: 12, x: 10)),
        ]
    )
    func dimensionScales(names: String, axes: ImageAxes) throws {
        let scales = names.split(separator: ",").map { "data \($0) f8 12" }
        let source = try open(
            "group g\n" + scales.joined(separator: "\n")
                + "\ndata raw u2 9x12x10\nscales raw \(names)"
        )
        #expect(source.description.axes == axes)
    }

    @Test(
        "A last dimension of one or two is that of the channels, as no plane is so narrow",
        arguments: [
            ("20x24x1", ImageAxes(y: 20, x: 24)), ("20x24x2", ImageAxes(c: 2, y: 20, x: 24)),
            ("1x20x24x1", ImageAxes(y: 20, x: 24)), ("5x20x24x1", ImageAxes(z: 5, y: 20, x: 24)),
            ("2x5x20x24x2", ImageAxes(t: 2, c: 2, z: 5, y: 20, x: 24)),
            ("24x2", ImageAxes(y: 24, x: 2)), ("9x5x2", ImageAxes(z: 9, y: 5, x: 2)),
        ]
    )
    func channelsLast(shape: String, axes: ImageAxes) throws {
        let source = try open("data raw u2 \(shape)")
        #expect(source.description.axes == axes)
        let sides = shape.split(separator: "x").compactMap { Int($0) }
        if axes.c == 2, axes.z == 1 {
            let plane = try source.read(PlaneIndex(c: 1)).floats()
            #expect(plane[x: 3, y: 5] == Float(HDF5Builder.value((5 * sides[1] + 3) * 2 + 1)))
        }
    }

    @Test("Axes that are no axes of an image are an error, not a guess", arguments: ["qyx", "yxa"])
    func unknownAxes(keys: String) throws {
        let error = #expect(throws: ImageFormatError.self) {
            try open("data raw u1 9x12x10\ntext raw axistags fixed \(Self.tags(keys))")
        }
        #expect(error?.kind == .unsupported, "\(String(describing: error))")
        #expect(error?.problem.contains("axes") == true)
        var options = ImageSource.Options()
        options.dimensionNames = ["x", "t", "y"]
        let script = "data raw u1 9x12x10\ntext raw axistags fixed \(Self.tags(keys))"
        #expect(try open(script, options).description.axes == ImageAxes(t: 12, y: 10, x: 9))
    }

    @Test(
        "Where only some dimensions have names, the others are what is usual, which is said",
        arguments: [
            ("c,,,", "4x9x12x10", ImageAxes(c: 4, z: 9, y: 12, x: 10)),
            (",,c", "12x10x3", ImageAxes(c: 3, y: 12, x: 10)),
            ("z,,", "9x12x10", ImageAxes(z: 9, y: 12, x: 10)),
            ("time,lat,lon", "9x12x10", ImageAxes(t: 9, y: 12, x: 10)),
            (",,x", "9x12x10", ImageAxes(z: 9, y: 12, x: 10)),
            ("t,,,", "2x12x10x3", ImageAxes(t: 2, y: 12, x: 10)),
        ]
    )
    func partialLabels(labels: String, shape: String, axes: ImageAxes) throws {
        let names = labels.split(separator: ",", omittingEmptySubsequences: false)
        let script = "data raw u2 \(shape)\n"
        let keys = names.map { #"{"key": "\#($0)", "typeFlags": 2, "resolution": 0}"# }
        let source = try open(
            script + #"text raw axistags fixed {"axes": [\#(keys.joined(separator: ", "))]}"#
        )
        #expect(source.description.axes == axes)
        #expect(source.description.notes.count == 1)
        #expect(source.description.notes.map(\.description).joined().hasPrefix("only "))
    }

    @Test("Names that leave nothing usual for others are refused", arguments: ["y,x,", "c,c,,"])
    func uselessLabels(labels: String) throws {
        let names = labels.split(separator: ",", omittingEmptySubsequences: false)
        let keys = names.map { #"{"key": "\#($0)", "typeFlags": 2, "resolution": 0}"# }
        let shape = names.count == 3 ? "9x12x10" : "4x9x12x10"
        let error = #expect(throws: ImageFormatError.self) {
            try open(
                "data raw u1 \(shape)\n"
                    + #"text raw axistags fixed {"axes": [\#(keys.joined(separator: ", "))]}"#
            )
        }
        #expect(error?.kind == .unsupported)
    }

    @Test("The size of an element in µm is the size of a pixel")
    func elementSize() throws {
        let stack = try open("data raw u1 9x12x10\nnumbers raw element_size_um 1.5,0.5,0.25")
        #expect(
            stack.description.physicalSize == PhysicalSize(x: 0.25, y: 0.5, z: 1.5, unit: "\u{B5}m")
        )
        let plane = try open("data raw u1 12x10\nnumbers raw element_size_um 1.5,0.5,0.25")
        #expect(plane.description.physicalSize.x == 0.25)
        let channels = try open(
            """
            data raw u1 9x12x10x2
            text raw axistags fixed \(Self.tags("zyxc"))
            numbers raw element_size_um 1.5,0.5,0.25,1
            """
        )
        #expect(channels.description.physicalSize == stack.description.physicalSize)
        let none = try open("data raw u1 12x10\nnumbers raw element_size_um 0,0,0")
        #expect(none.description.physicalSize == PhysicalSize())
    }

    @Test("16 bits of BigDataViewer are unsigned, those of others as stored")
    func bigDataViewer() throws {
        let script = """
            data t00000/s00/0/cells i2 3x12x10 offset=40000 chunk=1x4x4 gzip=4
            data s00/resolutions f8 2x3
            data s00/subdivisions i4 2x3
            data other i2 12x10 offset=40000
            """
        let name = "t00000/s00/0/cells"
        let cells = try open(script, ImageSource.Options(dataset: name))
        #expect(cells.description.sampleType == .uint16)
        let value = try cells.read(PlaneIndex(z: 1)).floats()[x: 4, y: 5]
        #expect(value == Float(40000 + HDF5Builder.value(120 + 54)))
        let other = try open(script, ImageSource.Options(dataset: "other"))
        #expect(other.description.sampleType == .int16)
    }

    @Test("Large planes, which are read slab by slab", arguments: ["", "chunk=100x700 gzip=1"])
    func largePlanes(storage: String) throws {
        let source = try open("data raw f8 3001x2999 \(storage)")
        guard case .float64(let plane) = try source.read() else {
            Issue.record("no numbers of double precision")
            return
        }
        let isSame = plane.samples.indices.allSatisfy { index in
            plane.samples[index] == Double(HDF5Builder.value(index))
        }
        #expect(isSame)
    }

    @Test("Tables are not offered as images")
    func tables() throws {
        let one = try open(
            """
            data t00000/s00/0/cells i2 3x12x10
            data s00/resolutions f8 2x3
            data names u1 900
            data curves f8 9000x4
            """
        )
        #expect(one.description.axes == ImageAxes(z: 3, y: 12, x: 10))
        let error = #expect(throws: ImageFormatError.self) {
            try open("data a/b u1 12x10\ndata c u1 12x10\ndata table f8 90x3")
        }
        #expect(error?.problem == "there are several data sets: a/b, c")
        // What is small is an image where there is nothing else.
        #expect(try open("data small u1 3x4").description.axes == ImageAxes(y: 3, x: 4))
    }

    @Test(
        "Long lists of a few columns are tables beside an image, which is said",
        arguments: [("1000x12", true), ("12x1000", true), ("640x40", true), ("100x12", false)]
    )
    func longTables(shape: String, isTable: Bool) throws {
        let script = "data img u2 100x120\ndata table f8 \(shape)"
        guard isTable else {
            #expect(throws: ImageFormatError.self) { try open(script) }
            return
        }
        let source = try open(script)
        #expect(source.description.axes == ImageAxes(y: 100, x: 120))
        #expect(source.description.notes.map(\.description).contains { $0.contains("'table'") })
        // It is read where it is named, or alone.
        let sides = shape.split(separator: "x").compactMap { Int($0) }
        let named = try open(script, ImageSource.Options(dataset: "table"))
        #expect(named.description.axes == ImageAxes(y: sides[0], x: sides[1]))
        #expect(try open("data table f8 \(shape)").description.notes.isEmpty)
    }

    @Test("Levels of BigDataViewer and Imaris are no images of their own")
    func levels() throws {
        let source = try open(
            """
            data t00000/s00/0/cells i2 3x24x20
            data t00000/s00/1/cells i2 3x12x10
            data t00000/s00/2/cells i2 3x6x5
            """
        )
        #expect(source.description.axes == ImageAxes(z: 3, y: 24, x: 20))
        let sizes = [(20, 24), (10, 12), (5, 6)].map { Size(width: $0, height: $1) }
        #expect(source.description.levels == sizes)
        let small = try source.read(PlaneIndex(z: 1), level: 1).floats()
        #expect(small[x: 3, y: 2] == Float(HDF5Builder.value(120 + 23)))
        let several = #expect(throws: ImageFormatError.self) {
            try open(
                """
                data t00000/s00/0/cells i2 3x24x20
                data t00000/s00/1/cells i2 3x12x10
                data t00000/s01/0/cells i2 3x24x20
                data t00000/s01/1/cells i2 3x12x10
                """
            )
        }
        #expect(several?.problem.hasSuffix("t00000/s00/0/cells, t00000/s01/0/cells") == true)
        // A level may be named; it has none below.
        let script = "data t00000/s00/0/cells i2 3x24x20\ndata t00000/s00/1/cells i2 3x12x10"
        let options = ImageSource.Options(dataset: "t00000/s00/1/cells")
        #expect(try open(script, options).description.levels.count == 1)
    }

    @Test("HDF5 behind the block of another program is found", arguments: [512, 1024, 8192])
    func userBlock(bytes: Int) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.mat")
        try HDF5Builder.write("userblock \(bytes)\ndata raw u1 12x10", to: file)
        var content = try Data(contentsOf: file)
        content.replaceSubrange(0..<10, with: Data("MATLAB 7.3".utf8))
        try content.write(to: file)
        let source = try ImageSource(opening: file)
        #expect(source.description.axes == ImageAxes(y: 12, x: 10))
        #expect(try source.read().floats()[x: 3, y: 2] == Float(HDF5Builder.value(23)))
    }

    @Test("The first dimension of MATLAB is that of the rows")
    func matlab() throws {
        let plane = try open("data raw u1 12x10\ntext raw MATLAB_class fixed uint8")
        #expect(plane.description.axes == ImageAxes(y: 10, x: 12))
        #expect(try plane.read().floats()[x: 3, y: 2] == Float(HDF5Builder.value(32)))
        let colours = try open("data raw u1 3x12x10\ntext raw MATLAB_class fixed uint8")
        #expect(colours.description.colorModel == .rgb)
        let pixel = try colours.read(region: Region(x: 3, y: 2, width: 1, height: 1)).floats()
        #expect(pixel.samples == [0, 1, 2].map { Float(HDF5Builder.value($0 * 120 + 32)) })
        let stack = try open("data raw u1 7x12x10\ntext raw MATLAB_class fixed uint8")
        #expect(stack.description.axes == ImageAxes(z: 7, y: 10, x: 12))
        #expect(throws: ImageFormatError.self) {
            try open("data raw u1 2x7x12x10\ntext raw MATLAB_class fixed uint8")
        }
    }

    @Test(
        "A version of the format that is not known is named as such",
        arguments: [
            // The superblock, the message of the layout, and that of the type.
            ([0x0D, 0x0A, 0x1A, 0x0A, 0], 4), ([8, 0, 24, 0, 0, 0, 0, 0, 3, 2], 8),
            ([3, 0, 16, 0, 1, 0, 0, 0, 0x10], 8),
        ] as [([UInt8], Int)]
    )
    func newerVersion(pattern: [UInt8], place: Int) throws {
        let file = folder.file("a.h5")
        try HDF5Builder.write("data raw u1 12x10 chunk=4x4", to: file)
        var content = Array(try Data(contentsOf: file))
        let start = try #require(
            content.indices.first { content[$0...].starts(with: pattern) }
        )
        content[start + place] = pattern[place] | 0x90
        try Data(content).write(to: file)
        let error = #expect(throws: ImageFormatError.self) { try ImageSource(opening: file) }
        #expect(error?.kind == .unsupported, "\(String(describing: error))")
        #expect(error?.problem.contains("newer HDF5") == true, "\(error?.problem ?? "")")
    }
}
