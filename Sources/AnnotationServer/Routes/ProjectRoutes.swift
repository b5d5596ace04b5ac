import Hummingbird
import NIOCore
import Prompting

extension ServerState {
    /// The routes that describe the project, and the events.
    var projectRoutes: [Route] {
        [
            Route(.get, "/project", "getProject") { [self] _ in try .json(try await summary()) },
            Route(.get, "/events", "listen") { [self] _ in try events() },
        ]
    }

    private struct ProjectSummary: Encodable {
        let id: String
        let name: String
        let version: String
        let model: SegmenterDescription?
        let images: [ImageSummary]
        let tour: Bool
    }

    private func summary() async throws -> ProjectSummary {
        ProjectSummary(
            id: id,
            name: name,
            version: ProgramVersion.text,
            model: await models.description,
            images: try await summaries(),
            tour: offersTour
        )
    }

    private struct Hello: Encodable {
        let version: String
    }

    private func events() throws -> Response {
        let hello = try ServerEvent(.hello, Hello(version: ProgramVersion.text)).text
        let listener = hub.listen()
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: hello))
                for await text in listener.texts {
                    try await writer.write(ByteBuffer(string: text))
                    listener.written(text)
                }
                try await writer.finish(nil)
            }
        )
    }
}
