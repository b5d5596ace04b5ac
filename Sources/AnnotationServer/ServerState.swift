import Foundation
import ImageFormats

/// An image of the project.
struct CatalogImage: Sendable {
    let id: Int64
    let name: String
    let path: String
}

/// What the routes of a server work on.
final class ServerState: Sendable {
    let name: String
    let offersTour: Bool
    let catalog: [CatalogImage]
    let shelf: ImageShelf
    let hub = EventHub()
    let work = BlockingWork()

    init(_ options: AnnotationServer.Options, images: [String]) {
        name = options.name
        offersTour = options.offersTour
        catalog = images.enumerated().map { index, path in
            CatalogImage(
                id: Int64(index + 1),
                name: URL(filePath: path).lastPathComponent,
                path: path
            )
        }
        shelf = ImageShelf(
            folders: OpenedFolders(options.folders),
            base: options.base,
            cacheFolder: options.cacheFolder,
            work: work
        )
    }

    /// The image of a number.
    func image(_ id: Int64) throws(ServerError) -> CatalogImage {
        guard let image = catalog.first(where: { $0.id == id }) else { throw .noSuchImage(id) }
        return image
    }

    /// The file of an image, opened.
    func open(_ image: CatalogImage) async throws -> OpenImage {
        try await shelf.image(image.id, at: image.path)
    }

    /// All routes of the contract.
    var routes: [Route] { projectRoutes + pixelRoutes }
}
