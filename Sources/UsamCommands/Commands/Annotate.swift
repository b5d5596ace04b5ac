import AnnotationServer
import Annotations
import Annotator
import ArgumentParser
import Foundation
import Jobs
import Presentation
import Terminal
import WebClient

/// `usam annotate`: the annotator in the browser.
struct Annotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Annotate images in the browser; every step is saved and can be undone.",
        discussion: """
            usam annotate cells.tif
            usam annotate images/
            usam annotate --movie frames/
            usam annotate                 a simulated sample, with a short tour

            This program serves the page, to this machine only. Every change is saved at once in a \
            project file beside the images, cells.usam or images/images.usam, and survives a reload, \
            a restart or a power cut. Ctrl-C ends the server.

            On a machine that you reach by SSH, the program prints the command that brings the page to \
            the browser of your own computer.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Images, folders of images, patterns such as 'data/*.tif', or a project file.",
            valueName: "input"
        ),
        completion: .file()
    )
    var inputs: [String] = []

    @Option(
        help: ArgumentHelp(
            "The project file (default: NAME.usam beside the images).",
            valueName: "file"
        ),
        completion: .file(extensions: ["usam"])
    )
    var project: String?

    @Flag(help: "The inputs are one movie: frames in files, or slices that are frames.")
    var movie = false

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup(title: "Large images") var joining: JoiningArguments
    @OptionGroup(title: "Server") var server: AnnotationServerOptions

    func validate() throws {
        if inputs.contains("") { throw ValidationError("An input has an empty name.") }
    }

    func run() async throws {
        let console = Console.system
        let place = try AnnotationPlace(inputs, project: project, isMovie: movie)
        let page = try server.page()
        let opened = try place.openProject {
            console.printError("usam: \(describe($0))")
        } waiting: {
            console.printError("usam: the project is in use by another program; waiting")
        }
        defer { try? opened.close() }
        var options = AnnotationServer.Options(
            id: try place.identity(),
            model: model.model,
            page: page,
            cacheFolder: place.cacheFolder
        )
        options.folders = place.folders
        options.offersTour = inputs.isEmpty
        options.keepsOpacity = model.referenceBehavior
        options.key = try place.key()
        options.host = server.host
        options.hostNames = server.hostNames
        let device = try machine.prepare()
        let models = AnnotatorModels(
            model.model,
            trained: TrainedModels(folder: place.modelFolder),
            on: device,
            tiling: tiling.value,
            limits: joining.limits,
            weights: { [model] in try await model.weights(console, on: device, named: $0) }
        )
        try await serve(opened, options, models, console)
    }

    private func serve(
        _ project: Project,
        _ options: AnnotationServer.Options,
        _ models: AnnotatorModels,
        _ console: Console
    ) async throws {
        let received = ReceivedSignal()
        let announcement = AnnotatorAnnouncement(console, opensBrowser: server.opensBrowser)
        let serving = Task { [server] in
            try await server.firstFreePort { port in
                var options = options
                options.port = port
                let program = TrainingProgram(on: models.device, console)
                let trainer = AnnotatorTrainer(models, by: program)
                try await AnnotationServer(project, options, models: models, trainer: trainer)
                    .run(announcement.show)
            }
        }
        let watch = SignalWatch { number in
            received.note(number)
            console.printError("\nusam: ending; all saved changes are kept")
            serving.cancel()
        }
        defer { withExtendedLifetime(watch) {} }
        do {
            try await serving.value
        } catch is CancellationError {}
        if let number = received.number { throw StoppedBySignal(number) }
    }
}
