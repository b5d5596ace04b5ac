import Prompting

/// Long work that a page asked for, and what it is about.
struct Job: Encodable, Sendable {
    enum Kind: String, Encodable, Sendable {
        case export, `import`, link, train
    }

    enum State: String, Encodable, Sendable {
        case waiting, running, done, failed, cancelled

        var isOver: Bool { [.done, .failed, .cancelled].contains(self) }
    }

    struct Failure: Encodable, Sendable {
        let code: String
        let message: String
        let remedy: String?
    }

    let id: Int
    let kind: Kind
    var state = State.waiting
    var done = 0
    var total = 0
    var words = ""
    var error: Failure?
    var result: JobResult?
    var curves: [CurvePoint]?
}

/// What a job has brought about.
struct JobResult: Encodable, Sendable {
    /// The folder that was written to, and the files in it.
    var folder: String?
    var files: [String]?
    /// Objects that were imported, or tracks that there are after linking.
    var objects: Int?
    /// The model that was trained, and the scores of the one before and of this one.
    var model: String?
    var before: Double?
    var after: Double?
    /// What the user should know of it.
    var notes: [String]?
}

/// A point of the curves of a training.
public struct CurvePoint: Hashable, Codable, Sendable {
    /// The iteration.
    public var step: Int

    /// The loss of the training up to it.
    public var loss: Double

    /// The score on validation data, higher is better, if it was measured.
    public var score: Double?

    /// Describes a point.
    public init(step: Int, loss: Double, score: Double? = nil) {
        self.step = step
        self.loss = loss
        self.score = score
    }

    /// Fewer points with the same course, since a page is sent all of them with every report.
    ///
    /// Loss is the mean of the points that one replaces; it has their last step, and their last score.
    ///
    /// - Parameter limit: The largest number of points, at least 1.
    public static func thinned(_ points: [CurvePoint], to limit: Int) -> [CurvePoint] {
        guard points.count > limit else { return points }
        return (0..<limit).map { place in
            let part = points[place * points.count / limit..<(place + 1) * points.count / limit]
            var point = part[part.endIndex - 1]
            point.loss = part.map(\.loss).reduce(0, +) / Double(part.count)
            point.score = part.last { $0.score != nil }?.score
            return point
        }
    }
}
