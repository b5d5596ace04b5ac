import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

@Suite("Movies whose files do not say that they are movies")
struct MovieFramesTests {
    /// A folder of frames, of which each pixel tells its frame and its place.
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "frames-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private static func frame(_ t: Int, _ size: Size = Size(width: 7, height: 5)) -> Raster<UInt16>
    {
        var raster = Raster<UInt16>(repeating: 0, size: size)
        for y in 0..<size.height {
            for x in 0..<size.width { raster[x: x, y: y] = UInt16(100 * t + 10 * y + x) }
        }
        return raster
    }

    private func write(_ raster: AnyRaster, _ name: String) throws {
        try raster.writeTIFF(to: folder.appending(path: name))
    }

    private func options(_ frames: MovieFrames) -> ImageSource.Options {
        var selection = PlaneSelection()
        selection.frames = frames
        return selection.sourceOptions
    }

    private func opened(_ names: [String]) throws -> ImageSource {
        try ImageSource(opening: folder, options: options(.files(names)))
    }

    @Test("The files of a folder are time points, in the order in which they are named")
    func files() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // More than are open at a time, and read back and forth.
        let names = (0..<20).map { "t\($0).tif" }
        for (t, name) in names.enumerated() { try write(.uint16(Self.frame(t)), name) }
        let movie = try opened(names)
        #expect(movie.description.axes == ImageAxes(t: 20, y: 5, x: 7))
        #expect(movie.description.otherFiles == Array(names.dropFirst()))
        for t in Array(0..<20) + [3, 19, 0, 12] {
            #expect(try movie.read(PlaneIndex(t: t)) == .uint16(Self.frame(t)))
        }
        let corner = Region(x: 2, y: 1, width: 3, height: 2)
        #expect(
            try movie.read(PlaneIndex(t: 7), region: corner)
                == .uint16(Self.frame(7).cropped(to: corner))
        )
        #expect(throws: ImageFormatError.self) { try movie.read(PlaneIndex(t: 20)) }
        let reversed = try opened(["t3.tif", "t1.tif"])
        #expect(try reversed.read(PlaneIndex(t: 1)) == .uint16(Self.frame(1)))
        // A plane of it, as models see it.
        var selection = PlaneSelection(t: 4)
        selection.frames = .files(names)
        let plane = try PlaneSource(opening: folder.path, selection)
        #expect(try plane.read() == .uint16(Self.frame(4)))
    }

    @Test("Frames that do not fit each other are refused by name")
    func mixed() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(.uint16(Self.frame(0)), "a.tif")
        try write(.uint16(Self.frame(1, Size(width: 5, height: 7))), "turned.tif")
        try write(.uint8(Self.frame(1).map { UInt8($0 / 2) }), "bytes.tif")
        try Data("no image".utf8).write(to: folder.appending(path: "text.tif"))
        let movie = try opened(["a.tif", "turned.tif", "bytes.tif", "text.tif", "gone.tif"])
        #expect(try movie.read() == .uint16(Self.frame(0)))
        for (t, name) in ["turned.tif", "bytes.tif", "text.tif", "gone.tif"].enumerated() {
            let error = #expect(throws: ImageFormatError.self) {
                try movie.read(PlaneIndex(t: t + 1))
            }
            #expect(error?.path.hasSuffix(name) == true, "\(String(describing: error))")
        }
        #expect(throws: ImageFormatError.self) { try opened([]) }
        #expect(throws: ImageFormatError.self) { try opened(["gone.tif", "a.tif"]) }
    }

    @Test("The slices of a stack are time points; those of a movie are not")
    func slices() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for axes in [ImageAxes(c: 2, z: 3, y: 5, x: 7), ImageAxes(t: 3, z: 2, y: 5, x: 7)] {
            var writer = try TIFFWriter(
                creating: folder.appending(path: "stack.tif"),
                axes: axes,
                sampleType: .uint16,
                options: .init(physicalSize: PhysicalSize(x: 0.5, y: 0.5, z: 2, unit: "µm"))
            )
            for plane in 0..<6 { try writer.append(.uint16(Self.frame(plane))) }
            try writer.finish()
            let url = folder.appending(path: "stack.tif")
            let stack = try ImageSource(opening: url)
            guard axes.t == 1 else {
                #expect(throws: ImageFormatError.self) {
                    try ImageSource(opening: url, options: options(.slices))
                }
                // Several planes are no frame.
                #expect(throws: ImageFormatError.self) { try opened(["stack.tif", "stack.tif"]) }
                continue
            }
            let movie = try ImageSource(opening: url, options: options(.slices))
            #expect(movie.description.axes == ImageAxes(t: 3, c: 2, y: 5, x: 7))
            #expect(movie.description.physicalSize.z == nil)
            for t in 0..<3 {
                for c in 0..<2 {
                    let slice = try stack.read(PlaneIndex(c: c, z: t))
                    #expect(try movie.read(PlaneIndex(t: t, c: c)) == slice)
                }
            }
        }
    }

    @Test("A selection is stored as before where nothing is said of frames")
    func stored() throws {
        var selection = PlaneSelection(z: 2)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func text() throws -> String {
            String(decoding: try encoder.encode(selection), as: UTF8.self)
        }
        #expect(try text() == #"{"channels":[],"z":2}"#)
        for (frames, json) in [
            (MovieFrames.slices, #""slices""#), (.files(["a", "b"]), #"["a","b"]"#),
            (.files([]), "[]"),
        ] {
            selection.frames = frames
            #expect(try text() == #"{"channels":[],"frames":\#(json),"z":2}"#)
            let read = try JSONDecoder().decode(PlaneSelection.self, from: Data(text().utf8))
            #expect(read == selection)
        }
        let bad = Data(#"{"channels":[],"frames":"z"}"#.utf8)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(PlaneSelection.self, from: bad)
        }
    }
}
