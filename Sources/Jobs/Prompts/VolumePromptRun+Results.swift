import Files
import ImageFormats
import Imaging
public import Prompting
import Segmentation
public import Volumes

/// What came of the prompts of one object of a volume.
public struct VolumeObjectSummary: Hashable, Sendable {
    /// The object.
    public let object: VolumeObject

    /// Number of voxels; 0 if nothing was found.
    public let voxels: Int

    /// The first and the last slice of the object; nil if nothing was found.
    public let slices: ClosedRange<Int>?

    /// Number of slices that were filled with a shape between others, without the model.
    public let shapeCount: Int
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
                shapeCount: parts.count { $0.origin == .shape }
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
                place: ObjectPlace(z: part.slice),
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
                isVolume: true
            )
            for (number, plane) in file.planes.enumerated() {
                try work.advance(number, of: file.planes.count)
                var labels = LabelImage(size: file.size)
                for part in slices[number] ?? [] {
                    for run in part.pixels.runs {
                        for pixel in run.start..<run.end { labels.labels[pixel] = part.object }
                    }
                }
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
}
