import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("Pages, thumbnails and overviews")
struct PageTests {
    private func page(_ value: UInt8, width: Int = 8, height: Int = 6) -> TIFFBuilder.Page {
        let pixels = [UInt8](repeating: value, count: width * height)
        return TIFFBuilder.Page(width: width, height: height, bits: 8, strips: [pixels])
    }

    private func reduced(_ page: TIFFBuilder.Page) -> TIFFBuilder.Page {
        var page = page
        page.tags[254] = .long([1])
        return page
    }

    @Test("Thumbnails before, between and behind planes are left out", arguments: [0, 1, 2])
    func thumbnails(place: Int) throws {
        let picture = reduced(
            TIFFBuilder.Page(
                width: 2,
                height: 2,
                bits: 8,
                samples: 3,
                photometric: 2,
                strips: [[UInt8](repeating: 9, count: 12)]
            )
        )
        let square = reduced(page(9, width: 6, height: 6))
        let (first, second) = (page(1), page(2))
        let pages: [TIFFBuilder.Page] =
            switch place {
            case 0: [picture, first, second]
            case 1: [first, square, second, picture]
            default: [first, second, square]
            }
        let source = try open(TIFFBuilder().file(pages))
        #expect(source.description.axes == ImageAxes(z: 2, y: 6, x: 8))
        #expect(source.description.series.count == 1 && source.description.levels.count == 1)
        #expect(try source.read(PlaneIndex(z: 1)).floats().samples[0] == 2)
    }

    @Test("Reduced pages of the same proportions are levels, of each plane its own")
    func levels() throws {
        var pages: [TIFFBuilder.Page] = []
        for value: UInt8 in [0, 10] {
            pages.append(page(value))
            pages.append(reduced(page(value + 1, width: 4, height: 3)))
            pages.append(reduced(page(value + 2, width: 2, height: 1)))
        }
        let source = try open(TIFFBuilder().file(pages))
        #expect(source.description.axes.z == 2)
        let sizes = [(8, 6), (4, 3), (2, 1)].map { Size(width: $0, height: $1) }
        #expect(source.description.levels == sizes)
        for level in 0..<3 {
            let found = try source.read(PlaneIndex(z: 1), level: level).floats().samples
            #expect(found.allSatisfy { $0 == Float(10 + level) })
        }
    }

    @Test("A bad pointer behind the last page is a warning", arguments: [4, 12, 1 << 30])
    func badPointer(pointer: Int) throws {
        var file = TIFFBuilder().file([page(1), page(2)])
        // The last directory of the builder ends the file.
        let bytes = (0..<4).map { UInt8(pointer >> (8 * $0) & 255) }
        file.replaceSubrange(file.count - 4..<file.count, with: bytes)
        let source = try open(file)
        #expect(source.description.axes.z == 2)
        guard case .pagesCut(whole: 2, _) = source.description.notes.first else {
            Issue.record("\(source.description.notes)")
            return
        }
        // Notes are shown behind the name of their file.
        #expect(!source.noteText.contains(source.url.path), "\(source.noteText)")
    }

    @Test(
        "The reason for a file that cannot be opened does not repeat its name",
        arguments: [4, 8]
    )
    func nameOnce(pointer: Int) throws {
        var file = Array(TIFFBuilder().file([page(1)]).prefix(200))
        file[4] = pointer == 4 ? 250 : 199
        let error = try #require(throws: ImageFormatError.self) { try open(file) }
        #expect(!error.problem.contains(error.path), "\(error)")
    }

    @Test("Pages whose pixels are cut off are left out and said", arguments: [1, 2, 3])
    func cutPixels(whole: Int) throws {
        // Directories first, pixels behind: as recorders write them.
        var pages = (0..<4).map { page(UInt8($0)) }
        for index in pages.indices {
            pages[index].blocks = []
            pages[index].tags[273] = .long([UInt32(1000 + 48 * index)])
            pages[index].tags[279] = .long([48])
        }
        var file = TIFFBuilder().file(pages)
        file += [UInt8](repeating: 0, count: 1000 - file.count)
        for index in 0..<4 { file += [UInt8](repeating: UInt8(index), count: 48) }
        let source = try open(Array(file.prefix(1000 + 48 * whole + 20)))
        #expect(source.description.axes.z == whole)
        #expect(source.noteText.contains("read, then the file ends within the pixels of a page"))
        let last = try source.read(PlaneIndex(z: whole - 1)).floats().samples
        #expect(last.allSatisfy { $0 == Float(whole - 1) })
    }

    @Test(
        "A recording whose other directories were to follow the pixels has the planes that are whole",
        arguments: [2, 3, 4]
    )
    func cutDirectories(whole: Int) throws {
        let planes = 6
        var first = page(0)
        first.blocks = []
        (first.tags[273], first.tags[279]) = (.long([512]), .long([48]))
        var file = TIFFBuilder().file([first])
        let next = UInt32(512 + 48 * planes)
        file.replaceSubrange(
            file.count - 4..<file.count,
            with: (0..<4).map { UInt8(next >> (8 * $0) & 255) }
        )
        file += [UInt8](repeating: 0, count: 512 - file.count)
        for plane in 0..<planes { file += [UInt8](repeating: UInt8(plane), count: 48) }
        let source = try open(Array(file.prefix(512 + 48 * whole + 7)))
        #expect(source.description.axes.z == whole)
        #expect(source.noteText.hasPrefix("\(whole) pages are read"))
        let last = try source.read(PlaneIndex(z: whole - 1)).floats().samples
        #expect(last.allSatisfy { $0 == Float(whole - 1) })
    }

    @Test("Pages that cannot be decoded are counted")
    func unusable() throws {
        var strange = page(3)
        strange.tags[259] = .short([34712])
        let source = try open(TIFFBuilder().file([page(1), strange, page(2)]))
        #expect(source.description.axes.z == 2)
        #expect(source.noteText.contains("1 page cannot be used: TIFF compression 34712"))
    }

    @Test("Blocks that were never written are zeros", arguments: [true, false])
    func sparse(isTiled: Bool) throws {
        var page = TIFFBuilder.Page(width: 2048, height: 2048, bits: 8, strips: [])
        let written = [UInt8](repeating: 5, count: isTiled ? 256 * 256 : 64 * 2048)
        let blocks = isTiled ? 64 : 32
        if isTiled {
            page.tags[278] = nil
            (page.tags[322], page.tags[323]) = (.long([256]), .long([256]))
        } else {
            page.tags[278] = .long([64])
        }
        page.blocks = [written]
        let offsets = (0..<blocks).map { UInt32($0 == 9 ? 8 : 0) }
        let counts = (0..<blocks).map { UInt32($0 == 9 ? written.count : 0) }
        (page.tags[isTiled ? 324 : 273], page.tags[isTiled ? 325 : 279]) =
            (.long(offsets), .long(counts))
        let source = try open(TIFFBuilder().file([page]))
        let pixels = try source.read().floats()
        #expect(pixels.samples.count { $0 == 5 } == written.count)
        #expect(pixels[x: 300, y: isTiled ? 300 : 600] == 5 && pixels[x: 0, y: 0] == 0)
    }

    @Test("A page of one claimed tile is not taken for a sparse one")
    func lyingSparse() throws {
        var page = TIFFBuilder.Page(width: 1 << 16, height: 1 << 16, bits: 8, strips: [])
        (page.tags[322], page.tags[323]) = (.long([1 << 16]), .long([1 << 16]))
        (page.tags[324], page.tags[325], page.tags[278]) = (.long([0]), .long([0]), nil)
        let error = #expect(throws: ImageFormatError.self) {
            try open(TIFFBuilder().file([page]))
        }
        #expect(error?.kind == .tooLarge)
    }
}
