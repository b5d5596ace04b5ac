import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

/// Files of Zeiss LSM, with the tag 34412 as the microscope writes it.
@Suite("Zeiss LSM")
struct LSMTests {
    private func little(_ value: Int, _ count: Int = 4) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func little(_ value: Double) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
    }

    /// The tag, and behind it the block of channel names, whose place in the file is filled in later.
    private func info(t: Int, c: Int, z: Int, names: [String]) -> [UInt8] {
        var bytes = little(0x0040_0494) + little(512) + little(5) + little(4)
        bytes += little(z) + little(c) + little(t)
        bytes += [UInt8](repeating: 0, count: 40 - bytes.count)
        bytes += little(2e-7) + little(1e-7) + little(5e-7)
        bytes += [UInt8](repeating: 0, count: 112 - bytes.count)
        bytes += little(1.5)
        bytes += [UInt8](repeating: 0, count: 512 - bytes.count)
        let listed: [UInt8] = names.flatMap { name -> [UInt8] in
            little(name.utf8.count + 1) + Array(name.utf8) + [0]
        }
        let head = [24 + listed.count, names.count, names.count, 0, 24, 0]
        return bytes + head.flatMap { little($0) } + listed
    }

    /// A file whose plane number n of 5 x 4 pixels has the value 10 n in its first channel, 10 n + 1 in the second.
    private func file(
        t: Int,
        c: Int,
        z: Int,
        planes: Int,
        thumbnails: (Int) -> Bool = { _ in false },
        tagFirst: Bool = false,
        names: [String] = []
    ) -> [UInt8] {
        var pages: [TIFFBuilder.Page] = []
        for number in 0..<planes {
            let page = TIFFBuilder.Page(
                width: 5,
                height: 4,
                bits: 8,
                samples: c,
                planar: 2,
                strips: (0..<c).map { [UInt8](repeating: UInt8(10 * number + $0), count: 20) }
            )
            var small = TIFFBuilder.Page(
                width: 2,
                height: 2,
                bits: 8,
                samples: 3,
                photometric: 2,
                strips: [[UInt8](repeating: 99, count: 12)]
            )
            small.tags[254] = .long([1])
            if thumbnails(2 * number) { pages.append(small) }
            pages.append(page)
            if thumbnails(2 * number + 1) { pages.append(small) }
        }
        let tag = info(t: t, c: c, z: z, names: names)
        let place = tagFirst ? 0 : pages.firstIndex { $0.tags[254] == nil } ?? 0
        pages[place].tags[34412] = .bytes(tag)
        var bytes = TIFFBuilder().file(pages)
        let mark = little(0x0040_0494) + little(512)
        let start = bytes.indices.first { bytes[$0...].starts(with: mark) } ?? 0
        if !names.isEmpty {
            bytes.replaceSubrange(start + 108..<start + 112, with: little(start + 512))
        }
        return bytes
    }

    @Test(
        "Slices, time points and channels are where the tag says",
        arguments: [(1, 2, 4), (3, 1, 2), (4, 3, 1), (2, 2, 3)]
    )
    func axes(t: Int, c: Int, z: Int) throws {
        let names = (0..<c).map { "Ch\($0 + 1)" }
        let source = try open(file(t: t, c: c, z: z, planes: t * z, names: names))
        #expect(source.description.format == "Zeiss LSM")
        #expect(source.description.axes == ImageAxes(t: t, c: c, z: z, y: 4, x: 5))
        #expect(source.description.channelNames == names)
        #expect(source.description.notes.isEmpty)
        for time in 0..<t {
            for slice in 0..<z {
                for channel in 0..<c {
                    let plane = try source.read(PlaneIndex(t: time, c: channel, z: slice)).floats()
                    let value = Float(10 * (time * z + slice) + channel)
                    #expect(plane.samples.allSatisfy { $0 == value })
                }
            }
        }
    }

    @Test("The size of a voxel is stored in metres, the interval in seconds", arguments: [1, 3])
    func sizes(count: Int) throws {
        let size = try open(file(t: count, c: 1, z: count, planes: count * count)).description
            .physicalSize
        #expect(size.unit == "\u{B5}m")
        #expect(abs((size.x ?? 0) - 0.2) < 1e-9 && abs((size.y ?? 0) - 0.1) < 1e-9)
        #expect((size.z.map { abs($0 - 0.5) < 1e-9 } ?? false) == (count > 1))
        #expect(size.t == (count > 1 ? 1.5 : nil))
    }

    @Test(
        "Thumbnails before, behind and between planes are none",
        arguments: [0, 1, 2],
        [false, true]
    )
    func thumbnails(place: Int, tagFirst: Bool) throws {
        let bytes = file(
            t: 1,
            c: 2,
            z: 3,
            planes: 3,
            thumbnails: { place == 2 ? $0 % 2 == 1 : place == 1 ? $0 == 5 : $0 % 2 == 0 },
            tagFirst: tagFirst
        )
        let source = try open(bytes)
        #expect(source.description.format == "Zeiss LSM")
        #expect(source.description.axes == ImageAxes(c: 2, z: 3, y: 4, x: 5))
        #expect(source.description.series.count == 1)
        #expect(try source.read(PlaneIndex(c: 1, z: 2)).floats().samples[0] == 21)
    }

    @Test(
        "Fewer planes than promised are said, and so are more",
        arguments: [
            (4, ImageAxes(t: 1, c: 2, z: 3, y: 4, x: 5)), (2, ImageAxes(c: 2, z: 2, y: 4, x: 5)),
            (8, ImageAxes(t: 2, c: 2, z: 3, y: 4, x: 5)),
        ]
    )
    func otherCount(planes: Int, axes: ImageAxes) throws {
        let source = try open(file(t: 2, c: 2, z: 3, planes: planes))
        #expect(source.description.axes == axes)
        let note: ReadingNote =
            planes > 6
            ? .pagesUnnamed(planes - 6) : .planesMissing(promised: 6, found: planes)
        #expect(source.description.notes == [note])
    }

    @Test("Pages may be named by hand", arguments: ["zcyx", "tcyx"])
    func names(names: String) throws {
        var options = ImageSource.Options()
        options.dimensionNames = names.map { String($0) }
        let source = try open(file(t: 4, c: 2, z: 1, planes: 4), options)
        let axes = source.description.axes
        #expect((names == "zcyx" ? axes.z : axes.t) == 4 && axes.c == 2)
        #expect(source.description.format == "Zeiss LSM")
    }
}
