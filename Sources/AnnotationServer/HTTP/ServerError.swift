import Annotations
import Files
import Foundation
import Hummingbird
import ImageFormats
import Imaging
import Prompting
import TrackFiles

/// Why a request is not answered, as the page shows it.
struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The status of the answer.
    let status: HTTPResponse.Status

    /// A word for programs.
    let code: String

    /// A sentence for people.
    let message: String

    /// What would help, if anything is known.
    let remedy: String?

    /// What somebody else changed, for a gesture that builds on it.
    private(set) var conflict: EditConflict?

    init(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ message: String,
        remedy: String? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    var description: String { remedy.map { "\(message); \($0)" } ?? message }
}

extension ServerError {
    static let noSuchTile = ServerError(.notFound, "no_tile", "there is no such tile")

    static let noSuchRoute = ServerError(.notFound, "no_route", "there is nothing at this address")

    static func noSuchImage(_ id: Int64) -> ServerError {
        ServerError(.notFound, "no_image", "there is no image \(id) in the project")
    }

    static func fileMissing(_ name: String) -> ServerError {
        ServerError(
            .notFound,
            "file_missing",
            "the file \(name) is not there",
            remedy: "restore it, or open it from its new place"
        )
    }

    static func outsideFolders(_ name: String) -> ServerError {
        ServerError(
            .forbidden,
            "outside",
            "the file \(name) lies outside the opened folders",
            remedy: "open its folder, too"
        )
    }

    /// A model that cannot be had is no failure of the server: another one can be chosen.
    static func modelFailed(_ name: String, _ error: any Error) -> ServerError {
        ServerError(
            .unprocessableContent,
            "model",
            "the model \(name) cannot be loaded: \(ServerError(error).description)",
            remedy: "choose another model"
        )
    }

    static func malformed(_ message: String) -> ServerError {
        ServerError(.badRequest, "malformed", message)
    }

    static func tooLarge(_ limit: Int) -> ServerError {
        ServerError(
            .contentTooLarge,
            "too_large",
            "the request has more than the \(limit) bytes that are allowed here"
        )
    }

    static let replaced = ServerError(
        .conflict,
        "replaced",
        "this request was replaced by a newer one, or cancelled"
    )

    /// What became of a request that ended with another error.
    init(_ error: any Error) {
        switch error {
        case let error as ServerError: self = error
        case let error as ImageFormatError:
            self.init(.unprocessableContent, "image", error.description)
        case let error as ImagingError:
            self.init(.unprocessableContent, "pixels", error.description)
        case let error as ProjectError: self.init(project: error)
        case let error as FileError: self.init(.internalServerError, "file", error.description)
        case let error as ExchangeError:
            self.init(.unprocessableContent, "exchange", error.description)
        case let error as TrackFileError:
            self.init(.unprocessableContent, "tracks", error.description)
        case let error as SessionError: self.init(.conflict, "session", error.description)
        case let error as any PromptRefusal:
            self.init(.unprocessableContent, "prompts", error.description)
        case is CancellationError: self = .replaced
        case let error as DecodingError: self = .malformed(error.plainText)
        case let error as HTTPError where error.status == .notFound: self = .noSuchRoute
        case let error as any HTTPResponseError:
            self.init(error.status, "http", error.status.reasonPhrase)
        default: self.init(.internalServerError, "failed", "\(error)")
        }
    }

    private init(project error: ProjectError) {
        let (status, code): (HTTPResponse.Status, String) =
            switch error {
            case .unknownImage: (.notFound, "no_image")
            case .unknownEdit: (.notFound, "no_edit")
            case .unknownObject: (.notFound, "no_object")
            case .labelTaken: (.unprocessableContent, "label_taken")
            case .badGesture: (.unprocessableContent, "bad_gesture")
            case .keyReused: (.unprocessableContent, "key_reused")
            case .conflict: (.conflict, "conflict")
            case .diskFull: (HTTPResponse.Status(code: 507), "disk_full")
            default: (.internalServerError, "project")
            }
        self.init(
            status,
            code,
            error.problem,
            remedy: error.remedy.isEmpty ? nil : error.remedy
        )
        if case .conflict(let conflict) = error { self.conflict = conflict }
    }

    /// The answer.
    var response: Response {
        struct Body: Encodable {
            struct Failure: Encodable {
                let code: String
                let message: String
                let remedy: String?
            }
            let error: Failure
            let conflict: EditConflict?

            private enum Key: String, CodingKey { case error }

            func encode(to encoder: any Encoder) throws {
                try conflict?.encode(to: encoder)
                var values = encoder.container(keyedBy: Key.self)
                try values.encode(error, forKey: .error)
            }
        }
        let failure = Body.Failure(code: code, message: message, remedy: remedy)
        let body = Body(error: failure, conflict: conflict)
        return (try? Response.json(body, status: status)) ?? Response(status: status)
    }
}

extension DecodingError {
    /// What is wrong with a body, and where, in a sentence.
    fileprivate var plainText: String {
        let (context, missing): (Context, String?) =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context): (context, nil)
            case .keyNotFound(let key, let context): (context, key.stringValue)
            case .dataCorrupted(let context): (context, nil)
            @unknown default: (Context(codingPath: [], debugDescription: "\(self)"), nil)
            }
        let path = context.codingPath.map { key in key.intValue.map { "\($0)" } ?? key.stringValue }
            .joined(separator: ".")
        let place = path.isEmpty ? "the body" : "'\(path)' of the body"
        if let missing { return "\(place) lacks '\(missing)'" }
        return "\(place) cannot be used: \(context.debugDescription)"
    }
}
