import Files
public import Foundation
public import Imaging
public import Zarr

/// Writes a label image of any size region by region as OME-Zarr, alone or among the labels of an
/// image.
///
/// Chunks appear whole or not at all, so a run that was killed can go on with those that are missing.
/// Other programs see the label image when ``finish()`` has written its description. Several
/// threads may write regions that have no chunk in common.
///
/// ```swift
/// let axes = ImageAxes(y: 20_000, x: 20_000)
/// let writer = try OMEZarrLabelWriter(creating: url, axes: axes)
/// for tile in tiles { try writer.write(tile.labels, in: tile.region) }
/// try writer.finish()
/// ```
public struct OMEZarrLabelWriter: Sendable {
    /// How labels are stored.
    public struct Options: Hashable, Sendable {
        /// The version of OME-Zarr.
        public enum Version: String, Hashable, Codable, Sendable {
            /// Zarr v2; what most programs read.
            case v04 = "0.4"
            /// Zarr v3.
            case v05 = "0.5"
        }

        /// The version of OME-Zarr; label images of an image have the version of the image.
        public var version: Version

        /// Side of the square chunks in pixels; each plane has chunks of its own.
        public var chunkSide: Int

        /// Size of a voxel.
        public var physicalSize: PhysicalSize

        /// The version of Zarr.
        fileprivate var format: ZarrFormat { version == .v04 ? .v2 : .v3 }

        /// Creates options.
        public init(
            version: Version = .v04,
            chunkSide: Int = 512,
            physicalSize: PhysicalSize = PhysicalSize()
        ) {
            self.version = version
            self.chunkSide = chunkSide
            self.physicalSize = physicalSize
        }
    }

    /// Extents of the label image; `c` is 1.
    public let axes: ImageAxes

    /// The folder of the label image; in memory, where it begins.
    public var url: URL { group.url }

    private let group: ZarrGroup
    private let array: ZarrArray
    private let options: Options

    /// The group `labels` of the image, and the name in it.
    private let place: (labels: ZarrGroup, name: String)?

    /// Begins a label image of its own, or goes on with one of the same shape that was not finished.
    ///
    /// - Parameters:
    ///   - url: The folder to be created, usually ending in `.ome.zarr`.
    ///   - axes: Extents; `c` must be 1.
    ///   - sampleType: `.uint16` or `.uint32`.
    public init(
        creating url: URL,
        axes: ImageAxes,
        sampleType: SampleType = .uint32,
        options: Options = Options()
    ) throws(ImageFormatError) {
        let group = try zarr { () throws(ZarrError) in
            if ZarrImages.isNode(url) { return try ZarrGroup(opening: url) }
            return try ZarrGroup.create(at: url, format: options.format)
        }
        try self.init(group, axes, sampleType, options, place: nil)
    }

    /// Begins a label image in memory, which ``MemoryStore/archive()`` makes a file of.
    ///
    /// - Parameters:
    ///   - memory: Where it lies; nothing may lie there already.
    ///   - axes: Extents; `c` must be 1.
    ///   - sampleType: `.uint16` or `.uint32`.
    public init(
        creating memory: MemoryStore,
        axes: ImageAxes,
        sampleType: SampleType = .uint32,
        options: Options = Options()
    ) throws(ImageFormatError) {
        let group = try zarr { () throws(ZarrError) in
            try ZarrGroup.create(at: memory.root, in: memory, format: options.format)
        }
        try self.init(group, axes, sampleType, options, place: nil)
    }

    /// Begins a label image among the labels of an OME-Zarr image, or goes on with one.
    ///
    /// - Parameters:
    ///   - image: The folder of the image.
    ///   - name: The name of the label image, without slashes.
    ///   - axes: Extents; `c` must be 1.
    ///   - sampleType: `.uint16` or `.uint32`.
    public init(
        addingTo image: URL,
        name: String,
        axes: ImageAxes,
        sampleType: SampleType = .uint32,
        options: Options = Options()
    ) throws(ImageFormatError) {
        guard !name.contains("/") else {
            throw ImageFormatError(
                .invalidPixels,
                path: image.path,
                "the name '\(name)' of a label image",
                advice: "use a name without slashes"
            )
        }
        let (labels, group, format) = try zarr { () throws(ZarrError) in
            let image = try ZarrGroup(opening: image)
            let labels =
                image.contains("labels")
                ? try image.group("labels") : try image.createGroup("labels")
            let group =
                labels.contains(name)
                ? try labels.group(name) : try labels.createGroup(name)
            return (labels, group, image.format)
        }
        var options = options
        options.version = format == .v2 ? .v04 : .v05
        try self.init(group, axes, sampleType, options, place: (labels, name))
    }

    private init(
        _ group: ZarrGroup,
        _ axes: ImageAxes,
        _ sampleType: SampleType,
        _ options: Options,
        place: (labels: ZarrGroup, name: String)?
    ) throws(ImageFormatError) {
        guard axes.c == 1, sampleType == .uint16 || sampleType == .uint32, options.chunkSide > 0,
            [axes.t, axes.z, axes.y, axes.x].allSatisfy({ $0 > 0 })
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: group.url.path,
                "labels of \(axes) as \(sampleType)",
                advice: "use one channel, positive extents, and uint16 or uint32"
            )
        }
        let names = axisNames(axes)
        let shape = names.map { extent($0, axes) }
        let side = options.chunkSide
        let chunks = names.map { $0 == "y" ? min(side, axes.y) : $0 == "x" ? min(side, axes.x) : 1 }
        let type: ZarrDataType = sampleType == .uint16 ? .uint16 : .uint32
        array = try zarr { () throws(ZarrError) in
            if group.contains("0") {
                let array = try group.array("0")
                let isSame =
                    array.shape == shape && array.metadata.dataType == type
                    && array.metadata.chunkShape == chunks
                guard isSame else {
                    throw ZarrError(
                        .exists,
                        path: array.url.path,
                        "an array of another shape or type exists",
                        advice: "remove it, or choose another name"
                    )
                }
                return array
            }
            return try group.createArray(
                "0",
                shape: shape,
                dataType: type,
                options: ZarrGroup.ArrayOptions(
                    chunkShape: chunks,
                    compression: options.version == .v04
                        ? .blosc(ZarrCompression.Blosc(compressor: "zstd", level: 3))
                        : .zstd(level: 3),
                    dimensionNames: options.version == .v05 ? names : nil,
                    separator: "/"
                )
            )
        }
        self.group = group
        self.axes = axes
        self.options = options
        self.place = place
    }

    /// Writes the labels of a plane, or of a region of it.
    ///
    /// Regions of whole chunks (multiples of the chunk side, or up to the edge of the image) cost no
    /// reading.
    ///
    /// - Throws: ``ImageFormatError`` of kind `invalidPixels` if the region has another size, it leaves the
    ///   image, or a label needs more than 16 bits where that was chosen; `cannotWrite` if the disk refuses.
    public func write(
        _ labels: LabelImage,
        to plane: PlaneIndex = PlaneIndex(),
        in region: Region? = nil
    ) throws(ImageFormatError) {
        let region = region ?? Region(labels.size)
        guard axes.contains(plane), region.size == labels.size,
            region.isInside(Size(width: axes.x, height: axes.y))
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: url.path,
                "\(labels.size) labels at (\(region.x), \(region.y))",
                advice: "the image has \(axes.x) x \(axes.y) pixels"
            )
        }
        let isNarrow = array.metadata.dataType == .uint16
        if isNarrow, let largest = labels.labels.max(), largest > UInt32(UInt16.max) {
            throw ImageFormatError(
                .invalidPixels,
                path: url.path,
                "the label \(largest) does not fit 16 bits",
                advice: "write uint32"
            )
        }
        let bytes =
            isNarrow
            ? labels.labels.map { UInt16(truncatingIfNeeded: $0) }.withUnsafeBytes(Array.init)
            : labels.labels.withUnsafeBytes(Array.init)
        let block = zarrRegion(plane, region)
        try zarr { () throws(ZarrError) in try array.write(bytes, to: block) }
    }

    /// Writes the description by which other programs find the labels.
    public func finish() throws(ImageFormatError) {
        try zarr { () throws(ZarrError) in
            try group.setAttributes(attributes)
            guard let place else { return }
            var list = try place.labels.attributes()
            let isNew = options.version == .v05
            let names = isNew ? list["ome"]?["labels"]?.array : list["labels"]?.array
            var all = names ?? []
            if !all.contains(.string(place.name)) { all.append(.string(place.name)) }
            if isNew {
                var ome = list["ome"]?.object ?? ["version": "0.5"]
                ome["labels"] = .array(all)
                list["ome"] = .object(ome)
            } else {
                list["labels"] = .array(all)
            }
            try place.labels.setAttributes(list)
        }
    }

    private func zarrRegion(_ plane: PlaneIndex, _ region: Region) -> ZarrRegion {
        let parts = axisNames(axes).map { name -> (Int, Int) in
            switch name {
            case "t": (plane.t, 1)
            case "z": (plane.z, 1)
            case "y": (region.y, region.height)
            default: (region.x, region.width)
            }
        }
        return ZarrRegion(start: parts.map(\.0), shape: parts.map(\.1))
    }
}

// MARK: - Description

extension OMEZarrLabelWriter {
    private var attributes: JSONObject {
        let size = options.physicalSize
        let names = axisNames(axes)
        let described = names.map { name -> JSONValue in
            var axis: JSONObject = ["name": .string(name), "type": name == "t" ? "time" : "space"]
            let unit = name == "t" ? size.timeUnit.map(fullUnit) : size.unit.map(fullUnit)
            if let unit, scale(name) != nil { axis["unit"] = .string(unit) }
            return .object(axis)
        }
        let scales = names.map { JSONValue.number(scale($0) ?? 1) }
        var image: JSONObject = [
            "name": .string(place?.name ?? "labels"), "axes": .array(described),
            "datasets": [
                [
                    "path": "0",
                    "coordinateTransformations": [["type": "scale", "scale": .array(scales)]],
                ]
            ],
        ]
        var label: JSONObject = [:]
        if place != nil { label["source"] = ["image": "../../"] }
        if options.version == .v05 {
            return [
                "ome": [
                    "version": "0.5", "multiscales": [.object(image)],
                    "image-label": .object(label),
                ]
            ]
        }
        image["version"] = "0.4"
        label["version"] = "0.4"
        return ["multiscales": [.object(image)], "image-label": .object(label)]
    }

    private func scale(_ axis: String) -> Double? {
        let size = options.physicalSize
        return switch axis {
        case "t": size.t
        case "z": size.z
        case "y": size.y
        default: size.x
        }
    }
}

/// Units as OME-Zarr names them (UDUNITS-2), in full.
private func fullUnit(_ unit: String) -> String {
    let names = [
        "\u{B5}m": "micrometer", "nm": "nanometer", "mm": "millimeter", "s": "second",
        "ms": "millisecond", "min": "minute",
    ]
    return names[unit] ?? unit
}

private func axisNames(_ axes: ImageAxes) -> [String] {
    (axes.t > 1 ? ["t"] : []) + (axes.z > 1 ? ["z"] : []) + ["y", "x"]
}

private func extent(_ name: String, _ axes: ImageAxes) -> Int {
    switch name {
    case "t": axes.t
    case "z": axes.z
    case "y": axes.y
    default: axes.x
    }
}

extension LabelImage {
    /// The labels as a zip archive of an OME-Zarr container: what ``OMEZarrLabelWriter`` writes into a folder.
    ///
    /// Labels have 16 bits if every one fits, else 32.
    ///
    /// - Throws: ``ImageFormatError`` if the archive would exceed 4 GiB.
    public func omeZarrData(
        options: OMEZarrLabelWriter.Options = OMEZarrLabelWriter.Options()
    ) throws(ImageFormatError) -> Data {
        let isNarrow = (labels.max() ?? 0) <= UInt32(UInt16.max)
        let memory = MemoryStore()
        let writer = try OMEZarrLabelWriter(
            creating: memory,
            axes: ImageAxes(y: size.height, x: size.width),
            sampleType: isNarrow ? .uint16 : .uint32,
            options: options
        )
        try writer.write(self)
        try writer.finish()
        do throws(ZipError) {
            return Data(try memory.archive())
        } catch {
            throw ImageFormatError(writing: error)
        }
    }
}
