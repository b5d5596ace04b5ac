import Files
import Foundation
import Imaging
import Zarr

/// Opens data sets of N5, with what programs write about their axes.
enum N5Images {
    static func open(
        _ node: URL,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let array = try zarr { () throws(ZarrError) in try N5Array(opening: node) }
        let calibration = N5Calibration(array.attributes, rank: array.shape.count)
        let layout = try Containers.layout(
            of: array.shape,
            calibration.names,
            usual: ArrayLayout(shape: array.shape),
            "",
            path: node.path,
            options
        )
        let metadata = ArrayReader.Metadata(
            format: "N5",
            physicalSize: calibration.physicalSize(layout)
        )
        return try Containers.plainReader(array, metadata, layout, path: node.path, options)
    }
}

/// What the attributes of a data set say about its dimensions, slowest first.
///
/// There is no rule for them. Read are `axes`, `resolution` and `units` (fastest first, as everything in
/// N5) of n5-ij and BigDataViewer, `pixelResolution` with `dimensions` and `unit` of n5-viewer and Paintera,
/// and the `transform` of COSEM, which alone has the slowest axis first.
struct N5Calibration {
    /// Names of the dimensions; nil where the file is silent.
    let names: [String]?

    private let sizes: [Double]
    private let units: [String]

    init(_ attributes: JSONObject, rank: Int) {
        func list<Value>(_ json: JSONValue?, _ value: (JSONValue) -> Value?) -> [Value]? {
            let values = json?.array?.compactMap(value)
            return values?.count == rank ? values : nil
        }
        if let transform = attributes["transform"], let names = list(transform["axes"], \.string) {
            self.names = names
            sizes = list(transform["scale"], \.number) ?? []
            units = list(transform["units"], \.string) ?? []
            return
        }
        names = list(attributes["axes"], \.string)?.reversed()
        let pixel = attributes["pixelResolution"]
        let found =
            list(attributes["resolution"], \.number) ?? list(pixel?["dimensions"], \.number)
            ?? list(pixel, \.number)
        // Levels of n5-viewer have the size of the full resolution, and how much smaller they are.
        let factors = pixel == nil ? nil : list(attributes["downsamplingFactors"], \.number)
        sizes = zip(found ?? [], factors ?? Array(repeating: 1, count: rank)).map(*).reversed()
        let unit = pixel?["unit"]?.string ?? attributes["unit"]?.string
        units =
            list(attributes["units"], \.string)?.reversed()
            ?? unit.map { Array(repeating: $0, count: rank) } ?? []
    }

    /// The size of a pixel; without a unit where the file names none, and empty where all are 1 then.
    func physicalSize(_ layout: ArrayLayout) -> PhysicalSize {
        var size = PhysicalSize()
        guard sizes.count == layout.names.count else { return size }
        let hasUnits = units.count == sizes.count
        guard hasUnits || sizes.contains(where: { $0 != 1 }) else { return size }
        for (index, axis) in layout.names.enumerated() {
            guard sizes[index].isFinite, sizes[index] > 0 else { continue }
            if hasUnits {
                size.set(String(axis), sizes[index], unit: units[index])
            } else {
                size.setLength(String(axis), sizes[index])
            }
        }
        return size
    }
}
