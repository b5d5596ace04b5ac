import ImageSamples

/// TIFF as microscopes and their programs write it: stacks in one directory, sets of files, slides.
enum SeedStacks {
    static let all: [[UInt8]] = [
        imageJ, metaMorph, zeiss, shaped, truncated, channelsLast, interrupted, sparse, named,
        sloppy, companion,
        slide,
    ]

    private static let pixels = (0..<256).map { UInt8(truncatingIfNeeded: $0 * 41) }

    /// A page of 8 x 4 pixels, and the pixels of so many planes at its place.
    private static func stack(_ planes: Int, _ tags: [UInt16: TIFFBuilder.Value]) -> [UInt8] {
        let bytes = (0..<planes).flatMap { _ in pixels.prefix(32) }
        var page = TIFFBuilder.Page(width: 8, height: 4, bits: 8, strips: [bytes])
        page.tags[279] = .long([32])
        page.tags.merge(tags) { $1 }
        return TIFFBuilder().file([page])
    }

    private static let imageJ = stack(
        6,
        [270: .text("ImageJ=1.54f\nimages=6\nchannels=2\nslices=3\nunit=\\u00B5m\n")]
    )

    private static let metaMorph = stack(
        4,
        [
            33628: .long([4, 1]),
            33629: .planes(4, (0..<24).map { UInt32($0 % 6 == 1 ? 2 : $0) }),
            33630: .planes(4, Array(repeating: 1, count: 8)),
        ]
    )

    private static let zeiss: [UInt8] = {
        var info = [UInt8](repeating: 0, count: 256)
        info.replaceSubrange(0..<4, with: [0x94, 0x04, 0x40, 0x00])
        for (offset, value) in [(8, 8), (12, 4), (16, 2), (20, 1), (24, 1)] {
            info[offset] = UInt8(value)
        }
        var page = TIFFBuilder.Page(
            width: 8,
            height: 4,
            bits: 8,
            strips: [Array(pixels.prefix(32))]
        )
        let plain = page
        page.tags[34412] = .bytes(info)
        var thumbnail = plain
        thumbnail.tags[254] = .long([1])
        return TIFFBuilder().file([page, thumbnail, plain, thumbnail])
    }()

    private static let shaped: [UInt8] = {
        let plain = TIFFBuilder.Page(
            width: 8,
            height: 4,
            bits: 8,
            strips: [Array(pixels.prefix(32))]
        )
        var first = plain
        first.tags[270] = .text("{\"shape\": [2, 2, 4, 8], \"axes\": \"CZYX\"}")
        var next = plain
        next.tags[270] = .text("{\"shape\": [4, 8]}")
        return TIFFBuilder(isBigEndian: true).file([first, plain, plain, plain, next])
    }()

    private static let truncated = stack(
        3,
        [270: .text("{\"shape\": [3, 4, 8], \"truncated\": true}")]
    )

    private static let channelsLast: [UInt8] = {
        var page = TIFFBuilder.Page(
            width: 8,
            height: 4,
            bits: 8,
            samples: 2,
            strips: [Array(pixels.prefix(64))]
        )
        page.tags[270] = .text("{\"shape\": [4, 8, 2], \"axes\": \"YXC\"}")
        return TIFFBuilder().file([page])
    }()

    private static let interrupted: [UInt8] = {
        var page = TIFFBuilder.Page(width: 8, height: 4, bits: 8, strips: [])
        page.tags[273] = .long([512])
        page.tags[279] = .long([32])
        var file = TIFFBuilder().file([page])
        file.replaceSubrange(file.count - 4..<file.count, with: [192, 2, 0, 0])
        return file + [UInt8](repeating: 3, count: 512 - file.count) + pixels.prefix(100)
    }()

    private static let sparse: [UInt8] = {
        var page = TIFFBuilder.Page(width: 64, height: 64, bits: 8, strips: [])
        page.tags[278] = nil
        (page.tags[322], page.tags[323]) = (.long([16]), .long([16]))
        page.blocks = [pixels]
        page.tags[324] = .long((0..<16).map { $0 == 5 ? 8 : 0 })
        page.tags[325] = .long((0..<16).map { $0 == 5 ? 256 : 0 })
        return TIFFBuilder().file([page])
    }()

    // MARK: - OME-XML

    private static func ome(_ text: String) -> [UInt8] {
        var page = TIFFBuilder.Page(
            width: 8,
            height: 4,
            bits: 8,
            strips: [Array(pixels.prefix(32))]
        )
        page.tags[270] = .text(text)
        return TIFFBuilder().file([page])
    }

    private static let named = ome(
        "<OME UUID=\"urn:uuid:1\"><Image><Pixels DimensionOrder=\"XYCZT\" SizeX=\"8\" SizeY=\"4\" "
            + "SizeC=\"2\" SizeZ=\"1\" SizeT=\"1\"><TiffData IFD=\"0\"><UUID FileName=\"a.tif\">"
            + "urn:uuid:1</UUID></TiffData><TiffData FirstC=\"1\" IFD=\"0\"><UUID FileName=\"b.tif\">"
            + "urn:uuid:1</UUID></TiffData></Pixels></Image></OME>"
    )

    private static let sloppy = ome(
        "<?xml version=\"1.0\"?><!-- a --><o:OME><Image Name=\"a &amp; b & c\"><Pixels SizeX='8' "
            + "SizeY='4'><Channel Name=\"&#181;&#xB5;&micro;\"/><![CDATA[<]]></Image></o:OME>"
    )

    private static let companion = ome(
        "<OME UUID=\"urn:uuid:1\"><BinaryOnly MetadataFile=\"a.companion.ome\"/></OME>"
    )

    // MARK: - Slides

    private static let slide: [UInt8] = {
        let text = "Aperio Image Library v11\r\n128x128 (64x64) RAW|AppMag = 20|MPP = 0.5"
        let pages = [(128, 128), (64, 64)].map { width, height in
            var page = TIFFBuilder.Page(
                width: width,
                height: height,
                bits: 8,
                samples: 3,
                photometric: 2,
                strips: []
            )
            page.tags[278] = nil
            (page.tags[322], page.tags[323]) = (.long([64]), .long([64]))
            page.tags[270] = .text(text)
            let tile = [UInt8](repeating: 99, count: 3 * 64 * 64)
            page.blocks = Array(repeating: tile, count: width / 64 * (height / 64))
            return page
        }
        return TIFFBuilder().file(pages)
    }()
}
