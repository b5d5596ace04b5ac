import Annotations
import Files
import Foundation
import HTTPTypes
import Hummingbird
import Imaging

extension ServerState {
    /// The routes of planes across the slices of a stack.
    var sectionRoutes: [Route] {
        [
            Route(.get, "/images/{id}/sections/{axis}/{t}/{at}/{row}/{col}/pixels", "getSection") {
                [self] exchange in
                let image = try await image(exchange.imageID())
                let (tile, t) = try section(exchange, of: image)
                return try await sectionPixels(tile, t, of: image, exchange)
            },
            Route(
                .get,
                "/images/{id}/sections/{axis}/{t}/{at}/{row}/{col}/labels",
                "getSectionLabels"
            ) { [self] exchange in
                let image = try await image(exchange.imageID())
                let (tile, t) = try section(exchange, of: image)
                let edit = try exchange.queryNumber("edit").map(Int64.init)
                return try await sectionLabels(tile, t, of: image.id, edit, exchange)
            },
        ]
    }

    /// The piece in the address, and its time point.
    private func section(
        _ exchange: Exchange,
        of image: ProjectImage
    ) throws(ServerError) -> (tile: SectionTile, t: Int) {
        guard let axis = exchange.parameters.get("axis").flatMap(SectionAxis.init) else {
            throw .malformed("'axis' in the address is neither 'y' nor 'x'")
        }
        let t = try exchange.number("t")
        let tile = SectionTile(
            axis,
            at: try exchange.number("at"),
            row: try exchange.number("row"),
            column: try exchange.number("col"),
            in: image.entry.shape
        )
        guard let tile, (0..<image.entry.shape.t).contains(t) else { throw .noSuchTile }
        return (tile, t)
    }

    private func sectionPixels(
        _ tile: SectionTile,
        _ t: Int,
        of image: ProjectImage,
        _ exchange: Exchange
    ) async throws -> Response {
        let open = try await open(image)
        let channel = try exchange.queryNumber("c") ?? 0
        let start = "\(tile.slices.lowerBound)-\(tile.range.lowerBound)"
        let tag = "\(open.version)-\(t)-\(tile.axis.rawValue)\(tile.position)-\(start)-\(channel)"
        let isLasting = exchange.query("v") == open.version
        if exchange.has(tag: tag) { return .notModified(tag: tag, isLasting: isLasting) }
        let bytes = try await work.run { try open.section(tile, t: t, channel: channel) }
        guard let bytes else { throw ServerError.noSuchTile }
        return .bytes(
            bytes,
            type: "application/octet-stream",
            tag: tag,
            isLasting: isLasting,
            headers: tile.headers
        )
    }

    private func sectionLabels(
        _ tile: SectionTile,
        _ t: Int,
        of image: Int64,
        _ edit: Int64?,
        _ exchange: Exchange
    ) async throws -> Response {
        let bytes = try await work.run { [project] in
            let labels = try project.labelSection(
                image: image,
                t: t,
                axis: tile.axis,
                at: tile.position,
                slices: tile.slices,
                along: tile.range,
                at: edit
            )
            // Safe because the bytes are copied before the array can change.
            return labels.withUnsafeBytes { Array($0) }
        }
        let tag = try FileDigest(of: bytes, algorithm: .xxh128).hexadecimal
        if exchange.has(tag: tag) { return .notModified(tag: tag, isLasting: false) }
        return .bytes(
            bytes,
            type: "application/octet-stream",
            tag: tag,
            isLasting: false,
            headers: tile.headers
        )
    }
}

extension SectionTile {
    /// Its width and height for who reads its bytes.
    fileprivate var headers: HTTPFields {
        var headers = HTTPFields()
        for (name, value) in [("X-Width", size.width), ("X-Height", size.height)] {
            if let name = HTTPField.Name(name) { headers[name] = "\(value)" }
        }
        return headers
    }
}
