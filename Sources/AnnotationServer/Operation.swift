public import HTTPTypes

/// One thing that the server can be asked for.
public struct Operation: Hashable, Sendable {
    /// The name by which documents speak of it.
    public let name: String

    /// The method.
    public let method: HTTPRequest.Method

    /// The path, with names in braces.
    public let path: String

    /// Whether a request has a body.
    public let takesBody: Bool

    init(_ route: Route) {
        name = route.name
        method = route.method
        path = Route.prefix + route.path
        takesBody = route.body != .none
    }
}
