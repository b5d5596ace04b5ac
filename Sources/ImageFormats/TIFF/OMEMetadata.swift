import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The images of an OME-XML description, as far as reading pixels needs them.
struct OMEMetadata {
    struct Image {
        var name = ""
        var dimensionOrder = "XYCZT"
        var x = 0
        var y = 0
        var z = 1
        var c = 1
        var t = 1
        var physicalSize = PhysicalSize()
        var channels: [Channel] = []
        var data: [TIFFData] = []
    }

    struct Channel {
        var name: String
        var samplesPerPixel: Int
    }

    /// Says which planes a run of pages holds.
    struct TIFFData {
        var page: Int?
        var first = PlaneIndex()
        var planeCount: Int?
        var fileName: String?
    }

    let images: [Image]

    /// Reads a description; nil if it is not OME-XML or is not well-formed.
    init?(_ text: String?) {
        guard let text, text.contains("<OME"), text.contains("openmicroscopy.org") else {
            return nil
        }
        let parser = XMLParser(data: Data(text.utf8))
        let collector = OMECollector()
        parser.delegate = collector
        parser.shouldResolveExternalEntities = false
        guard parser.parse(), !collector.images.isEmpty else { return nil }
        images = collector.images
    }
}

/// Collects attributes while the XML is read; namespace prefixes are ignored.
private final class OMECollector: NSObject, XMLParserDelegate {
    var images: [OMEMetadata.Image] = []

    func parser(
        _ parser: XMLParser,
        didStartElement elementName: String,
        namespaceURI: String?,
        qualifiedName qName: String?,
        attributes: [String: String]
    ) {
        let name = elementName.split(separator: ":").last.map(String.init) ?? elementName
        if name == "Image" {
            images.append(OMEMetadata.Image())
            images[images.count - 1].name = attributes["Name"] ?? ""
        }
        guard !images.isEmpty else { return }
        let last = images.count - 1
        switch name {
        case "Pixels": images[last].read(attributes)
        case "Channel":
            images[last].channels.append(
                OMEMetadata.Channel(
                    name: attributes["Name"] ?? "",
                    samplesPerPixel: max(1, count(attributes["SamplesPerPixel"]) ?? 1)
                )
            )
        case "TiffData": images[last].data.append(OMEMetadata.TIFFData(attributes))
        case "UUID":
            if let file = attributes["FileName"], !images[last].data.isEmpty {
                images[last].data[images[last].data.count - 1].fileName = file
            }
        default: break
        }
    }
}

extension OMEMetadata.TIFFData {
    fileprivate init(_ attributes: [String: String]) {
        page = count(attributes["IFD"])
        first = PlaneIndex(
            t: count(attributes["FirstT"]) ?? 0,
            c: count(attributes["FirstC"]) ?? 0,
            z: count(attributes["FirstZ"]) ?? 0
        )
        planeCount = count(attributes["PlaneCount"])
    }
}

extension OMEMetadata.Image {
    fileprivate mutating func read(_ attributes: [String: String]) {
        if let order = attributes["DimensionOrder"] { dimensionOrder = order }
        x = count(attributes["SizeX"]) ?? 0
        y = count(attributes["SizeY"]) ?? 0
        z = count(attributes["SizeZ"]) ?? 1
        c = count(attributes["SizeC"]) ?? 1
        t = count(attributes["SizeT"]) ?? 1
        physicalSize = PhysicalSize(
            x: length(attributes["PhysicalSizeX"]),
            y: length(attributes["PhysicalSizeY"]),
            z: length(attributes["PhysicalSizeZ"]),
            t: length(attributes["TimeIncrement"])
        )
        if physicalSize.x != nil || physicalSize.y != nil || physicalSize.z != nil {
            physicalSize.unit = normalizedUnit(attributes["PhysicalSizeXUnit"] ?? "\u{B5}m")
        }
        if physicalSize.t != nil { physicalSize.timeUnit = attributes["TimeIncrementUnit"] ?? "s" }
    }
}

/// A count that is not negative and not absurd.
private func count(_ text: String?) -> Int? {
    text.flatMap { Int($0) }.flatMap { (0...1 << 31).contains($0) ? $0 : nil }
}

private func length(_ text: String?) -> Double? {
    text.flatMap { Double($0) }.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
}
