import Foundation
import ImageFormats
import ImageSamples
import Imaging

/// Writes small OME-TIFF files, each page of one value.
protocol OMEWriting {}

extension OMEWriting {
    /// Writes files of 4 x 3 pixels; each page is filled with one value.
    func write(_ xml: String, _ pages: [UInt8], to url: URL) throws {
        let built = pages.enumerated().map { index, value in
            var page = TIFFBuilder.Page(
                width: 4,
                height: 3,
                bits: 8,
                strips: [[UInt8](repeating: value, count: 12)]
            )
            if index == 0 { page.tags[270] = .ascii(Array(xml.utf8)) }
            return page
        }
        try Data(TIFFBuilder().file(built)).write(to: url)
    }

    func xml(_ images: String, uuid: String = "") -> String {
        let identity = uuid.isEmpty ? "" : " UUID=\"urn:uuid:\(uuid)\""
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OME xmlns=\"http://www."
            + "openmicroscopy.org/Schemas/OME/2016-06\"\(identity)>\(images)</OME>"
    }

    func image(_ name: String, t: Int = 1, c: Int = 1, z: Int = 1, _ data: String) -> String {
        "<Image ID=\"Image:0\" Name=\"\(name)\"><Pixels DimensionOrder=\"XYZCT\" Type=\"uint8\" "
            + "SizeX=\"4\" SizeY=\"3\" SizeZ=\"\(z)\" SizeC=\"\(c)\" SizeT=\"\(t)\">\(data)"
            + "</Pixels></Image>"
    }

    func block(_ file: String, uuid: String = "", page: Int = 0, _ first: String) -> String {
        "<TiffData IFD=\"\(page)\" PlaneCount=\"1\" \(first)><UUID FileName=\"\(file)\">"
            + "urn:uuid:\(uuid.isEmpty ? file : uuid)</UUID></TiffData>"
    }

    func value(_ source: ImageSource, _ plane: PlaneIndex) throws -> Float {
        try source.read(plane).floats().samples[0]
    }
}
