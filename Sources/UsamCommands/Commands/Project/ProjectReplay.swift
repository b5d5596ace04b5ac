import Annotations
import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Prompting
import Segmentation
import Terminal
import Torch

/// `usam project replay`: all edits once more.
struct ProjectReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Do all edits of a project once more, and compare the labels.",
        discussion: """
            usam project replay cells.usam
            usam project replay cells.usam --predict

            Without --predict the stored masks are used, and the labels must be the same. With it masks are \
            predicted once more from their prompts and models, which shows how far another machine or version \
            agrees. The project stays as it is. The exit status is 1 if labels differ.
            """
    )

    @OptionGroup var project: ProjectArguments
    @OptionGroup var images: ProjectImageOptions

    @Flag(help: "Predict the masks once more from their prompts.")
    var predict = false

    @Option(
        help: ArgumentHelp(
            "Predict with this model, not with the one that each object names.",
            valueName: "name or file"
        )
    )
    var model: String?

    @OptionGroup(title: "Machine") var machine: DeviceOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if model != nil, !predict { throw ValidationError("--model needs --predict.") }
    }

    private struct Row: Encodable {
        let image: Int64
        let name: String
        let report: ReplayReport
    }

    func run() async throws {
        let opened = try Project.open(at: URL(filePath: project.file))
        defer { try? opened.close() }
        let chosen = try images.chosen(in: opened)
        let device = try machine.prepare()
        let weights = predict ? try await weights(opened, chosen) : [:]
        let console = Console.system
        let (predicts, model) = (predict, model)
        let rows = try await interruptible(on: device, console, notice: "stopped") { work in
            try chosen.map { image in
                let maker = ReplayedMasks(opened, image, weights, model, on: device, work)
                let report = try opened.replay(
                    image.id,
                    remaking: predicts ? maker.mask : nil,
                    work.silent
                )
                return Row(image: image.id, name: image.entry.name, report: report)
            }
        }
        if json {
            console.print(try JSONText.encode(rows))
        } else {
            for row in rows { console.print("\(row.name): \(row.report.words)") }
        }
        if !rows.allSatisfy(\.report.isEqual) { throw ExitCode.failure }
    }

    /// The weights of all models that the objects name.
    private func weights(_ project: Project, _ images: [ProjectImage]) async throws
        -> [String: ModelWeights]
    {
        var names: Set<String> = []
        if let model {
            names = [model]
        } else {
            for image in images { names.formUnion(try project.models(image: image.id)) }
        }
        var result: [String: ModelWeights] = [:]
        for name in names.sorted() {
            result[name] = try ModelWeights(
                try await ModelFetcher(console: .system).files(of: name)
            )
        }
        return result
    }
}

/// Predicts the masks of an image once more.
private final class ReplayedMasks {
    private let project: Project
    private let image: ProjectImage
    private let weights: [String: ModelWeights]
    private let model: String?
    private let device: Device
    private let work: Work
    private let memory = EmbeddingMemory()
    private var prompters: [String: Prompter] = [:]
    private var planes: [PlaneIndex: PlanePixels] = [:]

    init(
        _ project: Project,
        _ image: ProjectImage,
        _ weights: [String: ModelWeights],
        _ model: String?,
        on device: Device,
        _ work: Work
    ) {
        self.work = work
        self.project = project
        self.image = image
        self.weights = weights
        self.model = model
        self.device = device
    }

    func mask(_ object: NewObject, _ t: Int, _ z: Int) throws -> RunLengthMask? {
        guard let name = model ?? object.model, let weights = weights[name] else { return nil }
        let prompter = try prompters[name] ?? Prompter(try weights.load(on: device))
        prompters[name] = prompter
        var options = object.options ?? PromptOptions()
        options.maskThreshold = object.threshold ?? options.maskThreshold
        let masks = try prompter.masks(
            of: [PromptedObject(id: 1, prompts: object.prompts)],
            in: pixels(t, z),
            options,
            shelf: memory.shelf(of: "\(name) \(t) \(z)"),
            work.silent
        )
        // Of several candidates the one was taken that the stored mask comes from.
        let stored = try object.mask.mask(in: image.entry.shape.size)
        return masks.map(\.pixels).max {
            $0.intersectionOverUnion(stored) < $1.intersectionOverUnion(stored)
        }
    }

    private func pixels(_ t: Int, _ z: Int) throws -> PlanePixels {
        let place = PlaneIndex(t: t, z: z)
        if let known = planes[place] { return known }
        var selection = image.entry.selection
        selection.t = image.entry.shape.t > 1 ? t : selection.t
        selection.z = image.entry.shape.z > 1 ? z : selection.z
        let plane = try PlaneSource(opening: project.path(of: image.entry), selection)
        let pixels = PlanePixels(plane)
        planes = [place: pixels]
        return pixels
    }
}

extension ReplayReport {
    /// What was found, in a sentence.
    fileprivate var words: String {
        let result =
            isEqual
            ? "the same labels and objects"
            : differentPixels == 0
                ? "the same labels, objects differ"
                : "\(Wording.count(differentPixels, "pixel")) differ"
        guard let lowestOverlap, let meanOverlap else {
            return "\(Wording.count(edits, "edit")) again, \(result)"
        }
        let overlaps = [meanOverlap, lowestOverlap].map { String(format: "%.4f", $0) }
        return "\(Wording.count(edits, "edit")) again, "
            + "\(Wording.count(remade, "mask")) predicted again (overlap with the stored ones "
            + "\(overlaps[0]) in the mean, \(overlaps[1]) at least), \(result)"
    }
}
