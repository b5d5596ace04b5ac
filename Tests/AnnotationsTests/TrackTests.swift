import Annotations
import Foundation
import Imaging
import Prompting
import Synchronization
import Testing
import Tracking

/// A project with a movie of squares of 10 x 10 pixels.
final class MovieProject {
    let test: TestProject
    var project: Project { test.project }
    var image: Int64 { test.image }

    init(frames: Int = 6, width: Int = 300) throws {
        test = try TestProject(ImageShape(t: frames, y: 60, x: width))
    }

    /// Commits a square in one time point.
    @discardableResult
    func square(t: Int, x: Int, y: Int = 20, label: UInt32? = nil) throws -> UInt32 {
        var object = NewObject(mask: try box(y: y, x: x, height: 10, width: 10), label: label)
        object.t = t
        let answer = try test.apply(
            label.map { label in
                let isThere = try? project.object(image: image, label: label)
                return isThere == nil
                    ? .commitMany([object]) : .paint(label: label, object.mask)
            } ?? .commitMany([object]),
            t: t
        )
        return try #require(answer.objects.first).label
    }

    @discardableResult
    func track(_ edit: TrackEdit) throws -> EditAnswer { try test.apply(.track(edit)) }

    /// The tracks in short: `1: 0 1 2`, `2<1: 3 4`.
    var tracks: [String] {
        get throws {
            try project.tracks(image: image).tracks.map { track in
                let places = track.places.map { "\($0.t)" }.joined(separator: " ")
                return "\(track.label)\(track.parent.map { "<\($0)" } ?? ""): \(places)"
            }
        }
    }
}

/// A work that its own receiver cancels.
private final class CancelledWork: Sendable {
    private let work = Mutex<Work?>(nil)

    func set(_ value: Work) { work.withLock { $0 = value } }

    func cancel() { work.withLock { $0 }?.cancel() }
}

extension TestProject {
    @discardableResult
    func apply(_ action: Gesture.Action, t: Int) throws -> EditAnswer {
        try project.apply(Gesture(action, client: client, t: t), to: image)
    }
}

@Suite("Tracks of movies")
struct TrackTests {
    private func node(_ t: Int, _ label: UInt32) -> TrackNode { TrackNode(t: t, label: label) }

    /// Two tracks side by side: 1 at the left, 2 at the right, in all time points.
    private func pair(frames: Int = 6) throws -> MovieProject {
        let movie = try MovieProject(frames: frames)
        for t in 0..<frames {
            try movie.square(t: t, x: 20 + 2 * t, label: 1)
            try movie.square(t: t, x: 60 + 2 * t, label: 2)
        }
        return movie
    }

    @Test("What has one label in several time points is a track, with its places")
    func places() throws {
        let movie = try pair(frames: 3)
        let tracks = try movie.project.tracks(image: movie.image).tracks
        #expect(tracks.map(\.label) == [1, 2] && tracks.allSatisfy { $0.parent == nil })
        #expect(tracks[1].places.map(\.t) == [0, 1, 2])
        #expect(tracks[1].places.map(\.x) == [64.5, 66.5, 68.5])
        #expect(tracks[1].places.allSatisfy { $0.y == 24.5 && $0.area == 100 })
        let some = try movie.project.tracks(image: movie.image, labels: [2, 9])
        #expect(some.tracks == [tracks[1]] && some.edit == 6)
    }

    @Test("A track is cut and connected again; each step is undone, also after a restart")
    func breakAndConnect() throws {
        let movie = try pair()
        let before = try movie.project.tiles(image: movie.image)
        let cut = try movie.track(.break(node(3, 1)))
        #expect(cut.created == [3] && cut.words == "Cut track 1 before time point 3")
        #expect(try movie.tracks == ["1: 0 1 2", "2: 0 1 2 3 4 5", "3: 3 4 5"])
        try movie.test.reopen()
        try movie.track(.connect(node(3, 3), node(2, 1)))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2 3 4 5"])
        #expect(try movie.project.tiles(image: movie.image) == before)
        try movie.test.reopen()
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try movie.tracks == ["1: 0 1 2", "2: 0 1 2 3 4 5", "3: 3 4 5"])
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try movie.project.tiles(image: movie.image) == before)
        try movie.project.redo(image: movie.image, client: movie.test.client)
        #expect(try movie.tracks.count == 3)
        #expect(try movie.project.check() == [])
        #expect(try movie.project.replay(movie.image).isEqual)
    }

    @Test(
        "Two tracks exchange what they become or what they come from",
        arguments: [
            (LineageScope.future, [20, 22, 24, 66, 68, 70]), (.past, [60, 62, 64, 66, 28, 30]),
            (.one, [20, 22, 24, 66, 28, 30]), (.all, [60, 62, 64, 66, 68, 70]),
        ] as [(LineageScope, [Int])]
    )
    func swap(scope: LineageScope, places: [Int]) throws {
        let movie = try pair()
        try movie.track(.swap(node(3, 1), node(3, 2), scope: scope))
        let track = try movie.project.tracks(image: movie.image, labels: [1]).tracks[0]
        let mirrored = places.map { $0 < 40 ? $0 + 40 : $0 - 40 }
        let found = track.places.map { Int($0.x - 4.5) }
        // Which of the two keeps its number is the graph's choice.
        #expect(found == places || found == mirrored, "\(found)")
        #expect(try movie.tracks.count == 2)
    }

    @Test("A division names the mother; the only daughter left goes on with her track")
    func divide() throws {
        let movie = try MovieProject()
        for t in 0..<3 { try movie.square(t: t, x: 40, label: 1) }
        for t in 3..<6 {
            try movie.square(t: t, x: 20, label: 2)
            try movie.square(t: t, x: 60, label: 3)
        }
        try movie.track(.divide(node(2, 1), into: [node(3, 2), node(3, 3)]))
        #expect(try movie.tracks == ["1: 0 1 2", "2<1: 3 4 5", "3<1: 3 4 5"])
        let objects = try movie.project.objects(image: movie.image)
        #expect(objects.map(\.parent) == [nil, 1, 1])
        // The same by connecting, where the mother goes on already.
        try movie.track(.break(node(3, 3)))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "3: 3 4 5"])
        try movie.track(.connect(node(2, 1), node(3, 3)))
        #expect(try movie.tracks.filter { $0.contains("<1: 3 4 5") }.count == 2)
        // A false daughter goes, and with her the division.
        try movie.track(.delete([node(3, 3)], scope: .all))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5"])
        #expect(try movie.project.check() == [])
        #expect(try movie.project.replay(movie.image).isEqual)
    }

    @Test("Objects are deleted with scope; in the middle of a track a gap stays")
    func delete() throws {
        let movie = try pair()
        try movie.track(.delete([node(2, 1), node(3, 2)]))
        #expect(try movie.tracks == ["1: 0 1 3 4 5", "2: 0 1 2 4 5"])
        try movie.track(.delete([node(3, 1)], scope: .future))
        #expect(try movie.tracks == ["1: 0 1", "2: 0 1 2 4 5"])
        try movie.track(.delete([node(2, 2)], scope: .past))
        #expect(try movie.tracks == ["1: 0 1", "2: 4 5"])
        try movie.track(.delete([node(0, 1), node(1, 1)], scope: .all))
        #expect(try movie.tracks == ["2: 4 5"])
    }

    @Test("Merge joins pixels and tracks in the scope")
    func merge() throws {
        let movie = try pair()
        try movie.track(.merge([node(2, 1), node(2, 2)]))
        #expect(try movie.project.labelImage(image: movie.image, t: 2).area(1) == 200)
        let tracks = try movie.project.tracks(image: movie.image).tracks
        #expect(tracks.flatMap(\.places).count == 11)
        try movie.project.undo(image: movie.image, client: movie.test.client)
        try movie.track(.merge([node(2, 1), node(2, 2)], scope: .all))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5"])
        for t in 0..<6 {
            #expect(try movie.project.labelImage(image: movie.image, t: t).area(1) == 200)
        }
    }

    @Test("A part of a track gets a free number")
    func relabel() throws {
        let movie = try pair()
        try movie.track(.relabel(node(4, 1), to: 77, scope: .future))
        #expect(try movie.tracks == ["1: 0 1 2 3", "2: 0 1 2 3 4 5", "77: 4 5"])
        #expect(throws: ProjectError.self) { try movie.track(.relabel(node(0, 1), to: 2)) }
        try movie.track(.relabel(node(0, 1), to: 5))
        #expect(try movie.tracks == ["2: 0 1 2 3 4 5", "5: 0 1 2 3", "77: 4 5"])
        #expect(try movie.square(t: 0, x: 120) == 78)
    }

    @Test(
        "What makes no track is refused in words, and nothing is changed",
        arguments: [
            (.connect(TrackNode(t: 1, label: 1), TrackNode(t: 1, label: 2)), "later frame"),
            (.break(TrackNode(t: 1, label: 9)), "no object 9"),
            (.swap(TrackNode(t: 1, label: 1), TrackNode(t: 2, label: 2)), "different frames"),
            (.merge([TrackNode(t: 1, label: 1), TrackNode(t: 2, label: 1)]), "different frames"),
        ] as [(TrackEdit, String)]
    )
    func refused(edit: TrackEdit, words: String) throws {
        let movie = try pair(frames: 3)
        let refusal = #expect(throws: ProjectError.self) { try movie.track(edit) }
        #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
        #expect(try movie.project.current(image: movie.image) == 6)
    }

    @Test("An image that is no movie has no tracks")
    func noMovie() throws {
        let test = try TestProject()
        #expect(throws: ProjectError.self) { try test.project.tracks(image: test.image) }
        #expect(throws: ProjectError.self) {
            try test.project.linkTracks(test.image, client: test.client)
        }
    }

    @Test("Objects of single time points are linked, and links that are there stay")
    func link() throws {
        let movie = try MovieProject()
        for t in 0..<6 {
            try movie.square(t: t, x: 20 + 2 * t)
            try movie.square(t: t, x: 100 + 2 * t)
        }
        #expect(try movie.tracks.count == 12)
        let answer = try movie.project.linkTracks(movie.image, client: UUID())
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2 3 4 5"])
        #expect(answer.words == "Link 10 objects in time" && answer.removed.count == 10)
        try movie.track(.swap(node(3, 1), node(3, 2)))
        let swapped = try movie.project.tiles(image: movie.image)
        _ = try movie.project.linkTracks(movie.image, client: UUID())
        #expect(try movie.project.tiles(image: movie.image) == swapped)
        _ = try movie.project.linkTracks(movie.image, .all, client: UUID())
        #expect(try movie.project.tiles(image: movie.image) != swapped)
        for _ in 0..<2 { try movie.project.undo(image: movie.image, client: movie.test.client) }
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try movie.tracks.count == 12)
        #expect(try movie.project.replay(movie.image).isEqual)
        #expect(try movie.project.check() == [])
    }

    @Test("Who cancels linking, at any time point, changes nothing", arguments: [0, 3, 6])
    func cancelled(at time: Int) throws {
        let movie = try MovieProject()
        for t in 0..<6 { try movie.square(t: t, x: 20 + 2 * t) }
        let before = (try movie.project.tiles(image: movie.image), try movie.tracks)
        let work = CancelledWork()
        let told = Work { event in
            if case .advanced(time, _) = event { work.cancel() }
        }
        work.set(told)
        #expect(throws: CancellationError.self) {
            try movie.project.linkTracks(movie.image, client: UUID(), told)
        }
        #expect(try movie.project.current(image: movie.image) == 6)
        #expect(try movie.project.tiles(image: movie.image) == before.0)
        #expect(try movie.tracks == before.1)
        #expect(try movie.project.check() == [])
        _ = try movie.project.linkTracks(movie.image, client: UUID())
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5"])
    }

    /// A movie in which an object of time point 1 lies between two of time point 0; others do not move.
    private func ambiguous() throws -> MovieProject {
        let movie = try MovieProject(frames: 3)
        for (t, columns) in [[20, 44], [32], [32]].enumerated() {
            for x in columns + [120, 160, 200, 240] { try movie.square(t: t, x: x) }
        }
        return movie
    }

    private func closeSeconds(_ movie: MovieProject) throws -> [TrackSuspicion] {
        try movie.project.trackSuspicions(image: movie.image).filter { $0.kind == .closeSecond }
    }

    @Test(
        "A link with a close second is listed, whatever becomes of labels, and until it is undone"
    )
    func closeSecond() throws {
        let movie = try ambiguous()
        #expect(try closeSeconds(movie).isEmpty)
        _ = try movie.project.linkTracks(movie.image, client: movie.test.client)
        let place = try #require(try closeSeconds(movie).first)
        #expect(place.node.t == 1 && place.x == 36.5 && place.others.allSatisfy { $0.t == 0 })
        #expect(Set(place.others.map(\.label)) == [1, 2])
        try movie.test.reopen()
        #expect(try closeSeconds(movie) == [place])
        // The track has another label, and the link is still the same.
        try movie.track(.relabel(place.node, to: 77))
        let renamed = try closeSeconds(movie)
        #expect(renamed.map(\.node) == [TrackNode(t: 1, label: 77)])
        // Who cuts the link has decided; so has who changes the object.
        try movie.track(.break(TrackNode(t: 1, label: 77)))
        #expect(try closeSeconds(movie).isEmpty)
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try closeSeconds(movie) == renamed)
        try movie.test.apply(.erase(box(y: 20, x: 32, height: 1, width: 10), label: 77), t: 1)
        #expect(try closeSeconds(movie).isEmpty)
        #expect(try movie.project.replay(movie.image).isEqual)
        #expect(try movie.project.check() == [])
        for _ in 0..<3 { try movie.project.undo(image: movie.image, client: movie.test.client) }
        #expect(try closeSeconds(movie).isEmpty)
    }

    @Test("Gestures of earlier versions, without scores, and damaged scores")
    func scoresOfGestures() throws {
        let head = #"{"key":"\#(UUID())","client":"\#(UUID())","kind":"link","links":[[1,2,3]]"#
        let old = try JSONDecoder().decode(Gesture.self, from: Data((head + "}").utf8))
        guard case .link(let labels) = old.action else {
            Issue.record("no link")
            return
        }
        #expect(labels.scores == nil && labels.labels == [node(1, 2): 3])
        let good = #","scores":{"margin":1,"places":[[0,4,2,6],[1,4,2,8]],"links":[[0,1,4500]]}}"#
        let new = try JSONDecoder().decode(Gesture.self, from: Data((head + good).utf8))
        let again = try JSONDecoder().decode(Gesture.self, from: try JSONEncoder().encode(new))
        #expect(again == new && new != old)
        for bad in ["[[0,2,4500]]", "[[-1,1,4500]]", "[[0,1]]"] {
            let text = head + good.replacingOccurrences(of: "[[0,1,4500]]", with: bad)
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(Gesture.self, from: Data(text.utf8))
            }
        }
    }

    @Test("Cutting a merged object links its parts with what was there before and after")
    func split() throws {
        let movie = try MovieProject()
        for t in 0..<6 {
            try movie.square(t: t, x: 20, label: 1)
            if t == 3 {
                try movie.square(t: t, x: 30, label: 1)
            } else {
                try movie.square(t: t, x: 30, label: t < 3 ? 2 : 3)
            }
        }
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2", "3: 4 5"])
        let line = [Point<OriginalPixels>(x: 29.5, y: 10), Point(x: 29.5, y: 40)]
        let before = try movie.project.tiles(image: movie.image)
        let answer = try movie.track(.split(node(3, 1), line: line, width: 0, .window(2)))
        #expect(answer.words.hasSuffix("into 2 at time point 3"))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2 3 4 5"])
        let labels = try movie.project.labelImage(image: movie.image, t: 3)
        #expect(labels[x: 22, y: 25] == 1 && labels[x: 37, y: 25] == 2)
        #expect(try movie.project.replay(movie.image).isEqual)
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try movie.project.tiles(image: movie.image) == before)
        // An object in two parts that no line can cut is divided into them.
        try movie.test.apply(.erase(box(y: 20, x: 29, height: 10, width: 2), label: 1), t: 3)
        let beside = [Point<OriginalPixels>(x: 29.5, y: 10), Point(x: 29.5, y: 12)]
        try movie.track(.split(node(3, 1), line: beside, width: 0, .window(2)))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2 3 4 5"])
        for _ in 0..<2 { try movie.project.undo(image: movie.image, client: movie.test.client) }
        // Without a window the part is a track of its own.
        try movie.track(.split(node(3, 1), line: line, width: 0, .window(0)))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2", "3: 4 5", "4: 3"])
    }

    @Test("A part that is cut off fills the gap of the track that it belongs to")
    func splitIntoGap() throws {
        let movie = try MovieProject()
        for t in 0..<6 {
            try movie.square(t: t, x: 20, label: 1)
            try movie.square(t: t, x: 30, label: t == 3 ? 1 : 2)
        }
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2 4 5"])
        let line = [Point<OriginalPixels>(x: 29.5, y: 10), Point(x: 29.5, y: 40)]
        try movie.track(.split(node(3, 1), line: line, width: 0, .window(2)))
        #expect(try movie.tracks == ["1: 0 1 2 3 4 5", "2: 0 1 2 3 4 5"])
        #expect(try movie.project.replay(movie.image).isEqual)
    }

    @Test("Places that look wrong are named")
    func suspicions() throws {
        let movie = try pair()
        try movie.square(t: 2, x: 200, label: 9)
        let places = try movie.project.trackSuspicions(image: movie.image)
        #expect(places.map(\.kind) == [.shortTrack])
        #expect(places[0].node == node(2, 9) && places[0].x == 204.5 && places[0].y == 24.5)
    }

    /// A file of TrackMate with a mother in time points 0 and 1, and her daughters in 2.
    private func trackMate(_ outline: String, in movie: MovieProject, merges: Bool = false) throws
        -> String
    {
        let places = [(0, 20), (1, 22), (2, 12), (2, 32)]
        let spots = places.enumerated().map { index, place in
            """
            <Spot ID="\(900_000 + index)" FRAME="\(place.0)" POSITION_X="\(Double(place.1) + 4.5)"
            POSITION_Y="24.5" RADIUS="5" \(outline)</Spot>
            """
        }
        let edges = [(0, 1), (1, 2), (3, 1)] + (merges ? [(0, 2)] : [])
        let links = edges.map {
            #"<Edge SPOT_SOURCE_ID="\#(900_000 + $0.0)" SPOT_TARGET_ID="\#(900_000 + $0.1)"/>"#
        }
        let text = #"<TrackMate version="7.1"><Model>"# + (spots + links).joined()
        let url = movie.test.folder.appending(path: "spots.xml")
        try Data((text + "</Model></TrackMate>").utf8).write(to: url)
        return url.path
    }

    private let square = #"ROI_N_POINTS="4">-4.5 -4.5 4.5 -4.5 4.5 4.5 -4.5 4.5"#

    @Test("Spots of TrackMate with outlines become objects; divisions name the mother")
    func spotsWithOutlines() throws {
        let movie = try MovieProject(frames: 3)
        let file = try trackMate(square, in: movie)
        let answer = try movie.project.importTracks(file, into: movie.image, client: UUID())
        #expect(answer.created.count == 3)
        #expect(try movie.tracks == ["1: 0 1", "2<1: 2", "3<1: 2"])
        let places = try movie.project.tracks(image: movie.image, labels: [2]).tracks[0].places
        #expect(places.map(\.x) == [16.5] && places[0].area == 100)
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try movie.tracks.isEmpty)
    }

    @Test(
        "Spots without outlines link the objects at their places; without objects, the need is said"
    )
    func spotsWithoutOutlines() throws {
        let movie = try MovieProject(frames: 3)
        let file = try trackMate(">", in: movie)
        let need = #expect(throws: ExchangeError.self) {
            try movie.project.importTracks(file, into: movie.image, client: UUID())
        }
        #expect(need?.description.contains("import the label images") == true)
        for (t, x) in [(0, 20), (1, 22), (2, 12), (2, 32), (2, 200)] {
            try movie.square(t: t, x: x)
        }
        #expect(try movie.tracks.count == 5)
        _ = try movie.project.importTracks(file, into: movie.image, client: UUID())
        #expect(try movie.tracks == ["1: 0 1", "3<1: 2", "4<1: 2", "5: 2"])
    }

    @Test("Tracks that do not fit are refused, and nothing is changed")
    func spotsThatDoNotFit() throws {
        let movie = try MovieProject(frames: 3)
        let merged = try trackMate(square, in: movie, merges: true)
        let merge = #expect(throws: (any Error).self) {
            try movie.project.importTracks(merged, into: movie.image, client: UUID())
        }
        #expect("\(merge as Any)".contains("spot 900002 of frame 2 comes from two spots"))
        let short = try MovieProject(frames: 2)
        let file = try trackMate(square, in: short)
        let behind = #expect(throws: (any Error).self) {
            try short.project.importTracks(file, into: short.image, client: UUID())
        }
        #expect("\(behind as Any)".contains("lies in frame 2"), "\(behind as Any)")
        #expect(try movie.project.current(image: movie.image) == 0)
        #expect(try short.project.current(image: short.image) == 0)
    }

    @Test("The JSON form of every edit of tracks comes back as it was")
    func json() throws {
        let line = [Point<OriginalPixels>(x: 1, y: 2), Point(x: 3, y: 4.5)]
        let edits: [TrackEdit] = [
            .connect(node(1, 2), node(2, 3)), .break(node(1, 2), scope: .past),
            .swap(node(1, 2), node(1, 3), scope: .one),
            .divide(node(1, 2), into: [node(2, 3), node(2, 4)]),
            .merge([node(1, 2), node(1, 3)], scope: .all), .delete([node(1, 2)], scope: .future),
            .relabel(node(1, 2), to: 4, scope: .one),
            .split(node(1, 2), line: line, width: 1, .window(3)),
            .split(
                node(1, 2),
                line: line,
                width: 0,
                .given([TrackLink(from: node(0, 1), to: node(1, 2))])
            ),
        ]
        #expect(Set(edits.map(\.kind)) == Set(TrackEdit.Kind.allCases))
        for edit in edits {
            let gesture = Gesture(.track(edit), client: UUID())
            let data = try JSONEncoder().encode(gesture)
            #expect(try JSONDecoder().decode(Gesture.self, from: data) == gesture)
        }
        for nodes in ["[[1,2]]", "[[1,2],[2,3],[3,4]]", "[[1,2,3],[2,3]]", "[[1,0],[2,3]]"] {
            let text = """
                {"key":"\(UUID())","client":"\(UUID())","kind":"track","edit":"connect","nodes":\(nodes)}
                """
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(Gesture.self, from: Data(text.utf8))
            }
        }
    }
}
