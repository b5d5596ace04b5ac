import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The results of one image while they are made: beside their places, under hidden names.
///
/// Nothing takes its place before all of them are complete.
final class StagedResults {
    private let item: BatchItem
    private let grid: PlaneGrid
    private let model: String
    private var stack: StackWriters
    private var appended = 0

    /// Number of objects in all planes so far.
    private(set) var objects = 0

    /// The labels of a volume so far, whose objects go through several planes.
    private var volumeLabels: Set<UInt32> = []

    /// Whether the planes are the slices of a volume, whose objects are measured as a whole.
    private let isVolume: Bool

    /// How the labels were joined from tiles, if they were.
    private(set) var joined: (tiles: Int, reusedTiles: Int)?

    /// Width and height of a plane.
    let size: Size

    /// Begins the results of an image; makes their folders.
    ///
    /// - Parameter model: The name of the model, for tables.
    init(_ item: BatchItem, grid: PlaneGrid, size: Size, model: String, isVolume: Bool = false)
        throws
    {
        self.item = item
        self.isVolume = isVolume
        self.model = model
        self.grid = grid
        self.size = size
        stack = StackWriters()
        for file in item.results {
            try OutputPlan.makeFolder(for: file.path)
            Self.remove(Self.hidden(file.path))
        }
    }

    /// Whether all planes were added.
    var isComplete: Bool { appended == grid.count }

    /// Adds the objects of the next plane, time points slowest.
    func append(_ labels: PlaneLabels, of plane: BatchPlane, _ work: Work) throws {
        let content = PlaneContent(labels, plane, work)
        for file in item.results {
            let url = URL(filePath: Self.hidden(file.path))
            do {
                try append(content, file, to: url)
            } catch let error as ImageFormatError where error.path == url.path {
                // The user knows the file by its final name only.
                throw ImageFormatError(
                    error.kind,
                    path: file.path,
                    error.problem,
                    advice: error.advice
                )
            }
        }
        if isVolume {
            volumeLabels.formUnion(try content.labelImage().objectLabels())
            objects = volumeLabels.count
        } else {
            objects += labels.objectCount
        }
        if case .joined(let stitched) = labels {
            joined = (stitched.blocking.count, stitched.reusedTiles)
        }
        appended += 1
    }

    private func append(_ content: PlaneContent, _ file: ResultFile, to url: URL) throws {
        let kind = file.kind
        let isOME = TIFFWriter.namesOME(file.path)
        let plane = grid.indices[appended]
        let source = content.plane.source
        let physicalSize = source.physicalSize
        if grid.count == 1, case .joined(let labels) = content.labels,
            [.tiff, .omeZarr].contains(kind)
        {
            let writer = BlockLabelWriter(
                url,
                isZarr: kind == .omeZarr,
                physicalSize,
                isOME: isOME
            )
            return try writer.write(labels, content.work)
        }
        let labels = try content.labelImage()
        switch kind {
        case .tiff where grid.count == 1:
            try labels.writeTIFF(to: url, physicalSize: physicalSize, isOME: isOME)
        case .tiff:
            try stack.appendTIFF(
                labels,
                axes,
                physicalSize,
                to: url,
                isOME: isOME,
                isLast: isLast
            )
        case .omeZarr:
            try stack.appendZarr(labels, axes, place, physicalSize, to: url, isLast: isLast)
        case .coco:
            let name = URL(filePath: source.file).lastPathComponent
            if grid.count == 1 { return try labels.writeCOCO(to: url, imageName: name) }
            try stack.appendMasks(labels, plane, imageName: name, to: url, isLast: isLast)
        case .geoJSON:
            if grid.count == 1 { return try labels.writeGeoJSON(to: url) }
            try stack.appendOutlines(labels, plane, to: url, isLast: isLast)
        case .imageJRegions:
            if grid.count == 1 { return try labels.writeImageJROIs(to: url) }
            try stack.appendRegions(labels, axes, place, to: url, isLast: isLast)
        case .table:
            let raster = try content.raster()
            if isVolume {
                return try stack.appendVolume(
                    labels,
                    raster,
                    of: source,
                    TableOrigin(image: item.name, model: model),
                    to: url,
                    isLast: isLast
                )
            }
            let table = ObjectTable(
                try labels.measurements(of: raster),
                physicalSize: physicalSize,
                channelNames: source.channelNames,
                channelCount: raster.channels
            )
            try stack.appendTable(
                table,
                plane: grid.count > 1 ? plane : nil,
                TableOrigin(image: item.name, model: model),
                to: url,
                isLast: isLast
            )
        case .stl, .obj:
            try stack.appendMeshes(kind, labels, physicalSize, appended, to: url, isLast: isLast)
        case .overlay:
            let picture = try labels.overlay(on: content.raster().renderedForDisplay())
            if file.path.hasSuffix(ResultKind.stackOverlayEnding) {
                return try stack.appendPicture(picture, axes, to: url, isLast: isLast)
            }
            try AnyRaster.uint8(picture).writePNG(to: url)
        }
    }

    /// The axes of the stack of label images.
    private var axes: ImageAxes {
        ImageAxes(t: grid.timePoints.count, z: grid.slices.count, y: size.height, x: size.width)
    }

    /// Where the present plane is in the stack.
    private var place: PlaneIndex {
        PlaneIndex(t: appended / grid.slices.count, z: appended % grid.slices.count)
    }

    private var isLast: Bool { appended == grid.count - 1 }

    // MARK: - The end

    /// The hashes of all files, in their order.
    func digests() throws -> [String] {
        try item.results.map { try ContentDigest.digest(of: Self.hidden($0.path)) }
    }

    /// Gives all files their names; the first one comes last, so that it stands for all.
    func commit() throws {
        for file in item.results.reversed() {
            if FileStatus(of: file.path)?.isFolder == true {
                // Somebody may have put it there after the names were decided.
                guard !file.replacesOther else {
                    throw OutputPlanError.replacedContainer(result: file.path)
                }
                Self.remove(file.path)
            }
            do throws(FileError) {
                try OpenFile.rename(Self.hidden(file.path), to: file.path, .durable)
            } catch {
                throw StagingError.unnamed(file: file.path, reason: error.reason)
            }
        }
    }

    /// Removes what was not given its name, also what an earlier run left that was killed.
    static func discard(_ items: [BatchItem]) {
        let files = items.flatMap(\.results)
        for (folder, files) in Dictionary(grouping: files, by: { FileName.folder(of: $0.path) }) {
            let names = Set(files.map { URL(filePath: $0.path).lastPathComponent })
            // A folder that is not there, or cannot be listed, holds nothing of ours.
            let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for entry in entries {
                guard let mark = entry.range(of: mark) else { continue }
                // Writers, too, write beside and rename; their names have one more dot in front.
                if names.contains(String(entry[..<mark.lowerBound].drop { $0 == "." })) {
                    remove(FileName.join(folder, entry))
                }
            }
        }
    }

    /// The end of the names of what is not complete.
    private static let mark = ".usam-part"

    /// The place of a file that is needed while the results of an image are made, and that ``discard(_:)`` removes.
    static func scratch(_ item: BatchItem, _ name: String) -> String {
        "\(hidden(item.output)).\(name)"
    }

    private static func hidden(_ path: String) -> String {
        let name = URL(filePath: path).lastPathComponent
        return FileName.join(FileName.folder(of: path), ".\(name)\(mark)")
    }

    private static func remove(_ path: String) {
        guard let status = FileStatus(of: path) else { return }
        if status.isFolder {
            // What cannot be removed is met again when its place is taken.
            try? FileManager.default.removeItem(atPath: path)
        } else {
            unlink(path)
        }
    }
}

/// A plane with its labels while results are written; what several results need is made once.
private final class PlaneContent {
    let labels: PlaneLabels
    let plane: BatchPlane
    let work: Work
    private var image: LabelImage?
    private var pixels: AnyRaster?

    init(_ labels: PlaneLabels, _ plane: BatchPlane, _ work: Work) {
        self.labels = labels
        self.plane = plane
        self.work = work
        pixels = plane.raster
    }

    func labelImage() throws -> LabelImage {
        let found = try image ?? labels.labelImage(work)
        image = found
        return found
    }

    /// The pixels as stored, which were perhaps not read as a whole yet.
    func raster() throws -> AnyRaster {
        let found = try pixels ?? plane.source.read()
        pixels = found
        return found
    }
}
