import Files
import Foundation
import Imaging

extension ImageAxes {
    /// The description of an OME-TIFF: axes, type and calibration of one image whose pages are in the
    /// order of the axes c, z, t.
    ///
    /// - Parameters:
    ///   - samples: Of a pixel.
    ///   - name: Of the image.
    /// - Source: OME schema 2016-06.
    func omeDescription(
        _ physicalSize: PhysicalSize,
        _ type: SampleType,
        samples: Int,
        name: String
    ) -> String {
        var attributes = [
            ("ID", "Pixels:0"), ("DimensionOrder", "XYCZT"), ("Type", type.omeName),
            ("SizeX", "\(x)"), ("SizeY", "\(y)"), ("SizeC", "\(c * samples)"), ("SizeZ", "\(z)"),
            ("SizeT", "\(t)"),
        ]
        let unit = physicalSize.unit ?? "\u{B5}m"
        for (axis, length) in [("X", physicalSize.x), ("Y", physicalSize.y), ("Z", physicalSize.z)]
        {
            guard let length else { continue }
            attributes.append(("PhysicalSize\(axis)", "\(length)"))
            attributes.append(("PhysicalSize\(axis)Unit", unit))
        }
        if let interval = physicalSize.t { attributes.append(("TimeIncrement", "\(interval)")) }
        let pixels = attributes.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: " ")
        let channels = (0..<c).map {
            "<Channel ID=\"Channel:0:\($0)\" SamplesPerPixel=\"\(samples)\"/>"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>\
            <OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" \
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            xsi:schemaLocation="http://www.openmicroscopy.org/Schemas/OME/2016-06 \
            http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd">\
            <Image ID="Image:0" Name="\(Self.escaped(name))"><Pixels \(pixels)>\
            \(channels.joined())<TiffData IFD="0" PlaneCount="\(c * z * t)"/>\
            </Pixels></Image></OME>
            """
    }

    /// A value of an attribute, in ASCII as the descriptions of TIFF are.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.isASCII && !"<>&\"'".unicodeScalars.contains(scalar)
                ? String(scalar) : "&#\(scalar.value);"
        }
        .joined()
    }
}

extension SampleType {
    /// The name in OME-XML.
    fileprivate var omeName: String {
        switch self {
        case .float32: "float"
        case .float64: "double"
        default: rawValue
        }
    }
}
