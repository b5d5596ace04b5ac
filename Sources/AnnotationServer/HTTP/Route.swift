import HTTPTypes
import Hummingbird
import NIOCore

/// One line of the contract: an address, what it takes and who answers.
struct Route: Sendable {
    /// What a request may carry.
    enum Body: Hashable, Sendable {
        /// Nothing.
        case none
        /// JSON of a form, and of so many bytes at most.
        case json(BodyForm, limit: Int)

        /// The body of most requests.
        static func small(_ form: BodyForm) -> Body { .json(form, limit: 1 << 20) }

        /// A body that holds masks.
        static func large(_ form: BodyForm) -> Body { .json(form, limit: 32 << 20) }

        /// A body that holds a file.
        static func file(_ form: BodyForm) -> Body { .json(form, limit: 256 << 20) }
    }

    let method: HTTPRequest.Method

    /// Below ``prefix``, with names in braces.
    let path: String

    /// The name of the operation.
    let name: String
    let body: Body
    let answer: @Sendable (Exchange) async throws -> Response

    /// What all addresses of the contract begin with.
    static let prefix = "/api/1"

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ name: String,
        body: Body = .none,
        answer: @escaping @Sendable (Exchange) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.body = body
        self.answer = answer
    }

    /// Answers a request: reads its body as far as the route allows one.
    func respond(to request: Request, _ context: BasicRequestContext) async throws -> Response {
        var request = request
        var body = ByteBuffer()
        if case .json(let form, let limit) = self.body {
            guard request.headers[.contentType]?.isJSON == true else {
                throw ServerError(
                    .unsupportedMediaType,
                    "not_json",
                    "the body of this request must be JSON"
                )
            }
            if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
                throw ServerError.tooLarge(limit)
            }
            do {
                body = try await request.collectBody(upTo: limit)
            } catch is NIOTooManyBytesError {
                throw ServerError.tooLarge(limit)
            }
            try BodyCheck.check(body, form)
        }
        return try await answer(
            Exchange(request: request, parameters: context.parameters, body: body)
        )
    }
}

/// A request with the values of its address and its body.
struct Exchange: Sendable {
    let request: Request
    let parameters: Parameters
    let body: ByteBuffer

    /// A number from the address.
    func number(_ name: String) throws(ServerError) -> Int {
        guard let value = parameters.get(name).flatMap(Int.init), value >= 0 else {
            throw .malformed("'\(name)' in the address is not a number")
        }
        return value
    }

    /// The number of the image in the address.
    func imageID() throws(ServerError) -> Int64 { Int64(try number("id")) }

    /// A number from the query; nil where it is not given.
    func queryNumber(_ name: String) throws(ServerError) -> Int? {
        guard let text = query(name) else { return nil }
        guard let value = Int(text), value >= 0 else {
            throw .malformed("'\(name)' in the query is not a number")
        }
        return value
    }

    /// A text from the query.
    func query(_ name: String) -> String? { request.uri.queryParameters.get(name) }

    /// The body as a value.
    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try ServerJSON.decode(type, from: body)
    }

    /// Runs work that is cancelled when the page does not wait for the answer any more.
    func untilHungUp(
        _ body: @escaping @Sendable () async throws -> Response
    ) async -> Response {
        var response: Response
        do {
            response = try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await body()
            }
        } catch {
            response = ServerError(error).response
        }
        // The connection was watched for its end and cannot be used again, whatever the answer is.
        response.headers[.connection] = "close"
        return response
    }

    /// Whether the browser has what is recognised by a tag.
    func has(tag: String) -> Bool {
        request.headers[values: .ifNoneMatch].contains { $0.contains("\"\(tag)\"") }
    }
}

extension String {
    /// Whether this content type is JSON, perhaps with parameters.
    fileprivate var isJSON: Bool {
        prefix { $0 != ";" }.trimmingPrefix(" ").lowercased()
            .trimmingSuffix(while: \.isWhitespace) == "application/json"
    }

    private func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
        var rest = self[...]
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}
