import Annotations
import Foundation
import Hummingbird
import Imaging
import Prompting

extension ServerState {
    /// The routes of automatic segmentation.
    var automaticRoutes: [Route] {
        [
            Route(.post, "/images/{id}/automatic", "segment", body: .small(.segment)) {
                [self] exchange in
                let (id, body): (_, AutomaticRequest) =
                    (try exchange.imageID(), try exchange.decoded())
                return await exchange.untilHungUp { [self] in
                    try .json(try await segment(id, body))
                }
            },
            Route(.get, "/images/{id}/automatic/{run}/objects", "listFoundObjects") {
                [self] exchange in
                let run = try run(exchange)
                return try .json(FoundObjects(objects: run.objects))
            },
            Route(.get, "/images/{id}/automatic/{run}/free", "listFreeObjects") {
                [self] exchange in
                let run = try run(exchange)
                return try await work.run { [project] in
                    let committed = try project.labelImage(image: run.image, t: run.t, z: run.z)
                    return try .json(FreeObjects(labels: run.free(of: committed)))
                }
            },
            Route(
                .get,
                "/images/{id}/automatic/{run}/labels/{t}/{z}/{row}/{col}",
                "getFoundLabels"
            ) { [self] exchange in try foundLabels(exchange) },
            Route(
                .post,
                "/images/{id}/automatic/{run}/accept",
                "acceptFound",
                body: .small(.accept)
            ) { [self] exchange in
                let run = try run(exchange)
                let body: AcceptRequest = try exchange.decoded()
                let gesture = Gesture(
                    .accept(
                        try await work.run { try run.newObjects(body.labels) },
                        body.rule ?? .keep,
                        run.settings
                    ),
                    key: body.key,
                    client: body.client,
                    base: body.base,
                    t: run.t,
                    z: run.z
                )
                return try await edit(run.image, by: body.client) { project in
                    try project.apply(gesture, to: run.image)
                }
            },
            Route(.delete, "/images/{id}/automatic/{run}", "forgetFound") { [self] exchange in
                runs.forget(exchange.parameters.get("run") ?? "")
                return .empty()
            },
        ]
    }

    private struct AutomaticRequest: Decodable {
        let mode: AutomaticMode?
        let parameters: [String: Parameter]?
        let t: Int?
        let z: Int?
    }

    /// A number, or a switch.
    private struct Parameter: Decodable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let isOn = try? container.decode(Bool.self) {
                value = isOn ? 1 : 0
            } else {
                value = try container.decode(Double.self)
            }
        }
    }

    private struct AutomaticAnswer: Encodable {
        let run: String
        let count: Int
        let state: String
    }

    private struct FoundObjects: Encodable {
        let objects: [FoundObject]
    }

    private struct FreeObjects: Encodable {
        let labels: [UInt32]
    }

    private struct AcceptRequest: Decodable {
        let key: UUID
        let client: UUID
        let base: Int64?
        let labels: [UInt32]?
        let rule: OverlapRule?
    }

    private func segment(_ id: Int64, _ body: AutomaticRequest) async throws -> AutomaticAnswer {
        let place = SessionKeeper.Place(image: id, t: body.t ?? 0, z: body.z ?? 0)
        var model = try await models.segmenter().description
        model.name = await models.state.name
        let settings = settings(body, model)
        let options = try options(settings, model)
        let session = try await sessions.session(place)
        let pace = EventPace()
        let telling = Work { [hub] event in
            if let news = WorkNews(event, image: id), pace.allows(news.isLast) {
                hub.tell(.progress, news)
            }
        }
        let labels = try await session.automatic(options, telling)
        let run = try await work.run { [model] in
            AutomaticRun(place, labels, model, settings)
        }
        return AutomaticAnswer(
            run: runs.keep(run),
            count: run.objects.count,
            state: session.state.words.state
        )
    }

    private func settings(
        _ body: AutomaticRequest,
        _ model: SegmenterDescription
    ) -> AutomaticSettings {
        AutomaticSettings(
            mode: body.mode ?? model.suitedOptions.mode ?? model.modes.first ?? .maskGeneration,
            parameters: (body.parameters ?? [:]).mapValues(\.value)
        )
    }

    private func options(
        _ settings: AutomaticSettings,
        _ model: SegmenterDescription
    ) throws -> AutomaticSegmentationOptions {
        var options = model.suitedOptions
        let mode = settings.mode
        guard model.modes.contains(mode) else {
            throw ServerError(
                .unprocessableContent,
                "no_mode",
                "the model \(model.name) has no decoder, which this mode needs",
                remedy: "choose the grid of points, or another model"
            )
        }
        options.mode = mode
        try options.set(settings.parameters, of: mode)
        return options
    }

    private func run(_ exchange: Exchange) throws(ServerError) -> AutomaticRun {
        try runs.run(exchange.parameters.get("run") ?? "", of: exchange.imageID())
    }

    private func foundLabels(_ exchange: Exchange) throws -> Response {
        let run = try run(exchange)
        let (row, column) = (try exchange.number("row"), try exchange.number("col"))
        guard try exchange.number("t") == run.t, try exchange.number("z") == run.z else {
            return .emptyTile
        }
        let grid = TileGrid(run.labels.size, side: TileGrid.labelSide)
        guard grid.region(row: row, column: column) != nil else { throw ServerError.noSuchTile }
        guard let bytes = run.tile(row: row, column: column) else { return .emptyTile }
        let tag = "\(exchange.parameters.get("run") ?? "")-\(row)-\(column)"
        if exchange.has(tag: tag) { return .notModified(tag: tag, isLasting: true) }
        return .bytes(bytes, type: "application/octet-stream", tag: tag, isLasting: true)
    }
}
