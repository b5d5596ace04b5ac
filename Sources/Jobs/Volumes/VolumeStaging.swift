import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation
import Volumes

/// The slices of a volume until all are segmented and can be merged.
///
/// Their labels lie in a working folder beside the first result, so that a run that was killed goes on with the slices
/// that are missing. Memory holds one slice and the graph of the objects.
final class VolumeStaging {
    private let store: SliceStore
    private let options: VolumeOptions
    private var builder: ObjectGraphBuilder
    private var closing: ReferenceGapClosing?
    private var planes: [BatchPlane] = []
    private let count: Int

    init(_ store: SliceStore, _ options: VolumeOptions, count: Int) {
        self.store = store
        self.options = options
        self.count = count
        builder = ObjectGraphBuilder(widestGap: VolumeMerge.widestGap(options))
        closing = ReferenceGapClosing(options)
    }

    /// Whether all slices were added.
    var isComplete: Bool { planes.count == count }

    /// Adds the objects of the next slice.
    func add(_ labels: PlaneLabels, of plane: BatchPlane, _ work: Work) throws {
        let image = try labels.labelImage(work)
        try store.keep(image, slice: planes.count)
        if closing == nil {
            try builder.add(image)
        } else if let closed = try closing?.add(image) {
            try builder.add(closed)
        }
        planes.append(plane.withoutPixels)
    }

    /// Merges the slices.
    ///
    /// - Parameter body: Gets the slices of the volume in their order.
    func merge(_ work: Work, _ body: (LabelImage, BatchPlane) throws -> Void) throws {
        while let closed = try closing?.finish() { try builder.add(closed) }
        let merge = VolumeMerge(builder.finish(), options)
        builder = ObjectGraphBuilder()
        var assembly = VolumeAssembly(merge)
        var written = 0
        func write(_ labels: LabelImage) throws {
            try work.checkpoint()
            try body(labels, planes[written])
            written += 1
        }
        func add(_ slice: LabelImage) throws {
            if let labels = try assembly.add(slice) { try write(labels) }
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
        while let labels = assembly.finish() { try write(labels) }
    }

    /// Removes the working folder.
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
    /// - Parameter hash: Of the image file.
    func sliceStore(_ item: BatchItem, hash: String?, of plane: BatchPlane) throws -> SliceStore {
        var deciding = settings.segmentation
        // How slices are merged, and what is written, may change without another look at the slices.
        (deciding.volume, deciding.results) = (nil, [])
        var description = JSONObject()
        description["image"] = .string(hash ?? "")
        description["model"] = .string(settings.modelHash)
        description["program"] = .string(ProgramVersion.text)
        description["settings"] = .string(try JSONText.encodeLine(deciding, keys: .asDeclared))
        let folder = URL(filePath: item.output + ".usam-slices")
        return try SliceStore(folder, description: description, size: plane.size)
    }
}

extension BatchPlane {
    /// The plane, whose pixels are read again where they are needed.
    fileprivate var withoutPixels: BatchPlane {
        BatchPlane(source, raster: nil, pixels.normalization)
    }
}
