import Files
import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing
import Zarr

@Suite("Units of pixel sizes")
struct UnitTests {
    private func open(_ text: [UInt8], dots: (x: Double, y: Double)? = nil) throws -> ImageSource {
        var page = TIFFBuilder.Page(width: 2, height: 1, bits: 8, strips: [[1, 2]])
        page.tags[270] = .ascii(text)
        if let dots {
            page.tags[282] = .rational([(UInt32(dots.x * 1000), UInt32(1000))])
            page.tags[283] = .rational([(UInt32(dots.y * 1000), UInt32(1000))])
        }
        return try ImageFormatsTests.open(TIFFBuilder().file([page]))
    }

    private func ome(_ attributes: String) -> String {
        "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image ID=\"Image:0\">"
            + "<Pixels DimensionOrder=\"XYZCT\" Type=\"uint8\" SizeX=\"2\" SizeY=\"1\" SizeZ=\"1\" "
            + "SizeC=\"1\" SizeT=\"1\" \(attributes)><TiffData/></Pixels></Image></OME>"
    }

    private func expect(
        _ found: PhysicalSize,
        _ expected: PhysicalSize,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (found, expected) in [
            (found.x, expected.x), (found.y, expected.y), (found.z, expected.z),
        ] {
            // Resolutions of TIFF pass through single precision.
            let isSame =
                found == nil && expected == nil || abs((found ?? 0) / (expected ?? 0) - 1) < 1e-6
            #expect(isSame, "\(String(describing: found))", sourceLocation: sourceLocation)
        }
        #expect(found.unit == expected.unit, sourceLocation: sourceLocation)
    }

    @Test(
        "Each length of OME-XML has its own unit",
        arguments: [
            (
                [("X", 250, "nm"), ("Y", 0.25, "\u{B5}m"), ("Z", 0.001, "mm")],
                PhysicalSize(x: 0.25, y: 0.25, z: 1, unit: "\u{B5}m")
            ),
            (
                [("X", 0.5, nil), ("Y", 500, "nm")], PhysicalSize(x: 0.5, y: 0.5, unit: "\u{B5}m")
            ),
            ([("X", 65, "nm"), ("Y", 65, "nm")], PhysicalSize(x: 65, y: 65, unit: "nm")),
            (
                [("X", 2e-5, "cm"), ("Y", 2000, "\u{C5}")],
                PhysicalSize(x: 0.2, y: 0.2, unit: "\u{B5}m")
            ),
            ([("X", 1, "pixel"), ("Y", 1, "pixel")], PhysicalSize()),
            ([("X", 1, "reference frame"), ("Y", 1, "reference frame")], PhysicalSize()),
        ] as [([(String, Double, String?)], PhysicalSize)]
    )
    func omeXML(lengths: [(String, Double, String?)], expected: PhysicalSize) throws {
        let attributes = lengths.map { axis, length, unit in
            "PhysicalSize\(axis)=\"\(length)\""
                + (unit.map { " PhysicalSize\(axis)Unit=\"\($0)\"" } ?? "")
        }
        let source = try open(Array(ome(attributes.joined(separator: " ")).utf8))
        expect(source.description.physicalSize, expected)
    }

    @Test(
        "ImageJ's units, of which y and z may have others",
        arguments: [
            ("unit=um\nyunit=nm\n", 4, 0.004, PhysicalSize(x: 0.25, y: 0.25, unit: "\u{B5}m")),
            (
                "unit=nm\nzunit=micron\nspacing=2\nimages=1\n", 0.01, 0.01,
                PhysicalSize(x: 0.1, y: 0.1, z: 2, unit: "\u{B5}m")
            ),
            ("unit=cm\n", 40000, 40000, PhysicalSize(x: 0.25, y: 0.25, unit: "\u{B5}m")),
            ("unit=mm\n", 4000, 4000, PhysicalSize(x: 0.25, y: 0.25, unit: "\u{B5}m")),
            // ImageJ keeps the dots per inch of pictures of office programs.
            ("unit=inch\nspacing=1\n", 72, 72, PhysicalSize()),
            ("unit=inch\n", 600, 600, PhysicalSize()),
            ("unit=cm\n", 28.346, 28.346, PhysicalSize()),
            ("unit=pixel\n", 1, 1, PhysicalSize()),
        ]
    )
    func imageJ(units: String, x: Double, y: Double, expected: PhysicalSize) throws {
        let source = try open(Array("ImageJ=1.54f\n\(units)".utf8), dots: (x, y))
        expect(source.description.physicalSize, expected)
    }

    @Test("Axes of OME-Zarr may have different units")
    func zarr() throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(
            at: folder.file("a.zarr"),
            format: .v2,
            attributes: [
                "multiscales": [
                    [
                        "version": "0.4",
                        "axes": [
                            ["name": "z", "type": "space", "unit": "micrometer"],
                            ["name": "y", "type": "space", "unit": "nanometer"],
                            ["name": "x", "type": "space", "unit": "nanometer"],
                        ],
                        "datasets": [
                            [
                                "path": "0",
                                "coordinateTransformations": [
                                    ["type": "scale", "scale": [2, 250, 125]]
                                ],
                            ]
                        ],
                    ]
                ]
            ]
        )
        let array = try group.createArray("0", shape: [3, 5, 7], dataType: .float32)
        try array.write(floats: (0..<105).map { Float($0) })
        let source = try ImageSource(opening: folder.file("a.zarr"))
        expect(
            source.description.physicalSize,
            PhysicalSize(x: 0.125, y: 0.25, z: 2, unit: "\u{B5}m")
        )
    }

    @Test("Descriptions in UTF-16 are read, in both orders of bytes", arguments: [false, true])
    func utf16(isBigEndian: Bool) throws {
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>"
            + ome("PhysicalSizeX=\"0.5\" PhysicalSizeXUnit=\"\u{B5}m\" PhysicalSizeY=\"0.5\"")
        let bytes = ("\u{FEFF}" + text).utf16.flatMap { unit in
            isBigEndian
                ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
        }
        let source = try open(bytes)
        #expect(source.description.format == "OME-TIFF" && source.description.notes.isEmpty)
        expect(source.description.physicalSize, PhysicalSize(x: 0.5, y: 0.5, unit: "\u{B5}m"))
    }
}

@Suite("Samples of tifffile that are planes")
struct SamplePlaneTests {
    /// A page of 3 x 2 pixels with so many samples; the value tells the sample, in tens, and the pixel.
    private func open(
        _ samples: Int,
        isPlanar: Bool,
        pages: Int,
        _ description: String
    ) throws -> ImageSource {
        let built = (0..<pages).map { page in
            let planes = (0..<samples).map { sample in
                (0..<6).map { UInt8(100 * page + 10 * sample + $0) }
            }
            let chunky = (0..<6).flatMap { pixel in planes.map { $0[pixel] } }
            var result = TIFFBuilder.Page(
                width: 3,
                height: 2,
                bits: 8,
                samples: samples,
                photometric: 2,
                planar: isPlanar ? 2 : 1,
                strips: isPlanar ? planes : [chunky]
            )
            if samples == 4 { result.tags[338] = .short([0]) }
            if page == 0 { result.tags[270] = .text(description) }
            return result
        }
        return try ImageFormatsTests.open(TIFFBuilder().file(built))
    }

    private func first(_ source: ImageSource, _ plane: PlaneIndex) throws -> Float {
        let pixels = try source.read(plane).floats()
        #expect(pixels.channels == 1)
        return pixels.samples[0]
    }

    @Test("Three or four slices or time points are no colours", arguments: ["Z", "T"], [3, 4])
    func stack(axis: String, samples: Int) throws {
        let text = "{\"shape\": [\(samples), 2, 3], \"axes\": \"\(axis)YX\"}"
        let source = try open(samples, isPlanar: true, pages: 1, text)
        let isTime = axis == "T"
        #expect(
            source.description.axes
                == ImageAxes(t: isTime ? samples : 1, z: isTime ? 1 : samples, y: 2, x: 3)
        )
        #expect(source.description.samplesPerPixel == 1 && source.description.notes.isEmpty)
        for number in 0..<samples {
            let plane = isTime ? PlaneIndex(t: number) : PlaneIndex(z: number)
            #expect(try first(source, plane) == Float(10 * number))
        }
    }

    @Test("Pages of a hyperstack may hold its slices")
    func hyperstack() throws {
        let text = "{\"shape\": [2, 3, 2, 3], \"axes\": \"CZYX\"}"
        let source = try open(3, isPlanar: true, pages: 2, text)
        #expect(source.description.axes == ImageAxes(c: 2, z: 3, y: 2, x: 3))
        #expect(try first(source, PlaneIndex(c: 1, z: 2)) == 120)
    }

    @Test("Slices may be the last dimension")
    func interleaved() throws {
        let text = "{\"shape\": [2, 3, 3], \"axes\": \"YXZ\"}"
        let source = try open(3, isPlanar: false, pages: 1, text)
        #expect(source.description.axes == ImageAxes(z: 3, y: 2, x: 3))
        #expect(try first(source, PlaneIndex(z: 2)) == 20)
    }

    @Test("Samples that are colours stay colours", arguments: ["YXS", "YXC"])
    func colours(axes: String) throws {
        let text = "{\"shape\": [2, 3, 3], \"axes\": \"\(axes)\"}"
        let source = try open(3, isPlanar: false, pages: 1, text)
        #expect(source.description.colorModel == .rgb && source.description.axes.z == 1)
    }
}
