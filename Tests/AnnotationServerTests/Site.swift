import AnnotationServer
import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import NIOCore

/// A server on a port of this machine, with images in a folder of their own.
struct Site: Sendable {
    let folder: URL
    let project: Project
    let server: AnnotationServer
    let key: AccessKey
    let port: Int

    /// The first image of the site.
    static let image = AnyRaster.uint16(ramp(Size(width: 700, height: 600)))

    static func ramp(_ size: Size) -> Raster<UInt16> {
        var raster = Raster<UInt16>(repeating: 0, size: size)
        for y in 0..<size.height {
            for x in 0..<size.width { raster[x: x, y: y] = UInt16(10 * x + y) }
        }
        return raster
    }

    /// Writes a stack of slices.
    ///
    /// - Returns: Its name.
    static func writeStack(
        _ axes: ImageAxes,
        in folder: URL,
        slice: (Int) throws -> Raster<UInt16>
    ) throws -> String {
        let name = "stack.tif"
        var writer = try TIFFWriter(
            creating: folder.appending(path: name),
            axes: axes,
            sampleType: .uint16
        )
        for plane in 0..<axes.t * axes.z { try writer.append(.uint16(slice(plane))) }
        try writer.finish()
        return name
    }

    /// Runs a server for the time of a test.
    ///
    /// - Parameter prepare: Puts more files into the folder, and names the images beside `ramp.tif`.
    static func run<Result: Sendable>(
        trainer: (any ModelTrainer)? = nil,
        models: DiskModels = DiskModels(),
        keepsOpacity: Bool = false,
        patience: Duration = .seconds(60),
        prepare: (URL) throws -> [String] = { _ in [] },
        _ body: @escaping @Sendable (Site) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "site-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try image.writeTIFF(to: folder.appending(path: "ramp.tif"))
        let files = ["ramp.tif"] + (try prepare(folder))
        let project = try Project.create(at: folder.appending(path: "test.usam"))
        try project.addImages(
            files.map {
                try ImageEntry(file: folder.appending(path: $0).path, relativeTo: folder.path)
            }
        )
        var options = AnnotationServer.Options(
            id: "test",
            model: "disks",
            page: folder.appending(path: "page"),
            cacheFolder: folder.appending(path: "cache").path
        )
        options.key = AccessKey()
        (options.keepsOpacity, options.patience) = (keepsOpacity, patience)
        return try await serve(project, in: folder, trainer, models, options, body)
    }

    private static func serve<Result: Sendable>(
        _ project: Project,
        in folder: URL,
        _ trainer: (any ModelTrainer)?,
        _ models: DiskModels,
        _ options: AnnotationServer.Options,
        _ body: @escaping @Sendable (Site) async throws -> Result
    ) async throws -> Result {
        let page = options.page
        for place in [
            folder.appending(path: "cache"), page.appending(path: "tests"),
            page.appending(path: "model"),
        ] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        for (name, text) in [
            ("index.html", "<!doctype html>page"), ("model/a.js", "export {};"),
            ("tests/secret.js", "no"), ("notes.txt", "no"), (".hidden.js", "no"),
        ] { try Data(text.utf8).write(to: page.appending(path: name)) }
        let server = AnnotationServer(project, options, models: models, trainer: trainer)
        let (addresses, continuation) = AsyncStream.makeStream(of: URL.self)
        let key = options.key
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await server.run { continuation.yield($0) }
            }
            let address = await addresses.first { _ in true }
            guard let port = address?.port else {
                try await group.waitForAll()
                throw NotServed()
            }
            let site = Site(
                folder: folder,
                project: project,
                server: server,
                key: key,
                port: port
            )
            defer { group.cancelAll() }
            return try await body(site)
        }
    }

    struct NotServed: Error {}

    // MARK: - Requests

    /// The name of the cookie and its value.
    var cookie: String { "usam_session_\(key.token.prefix(8))=\(key.token)" }

    /// Sends a request on a connection of its own.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: String? = nil,
        headers: [String: String] = [:],
        host: String? = nil,
        withCookie: Bool = true
    ) async throws -> TestClient.Response {
        let client = TestClient(host: "127.0.0.1", port: port)
        client.connect()
        let request = request(
            method,
            path,
            body: body,
            headers: headers,
            host: host,
            withCookie: withCookie
        )
        do {
            let response = try await client.execute(request)
            try? await client.shutdown()
            return response
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// A request as a page sends it.
    func request(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: String? = nil,
        headers: [String: String] = [:],
        host: String? = nil,
        withCookie: Bool = true
    ) -> TestClient.Request {
        var fields = HTTPFields()
        if withCookie { fields[.cookie] = cookie }
        if body != nil { fields[.contentType] = "application/json" }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return TestClient.Request(
            path,
            method: method,
            authority: host ?? "127.0.0.1:\(port)",
            headers: fields,
            body: body.map { ByteBuffer(string: $0) }
        )
    }

    /// The JSON that an address of the contract answers.
    func get(_ path: String) async throws -> [String: Any] {
        try await send(.get, "/api/1" + path).object
    }

    /// The JSON that a request of the contract answers.
    @discardableResult
    func post(_ path: String, _ body: [String: Any]) async throws -> [String: Any] {
        try await send(.post, "/api/1" + path, body: try json(body)).object
    }
}

/// JSON of a dictionary.
func json(_ value: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
}

extension TestClient.Response {
    /// The body.
    var bytes: [UInt8] { body.map { Array($0.readableBytesView) } ?? [] }

    /// The body as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The body as a JSON object; empty if it is none.
    var object: [String: Any] {
        let value = try? JSONSerialization.jsonObject(with: Data(bytes))
        return value as? [String: Any] ?? [:]
    }

    /// The code of an error.
    var code: String? { (object["error"] as? [String: Any])?["code"] as? String }

    /// A header.
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}
