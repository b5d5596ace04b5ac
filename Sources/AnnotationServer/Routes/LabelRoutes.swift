import Annotations
import Foundation
import Hummingbird

extension ServerState {
    /// The routes that show labels and objects.
    var labelRoutes: [Route] {
        [
            Route(.get, "/images/{id}/objects", "listObjects") { [self] exchange in
                let id = try exchange.imageID()
                let at = try exchange.queryNumber("edit").map(Int64.init)
                return try await work.run { [project] in
                    let list = ObjectList(
                        edit: try at ?? project.current(image: id),
                        objects: try project.objects(image: id, at: at)
                    )
                    return try .json(list)
                }
            },
            Route(.get, "/images/{id}/objects/{label}", "getObject") { [self] exchange in
                let (id, label) = (try exchange.imageID(), try exchange.label())
                return try await work.run { [project] in
                    try .json(try project.object(image: id, label: label))
                }
            },
            Route(.get, "/images/{id}/labels", "listLabelTiles") { [self] exchange in
                let id = try exchange.imageID()
                let at = try exchange.queryNumber("edit").map(Int64.init)
                return try await work.run { [project] in
                    let list = TileList(
                        edit: try at ?? project.current(image: id),
                        tiles: try project.tiles(image: id, at: at)
                    )
                    return try .json(list)
                }
            },
            Route(.get, "/images/{id}/labels/{t}/{z}/{row}/{col}", "getLabels") {
                [self] exchange in try await labels(exchange)
            },
        ]
    }

    private struct ObjectList: Encodable {
        let edit: Int64
        let objects: [AnnotatedObject]
    }

    private struct TileList: Encodable {
        let edit: Int64
        let tiles: [TileState]
    }

    private func labels(_ exchange: Exchange) async throws -> Response {
        let id = try exchange.imageID()
        let (t, z) = (try exchange.number("t"), try exchange.number("z"))
        let (row, col) = (try exchange.number("row"), try exchange.number("col"))
        let at = try exchange.queryNumber("edit").map(Int64.init)
        return try await work.run { [project] in
            let known = try project.labelHash(image: id, t: t, z: z, row: row, col: col, at: at)
            if known == LabelTile.emptyHash { return .emptyTile }
            if exchange.has(tag: known) { return .notModified(tag: known, isLasting: false) }
            let tile = try project.labels(image: id, t: t, z: z, row: row, col: col, at: at)
            return .bytes(
                tile.bytes,
                type: "application/octet-stream",
                tag: tile.hash,
                isLasting: false
            )
        }
    }
}

extension Response {
    /// A tile of labels with background alone.
    static var emptyTile: Response {
        Response(
            status: .noContent,
            headers: cacheHeaders(tag: LabelTile.emptyHash, isLasting: false)
        )
    }
}

extension Exchange {
    /// The label in the address.
    func label() throws(ServerError) -> UInt32 {
        guard let label = UInt32(exactly: try number("label")), label > 0 else {
            throw .malformed("'label' in the address is not a label")
        }
        return label
    }
}
