import Annotations
import Files
import Foundation
import ImageFormats

/// What the routes of a server work on.
final class ServerState: Sendable {
    let project: Project
    let id: String
    let name: String
    let offersTour: Bool
    let shelf: ImageShelf
    let hub = EventHub()
    let work = BlockingWork()

    init(_ project: Project, _ options: AnnotationServer.Options) {
        self.project = project
        id = options.id
        name = project.url.deletingPathExtension().lastPathComponent
        offersTour = options.offersTour
        let base = project.url.deletingLastPathComponent()
        shelf = ImageShelf(
            folders: OpenedFolders([base.path] + options.folders),
            base: base,
            cacheFolder: options.cacheFolder,
            work: work
        )
    }

    /// An image of the project.
    func image(_ id: Int64) async throws -> ProjectImage {
        try await work.run { [project] in try project.image(id) }
    }

    /// The file of an image, opened.
    func open(_ image: ProjectImage) async throws -> OpenImage {
        try await shelf.image(image.id, at: image.entry.path)
    }

    /// The file of an image, opened.
    func open(_ id: Int64) async throws -> OpenImage { try await open(image(id)) }

    /// All routes of the contract.
    var routes: [Route] { projectRoutes + pixelRoutes + labelRoutes + editRoutes }
}
