import Foundation
import HTTPTypes
import Hummingbird

/// Who may ask at all: every request passes here before anything of it is read.
///
/// | Refused | Because |
/// |---|---|
/// | addresses with signs beyond letters, digits and `/ . _ -`, or with `..` | nothing here needs them; encoded separators cannot mean anything |
/// | a Host that is not this machine | a foreign name was pointed at it |
/// | an Origin that is not the Host, cross-site fetches | a page of somebody else asks |
/// | no cookie, a wrong one | only who has the token of this start may come in |
/// | POST that is not JSON | a form of a page of somebody else could send it (checked by ``Route``) |
struct Gate: RouterMiddleware {
    typealias Context = BasicRequestContext

    let key: AccessKey

    /// Names of this machine beside those of the loopback interface.
    let hosts: Set<String>

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            try checkAddress(request)
            try checkOrigin(request)
            if let entry = try entry(request) {
                response = entry
            } else {
                response = try await next(request, context)
            }
        } catch {
            response = ServerError(error).response
        }
        for field in Self.headers { response.headers[field.name] = field.value }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    // MARK: - What is checked

    private func checkAddress(_ request: Request) throws(ServerError) {
        let address = request.head.path ?? ""
        let path = address.prefix { $0 != "?" }
        let isPlain = path.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard path.hasPrefix("/"), isPlain, !path.contains(".."), !path.contains("//") else {
            throw .malformed("there is no such address")
        }
    }

    private func checkOrigin(_ request: Request) throws(ServerError) {
        let host = request.head.authority ?? ""
        guard isOurs(host) else {
            throw ServerError(
                .forbidden,
                "foreign_host",
                "this server answers only to the names of this machine",
                remedy: "use the address that was printed when it started"
            )
        }
        let origins = request.headers[values: .origin]
        let isNavigation =
            request.method == .get && request.uri.path == "/"
            && HTTPField.Name("Sec-Fetch-Mode").flatMap { request.headers[$0] } == "navigate"
        guard origins.allSatisfy({ $0 == "http://\(host)" }),
            isNavigation || !["cross-site", "same-site"].contains(site(of: request))
        else {
            throw ServerError(
                .forbidden,
                "foreign_origin",
                "the request came from another page; only the annotator itself is allowed"
            )
        }
    }

    private func isOurs(_ host: String) -> Bool {
        // A tunnel may have another port at its near end, so any port is fine: the name is what counts.
        let name: Substring
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            name = host[...end]
        } else {
            name = host.prefix { $0 != ":" }
        }
        let port = host.dropFirst(name.count)
        guard port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) != nil) else {
            return false
        }
        let lower = name.lowercased()
        return ["127.0.0.1", "localhost", "[::1]"].contains(lower) || hosts.contains(lower)
    }

    /// The cookie in exchange for the token, or nothing for a request that has the cookie.
    private func entry(_ request: Request) throws(ServerError) -> Response? {
        if request.method == .get, request.uri.path == "/",
            let token = request.uri.queryParameters.get("token"), key.matches(token)
        {
            return entrance(request)
        }
        guard key.admits(request.headers[values: .cookie]) else {
            throw ServerError(
                .unauthorized,
                "no_token",
                "this address needs the token of the annotator",
                remedy:
                    "open the address with its token that was printed when the annotator started"
            )
        }
        return nil
    }

    /// Leads to the page.
    ///
    /// A browser that comes by a link of another page sends the new cookie only when our own page leads on.
    private func entrance(_ request: Request) -> Response {
        guard ["cross-site", "same-site"].contains(site(of: request)) else {
            return Response(
                status: .seeOther,
                headers: [.location: "/", .setCookie: key.cookie]
            )
        }
        let page =
            #"<!doctype html><meta http-equiv="refresh" content="0;url=/"><a href="/">Go on</a>"#
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .setCookie: key.cookie],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page))
        )
    }

    private func site(of request: Request) -> String {
        HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] } ?? ""
    }

    // MARK: - What is said with every answer

    private static let headers: HTTPFields = {
        var headers: HTTPFields = [
            .contentSecurityPolicy: [
                "default-src 'none'", "script-src 'self'", "style-src 'self'",
                "img-src 'self' blob: data:", "connect-src 'self'", "font-src 'self'",
                "manifest-src 'self'", "worker-src 'self' blob:", "form-action 'none'",
                "base-uri 'none'", "frame-ancestors 'none'",
            ].joined(separator: "; "),
            .xContentTypeOptions: "nosniff",
        ]
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }()
}
