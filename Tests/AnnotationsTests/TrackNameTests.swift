import Annotations
import Testing
import Tracking

@Suite("Names of objects whose tracks change")
struct TrackNameTests {
    private func named() throws -> MovieProject {
        let movie = try MovieProject(frames: 4)
        for t in 0..<4 { try movie.square(t: t, x: 20, label: 1) }
        try movie.test.apply(.setName(1, "founder"))
        try movie.test.apply(.setClass([1], "cell"))
        return movie
    }

    private func names(_ movie: MovieProject) throws -> [UInt32: String] {
        let objects = try movie.project.objects(image: movie.image)
        #expect(objects.allSatisfy { $0.category == "cell" })
        return Dictionary(uniqueKeysWithValues: objects.map { ($0.label, $0.name ?? "") })
    }

    @Test("A track of another number keeps its name; a part of it gets none")
    func relabel() throws {
        let movie = try named()
        try movie.track(.relabel(TrackNode(t: 2, label: 1), to: 8))
        #expect(try names(movie) == [8: "founder"])
        try movie.track(.relabel(TrackNode(t: 2, label: 8), to: 9, scope: .future))
        #expect(try names(movie) == [8: "founder", 9: ""])
        try movie.track(.break(TrackNode(t: 1, label: 8)))
        #expect(try names(movie).values.filter { $0 == "founder" }.count == 1)
        #expect(try movie.project.replay(movie.image).isEqual)
        #expect(try movie.project.check() == [])
        for _ in 0..<3 { try movie.project.undo(image: movie.image, client: movie.test.client) }
        #expect(try names(movie) == [1: "founder"])
    }

    @Test("A mother that is painted too far is noted under her new number, and by a new one")
    func late() throws {
        let movie = try named()
        for t in 2..<4 {
            for (label, x) in [(2, 60), (3, 100)] as [(UInt32, Int)] {
                try movie.square(t: t, x: x, label: label)
            }
        }
        try movie.test.apply(.setClass([2, 3], "cell"))
        let daughters = [TrackNode(t: 2, label: 2), TrackNode(t: 2, label: 3)]
        // The rest of the mother becomes another track, and is hers again.
        try movie.track(.divide(TrackNode(t: 1, label: 1), into: daughters))
        let rest = try #require(try movie.project.objects(image: movie.image).last?.label)
        try movie.test.apply(.merge([1, rest]))
        try movie.track(.relabel(TrackNode(t: 0, label: 1), to: 20))
        try movie.track(.relabel(TrackNode(t: 3, label: 2), to: 21))
        let mothers = try movie.project.objects(image: movie.image).map(\.parent)
        #expect(mothers == [20, nil, 20])
        #expect(try names(movie)[20] == "founder")
        let places = try movie.project.trackSuspicions(image: movie.image)
        #expect(places.count { $0.kind == .lateMother } == 2)
    }
}
