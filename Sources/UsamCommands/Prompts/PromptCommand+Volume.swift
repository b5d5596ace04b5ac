import ArgumentParser
import Files
import Foundation
import ImageFormats
import Jobs
import ModelZoo
import Presentation
import Prompting
import Segmentation
import Terminal
import Volumes

/// `usam prompt --volume` and `usam prompt --movie`.
extension PromptCommand {
    func runVolume() async throws {
        let console = Console.system
        let item = try volumeItem()
        if let tracks = volume.tracks { try TrackResults.requireFree(tracks, replacing: force) }
        for path in (item?.results.map(\.path) ?? []) + [predictions].compactMap(\.self) {
            let inputs = [image] + [given.mask, given.prompts, volume.besides].compactMap(\.self)
            try OutputPlan.requireFree(path, besides: inputs, replacing: force)
        }
        let device = try machine.prepare()
        var selection = plane.value(in: part)
        if volume.movie { selection.t = nil } else { selection.z = nil }
        let file = try PlaneFile(
            opening: image,
            selection,
            each: true,
            keepsOpacity: model.referenceBehavior
        )
        let placed = try given.volumeList.placed(
            inVolume: image,
            selection,
            isMovie: volume.movie
        )
        NoteDisplay(console).show(file.notes + (placed?.notes ?? []))
        var prompting = use.value(over: placed?.prompts.options ?? PromptOptions())
        if model.referenceBehavior { prompting.swapsPointsOfMasks = true }
        let request = try request(in: file, placed?.prompts, prompting)
        let run = try VolumePromptRun(
            file,
            tiling: tiling.value,
            store: embedding,
            isMovie: volume.movie
        )
        try run.check(request)
        let weights = try await model.weights(console, on: device)
        var course = VolumePromptCourse(run, request, weights)
        (course.item, course.others) = (item, [predictions].compactMap(\.self))
        (course.tracks, course.replaces) = (volume.tracks, force)
        let masks = try await course.masks(on: device, console, isQuiet: quiet)
        let summaries = run.summaries(masks, of: request)
        let predictions = PredictionReport(course.document(masks), of: file.planes[0])
        try report(predictions, console) { summaries.table }
        summaries.remarks.forEach { console.printError("usam: \($0)") }
    }

    private func request(
        in file: PlaneFile,
        _ placed: VolumePrompts?,
        _ prompting: PromptOptions
    ) throws -> VolumePromptRun.Request {
        let (list, options) = (
            given.volumeList, volume.value(isReference: model.referenceBehavior)
        )
        guard volume.movie else {
            let objects = try list.objects(in: file, slice: plane.slice, with: placed)
            return .init(objects, options, prompting, others: volume.besides)
        }
        let tracks = try list.tracks(in: file, frame: plane.timePoint, with: placed)
        return .init(following: tracks, options, prompting, others: volume.besides)
    }

    /// The results; nil if only predictions are asked for.
    private func volumeItem() throws -> BatchItem? {
        guard let output else { return nil }
        var wanted = OutputPlan.Request(
            output: output,
            formats: volume.format?.kinds,
            drawsOverlay: overlay
        )
        (wanted.segmentsEachPlane, wanted.isVolume) = (true, !volume.movie)
        let plan = try OutputPlan(InputList([image]), wanted)
        try plan.checkFolders()
        return plan.items.first
    }
}
