import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Testing

/// Arrays whose pages are no planes, because channels or other dimensions come last.
@Suite("TIFF whose pages are no planes")
struct ArrangementTests {
    /// Pages of an array of 16-bit numbers that count up, whose last sides are those of a page.
    private func file(
        _ shape: [Int],
        samples: Int = 1,
        isPlanar: Bool = false,
        photometric: UInt16 = 1,
        text: String? = nil
    ) -> [UInt8] {
        let rank = samples == 1 ? 2 : 3
        let sides = Array(shape.suffix(rank))
        let (height, width) =
            isPlanar ? (sides[1], sides[2]) : (sides[0], sides[1])
        let perPage = sides.reduce(1, *)
        let pages = (0..<shape.dropLast(rank).reduce(1, *)).map { number in
            let values = (0..<perPage).map { UInt16(number * perPage + $0) }
            var bytes: [[UInt8]] = []
            for part in 0..<(isPlanar ? samples : 1) {
                let count = perPage / (isPlanar ? samples : 1)
                let plane = values[part * count..<(part + 1) * count]
                bytes.append(plane.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
            }
            var page = TIFFBuilder.Page(
                width: width,
                height: height,
                bits: 16,
                samples: samples,
                photometric: photometric,
                planar: isPlanar ? 2 : 1,
                strips: bytes
            )
            if number == 0, let text { page.tags[270] = .text(text) }
            return page
        }
        return TIFFBuilder().file(pages)
    }

    /// Compares every plane, and a region of each, with the numbers of the array.
    private func check(_ bytes: [UInt8], _ names: String?, _ shape: [Int], axes letters: String)
        throws
    {
        let folder = try TemporaryFolder()
        let url = folder.file("a.tif")
        try Data(bytes).write(to: url)
        var options = ImageSource.Options()
        options.dimensionNames = names.map { $0.map { String($0) } }
        let source = try ImageSource(opening: url, options: options)
        let axes = source.description.axes
        func side(_ letter: Character) -> Int {
            Array(letters).firstIndex(of: letter).map { shape[$0] } ?? 1
        }
        #expect(
            axes
                == ImageAxes(t: side("t"), c: side("c"), z: side("z"), y: side("y"), x: side("x"))
        )
        #expect(source.description.series.map(\.axes) == [axes])
        #expect(source.description.samplesPerPixel == side("s"))
        let region = Region(x: 1, y: 1, width: axes.x - 1, height: axes.y - 2)
        for t in 0..<axes.t {
            for c in 0..<axes.c {
                for z in 0..<axes.z {
                    let index = PlaneIndex(t: t, c: c, z: z)
                    let plane = try source.read(index).floats()
                    for y in 0..<axes.y {
                        for x in 0..<axes.x {
                            for s in 0..<side("s") {
                                let place: [Character: Int] = [
                                    "t": t, "c": c, "z": z, "y": y, "x": x, "s": s,
                                ]
                                let number = zip(letters, shape).reduce(0) {
                                    $0 * $1.1 + (place[$1.0] ?? 0)
                                }
                                #expect(plane[x: x, y: y, channel: s] == Float(number))
                            }
                        }
                    }
                    let part = try source.read(index, region: region).floats()
                    #expect(try part == plane.cropped(to: region))
                }
            }
        }
    }

    @Test(
        "Names say which dimension is which, wherever it stands",
        arguments: [
            ("yxc", [6, 5, 4]), ("yxz", [6, 5, 7]), ("xy", [6, 5]), ("xyt", [6, 5, 3]),
            ("xyc", [6, 5, 2]), ("zxy", [3, 6, 5]), ("cyx", [3, 6, 5]), ("ycx", [6, 2, 5]),
        ]
    )
    func names(letters: String, shape: [Int]) throws {
        try check(file(shape), letters, shape, axes: letters)
    }

    @Test(
        "So does the description of tifffile",
        arguments: [("YXC", [6, 5, 4]), ("TYXC", [2, 6, 5, 4]), ("YXZ", [6, 5, 7])]
    )
    func described(letters: String, shape: [Int]) throws {
        let text = "{\"shape\": \(shape), \"axes\": \"\(letters)\"}"
        try check(file(shape, text: text), nil, shape, axes: letters.lowercased())
        // The hand of the user counts more.
        let other = letters.lowercased().replacing("c", with: "z")
        try check(file(shape, text: text), other, shape, axes: other)
    }

    @Test(
        "The samples of a pixel are a dimension, too",
        arguments: [
            ("zyx", [3, 6, 5], true, 2), ("cyx", [4, 6, 5], true, 1), ("yxz", [6, 5, 3], false, 2),
            ("yxc", [6, 5, 4], false, 1), ("zyxc", [2, 6, 5, 4], false, 1),
            ("tzyx", [2, 3, 6, 5], true, 2),
        ]
    )
    func samples(letters: String, shape: [Int], isPlanar: Bool, photometric: UInt16) throws {
        let samples = isPlanar ? shape[shape.count - 3] : shape[shape.count - 1]
        let bytes = file(shape, samples: samples, isPlanar: isPlanar, photometric: photometric)
        try check(bytes, letters, shape, axes: letters)
    }

    @Test("Planar colours stay colours, with names and without", arguments: ["yx", "cyx", nil])
    func planarColours(names: String?) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.tif")
        try Data(file([3, 6, 5], samples: 3, isPlanar: true, photometric: 2)).write(to: url)
        var options = ImageSource.Options()
        options.dimensionNames = names.map { $0.map { String($0) } }
        if names == "yx" {
            // Three planes lie there, so that two names are too few.
            #expect(throws: ImageFormatError.self) {
                try ImageSource(opening: url, options: options)
            }
            return
        }
        let source = try ImageSource(opening: url, options: options)
        #expect(source.description.colorModel == .rgb)
        #expect(source.description.axes == ImageAxes(y: 6, x: 5))
        #expect(try source.read().floats()[x: 2, y: 1, channel: 2] == 67)
    }

    @Test("Names that fit no array are refused", arguments: ["yxq", "yyx", "zct", "yx", "tzyx"])
    func wrong(names: String) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.tif")
        try Data(file([6, 5, 4])).write(to: url)
        var options = ImageSource.Options()
        options.dimensionNames = names.map { String($0) }
        #expect(throws: ImageFormatError.self) { try ImageSource(opening: url, options: options) }
    }
}
