import Annotations
import Foundation
import Hummingbird
import Imaging
import Prompting

extension ServerState {
    /// The routes that ask the model about objects.
    var promptRoutes: [Route] {
        [
            Route(.post, "/images/{id}/prepare", "prepare", body: .small(.prepare)) {
                [self] exchange in
                let (id, body): (_, PrepareRequest) =
                    (try exchange.imageID(), try exchange.decoded())
                let images = try await work.run { [project] in try project.images() }
                guard let index = images.firstIndex(where: { $0.id == id }) else {
                    throw ServerError.noSuchImage(id)
                }
                let place = SessionKeeper.Place(image: id, t: body.t ?? 0, z: body.z ?? 0)
                let following = images[(index + 1)...].prefix(Self.ahead).map {
                    // Where the page opens it.
                    SessionKeeper.Place(image: $0.id, z: $0.entry.shape.z / 2)
                }
                let turned = place.neighbors(in: images[index].entry.shape)
                await sessions.prepare(place, then: turned + following)
                let news = SessionNews(place, await sessions.state(place))
                return try .json(news, status: .accepted)
            },
            Route(.post, "/images/{id}/preview", "preview", body: .small(.preview)) {
                [self] exchange in
                let (id, body): (_, PreviewRequest) =
                    (try exchange.imageID(), try exchange.decoded())
                let place = SessionKeeper.Place(image: id, t: body.t ?? 0, z: body.z ?? 0)
                let answer = try await sessions.preview(
                    place,
                    at: Point(x: body.x, y: body.y),
                    client: body.client?.uuidString ?? ""
                )
                let masks = try answer.masks.map { try MaskAnswer($0, id: nil) }
                return try .json(PreviewAnswer(state: answer.state.words.state, masks: masks))
            },
            Route(.post, "/images/{id}/predict", "predict", body: .large(.predict)) {
                [self] exchange in
                let (id, body): (_, PredictRequest) =
                    (try exchange.imageID(), try exchange.decoded())
                return try await predict(id, body)
            },
        ]
    }

    /// Images of the series that are embedded ahead.
    private static var ahead: Int { 2 }

    private struct PrepareRequest: Decodable {
        let t: Int?
        let z: Int?
    }

    private struct PreviewRequest: Decodable {
        let y: Double
        let x: Double
        let t: Int?
        let z: Int?
        let client: UUID?
    }

    private struct PreviewAnswer: Encodable {
        let state: String
        let masks: [MaskAnswer]
    }

    private struct PredictRequest: Decodable {
        let objects: [PromptedObject]
        let options: PromptOptions?
        let logits: Bool?
        let t: Int?
        let z: Int?
    }

    private struct PredictAnswer: Encodable {
        let masks: [MaskAnswer]
    }

    private func predict(_ id: Int64, _ body: PredictRequest) async throws -> Response {
        let place = SessionKeeper.Place(image: id, t: body.t ?? 0, z: body.z ?? 0)
        let session = try await sessions.session(place)
        let masks = try await session.predict(
            body.objects,
            body.options ?? PromptOptions(),
            keepsLogits: body.logits ?? false,
            Work()
        )
        let answers = try await work.run {
            try masks.map { try MaskAnswer($0, id: body.objects[$0.object].id) }
        }
        return try .json(PredictAnswer(masks: answers))
    }
}

/// A mask of the model as it is sent.
struct MaskAnswer: Encodable, Sendable {
    let id: UInt32?
    let index: Int
    let mask: BoxMask
    let score: Double
    let stability: Double
    let logits: LogitsAnswer?

    init(_ mask: PredictedMask, id: UInt32?) throws {
        self.id = id
        index = mask.index
        // A mask without pixels has a box of one pixel that is background.
        self.mask =
            try BoxMask(mask.pixels)
            ?? BoxMask(box: Region(x: 0, y: 0, width: 1, height: 1), runs: [1])
        score = mask.score.isFinite ? mask.score : 0
        stability = mask.stability.isFinite ? mask.stability : 0
        logits = mask.logits.flatMap { logits in
            mask.logitsBox.flatMap { LogitsAnswer(logits, in: $0) }
        }
    }
}

/// The logits of a mask in 8 bits, cut to where the mask could grow.
struct LogitsAnswer: Encodable, Sendable {
    /// Edges in pixels of the image: y0, x0, y1, x1.
    let box: [Double]
    let rows: Int
    let cols: Int

    /// Base64 of signed bytes.
    let data: String

    /// A byte times this is a logit.
    let scale: Double

    private static let scale: Float = 0.1

    /// Below this a pixel belongs to no mask that anybody asks for.
    private static let floor: Float = -10

    /// - Parameters:
    ///   - logits: Rows of a square.
    ///   - frame: Where the square lies in the image.
    init?(_ logits: [Float], in frame: Box<OriginalPixels>) {
        let side = Int(Double(logits.count).squareRoot())
        var (top, left, bottom, right) = (side, side, 0, 0)
        for (index, value) in logits.enumerated() where value > Self.floor {
            (top, left) = (min(top, index / side), min(left, index % side))
            (bottom, right) = (max(bottom, index / side + 1), max(right, index % side + 1))
        }
        guard top < bottom else { return nil }
        // One more on every side, so that the edge of the mask is interpolated.
        (top, left) = (max(top - 1, 0), max(left - 1, 0))
        (bottom, right) = (min(bottom + 1, side), min(right + 1, side))
        rows = bottom - top
        cols = right - left
        scale = Double(Self.scale)
        let bytes = (top..<bottom).flatMap { y in
            (left..<right).map { x in
                let value = (logits[y * side + x] / Self.scale).rounded()
                return UInt8(bitPattern: Int8(min(max(value, -127), 127)))
            }
        }
        data = Data(bytes).base64EncodedString()
        let (height, width) = (frame.height, frame.width)
        func position(_ index: Int, _ length: Double) -> Double {
            length * Double(index) / Double(side)
        }
        box = [
            frame.minY + position(top, height), frame.minX + position(left, width),
            frame.minY + position(bottom, height),
            frame.minX + position(right, width),
        ]
    }
}
