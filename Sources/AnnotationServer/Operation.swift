public import HTTPTypes

/// One thing that the server can be asked for.
public struct Operation: Hashable, Sendable {
    /// The name by which documents speak of it.
    public let name: String

    /// The method.
    public let method: HTTPRequest.Method

    /// The path, with names in braces.
    public let path: String

    /// The form of the body; nil for a request without one.
    public let body: BodyForm?

    /// Whether a request has a body.
    public var takesBody: Bool { body != nil }

    init(_ route: Route) {
        name = route.name
        method = route.method
        path = Route.prefix + route.path
        body = if case .json(let form, _) = route.body { form } else { nil }
    }
}
