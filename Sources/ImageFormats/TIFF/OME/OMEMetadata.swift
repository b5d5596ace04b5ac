import Imaging

/// The images of an OME-XML description, as far as reading pixels needs them.
///
/// Elements count only where the schema has them: those of the same names in annotations of a vendor
/// are passed over.
struct OMEMetadata {
    struct Image {
        var name = ""
        var dimensionOrder = "XYCZT"
        var x = 0
        var y = 0
        var z = 1
        /// Channels, counting the samples of each.
        var c = 1
        /// The count that the description states; nil if it states none.
        var statedC: Int?
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
        var uuid: String?
    }

    /// The images; empty where another file describes them.
    private(set) var images: [Image] = []

    /// The identity of this file among those of its set.
    private(set) var uuid: String?

    /// The file that holds the description.
    private(set) var metadataFile: String?

    /// Why the description is not well-formed XML; nil if it is.
    private(set) var problem: String?

    /// Reads a description; nil if it is not OME-XML.
    ///
    /// Without images and without another file it is one that cannot be used.
    init?(_ text: String?) {
        guard let text, text.contains("<OME") || text.contains(":OME"),
            text.hasPrefix("<") || text.contains("openmicroscopy")
        else { return nil }
        var scanner = MarkupScanner(text)
        var path: [String] = []
        while let event = scanner.next() {
            switch event {
            case .start(let name, let attributes):
                path.append(name)
                read(path, attributes)
            case .end: path.removeLast()
            }
            if path == Self.uuidPath { read(uuid: scanner.text()) }
        }
        problem = scanner.problem
    }

    private static let uuidPath = ["OME", "Image", "Pixels", "TiffData", "UUID"]

    private mutating func read(_ path: [String], _ attributes: [String: String]) {
        let last = images.count - 1
        switch path {
        case ["OME"]: uuid = attributes["UUID"]
        case ["OME", "BinaryOnly"]: metadataFile = attributes["MetadataFile"]
        case ["OME", "Image"]:
            images.append(Image())
            images[images.count - 1].name = attributes["Name"] ?? ""
        case ["OME", "Image", "Pixels"]: images[last].read(attributes)
        case ["OME", "Image", "Pixels", "Channel"]:
            let samples = max(1, count(attributes["SamplesPerPixel"]) ?? 1)
            let channel = Channel(name: attributes["Name"] ?? "", samplesPerPixel: samples)
            images[last].channels.append(channel)
        case ["OME", "Image", "Pixels", "TiffData"]: images[last].data.append(TIFFData(attributes))
        case Self.uuidPath:
            images[last].data[images[last].data.count - 1].fileName = attributes["FileName"]
        default: break
        }
    }

    private mutating func read(uuid: String) {
        let last = images.count - 1
        images[last].data[images[last].data.count - 1].uuid = uuid
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
        statedC = count(attributes["SizeC"])
        c = statedC ?? 1
        t = count(attributes["SizeT"]) ?? 1
        physicalSize = PhysicalSize(t: length(attributes["TimeIncrement"]))
        for axis in ["x", "y", "z"] {
            let name = "PhysicalSize" + axis.uppercased()
            let unit = attributes[name + "Unit"] ?? "\u{B5}m"
            physicalSize.setLength(axis, length(attributes[name]), unit: unit)
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
