import Files
import Foundation
import Zarr

/// The `multiscales` of OME-Zarr: images as arrays of falling resolution.
struct OMEZarr {
    /// One image.
    struct Image {
        var name: String
        var axisNames: [String]
        var levelPaths: [String]
        var physicalSize: PhysicalSize
        var channelNames: [String]
        var version: String
    }

    let images: [Image]

    /// Reads the attributes of a group; nil if they describe no image.
    init?(_ attributes: JSONObject) {
        // Version 0.5 has everything below `ome`.
        let ome = attributes["ome"]?.object ?? attributes
        guard let list = ome["multiscales"]?.array else { return nil }
        let channels = ome["omero"]?["channels"]?.array ?? []
        let names = channels.map { $0["label"]?.string ?? "" }
        images = list.compactMap { json in
            let version = ome["version"]?.string ?? json["version"]?.string ?? "0.4"
            return Image(json, channelNames: names, version: version)
        }
        guard !images.isEmpty else { return nil }
    }

    /// The names of the images of a container that bioformats2raw wrote; nil if it did not.
    static func seriesNames(_ group: ZarrGroup) throws(ZarrError) -> [String]? {
        let attributes = try group.attributes()
        let layout =
            attributes["bioformats2raw.layout"] ?? attributes["ome"]?["bioformats2raw.layout"]
        guard layout?.integer == 3 else { return nil }
        if group.contains("OME") {
            let own = try group.group("OME").attributes()
            let series = own["series"]?.array ?? own["ome"]?["series"]?.array
            if let names = series?.compactMap(\.string), !names.isEmpty { return names }
        }
        let numbers = try group.children().compactMap { Int($0) }.sorted()
        return numbers.map(String.init)
    }

    /// The paths of the wells of a plate; nil if the group is none.
    static func wellPaths(_ attributes: JSONObject) -> [String]? {
        (attributes["ome"]?["plate"] ?? attributes["plate"])?["wells"]?.array?
            .compactMap { $0["path"]?.string }
    }

    /// The paths of the fields of a well; nil if the group is none.
    static func fieldPaths(_ attributes: JSONObject) -> [String]? {
        (attributes["ome"]?["well"] ?? attributes["well"])?["images"]?.array?
            .compactMap { $0["path"]?.string }
    }

    /// The names of the label images of an image.
    static func labelNames(_ image: ZarrGroup) throws(ZarrError) -> [String] {
        guard image.contains("labels") else { return [] }
        let attributes = try image.group("labels").attributes()
        let names = attributes["labels"] ?? attributes["ome"]?["labels"]
        return names?.array?.compactMap(\.string) ?? []
    }
}

extension OMEZarr.Image {
    fileprivate init?(_ json: JSONValue, channelNames: [String], version: String) {
        guard let datasets = json["datasets"]?.array, !datasets.isEmpty else { return nil }
        levelPaths = datasets.compactMap { $0["path"]?.string }
        guard levelPaths.count == datasets.count else { return nil }
        let axes = json["axes"]?.array ?? []
        // Version 0.3 names axes without describing them; before, there were always five.
        axisNames =
            axes.isEmpty
            ? ["t", "c", "z", "y", "x"]
            : axes.map { axis in
                axis["name"]?.string ?? axis.string ?? ""
            }
        name = json["name"]?.string ?? ""
        self.channelNames = channelNames.allSatisfy(\.isEmpty) ? [] : channelNames
        self.version = version
        physicalSize = PhysicalSize()
        let scales = [datasets[0]["coordinateTransformations"], json["coordinateTransformations"]]
            .compactMap { $0?.array?.first { $0["type"]?.string == "scale" }?["scale"]?.array }
        for (position, axis) in axes.enumerated() where axis.object != nil {
            // Both transformations apply, one after the other.
            let scale = scales.reduce(1.0) { product, scale in
                product * (scale.indices.contains(position) ? scale[position].number ?? 1 : 1)
            }
            guard !scales.isEmpty, scale.isFinite, scale > 0 else { continue }
            physicalSize.set(axis["name"]?.string ?? "", scale, unit: axis["unit"]?.string)
        }
    }
}

extension PhysicalSize {
    /// Sets the extent along an axis, if it has a unit.
    mutating func set(_ axis: String, _ scale: Double, unit: String?) {
        guard let unit = unit.flatMap(normalizedUnit) else { return }
        if axis == "t" {
            t = scale
            timeUnit = unit
        } else if ["x", "y", "z"].contains(axis) {
            setLength(axis, scale, unit: unit)
        }
    }

    /// Sets the extent along an axis of space.
    mutating func setLength(_ axis: String, _ length: Double) {
        switch axis {
        case "x": x = length
        case "y": y = length
        case "z": z = length
        default: break
        }
    }
}
