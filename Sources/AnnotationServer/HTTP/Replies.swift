import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// JSON with its keys sorted.
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try ServerJSON.encode(value)))
        )
    }

    /// Bytes of a tile, or that the browser has them already.
    ///
    /// - Parameters:
    ///   - tag: What the bytes are recognised by.
    ///   - isLasting: Whether the address always means these bytes.
    static func bytes(
        _ bytes: [UInt8],
        type: String,
        tag: String,
        isLasting: Bool,
        headers more: HTTPFields = [:]
    ) -> Response {
        var headers = cacheHeaders(tag: tag, isLasting: isLasting)
        headers.append(contentsOf: more)
        headers[.contentType] = type
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// The answer to a browser that has the bytes already.
    static func notModified(tag: String, isLasting: Bool) -> Response {
        Response(status: .notModified, headers: cacheHeaders(tag: tag, isLasting: isLasting))
    }

    /// An answer without content.
    static func empty(_ status: HTTPResponse.Status = .noContent) -> Response {
        Response(status: status)
    }

    static func cacheHeaders(tag: String, isLasting: Bool) -> HTTPFields {
        [
            .eTag: "\"\(tag)\"",
            .cacheControl: isLasting
                ? "private, max-age=31536000, immutable" : "private, no-cache",
        ]
    }
}

/// JSON as the contract has it: keys as declared, dates in ISO 8601.
enum ServerJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ByteBuffer) throws -> Value
    {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: Data(bytes.readableBytesView))
    }
}
