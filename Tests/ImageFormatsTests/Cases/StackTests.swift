import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("Stacks in one directory")
struct StackTests {
    /// A page of 3 x 2 pixels of 16 bits, and the pixels of so many planes at its place.
    private func stack(
        _ planes: Int,
        strips: Int = 1,
        isBigEndian: Bool = false,
        isBig: Bool = false,
        _ tags: [UInt16: TIFFBuilder.Value]
    ) -> [UInt8] {
        let samples = (0..<planes).flatMap { plane in (0..<6).map { UInt16(100 * plane + $0) } }
        let bytes = samples.flatMap { value -> [UInt8] in
            isBigEndian
                ? [UInt8(value >> 8), UInt8(value & 255)] : [UInt8(value & 255), UInt8(value >> 8)]
        }
        var page = TIFFBuilder.Page(width: 3, height: 2, bits: 16, strips: [bytes])
        // The builder knows one block; its rows may be said to lie in several.
        let start: UInt32 = isBig ? 16 : 8
        let rows = 2 / strips
        page.tags[278] = .long([UInt32(rows)])
        page.tags[273] = .long((0..<strips).map { start + UInt32($0 * rows * 6) })
        page.tags[279] = .long(Array(repeating: UInt32(rows * 6), count: strips))
        page.tags.merge(tags) { $1 }
        return TIFFBuilder(isBigEndian: isBigEndian, isBig: isBig).file([page])
    }

    private func first(_ source: ImageSource, _ plane: PlaneIndex) throws -> Float {
        try source.read(plane).floats().samples[0]
    }

    @Test("ImageJ's order is channels, slices, time points", arguments: [1, 2], [false, true])
    func imageJ(strips: Int, isBigEndian: Bool) throws {
        let text = "ImageJ=1.54f\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\n"
        let file = stack(12, strips: strips, isBigEndian: isBigEndian, [270: .text(text)])
        let source = try open(file)
        #expect(source.description.axes == ImageAxes(t: 2, c: 2, z: 3, y: 2, x: 3))
        #expect(source.description.notes.isEmpty)
        for t in 0..<2 {
            for z in 0..<3 {
                for c in 0..<2 {
                    let number = (t * 3 + z) * 2 + c
                    #expect(try first(source, PlaneIndex(t: t, c: c, z: z)) == Float(100 * number))
                }
            }
        }
    }

    @Test(
        "Fewer planes than promised are said, and the last axis is shortened",
        arguments: [(7, 1, 3), (2, 1, 1), (11, 1, 3)]
    )
    func fewer(found: Int, frames: Int, slices: Int) throws {
        let text = "ImageJ=1.54f\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\n"
        let source = try open(stack(found, [270: .text(text)]))
        #expect(source.description.axes == ImageAxes(t: frames, c: 2, z: slices, y: 2, x: 3))
        #expect(source.description.notes == [.planesMissing(promised: 12, found: found)])
    }

    @Test("A stack beyond 4 GiB is read at its end")
    func beyondFourGigabytes() throws {
        let folder = try TemporaryFolder()
        let planes = 5 << 20
        let side = 32
        let text = "ImageJ=1.54f\nimages=\(planes / side)\nframes=\(planes / side)\n"
        var page = TIFFBuilder.Page(width: 1024, height: side, bits: 8, strips: [[]])
        page.tags[273] = .long([4096])
        page.tags[279] = .long([UInt32(1024 * side)])
        page.tags[270] = .text(text)
        let url = folder.file("large.tif")
        try Data(TIFFBuilder().file([page])).write(to: url)
        let handle = try FileHandle(forWritingTo: url)
        // The file has holes and takes no room on the disk.
        try handle.truncate(atOffset: 4096 + UInt64(1024 * planes))
        try handle.seek(toOffset: 4096 + UInt64(1024 * planes) - 1)
        try handle.write(contentsOf: Data([77]))
        try handle.close()
        let source = try ImageSource(opening: url)
        #expect(source.description.axes.t == planes / side)
        let last = try source.read(PlaneIndex(t: planes / side - 1)).floats().samples
        #expect(last.last == 77 && last.dropLast().allSatisfy { $0 == 0 })
    }

    @Test(
        "MetaMorph's planes are slices where they have distances, else time points",
        arguments: [(5, UInt32(3), true), (4, 0, false), (2, 0, true)]
    )
    func metaMorph(planes: Int, distance: UInt32, isBigEndian: Bool) throws {
        let numbers = (0..<planes).flatMap { plane -> [UInt32] in
            [distance, 2, 2_450_000, UInt32(1000 * plane), 2_450_000, 0]
        }
        let tags: [UInt16: TIFFBuilder.Value] = [
            33628: .long([1]), 33629: .planes(planes, numbers),
            33630: .planes(planes, Array(repeating: 1, count: 2 * planes)),
        ]
        let source = try open(stack(planes, isBigEndian: isBigEndian, tags))
        let (t, z) = distance == 0 ? (planes, 1) : (1, planes)
        #expect(source.description.axes == ImageAxes(t: t, z: z, y: 2, x: 3))
        for plane in 0..<planes {
            let index = distance == 0 ? PlaneIndex(t: plane) : PlaneIndex(z: plane)
            #expect(try first(source, index) == Float(100 * plane))
        }
    }

    @Test("Metamorph stacks that end early say so")
    func metaMorphCut() throws {
        let tags: [UInt16: TIFFBuilder.Value] = [
            33628: .long([1]), 33630: .long([1]),
            33629: .planes(1000, Array(repeating: 1, count: 6000)),
        ]
        let file = stack(3, tags)
        let source = try open(file)
        #expect(source.noteText.contains("1000 planes"))
    }

    @Test("tifffile's extents are used, also where one page stands for all")
    func shaped() throws {
        let text = "{\"shape\": [2, 3, 2, 3], \"axes\": \"TCYX\", \"truncated\": true}"
        let source = try open(stack(6, isBig: true, [270: .text(text)]))
        #expect(source.description.axes == ImageAxes(t: 2, c: 3, y: 2, x: 3))
        #expect(try first(source, PlaneIndex(t: 1, c: 1)) == 400)
        let unnamed = try open(
            stack(3, [270: .text("{\"shape\": [3, 2, 3], \"truncated\": true}")])
        )
        #expect(unnamed.description.axes == ImageAxes(z: 3, y: 2, x: 3))
        let odd = try open(stack(4, [270: .text("{\"shape\": [4, 1, 2, 3], \"axes\": \"RIYX\"}")]))
        #expect(odd.description.axes == ImageAxes(z: 4, y: 2, x: 3))
        #expect(odd.description.notes == [.axisTaken("R", as: "slices")])
        let wrong = try open(stack(4, [270: .text("{\"shape\": [4, 7, 3]}")]))
        #expect(wrong.description.axes == ImageAxes(y: 2, x: 3))
        #expect(wrong.noteText.contains("do not fit"))
    }
}
