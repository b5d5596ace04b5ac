import Annotations
import Foundation
import Hummingbird
import Prompting

extension ServerState {
    /// The routes that change labels and objects, and tell how they came about.
    var editRoutes: [Route] {
        [
            Route(.post, "/images/{id}/gestures", "applyGesture", body: .large(.gesture)) {
                [self] exchange in
                let id = try exchange.imageID()
                let gesture: Gesture = try exchange.decoded()
                let response = try await edit(id, by: gesture.client) { project in
                    try project.apply(gesture, to: id)
                }
                // Results are there as soon as an image is done.
                if gesture.action == .setStatus(.done) {
                    _ = await export([id], as: [.tiff, .table])
                }
                return response
            },
            Route(.post, "/images/{id}/undo", "undo", body: .small(.step)) { [self] exchange in
                let (id, step): (_, Step) = (try exchange.imageID(), try exchange.decoded())
                return try await edit(id, by: step.client) { project in
                    try project.undo(image: id, key: step.key, client: step.client)
                }
            },
            Route(.post, "/images/{id}/redo", "redo", body: .small(.step)) { [self] exchange in
                let (id, step): (_, Step) = (try exchange.imageID(), try exchange.decoded())
                return try await edit(id, by: step.client) { project in
                    try project.redo(image: id, key: step.key, client: step.client)
                }
            },
            Route(.post, "/images/{id}/goto", "goto", body: .small(.goto)) { [self] exchange in
                let (id, jump): (_, Jump) = (try exchange.imageID(), try exchange.decoded())
                return try await edit(id, by: jump.client) { project in
                    try project.goto(jump.edit, image: id, key: jump.key, client: jump.client)
                }
            },
            Route(.get, "/images/{id}/history", "getHistory") { [self] exchange in
                let id = try exchange.imageID()
                let limit = try exchange.queryNumber("limit")
                return try await work.run { [project] in
                    let history = History(
                        current: try project.current(image: id),
                        edits: try project.history(image: id, limit: limit)
                    )
                    return try .json(history)
                }
            },
        ]
    }

    /// Who asks for one step back or forth.
    private struct Step: Decodable {
        let key: UUID
        let client: UUID
    }

    private struct Jump: Decodable {
        let edit: Int64
        let key: UUID
        let client: UUID
    }

    private struct History: Encodable {
        let current: Int64
        let edits: [EditSummary]
    }

    /// What the other pages are told of an edit.
    private struct EditNews: Encodable {
        let image: Int64
        let client: UUID
        let answer: EditAnswer

        private enum Key: String, CodingKey { case image, client }

        func encode(to encoder: any Encoder) throws {
            try answer.encode(to: encoder)
            var values = encoder.container(keyedBy: Key.self)
            try values.encode(image, forKey: .image)
            try values.encode(client, forKey: .client)
        }
    }

    /// Changes an image, and tells all pages.
    func edit(
        _ id: Int64,
        by client: UUID,
        _ body: @escaping @Sendable (Project) throws -> EditAnswer
    ) async throws -> Response {
        let answer = try await work.run { [project] in try body(project) }
        tellEdit(id, client, answer)
        return try .json(answer)
    }

    /// Tells all pages of a change.
    func tellEdit(_ id: Int64, _ client: UUID, _ answer: EditAnswer) {
        guard !answer.repeated else { return }
        hub.tell(.edit, EditNews(image: id, client: client, answer: answer))
    }
}
