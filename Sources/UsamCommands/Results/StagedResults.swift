import Files
import Foundation
import ImageFormats
import Imaging
import Prompting

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
    private var stack: StackWriters
    private var appended = 0

    /// Number of objects in all planes so far.
    private(set) var objects = 0

    /// Width and height of a plane.
    let size: Size

    /// Begins the results of an image; makes their folders.
    init(_ item: BatchItem, grid: PlaneGrid, size: Size) throws {
        self.item = item
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
    func append(_ labels: LabelImage, of image: SourceImage) throws {
        for file in item.results {
            let url = URL(filePath: Self.hidden(file.path))
            do {
                try append(labels, of: image, file.kind, to: url)
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
        objects += Set(labels.labels).subtracting([0]).count
        appended += 1
    }

    private func append(
        _ labels: LabelImage,
        of image: SourceImage,
        _ kind: ResultKind,
        to url: URL
    ) throws {
        let plane = grid.indices[appended]
        switch kind {
        case .tiff where grid.count == 1:
            try labels.writeTIFF(to: url, physicalSize: image.physicalSize)
        case .tiff:
            try stack.appendTIFF(labels, axes, image.physicalSize, to: url, isLast: isLast)
        case .omeZarr:
            try stack.appendZarr(labels, axes, place, image.physicalSize, to: url, isLast: isLast)
        case .coco:
            try labels.writeCOCO(
                to: url,
                imageName: URL(filePath: image.file).lastPathComponent
            )
        case .geoJSON:
            try labels.writeGeoJSON(to: url)
        case .imageJRegions:
            try labels.writeImageJROIs(to: url)
        case .table:
            let table = ObjectTable(
                try labels.measurements(of: image.raster),
                physicalSize: image.physicalSize,
                channelNames: image.channelNames,
                channelCount: image.raster.channels
            )
            try stack.appendTable(
                table,
                plane: grid.count > 1 ? plane : nil,
                to: url,
                isLast: isLast
            )
        case .overlay:
            let picture = try labels.overlay(on: image.raster.renderedForDisplay())
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
            if FileStatus(of: file.path)?.isFolder == true { Self.remove(file.path) }
            guard rename(Self.hidden(file.path), file.path) == 0 else {
                let reason = String(cString: strerror(errno))
                throw CommandFailure("\(file.path): can not be written: \(reason)")
            }
        }
    }

    /// Removes what was not given its name, also what an earlier run left that was killed.
    static func discard(_ items: [BatchItem]) {
        let files = items.flatMap(\.results)
        for (folder, files) in Dictionary(grouping: files, by: { FileName.folder(of: $0.path) }) {
            let names = Set(files.map { URL(filePath: $0.path).lastPathComponent })
            // A folder that is not there, or can not be listed, holds nothing of ours.
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

    private static func hidden(_ path: String) -> String {
        let name = URL(filePath: path).lastPathComponent
        return FileName.join(FileName.folder(of: path), ".\(name)\(mark)")
    }

    private static func remove(_ path: String) {
        guard let status = FileStatus(of: path) else { return }
        if status.isFolder {
            // What can not be removed is met again when its place is taken.
            try? FileManager.default.removeItem(atPath: path)
        } else {
            unlink(path)
        }
    }
}
