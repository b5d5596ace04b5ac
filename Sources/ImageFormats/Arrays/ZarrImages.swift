import Files
import Foundation
import Imaging
import Prompting
import Zarr

/// Opens Zarr containers: OME-Zarr 0.4 and 0.5, those of bioformats2raw, and plain arrays.
enum ZarrImages {
    /// Whether a folder is a Zarr group or array.
    static func isNode(_ folder: URL) -> Bool { ZarrGroup.holdsNode(folder) }

    /// Whether a folder describes itself as an image of OME-Zarr, with arrays as its levels.
    static func isImage(_ folder: URL) -> Bool {
        guard isNode(folder) else { return false }
        do throws(ZarrError) {
            return OMEZarr(try ZarrGroup(opening: folder).attributes()) != nil
        } catch {
            return false
        }
    }

    /// Whether a folder is a Zarr array that can be read.
    static func isArray(_ folder: URL) -> Bool {
        guard isNode(folder) else { return false }
        do throws(ZarrError) {
            _ = try ZarrArray(opening: folder)
            return true
        } catch {
            return false
        }
    }

    static func open(
        _ node: URL,
        options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        guard let group = try group(node) else {
            return try openArray(node, options)
        }
        if let series = try zarr({ () throws(ZarrError) in try OMEZarr.seriesNames(group) }) {
            return try openSeries(series, in: group, options)
        }
        if let fields = try Plate.fields(of: group) {
            guard fields.count == 1 else { throw .severalFields(fields, path: node.path) }
            return try open(node.appending(path: fields[0]), options: options)
        }
        let attributes = try zarr { () throws(ZarrError) in try group.attributes() }
        if let images = OMEZarr(attributes)?.images {
            let names = images.map(\.name)
            let index = try checked(options.series, names.count, group)
            return try openImage(
                images[index],
                in: group,
                options,
                seriesNames: names,
                selected: index
            )
        }
        return try open(Containers.onlyImage(below: node), options: options)
    }

    /// The group in a folder; nil if it is an array.
    private static func group(_ folder: URL) throws(ImageFormatError) -> ZarrGroup? {
        if isArray(folder) { return nil }
        let oldArray = folder.appending(path: ".zarray").path
        if FileStore().size(of: oldArray) != nil { return nil }
        do throws(ZarrError) {
            return try ZarrGroup(opening: folder)
        } catch {
            // An array that cannot be read says more about why when it is opened.
            if error.kind == .cannotOpen { return nil }
            throw ImageFormatError(error)
        }
    }

    private static func openArray(
        _ folder: URL,
        _ options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let (array, attributes) = try zarr { () throws(ZarrError) in
            let array = try ZarrArray(opening: folder)
            return (array, try array.attributes())
        }
        // Zarr v2 has no names of dimensions; xarray keeps them among the attributes.
        let names = attributes["_ARRAY_DIMENSIONS"]?.array?.compactMap(\.string)
        var notes: [ReadingNote] = []
        let layout = try Containers.layout(
            of: array.shape,
            array.metadata.dimensionNames ?? (names?.count == array.shape.count ? names : nil),
            usual: ArrayLayout(shape: array.shape),
            "",
            path: folder.path,
            options,
            &notes
        )
        return try Containers.plainReader(
            [array],
            ArrayReader.Metadata(format: "Zarr", notes: notes),
            layout,
            path: folder.path,
            options
        )
    }

    /// One of the images of a container of bioformats2raw.
    private static func openSeries(
        _ names: [String],
        in group: ZarrGroup,
        _ options: ImageSource.Options
    ) throws(ImageFormatError) -> any PlaneReader {
        let index = try checked(options.series, names.count, group)
        let (child, attributes) = try zarr { () throws(ZarrError) in
            let child = try group.group(names[index])
            return (child, try child.attributes())
        }
        guard let image = OMEZarr(attributes)?.images.first else {
            throw ImageFormatError(
                .unsupported,
                path: child.url.path,
                "the series is not an image",
                advice: "choose another series"
            )
        }
        return try openImage(image, in: child, options, seriesNames: names, selected: index)
    }

    private static func openImage(
        _ image: OMEZarr.Image,
        in group: ZarrGroup,
        _ options: ImageSource.Options,
        seriesNames: [String],
        selected: Int
    ) throws(ImageFormatError) -> any PlaneReader {
        let (levels, labelNames) = try zarr { () throws(ZarrError) in
            (try existingLevels(of: image, in: group), try OMEZarr.labelNames(group))
        }
        let shape = levels[0].shape
        guard let layout = ArrayLayout(names: image.axisNames, shape: shape),
            levels.allSatisfy({ $0.shape.count == shape.count && !$0.shape.contains(0) })
        else { throw .notAnImage(image.name, shape, path: group.url.path) }
        var metadata = ArrayReader.Metadata(
            format: "OME-Zarr \(image.version)",
            physicalSize: image.physicalSize,
            channelNames: image.channelNames,
            labelNames: labelNames
        )
        let missing = image.levelPaths.count - levels.count
        if missing > 0 {
            metadata.notes.append(
                .note(
                    "\(missing) of \(image.levelPaths.count) resolution levels are missing; "
                        + "the others are used"
                )
            )
        }
        // The extents of the other series are not known without opening them.
        metadata.series = seriesNames.enumerated().map { index, name in
            SeriesDescription(
                name: name,
                axes: index == selected
                    ? layout.axes(of: shape) : ImageAxes(t: 0, c: 0, z: 0, y: 0, x: 0)
            )
        }
        return try ArrayReader(
            levels,
            layout: layout,
            metadata: metadata,
            path: group.url.path,
            options: options
        )
    }

    /// The arrays of an image, full resolution first.
    ///
    /// Copies often lack the smaller ones.
    private static func existingLevels(
        of image: OMEZarr.Image,
        in group: ZarrGroup
    ) throws(ZarrError) -> [ZarrArray] {
        var levels: [ZarrArray] = []
        for (index, path) in image.levelPaths.enumerated()
        where index == 0 || group.contains(path) {
            levels.append(try group.array(path))
        }
        return levels
    }

    private static func checked(
        _ series: Int,
        _ count: Int,
        _ group: ZarrGroup
    ) throws(ImageFormatError) -> Int {
        guard (0..<count).contains(series) else {
            throw ImageFormatError(
                .outOfRange,
                path: group.url.path,
                "there is no series \(series)",
                advice: count == 0
                    ? "the container has none" : "the container has series 0 to \(count - 1)"
            )
        }
        return series
    }
}
