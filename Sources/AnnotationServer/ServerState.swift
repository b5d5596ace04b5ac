import Annotations
import Files
import Foundation
import ImageFormats
import Imaging
import Prompting

/// What the routes of a server work on.
final class ServerState: Sendable {
    let project: Project
    let id: String
    let name: String
    let offersTour: Bool
    let cacheFolder: String
    let resultFolder: String
    let folders: OpenedFolders
    let shelf: ImageShelf
    let hub = EventHub()
    let work = BlockingWork()
    let models: ModelKeeper
    let sessions: SessionKeeper
    let runs = AutomaticRuns()
    let volumes = VolumeFollowers()
    let jobs: JobBoard
    let trainer: (any ModelTrainer)?

    init(
        _ project: Project,
        _ options: AnnotationServer.Options,
        _ source: any ModelSource,
        _ trainer: (any ModelTrainer)?
    ) {
        self.project = project
        self.trainer = trainer
        id = options.id
        name = project.url.deletingPathExtension().lastPathComponent
        offersTour = options.offersTour
        cacheFolder = options.cacheFolder
        let base = project.url.deletingLastPathComponent()
        resultFolder = base.appending(path: name + "-results").path
        folders = OpenedFolders([base.path] + options.folders)
        let shelf = ImageShelf(
            folders: folders,
            base: base,
            cacheFolder: options.cacheFolder,
            work: work,
            keepsOpacity: options.keepsOpacity
        )
        self.shelf = shelf
        models = ModelKeeper(source, name: options.model, hub)
        jobs = JobBoard(hub)
        sessions = SessionKeeper(models, hub) { [work] place in
            let image = try await work.run { try project.image(place.image) }
            return try await shelf.plane(place, of: image, work)
        }
    }

    /// An image of the project.
    func image(_ id: Int64) async throws -> ProjectImage {
        try await work.run { [project] in try project.image(id) }
    }

    /// The file of an image, opened.
    func open(_ image: ProjectImage) async throws -> OpenImage {
        try await shelf.image(image)
    }

    /// The file of an image, opened.
    func open(_ id: Int64) async throws -> OpenImage { try await open(image(id)) }

    /// A plane of an image as models see it, and by what it is recognised.
    func plane(
        _ place: SessionKeeper.Place
    ) async throws -> (plane: any PixelSource, id: String) {
        try await shelf.plane(place, of: image(place.image), work)
    }

    /// All routes of the contract.
    var routes: [Route] {
        projectRoutes + pixelRoutes + labelRoutes + editRoutes + promptRoutes + automaticRoutes
            + volumeRoutes + sectionRoutes + trackRoutes + exchangeRoutes + jobRoutes
    }

    /// Ends what goes on.
    func close() async {
        hub.close()
        await jobs.cancelAll()
        await volumes.cancelAll()
        await sessions.closeAll()
    }
}

extension ImageShelf {
    /// A plane of an image as models see it, and by what it is recognised.
    ///
    /// Of several channels that nobody chose the first three are seen as red, green and blue: nobody is there to
    /// be asked, and the page begins with the same ones.
    func plane(
        _ place: SessionKeeper.Place,
        of image: ProjectImage,
        _ work: BlockingWork
    ) async throws -> (plane: any PixelSource, id: String) {
        let open = try await self.image(image)
        let axes = open.source.description.axes
        guard axes.contains(PlaneIndex(t: place.t, z: place.z)) else {
            throw ServerError.malformed("the image has no slice \(place.z), time point \(place.t)")
        }
        var selection = image.entry.selection
        if axes.t > 1 { selection.t = place.t }
        if axes.z > 1 { selection.z = place.z }
        if axes.c > 1, selection.channels.isEmpty {
            selection.channels = (0..<min(axes.c, 3)).map { .number($0) }
        }
        let (path, chosen) = (open.source.url.path, selection)
        let plane = try await work.run { [keepsOpacity] in
            try PlaneSource(opening: path, chosen, keepsOpacity: keepsOpacity)
        }
        return (plane, "\(open.version)-t\(place.t)-z\(place.z)")
    }
}
