import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("Names of dimensions for TIFF")
struct NamedDimensionTests {
    private func open(_ names: String?, pages: Int, _ text: String? = nil) throws -> ImageSource {
        let built = (0..<pages).map { number in
            var page = TIFFBuilder.Page(
                width: 3,
                height: 2,
                bits: 8,
                strips: [[UInt8](repeating: UInt8(number), count: 6)]
            )
            if number == 0, let text { page.tags[270] = .text(text) }
            return page
        }
        var options = ImageSource.Options()
        options.dimensionNames = names.map { $0.map { String($0) } }
        return try ImageFormatsTests.open(TIFFBuilder().file(built), options)
    }

    @Test("Pages are what the user says", arguments: ["cyx", "tyx", "zyx"])
    func pages(names: String) throws {
        let axes = try open(names, pages: 4).description.axes
        #expect([axes.c, axes.t, axes.z].filter { $0 == 4 }.count == 1)
        #expect(names.first == "c" ? axes.c == 4 : names.first == "t" ? axes.t == 4 : axes.z == 4)
    }

    @Test("Slices of ImageJ may be channels")
    func imageJ() throws {
        let text = "ImageJ=1.54f\nimages=6\nslices=2\nframes=3\nunit=um\n"
        let source = try open("tcyx", pages: 6, text)
        #expect(source.description.axes == ImageAxes(t: 3, c: 2, y: 2, x: 3))
        #expect(try source.read(PlaneIndex(t: 1, c: 1)).floats().samples[0] == 3)
    }

    @Test("Extents of tifffile get names", arguments: ["tcyx", "ctyx"])
    func shaped(names: String) throws {
        let source = try open(names, pages: 6, "{\"shape\": [2, 3, 2, 3]}")
        let first = names == "tcyx"
        #expect(
            source.description.axes == ImageAxes(t: first ? 2 : 3, c: first ? 3 : 2, y: 2, x: 3)
        )
        let plane = first ? PlaneIndex(t: 1, c: 0) : PlaneIndex(t: 0, c: 1)
        #expect(try source.read(plane).floats().samples[0] == 3)
    }

    @Test("Names that do not fit are refused", arguments: ["tcyx", "yx", "yxq", "xy"])
    func wrong(names: String) throws {
        #expect(throws: ImageFormatError.self) { try open(names, pages: 4) }
    }

    // MARK: - Stacks in one directory

    /// A page of 3 x 2 pixels with the value 0, and behind it planes of 1, 2 and so on.
    private func stack(_ planes: Int, _ tags: [UInt16: TIFFBuilder.Value]) -> [UInt8] {
        let pixels = (0..<planes).flatMap { [UInt8](repeating: UInt8($0), count: 6) }
        var page = TIFFBuilder.Page(width: 3, height: 2, bits: 8, strips: [pixels])
        (page.tags[273], page.tags[279]) = (.long([8]), .long([6]))
        page.tags.merge(tags) { $1 }
        return TIFFBuilder().file([page])
    }

    private func open(_ file: [UInt8], _ names: String) throws -> ImageSource {
        var options = ImageSource.Options()
        options.dimensionNames = names.map { String($0) }
        return try ImageFormatsTests.open(file, options)
    }

    @Test(
        "Planes of ImageJ without pages of their own get names",
        arguments: [
            ("zyx", "images=6\nslices=6\n", ImageAxes(z: 6, y: 2, x: 3)),
            ("cyx", "images=6\nframes=6\n", ImageAxes(c: 6, y: 2, x: 3)),
            ("zcyx", "images=6\nframes=3\nchannels=2\n", ImageAxes(c: 2, z: 3, y: 2, x: 3)),
            ("tcyx", "images=6\nslices=2\nframes=3\n", ImageAxes(t: 3, c: 2, y: 2, x: 3)),
        ]
    )
    func imageJStack(names: String, text: String, axes: ImageAxes) throws {
        let description = "ImageJ=1.54f\n\(text)unit=um\nspacing=2\n"
        let tags: [UInt16: TIFFBuilder.Value] = [
            270: .text(description), 282: .rational([(2, 1)]), 283: .rational([(2, 1)]),
        ]
        let source = try open(stack(6, tags), names)
        #expect(source.description.axes == axes && source.description.notes.isEmpty)
        #expect(source.description.format == "ImageJ TIFF")
        #expect(source.description.physicalSize.x == 0.5)
        let last = PlaneIndex(t: axes.t - 1, c: axes.c - 1, z: axes.z - 1)
        #expect(try source.read(last).floats().samples == [Float](repeating: 5, count: 6))
        // Fewer than promised are named and said.
        let short = try open(stack(4, tags), "tyx")
        #expect(short.description.axes.t == 4)
        #expect(short.description.notes == [.planesMissing(promised: 6, found: 4)])
    }

    @Test("Planes of MetaMorph get names", arguments: ["tyx", "zyx", "cyx"])
    func metaMorph(names: String) throws {
        let file = stack(
            4,
            [
                33628: .long([1]), 33630: .long([1]),
                33629: .planes(4, Array(repeating: 1, count: 24)),
            ]
        )
        let axes = try open(file, names).description.axes
        #expect((names == "tyx" ? axes.t : names == "cyx" ? axes.c : axes.z) == 4)
        #expect(axes.t * axes.c * axes.z == 4)
        #expect(try open(file, names).description.format == "MetaMorph STK")
        #expect(throws: ImageFormatError.self) { try open(file, "tcyx") }
    }

    // MARK: - Guesses

    @Test(
        "Axes that images do not have are taken as others, which is said",
        arguments: [
            ("RCYX", [2, 3], ImageAxes(c: 3, z: 2, y: 2, x: 3), ["R": "slices"]),
            ("QYX", [6], ImageAxes(z: 6, y: 2, x: 3), ["Q": "slices"]),
            ("IZYX", [3, 2], ImageAxes(t: 3, z: 2, y: 2, x: 3), ["I": "time points"]),
            ("HTZYX", [1, 3, 2], ImageAxes(t: 3, z: 2, y: 2, x: 3), [:]),
            ("TCYX", [3, 2], ImageAxes(t: 3, c: 2, y: 2, x: 3), [:]),
        ] as [(String, [Int], ImageAxes, [String: String])]
    )
    func otherAxes(letters: String, lead: [Int], axes: ImageAxes, taken: [String: String]) throws {
        let text = "{\"shape\": \(lead + [2, 3]), \"axes\": \"\(letters)\"}"
        let source = try open(nil, pages: 6, text)
        #expect(
            source.description.notes == taken.map { ReadingNote.axisTaken($0.key, as: $0.value) }
        )
        #expect(source.description.axes == axes)
    }

    @Test("Three or four planes without names are colours with a note, or what the user says")
    func colours() throws {
        for (count, isNamed) in [(3, false), (4, false), (3, true)] {
            var page = TIFFBuilder.Page(
                width: 3,
                height: 2,
                bits: 8,
                samples: count,
                photometric: 2,
                planar: 2,
                strips: (0..<count).map { [UInt8](repeating: UInt8($0), count: 6) }
            )
            if count == 4 { page.tags[338] = .short([2]) }
            let axes = isNamed ? ", \"axes\": \"SYX\"" : ""
            page.tags[270] = .text("{\"shape\": [\(count), 2, 3]\(axes)}")
            let file = TIFFBuilder().file([page])
            let source = try ImageFormatsTests.open(file)
            #expect(source.description.samplesPerPixel == count)
            #expect(source.description.notes == (isNamed ? [] : [.planesAsColours(count)]))
            guard !isNamed else { continue }
            let stack = try open(file, "zyx")
            #expect(stack.description.axes == ImageAxes(z: count, y: 2, x: 3))
            #expect(stack.description.notes.isEmpty)
            #expect(try stack.read(PlaneIndex(z: 2)).floats().samples[0] == 2)
        }
    }
}
