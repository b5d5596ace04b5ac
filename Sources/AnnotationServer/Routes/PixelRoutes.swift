import Annotations
import Foundation
import HTTPTypes
import Hummingbird
import Imaging

extension ServerState {
    /// The routes that show images.
    var pixelRoutes: [Route] {
        [
            Route(.get, "/images", "listImages") { [self] _ in
                try .json(ImageList(images: try await summaries()))
            },
            Route(.get, "/images/{id}", "getImage") { [self] exchange in
                try .json(try await measuredSummary(exchange.imageID()))
            },
            Route(.get, "/images/{id}/pixels/{level}/{t}/{z}/{row}/{col}", "getPixels") {
                [self] exchange in try await pixels(exchange)
            },
            Route(.get, "/images/{id}/thumbnail", "getThumbnail") { [self] exchange in
                try await thumbnail(exchange)
            },
        ]
    }

    private struct ImageList: Encodable {
        let images: [ImageSummary]
    }

    /// All images; what their files say stands there for those that are open, so that a long series is listed
    /// at once.
    func summaries() async throws -> [ImageSummary] {
        var result: [ImageSummary] = []
        for image in try await work.run({ [project] in try project.images() }) {
            result.append(ImageSummary(image, await shelf.opened(image.id)))
        }
        return result
    }

    private func measuredSummary(_ id: Int64) async throws -> ImageSummary {
        let image = try await image(id)
        do {
            let open = try await open(image)
            _ = try await work.run { try open.ranges() }
            return ImageSummary(image, .success(open))
        } catch {
            return ImageSummary(image, .failure(error))
        }
    }

    private func pixels(_ exchange: Exchange) async throws -> Response {
        let open = try await open(exchange.imageID())
        let level = try exchange.number("level")
        let (t, z) = (try exchange.number("t"), try exchange.number("z"))
        let (row, column) = (try exchange.number("row"), try exchange.number("col"))
        let channel = try exchange.queryNumber("c") ?? 0
        let tag = "\(open.version)-\(level)-\(t)-\(z)-\(row)-\(column)-\(channel)"
        let isLasting = exchange.query("v") == open.version
        if exchange.has(tag: tag) { return .notModified(tag: tag, isLasting: isLasting) }
        let tile = try await work.run {
            try open.tile(level: level, t: t, z: z, row: row, column: column, channel: channel)
        }
        guard let tile else { throw ServerError.noSuchTile }
        var headers = HTTPFields()
        for (name, value) in [("X-Width", tile.size.width), ("X-Height", tile.size.height)] {
            if let name = HTTPField.Name(name) { headers[name] = "\(value)" }
        }
        return .bytes(
            tile.bytes,
            type: "application/octet-stream",
            tag: tag,
            isLasting: isLasting,
            headers: headers
        )
    }

    private func thumbnail(_ exchange: Exchange) async throws -> Response {
        let open = try await open(exchange.imageID())
        let tag = open.version + "-thumbnail"
        let isLasting = exchange.query("v") == open.version
        if exchange.has(tag: tag) { return .notModified(tag: tag, isLasting: isLasting) }
        let data = try await work.run { try open.thumbnail() }
        return .bytes(Array(data), type: "image/png", tag: tag, isLasting: isLasting)
    }
}
