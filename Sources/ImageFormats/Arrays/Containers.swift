import Foundation
import Imaging
import Prompting
import Zarr

/// Opens what is not one file with one image: N5 and HDF5 containers, and by way of ``ZarrImages``
/// Zarr.
enum Containers {
    /// Opens a zip archive as the folder that it holds.
    ///
    /// - Throws: ``ImageFormatError`` of kind `unknownFormat` if it is damaged or an archive of something else,
    ///   as checkpoints and regions of ImageJ are.
    static func openArchive(
        _ url: URL,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        do throws(ZarrError) {
            _ = try FileStore().names(in: url.path)
        } catch {
            throw ImageFormatError(
                .unknownFormat,
                path: url.path,
                error.problem,
                advice: error.advice
            )
        }
        guard ZarrImages.isNode(url) || !images(below: url).isEmpty else {
            throw ImageFormatError(
                .unknownFormat,
                path: url.path,
                "a zip archive without an image",
                advice: "Zarr and N5 are read from archives; unpack others"
            )
        }
        return try openFolder(url, options: options)
    }

    /// Opens a folder, or an archive of one, as Zarr or N5.
    static func openFolder(
        _ url: URL,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let node = try node(url, options.dataset)
        if ZarrImages.isNode(node) { return try ZarrImages.open(node, options: options) }
        if N5Images.isImage(node) { return try N5Images.open(node, options: options) }
        guard !images(below: node).isEmpty || N5Array.isContainer(at: url) else {
            throw ImageFormatError(
                .cannotOpen,
                path: node.path,
                "a folder that is not a Zarr or N5 container",
                advice: "name an image file"
            )
        }
        let found = try onlyImage(below: node)
        return ZarrImages.isNode(found)
            ? try ZarrImages.open(found, options: options)
            : try N5Images.open(found, options: options)
    }

    /// The folder of the only image below a folder.
    ///
    /// - Throws: ``ImageFormatError`` with the names if there are several.
    static func onlyImage(below folder: URL) throws(ImageFormatError) -> URL {
        let names = images(below: folder)
        guard names.count == 1 else { throw .severalDataSets(names, path: folder.path) }
        return folder.appending(path: names[0])
    }

    /// Opens an HDF5 file.
    static func openHDF5(
        _ input: InputFile,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let file = HDF5File(path: input.path)
        let image: HDF5File.Image
        if let chosen = options.dataset {
            image = HDF5File.Image(name: chosen, levels: try file.levels(of: chosen))
        } else {
            image = try file.image()
        }
        let name = image.name
        let dataSet = try HDF5DataSet(name, in: file)
        var notes = image.notes
        if options.dimensionNames == nil || !dataSet.isColumnMajor { notes += dataSet.notes }
        let layout = try layout(
            of: dataSet.shape,
            dataSet.dimensionNames,
            usual: dataSet.isColumnMajor
                ? ArrayLayout(columnMajor: dataSet.shape) : ArrayLayout(shape: dataSet.shape),
            name,
            path: input.path,
            options,
            &notes
        )
        let metadata = ArrayReader.Metadata(
            format: "HDF5",
            physicalSize: dataSet.physicalSize(layout),
            notes: notes,
            byteCount: input.byteCount
        )
        var levels = [dataSet]
        for level in image.levels {
            // A level that is damaged is no reason to refuse the image.
            guard let found = try? HDF5DataSet(level, in: file), found.isReduction(of: dataSet)
            else {
                break
            }
            levels.append(found)
        }
        return try plainReader(levels, metadata, layout, path: input.path, options, name: name)
    }

    /// Reads an array of a known layout, and smaller ones that are its levels.
    static func plainReader(
        _ levels: [any ArraySource],
        _ metadata: ArrayReader.Metadata,
        _ layout: ArrayLayout,
        path: String,
        _ options: ImageSource.Options,
        name: String = ""
    ) throws(ImageFormatError) -> any PlaneReader {
        guard options.series == 0 else { throw .noSuchSeries(options.series, path: path) }
        var metadata = metadata
        let axes = layout.axes(of: levels[0].shape)
        metadata.series = [SeriesDescription(name: name, axes: axes)]
        return try ArrayReader(
            levels,
            layout: layout,
            metadata: metadata,
            path: path,
            options: options
        )
    }

    /// What the dimensions of an array are: what the caller says, else what the file says, else what is
    /// usual where files are silent.
    ///
    /// Names that are axes but make no image are an error: to guess something else from the shape
    /// would take a channel for columns. Where only some dimensions have names, the others are guessed, which
    /// is noted.
    static func layout(
        of shape: [Int],
        _ stored: [String]?,
        usual: ArrayLayout?,
        _ name: String,
        path: String,
        _ options: ImageSource.Options,
        _ notes: inout [ReadingNote]
    ) throws(ImageFormatError) -> ArrayLayout {
        if let asked = options.dimensionNames {
            guard let layout = ArrayLayout(names: asked, shape: shape) else {
                throw .wrongDimensions(asked, shape, path: path)
            }
            return layout
        }
        if let stored, let layout = ArrayLayout(names: stored, shape: shape) { return layout }
        if let stored, ArrayLayout.namesSome(stored),
            let layout = ArrayLayout(partialNames: stored, shape: shape)
        {
            notes.append(.note(layout.partialNote(stored)))
            return layout
        }
        if let stored, ArrayLayout.namesSome(stored) || ArrayLayout.namesPlane(stored),
            !shape.contains(0)
        {
            throw .unknownAxes(stored, shape, path: path)
        }
        guard let usual else { throw .notAnImage(name, shape, path: path) }
        return usual
    }

    /// The folder of a data set; names cannot lead out of the container.
    private static func node(_ url: URL, _ dataset: String?) throws(ImageFormatError) -> URL {
        guard let dataset else { return url }
        let parts = dataset.split(separator: "/")
        guard parts.allSatisfy({ $0 != "." && $0 != ".." }), !dataset.utf8.contains(0) else {
            throw ImageFormatError(
                .outOfRange,
                path: url.path,
                "there is no data set '\(dataset)'",
                advice: "name a data set inside the container"
            )
        }
        return url.appending(path: parts.joined(separator: "/"))
    }

    /// The names of the images, arrays and data sets below a folder, sorted; of very deep ones none.
    ///
    /// An image of OME-Zarr or N5 is one, whatever lies below it.
    static func images(below folder: URL, depth: Int = 4) -> [String] {
        guard depth > 0 else { return [] }
        return ZarrGroup.folders(in: folder).flatMap { name -> [String] in
            let child = folder.appending(path: name)
            let isOne =
                ZarrImages.isArray(child) || ZarrImages.isImage(child) || N5Images.isImage(child)
            if isOne { return [name] }
            return images(below: child, depth: depth - 1).map { "\(name)/\($0)" }
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
        several("data sets", names, path: path)
            ?? ImageFormatError(.outOfRange, path: path, "there is no data set of numbers")
    }

    /// A plate or a well with several fields, or none, of which the caller named none.
    static func severalFields(_ names: [String], path: String) -> ImageFormatError {
        several("fields", names, path: path)
            ?? ImageFormatError(.outOfRange, path: path, "the plate has no fields")
    }

    private static func several(
        _ what: String,
        _ names: [String],
        path: String
    ) -> ImageFormatError? {
        guard let first = names.first else { return nil }
        let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
        return ImageFormatError(
            .outOfRange,
            path: path,
            "there are several \(what): \(shown)",
            advice: "name one, as \(path)#\(first)"
        )
    }

    /// A data set in the name of the file, and another one beside it.
    static func namedTwice(_ one: String, _ other: String, path: String) -> ImageFormatError {
        ImageFormatError(
            .outOfRange,
            path: path,
            "the data set is named twice, as '\(one)' after the file and as '\(other)'",
            advice: "leave one of the names out"
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
            advice: "name each dimension once, with t, c, z, y, x, or s for the colours of a pixel"
        )
    }

    /// Axes of a file that are no image.
    static func unknownAxes(_ names: [String], _ shape: [Int], path: String) -> ImageFormatError {
        ImageFormatError(
            .unsupported,
            path: path,
            "the array of shape \(shape) has the axes \(names.joined(separator: ", ")), some of "
                + "which are unknown",
            advice:
                "name its dimensions by hand, with t, c, z, y, x, or s for the colours of a pixel"
        )
    }

    /// An array that has no rows and columns.
    static func notAnImage(_ name: String, _ shape: [Int], path: String) -> ImageFormatError {
        ImageFormatError(
            .unsupported,
            path: path,
            "the array \(name.isEmpty ? "" : "'\(name)' ")of shape \(shape) is not an image",
            advice: "only arrays of 2 to 5 dimensions that end in y and x are read"
        )
    }
}
