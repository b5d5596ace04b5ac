import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation
import Volumes

/// The slices of a volume until all are segmented and can be merged, along each of its axes.
///
/// Their labels lie in working folders beside the first result, so that a run that was killed goes on with the slices
/// that are missing. Memory holds one slice and the graphs of the objects.
final class VolumeStaging {
    private let options: VolumeOptions
    private let axes: [VolumeOptions.Axis]
    private let makeStore: (VolumeOptions.Axis, Size) throws -> SliceStore
    private var merging: [VolumeOptions.Axis: SliceMerging] = [:]

    /// The slices along z, without pixels.
    private(set) var planes: [BatchPlane] = []

    /// The planes along z, once the first of them has come.
    private(set) var grid: PlaneGrid?

    /// Begins a volume.
    ///
    /// - Parameter makeStore: Opens the working folder for slices of a size along an axis.
    init(
        _ options: VolumeOptions,
        _ makeStore: @escaping (VolumeOptions.Axis, Size) throws -> SliceStore
    ) {
        (self.options, self.makeStore) = (options, makeStore)
        axes = options.slicedAxes
    }

    /// Whether all slices along all axes were added.
    var isComplete: Bool { axes.allSatisfy { merging[$0]?.isComplete == true } }

    /// Adds the objects of the next slice along an axis.
    ///
    /// - Parameter grid: All slices along the axis.
    func add(
        _ labels: PlaneLabels,
        of plane: BatchPlane,
        along axis: VolumeOptions.Axis,
        in grid: PlaneGrid,
        _ work: Work
    ) throws {
        var options = options
        // Along other axes an object may be as thin as it likes.
        if axes.count > 1 { options.minimumDepth = 1 }
        let slices =
            try merging[axis]
            ?? SliceMerging(makeStore(axis, labels.size), options, count: grid.count)
        merging[axis] = slices
        try slices.add(labels.labelImage(work))
        guard axis == .z else { return }
        self.grid = grid
        planes.append(plane.withoutPixels)
    }

    /// Merges the slices.
    ///
    /// - Parameters:
    ///   - folder: Where the disk has space for the volumes along several axes.
    ///   - body: Gets the slices of the volume along z in their order.
    func merge(
        in folder: String,
        _ work: Work,
        _ body: (LabelImage, BatchPlane) throws -> Void
    ) throws {
        var written = 0
        func write(_ labels: LabelImage) throws {
            try work.checkpoint()
            try body(labels, planes[written])
            written += 1
        }
        if axes.count > 1 {
            try combine(in: folder, work, write)
        } else {
            try merging[.z]?.merge(write)
        }
    }

    /// Combines the volumes along several axes.
    private func combine(
        in folder: String,
        _ work: Work,
        _ body: (LabelImage) throws -> Void
    ) throws {
        guard let first = planes.first else { return }
        let extents = VolumeExtents(first.size, depth: planes.count)
        let volumes = try axes.map { axis in
            let view = try LabelView(along: axis, extents, in: folder)
            try merging[axis]?.merge { labels in
                try work.checkpoint()
                try view.append(labels)
            }
            return view
        }
        var consensus = AxisConsensus(volumeCount: axes.count)
        for z in 0..<extents.z {
            try work.checkpoint()
            consensus.add(try volumes.map { try $0.slice(z) })
        }
        let agreed = consensus.finish(minimumDepth: options.minimumDepth)
        for z in 0..<extents.z { try body(agreed.labels(volumes.map { try $0.slice(z) })) }
    }

    /// Removes the working folders.
    func discard() { for slices in merging.values { slices.discard() } }
}

/// The slices of a volume along one axis.
private final class SliceMerging {
    private let store: SliceStore
    private let options: VolumeOptions
    private var builder: ObjectGraphBuilder
    private var closing: ReferenceGapClosing?
    private var added = 0
    private let count: Int

    init(_ store: SliceStore, _ options: VolumeOptions, count: Int) {
        self.store = store
        self.options = options
        self.count = count
        builder = ObjectGraphBuilder(widestGap: VolumeMerge.widestGap(options))
        closing = ReferenceGapClosing(options)
    }

    /// Whether all slices were added.
    var isComplete: Bool { added == count }

    /// Adds the next slice.
    func add(_ image: LabelImage) throws {
        try store.keep(image, slice: added)
        if closing == nil {
            try builder.add(image)
        } else if let closed = try closing?.add(image) {
            try builder.add(closed)
        }
        added += 1
    }

    /// Merges the slices.
    ///
    /// - Parameter body: Gets the slices of the volume in their order.
    func merge(_ body: (LabelImage) throws -> Void) throws {
        while let closed = try closing?.finish() { try builder.add(closed) }
        let merge = VolumeMerge(builder.finish(), options)
        builder = ObjectGraphBuilder()
        var assembly = VolumeAssembly(merge)
        func add(_ slice: LabelImage) throws {
            if let labels = try assembly.add(slice) { try body(labels) }
        }
        closing = ReferenceGapClosing(options)
        for number in 0..<count {
            let slice = try store.labels(slice: number)
            if closing == nil {
                try add(slice)
            } else if let closed = try closing?.add(slice) {
                try add(closed)
            }
        }
        while let closed = try closing?.finish() { try add(closed) }
        while let labels = assembly.finish() { try body(labels) }
    }

    func discard() { store.remove() }
}

/// The labels of the slices of one volume in a working folder.
struct SliceStore {
    private let labels: TileLabelStore
    private let size: Size

    /// Opens the folder that an earlier run of the same work has left, or begins a new one.
    ///
    /// - Parameter description: Everything that decides about the labels of slices.
    init(_ url: URL, description: JSONObject, size: Size) throws {
        var marked = description
        marked["usam_tiles"] = 1
        labels = try TileLabelStore(url, description: marked)
        self.size = size
    }

    /// The labels of a slice, if an earlier run has made them.
    func known(slice: Int) throws -> LabelImage? {
        try labels.hasLabels(ofTile: slice, size: size) ? labels.labels(ofTile: slice) : nil
    }

    /// Keeps the labels of a slice that are not there yet.
    func keep(_ image: LabelImage, slice: Int) throws {
        if try !labels.hasLabels(ofTile: slice, size: size) { try labels.write(image, tile: slice) }
    }

    func labels(slice: Int) throws -> LabelImage { try labels.labels(ofTile: slice) }

    func remove() {
        // What cannot be removed is met again by the next run.
        try? FileManager.default.removeItem(at: labels.url)
    }
}

extension SegmentationBatch {
    /// Where the labels of the slices of a volume lie until they are merged.
    ///
    /// - Parameters:
    ///   - hash: Of the image file.
    ///   - axis: Along which the volume is cut.
    ///   - size: Of the slices.
    func sliceStore(
        _ item: BatchItem,
        hash: String?,
        along axis: VolumeOptions.Axis,
        size: Size
    ) throws -> SliceStore {
        var deciding = settings.segmentation
        // How slices are merged, and what is written, may change without another look at the slices.
        (deciding.volume, deciding.results) = (nil, [])
        var description = JSONObject()
        description["image"] = .string(hash ?? "")
        description["model"] = .string(settings.modelHash)
        description["program"] = .string(ProgramVersion.text)
        description["settings"] = .string(try JSONText.encodeLine(deciding, keys: .asDeclared))
        let ending = axis == .z ? "" : "-\(axis.rawValue)"
        let folder = URL(filePath: item.output + ".usam-slices" + ending)
        return try SliceStore(folder, description: description, size: size)
    }
}

extension BatchPlane {
    /// The plane, whose pixels are read again where they are needed.
    fileprivate var withoutPixels: BatchPlane {
        BatchPlane(source, raster: nil, pixels.normalization)
    }
}
