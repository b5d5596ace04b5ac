import Foundation
import Imaging
import Prompting
import Torch
import Trackastra
public import Tracking

/// How objects of a movie are linked.
public struct LinkingSettings: Hashable, Codable, Sendable {
    /// What decides which objects belong together.
    public enum Method: Hashable, Codable, Sendable {
        /// Overlap, distance, shape and motion; no further weights.
        case overlap
        /// Trackastra's transformer; the path of its folder or archive.
        case trackastra(model: String)
    }

    /// How links of the transformer are chosen.
    public enum Choice: String, CaseIterable, Hashable, Codable, Sendable {
        /// One by one, the best first.
        case greedy
        /// The best sum of costs, by an integer programme.
        case ilp
    }

    /// What decides which objects belong together.
    public var method = Method.overlap

    /// How the links of the transformer are chosen.
    public var choice = Choice.greedy

    /// How objects are linked by overlap; of these, the transformer uses only whether there are divisions.
    public var overlap = Linker.Options()

    /// The defaults.
    public init() {}
}

/// A linker of either kind, frame by frame.
enum MovieLinker {
    case overlap(Linker)
    case trackastra(TrackastraLinker, Movie)

    /// - Throws: `LinkingError` or `TrackastraError` for options or a model that cannot be used; what reading the movie throws,
    ///   whose intensities the transformer has to know before.
    init(_ settings: LinkingSettings, _ movie: Movie, on device: Device, _ work: Work) throws {
        switch settings.method {
        case .overlap: self = .overlap(try Linker(settings.overlap))
        case .trackastra(let path):
            let model = try TrackastraModel(contentsOf: URL(filePath: path), on: device)
            var intensities = MovieIntensities()
            for frame in 0..<movie.count {
                try work.checkpoint()
                try intensities.add(movie.plane(frame).read())
            }
            let divides = settings.overlap.findsDivisions
            let solver: TrackastraLinker.Solver =
                switch settings.choice {
                case .greedy: .greedy(GreedySolver(maximumChildren: divides ? 2 : 1))
                case .ilp: .program(LineageProgram(costs: .reference(divides: divides)))
                }
            self = .trackastra(
                TrackastraLinker(model, intensities: intensities.range, solver: solver),
                movie
            )
        }
    }

    /// By how much the score of a link has to be better than that of the best other one to be clear.
    var clearMargin: Double {
        switch self {
        case .overlap: Linker.clearMargin
        case .trackastra: SuspicionLimits().margin
        }
    }

    /// Adds the objects of the next frame.
    mutating func add(_ labels: LabelImage, frame: Int) throws -> LinkedFrame {
        switch self {
        case .overlap(var linker):
            defer { self = .overlap(linker) }
            return try linker.add(labels)
        case .trackastra(var linker, let movie):
            defer { self = .trackastra(linker, movie) }
            return try linker.add(labels, movie.plane(frame).read())
        }
    }

    /// The links that were not final before, and the candidates that were not looked at.
    mutating func finish() throws -> (links: [Link], candidates: [CandidateEdge]) {
        switch self {
        case .overlap(var linker): return (linker.finish(), [])
        case .trackastra(var linker, _):
            let last = try linker.finish()
            return (last.links, last.candidates)
        }
    }
}

extension LineageProgram.Costs {
    /// Those of Trackastra; without divisions a split costs more than a link is ever worth.
    fileprivate static func reference(divides: Bool) -> LineageProgram.Costs {
        var costs = LineageProgram.Costs()
        if !divides { costs.split = 1000 }
        return costs
    }
}
