import Foundation
import ImageFormats
import Imaging
import Testing

@Suite("Cases of users: TIFF and PNG")
struct SharedCaseTests {
    @Test("Each channel comes from its own file, whichever was opened", arguments: [0, 1])
    func multiFile(opened: Int) throws {
        guard let source = try SharedCases.open("ome_multifile/scan_ch\(opened).ome.tif") else {
            return
        }
        #expect(source.description.axes == ImageAxes(c: 3, y: 200, x: 240))
        #expect(source.description.channelNames == ["DAPI", "GFP", "RFP"])
        #expect(try source.discs() == 12)
        #expect(try source.discs(PlaneIndex(c: 1)) == 5)
        #expect(source.noteText.contains("scan_ch2.ome.tif"))
        let error = #expect(throws: ImageFormatError.self) { try source.read(PlaneIndex(c: 2)) }
        #expect(error?.description.contains("scan_ch2.ome.tif") == true)
    }

    @Test("Thumbnails of LSM are no planes")
    func lsm() throws {
        guard let source = try SharedCases.open("lsm/stack.lsm") else { return }
        #expect(source.description.axes == ImageAxes(c: 2, z: 4, y: 100, x: 120))
        #expect(source.description.series.count == 1 && source.description.levels.count == 1)
        _ = try source.read(PlaneIndex(c: 1, z: 3))
    }

    @Test(
        "Planes behind one directory are found",
        arguments: ["stk/timelapse.stk", "imagej_onepage/hyperstack_t4.tif"]
    )
    func oneDirectory(path: String) throws {
        guard let source = try SharedCases.open(path) else { return }
        let axes = source.description.axes
        #expect(axes.t * axes.z == 4 && axes.c == 1)
        let planes = try (0..<4).map { plane in
            try source.read(axes.t == 4 ? PlaneIndex(t: plane) : PlaneIndex(z: plane)).floats()
        }
        #expect(Set(planes.map(\.samples)).count == 4)
        #expect(source.description.notes.isEmpty)
    }

    @Test("Axes that tifffile names are used")
    func shaped() throws {
        guard let source = try SharedCases.open("shaped/cyx.tif") else { return }
        #expect(source.description.axes == ImageAxes(c: 2, y: 200, x: 240))
    }

    @Test("Dots of a screen are no pixel size")
    func screen() throws {
        guard let source = try SharedCases.open("dpi/screen72.png") else { return }
        #expect(source.description.physicalSize.isEmpty)
    }

    @Test("XML with an '&' gives channels, and is said to be damaged")
    func entity() throws {
        guard let source = try SharedCases.open("ome_xml/entity.ome.tif") else { return }
        #expect(source.description.axes == ImageAxes(c: 2, y: 200, x: 240))
        #expect(source.description.channelNames == ["DAPI", "GFP"])
        #expect(source.description.physicalSize.x == 0.25)
        #expect(source.noteText.contains("damaged"))
    }

    @Test("A micro sign in Latin-1 is one")
    func latin1() throws {
        guard let source = try SharedCases.open("units/unit_latin1.tif") else { return }
        #expect(source.description.physicalSize.unit == "\u{B5}m")
        #expect(source.description.physicalSize.x == 0.25)
    }

    @Test("Of an interrupted recording, whole pages are read")
    func interrupted() throws {
        guard let source = try SharedCases.open("sloppy_tiff/interrupted.tif") else { return }
        #expect(source.description.axes.z == 3)
        #expect(source.noteText.contains("3 pages are read"))
        _ = try source.read(PlaneIndex(z: 2))
    }

    @Test("Tiles that were never written are zeros")
    func sparse() throws {
        guard let source = try SharedCases.open("sparse/sparse4096.tif") else { return }
        for tile in 0..<256 {
            let (x, y) = (tile % 16 * 256, tile / 16 * 256)
            let part = try source.read(region: Region(x: x, y: y, width: 256, height: 256))
            guard case .uint8(let raster) = part else {
                throw ImageFormatError(.unsupported, path: "", "8 bits")
            }
            #expect(raster.samples.contains { $0 > 0 } == (tile == 5 || tile == 100))
        }
    }
}
