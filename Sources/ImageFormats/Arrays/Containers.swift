import Foundation
import Imaging
import Zarr

/// Opens what is not one file with one image: N5 and HDF5 containers, and by way of ``ZarrImages``
/// Zarr.
enum Containers {
    /// Opens a folder as Zarr or N5.
    static func openFolder(
        _ url: URL,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let node = try node(url, options.dataset)
        if ZarrImages.isNode(node) { return try ZarrImages.open(node, options: options) }
        if N5Array.exists(at: node) {
            let array = try zarr { () throws(ZarrError) in try N5Array(opening: node) }
            return try plainReader(array, "N5", path: node.path, options)
        }
        let names = arrays(below: node)
        guard !names.isEmpty || N5Array.isContainer(at: url) else {
            throw ImageFormatError(
                .cannotOpen,
                path: node.path,
                "a folder, and no Zarr or N5 container",
                advice: "name an image file"
            )
        }
        throw .severalDataSets(names, path: url.path)
    }

    /// Opens an HDF5 file.
    static func openHDF5(
        _ input: InputFile,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let file = HDF5File(path: input.path)
        let name: String
        if let dataset = options.dataset {
            name = dataset
        } else {
            let names = try file.names()
            guard names.count == 1 else { throw .severalDataSets(names, path: input.path) }
            name = names[0]
        }
        let dataSet = try HDF5DataSet(name, in: file, path: input.path)
        return try plainReader(
            dataSet,
            "HDF5",
            path: input.path,
            options,
            name: name,
            byteCount: input.byteCount
        )
    }

    /// Reads an array of which nothing is known but its shape, and perhaps names of its dimensions.
    static func plainReader(
        _ array: any ArraySource,
        _ format: String,
        path: String,
        _ options: ImageSource.Options,
        name: String = "",
        dimensionNames: [String]? = nil,
        byteCount: Int = 0
    ) throws(ImageFormatError) -> any PlaneReader {
        guard options.series == 0 else { throw .noSuchSeries(options.series, path: path) }
        let named = dimensionNames.flatMap { ArrayLayout(names: $0, shape: array.shape) }
        let asked = options.dimensionNames.map { ArrayLayout(names: $0, shape: array.shape) }
        if let asked, asked == nil {
            throw .wrongDimensions(options.dimensionNames ?? [], array.shape, path: path)
        }
        guard let layout = asked ?? named ?? ArrayLayout(shape: array.shape) else {
            throw .notAnImage(name, array.shape, path: path)
        }
        var metadata = ArrayReader.Metadata(format: format, byteCount: byteCount)
        metadata.series = [SeriesDescription(name: name, axes: layout.axes(of: array.shape))]
        return try ArrayReader(
            [array],
            layout: layout,
            metadata: metadata,
            path: path,
            options: options
        )
    }

    /// The folder of a data set; names can not lead out of the container.
    private static func node(_ url: URL, _ dataset: String?) throws(ImageFormatError) -> URL {
        guard let dataset else { return url }
        let parts = dataset.split(separator: "/")
        guard parts.allSatisfy({ $0 != "." && $0 != ".." }), !dataset.utf8.contains(0) else {
            throw ImageFormatError(
                .outOfRange,
                path: url.path,
                "the data set '\(dataset)' was asked for",
                advice: "name a data set inside of the container"
            )
        }
        return url.appending(path: parts.joined(separator: "/"))
    }

    /// The names of the arrays and data sets below a folder, sorted; of very deep ones none.
    static func arrays(below folder: URL, depth: Int = 4) -> [String] {
        guard depth > 0 else { return [] }
        return folders(in: folder).flatMap { name -> [String] in
            let child = folder.appending(path: name)
            if ZarrImages.isArray(child) || N5Array.exists(at: child) { return [name] }
            return arrays(below: child, depth: depth - 1).map { "\(name)/\($0)" }
        }
    }

    /// The folders in a folder; none where it can not be listed.
    private static func folders(in folder: URL) -> [String] {
        do {
            let contents = try FileManager.default.contentsOfDirectory(
                at: folder,
                includingPropertiesForKeys: [.isDirectoryKey]
            )
            return try contents.filter {
                try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
            }.map(\.lastPathComponent).sorted()
        } catch {
            return []
        }
    }
}

/// Calls into Zarr; its errors become those of images.
func zarr<Value>(
    _ body: () throws(ZarrError) -> Value
) throws(ImageFormatError) -> Value {
    do throws(ZarrError) {
        return try body()
    } catch {
        throw ImageFormatError(error)
    }
}

extension ImageFormatError {
    /// A container with several arrays, or none, of which the caller named none.
    static func severalDataSets(_ names: [String], path: String) -> ImageFormatError {
        guard let first = names.first else {
            return ImageFormatError(.outOfRange, path: path, "there is no data set of numbers")
        }
        let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
        return ImageFormatError(
            .outOfRange,
            path: path,
            "there are several data sets: \(shown)",
            advice: "name one, as \(URL(filePath: path).lastPathComponent)#\(first)"
        )
    }

    /// Names of dimensions that do not fit an array.
    static func wrongDimensions(_ names: [String], _ shape: [Int], path: String)
        -> ImageFormatError
    {
        ImageFormatError(
            .outOfRange,
            path: path,
            "the dimensions '\(names.joined())' do not fit an array of shape \(shape)",
            advice: "name each once, of t, c, z, y, x and s for the colours of a pixel; y comes "
                + "before x, and only s after it"
        )
    }

    /// An array that has no rows and columns.
    static func notAnImage(_ name: String, _ shape: [Int], path: String) -> ImageFormatError {
        ImageFormatError(
            .unsupported,
            path: path,
            "the array \(name.isEmpty ? "" : "'\(name)' ")of shape \(shape) is no image",
            advice: "arrays of 2 to 5 dimensions, the last of which are y and x, are read"
        )
    }
}
