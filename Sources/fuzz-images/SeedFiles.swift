import Foundation
import ImageSamples

/// Small valid files of every kind that is read; each damaged input begins as one of them.
enum SeedFiles {
    static let all: [[UInt8]] =
        tiff + SeedStacks.all + png + [
            JPEGSamples.grey, JPEGSamples.rgb, JPEGSamples.progressive, JPEGSamples.cmyk,
        ]

    private static let pixels = (0..<208).map { UInt8(truncatingIfNeeded: $0 * 37) }

    private static let tiff: [[UInt8]] = {
        let little = TIFFBuilder()
        let big = TIFFBuilder(isBigEndian: true, isBig: true)
        let compressed: [(UInt16, [UInt8])] = [
            (1, pixels), (5, SimpleCodecs.lzw(pixels)), (8, SimpleCodecs.zlib(pixels)),
            (32773, SimpleCodecs.packBits(pixels)), (50000, SimpleCodecs.zstd(pixels)),
        ]
        var files = compressed.map { compression, strip in
            little.file([page(bits: 8, compression: compression, strips: [strip])])
        }
        files += compressed.map { compression, strip in
            var page = page(bits: 16, compression: compression, strips: [strip])
            page.tags[256] = .long([8])
            page.tags[317] = .short([2])
            return big.file([page, page])
        }
        for bits in [1, 4, 12, 24, 32, 64] {
            files.append(big.file([page(bits: bits, strips: [pixels + pixels + pixels])]))
        }
        files.append(little.file([page(bits: 32, format: 3, strips: [pixels])]))
        // Fax: sixteen white rows, each like the one before, and the end of the block.
        let white: [UInt8] = [0xFF, 0xFF, 0x00, 0x10, 0x01]
        files.append(little.file([page(bits: 1, compression: 4, strips: [white])]))
        files.append(
            little.file([
                TIFFBuilder.Page(
                    width: 13,
                    height: 9,
                    bits: 8,
                    samples: 3,
                    photometric: 6,
                    compression: 7,
                    strips: [JPEGSamples.rgb]
                )
            ])
        )
        return files + arranged(little, big)
    }()

    /// Tiles, planes, palettes, pyramids and the descriptions of OME and ImageJ.
    private static func arranged(_ little: TIFFBuilder, _ big: TIFFBuilder) -> [[UInt8]] {
        var tiled = page(bits: 8, compression: 8, strips: [])
        tiled.tags[322] = .short([16])
        tiled.tags[323] = .short([16])
        tiled.tags[278] = nil
        tiled.blocks = [SimpleCodecs.zlib(pixels + Array(pixels[..<48]))]
        var small = tiled
        small.tags[256] = .long([8])
        small.tags[257] = .long([6])
        small.tags[254] = .long([1])
        var pyramid = tiled
        pyramid.subPages = [small]
        let planar = TIFFBuilder.Page(
            width: 13,
            height: 5,
            bits: 8,
            samples: 3,
            photometric: 2,
            planar: 2,
            strips: [pixels, pixels, pixels]
        )
        var palette = page(bits: 8, strips: [pixels])
        palette.tags[262] = .short([3])
        palette.tags[320] = .short((0..<768).map { UInt16($0 * 80) })
        var stack = page(bits: 16, strips: [pixels])
        stack.tags[257] = .long([2])
        stack.tags[270] = .text("ImageJ=1.54f\nimages=3\nslices=3\nunit=um\nspacing=2\n")
        var ome = page(bits: 8, strips: [pixels])
        ome.tags[270] = .text(
            """
            <?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
            <Image ID="Image:0" Name="a"><Pixels DimensionOrder="XYCZT" SizeX="13" SizeY="16"
            SizeC="2" SizeZ="1" SizeT="1" Type="uint8" PhysicalSizeX="0.5"><Channel Name="c"/>
            <Channel Name="d"/><TiffData IFD="0" PlaneCount="2"/></Pixels></Image></OME>
            """
        )
        return [
            little.file([tiled]), big.file([pyramid]), little.file([planar]),
            big.file([palette]), big.file([stack, stack, stack]), little.file([stack]),
            little.file([ome, page(bits: 8, strips: [pixels])]),
        ]
    }

    private static func page(
        bits: Int,
        format: UInt16 = 1,
        compression: UInt16 = 1,
        strips: [[UInt8]]
    ) -> TIFFBuilder.Page {
        let width = bits <= 16 ? 13 : 4
        let height = 208 * 8 / bits / width
        return TIFFBuilder.Page(
            width: width,
            height: min(height, 16),
            bits: bits,
            format: format,
            compression: compression,
            strips: strips
        )
    }

    private static let png: [[UInt8]] = [
        PNGBuilder(width: 9, height: 7, bits: 16, colorType: 0),
        PNGBuilder(width: 9, height: 7, bits: 8, colorType: 2, isInterlaced: true),
        PNGBuilder(width: 11, height: 5, bits: 1, colorType: 0, isInterlaced: true),
        PNGBuilder(width: 5, height: 6, bits: 8, colorType: 6),
        PNGBuilder(
            width: 9,
            height: 7,
            bits: 4,
            colorType: 3,
            palette: [9, 8, 7, 6, 5, 4, 3, 2, 1],
            transparency: [0, 128]
        ),
    ].map { $0.file { x, y, c in UInt16((x + y + c) & 1) } }
}

extension SeedFiles {
    /// HDF5 as other programs write it: axes, labels, user blocks, groups, and values elsewhere.
    static func hdf5(in folder: URL) throws -> [[UInt8]] {
        let tags = #"{"axes": [{"key": "x"}, {"key": "y"}, {"key": "c"}]}"#
        let scripts = [
            "data raw u1 9x7x2 chunk=4x4x1 gzip=4\ntext raw axistags variable \(tags)",
            "data raw u2 9x7x2\ntext raw axistags fixed \(tags)",
            """
            data a/raw f4 3x9x7
            texts a/raw DIMENSION_LABELS z,y,x
            numbers a/raw element_size_um 2,0.5,0.25
            """,
            "userblock 512\ndata raw u1 3x9x7\ntext raw MATLAB_class fixed uint8",
            "data t00000/s00/0/cells i2 3x9x8 offset=40000\ndata s00/resolutions f8 1x3",
            "latest\nnest deep 9\nlink deep/g/up hard deep\ndata raw u1 9x8 empty chunk=4x4",
        ]
        return try scripts.map { script in
            let file = folder.appending(path: "seed.h5")
            try HDF5Builder.write(script, to: file)
            return Array(try Data(contentsOf: file))
        }
    }
}
