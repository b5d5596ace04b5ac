import Files
import Foundation
import ImageFormats
import Imaging
public import Prompting
import Segmentation
import TrackFiles
public import Volumes

/// What came of the prompts of one object of a volume.
public struct VolumeObjectSummary: Hashable, Sendable {
    /// The object.
    public let object: VolumeObject

    /// Number of voxels; 0 if nothing was found.
    public let voxels: Int

    /// The first and the last slice or frame of the object; nil if nothing was found.
    public let slices: ClosedRange<Int>?

    /// Number of slices that were filled with a shape between others, without the model.
    public let shapeCount: Int

    /// Whether it is an object of a movie.
    public let isMovie: Bool
}

extension VolumePromptRun {
    /// What came of each object, in their order.
    public func summaries(_ masks: [SliceMask], of request: Request) -> [VolumeObjectSummary] {
        let groups = Dictionary(grouping: masks, by: \.object)
        return request.objects.map { object in
            let parts = groups[object.id] ?? []
            let numbers = parts.map(\.slice)
            return VolumeObjectSummary(
                object: object,
                voxels: parts.reduce(0) { $0 + $1.pixels.area },
                slices: numbers.min().flatMap { first in numbers.max().map { first...$0 } },
                shapeCount: parts.count { $0.origin == .shape },
                isMovie: isMovie
            )
        }
    }

    /// The masks as predictions, each with its slice.
    public func predictions(_ masks: [SliceMask], of request: Request) -> [ObjectPrediction] {
        let objects = Dictionary(request.objects.map { ($0.id, $0) }) { first, _ in first }
        return masks.map { part in
            let object = PromptedObject(
                id: part.object,
                name: objects[part.object]?.name,
                category: objects[part.object]?.category,
                place: isMovie ? ObjectPlace(t: part.slice) : ObjectPlace(z: part.slice),
                prompts: []
            )
            let mask = PredictedMask(
                object: 0,
                pixels: part.pixels,
                score: part.score,
                stability: part.stability
            )
            return ObjectPrediction(mask, of: object)
        }
    }

    /// Writes label stacks, tables, outlines and pictures; nothing has its name before all are complete.
    ///
    /// - Parameters:
    ///   - masks: Those of ``masks(_:_:on:_:warning:telling:)``.
    ///   - item: The results.
    ///   - model: The name of the model, for tables.
    ///   - others: Other files of the same prompts, noted beside the label stack.
    /// - Throws: An error that names the file that cannot be written; `CancellationError`.
    public func write(
        _ masks: [SliceMask],
        of request: Request,
        to item: BatchItem,
        model: String,
        others: [String] = [],
        _ work: Work = Work()
    ) throws {
        let small = Set(
            summaries(masks, of: request).filter { $0.voxels < request.prompting.minimumSize }
                .map(\.object.id)
        )
        let slices = Dictionary(grouping: masks.filter { !small.contains($0.object) }, by: \.slice)
        do {
            let results = try StagedResults(
                item,
                grid: file.grid,
                size: file.size,
                model: model,
                isVolume: !isMovie
            )
            for (number, plane) in file.planes.enumerated() {
                try work.advance(number, of: file.planes.count)
                let labels = labels(slices[number] ?? []) { $0.object }
                try results.append(.whole(labels), of: BatchPlane(plane, raster: nil), work)
            }
            try results.commit()
        } catch {
            StagedResults.discard([item])
            throw error
        }
        if let labels = item.results.first(where: { $0.kind.holdsLabels })?.path {
            let files = item.results.map(\.path).filter { $0 != labels } + others
            try PromptRecord(labels, others: files, of: file.file, model: model)
                .write(beside: labels)
        }
    }

    /// The label image of a slice.
    private func labels(_ parts: [SliceMask], number: (SliceMask) -> UInt32) -> LabelImage {
        var labels = LabelImage(size: file.size)
        for part in parts {
            let number = number(part)
            for run in part.pixels.runs {
                for pixel in run.start..<run.end { labels.labels[pixel] = number }
            }
        }
        return labels
    }

    /// Writes the objects of a movie as a folder of the Cell Tracking Challenge.
    ///
    /// - Parameters:
    ///   - folder: The folder; it has its name when it is complete.
    ///   - replaces: Whether an older folder of this kind may be replaced.
    /// - Throws: `TrackFileError` if it cannot be written; `CancellationError`.
    public func writeTracks(
        _ masks: [SliceMask],
        of request: Request,
        to folder: String,
        replacing replaces: Bool = false,
        _ work: Work = Work()
    ) throws {
        let table = PromptedTracks(masks, of: request.tracks ?? [])
        let frames = Dictionary(grouping: masks, by: \.slice)
        var writer = try CTCFolderWriter(
            creating: URL(filePath: folder),
            records: table.records,
            frameCount: file.planes.count,
            options: .init(replaces: replaces)
        )
        for frame in file.planes.indices {
            try work.advance(frame, of: file.planes.count)
            try writer.append(
                labels(frames[frame] ?? []) { table.track(of: $0.object, in: frame) }
            )
        }
        try writer.finish()
    }
}
