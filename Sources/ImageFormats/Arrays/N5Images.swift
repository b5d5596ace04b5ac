import Files
import Foundation
import Imaging
import Prompting
import Zarr

/// Opens data sets of N5, with what programs write about their axes, and groups of them that are the
/// resolution levels of one image.
enum N5Images {
    /// Whether a folder is an image: a data set, or a group of levels.
    static func isImage(_ folder: URL) -> Bool {
        N5Array.exists(at: folder) || !levels(of: folder).isEmpty
    }

    /// - Parameter node: The folder of a data set, or of a group of levels.
    static func open(
        _ node: URL,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let folders = N5Array.exists(at: node) ? [node] : levels(of: node)
        var arrays: [N5Array] = []
        for folder in folders {
            arrays.append(try zarr { () throws(ZarrError) in try N5Array(opening: folder) })
        }
        guard let array = arrays.first else { throw .severalDataSets([], path: node.path) }
        arrays.removeAll { $0.shape.count != array.shape.count || $0.shape.contains(0) }
        let group = folders == [node] ? JSONObject() : N5Array.attributes(of: node)
        let calibration = N5Calibration(array.attributes, group, rank: array.shape.count)
        var notes: [ReadingNote] = []
        let layout = try Containers.layout(
            of: array.shape,
            calibration.names,
            usual: ArrayLayout(shape: array.shape),
            "",
            path: node.path,
            options,
            &notes
        )
        let metadata = ArrayReader.Metadata(
            format: "N5",
            physicalSize: calibration.physicalSize(layout),
            notes: notes
        )
        guard !arrays.isEmpty else { throw .notAnImage("", array.shape, path: node.path) }
        return try Containers.plainReader(arrays, metadata, layout, path: node.path, options)
    }

    /// The folders `s0`, `s1` and so on of a group whose attributes, or those of `s1`, say that they are
    /// levels; none for other groups.
    private static func levels(of group: URL) -> [URL] {
        let folders = (0..<64).lazy.map { group.appending(path: "s\($0)") }
            .prefix { N5Array.exists(at: $0) }
        let found = Array(folders)
        guard found.count > 1 else { return [] }
        let said = N5Array.attributes(of: group)
        let isSaid =
            ["scales", "downsamplingFactors", "multiscales"].contains { said[$0]?.array != nil }
            || said["multiScale"]?.bool == true
            || N5Array.attributes(of: found[1])["downsamplingFactors"] != nil
        return isSaid ? found : []
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

    /// - Parameter group: The attributes of the group of levels that the data set belongs to, which say
    ///   what it does not say itself.
    init(_ own: JSONObject, _ group: JSONObject = JSONObject(), rank: Int) {
        func attribute(_ name: String) -> JSONValue? { own[name] ?? group[name] }
        func list<Value>(_ json: JSONValue?, _ value: (JSONValue) -> Value?) -> [Value]? {
            let values = json?.array?.compactMap(value)
            return values?.count == rank ? values : nil
        }
        if let transform = attribute("transform"), let names = list(transform["axes"], \.string) {
            self.names = names
            sizes = list(transform["scale"], \.number) ?? []
            units = list(transform["units"], \.string) ?? []
            return
        }
        names = list(attribute("axes"), \.string)?.reversed()
        let pixel = attribute("pixelResolution")
        let found =
            list(attribute("resolution"), \.number) ?? list(pixel?["dimensions"], \.number)
            ?? list(pixel, \.number)
        // Levels of n5-viewer have the size of the full resolution, and how much smaller they are.
        let factors = pixel == nil ? nil : list(attribute("downsamplingFactors"), \.number)
        sizes = zip(found ?? [], factors ?? Array(repeating: 1, count: rank)).map(*).reversed()
        let unit = pixel?["unit"]?.string ?? attribute("unit")?.string
        units =
            list(attribute("units"), \.string)?.reversed()
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
