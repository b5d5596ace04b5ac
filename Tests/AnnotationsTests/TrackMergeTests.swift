import Annotations
import Imaging
import Testing
import Tracking

@Suite("Merged tracks with gaps")
struct TrackMergeTests {
    /// Track 1 lacks time point 1; the others have all three.
    private func movie(others: Int) throws -> MovieProject {
        let movie = try MovieProject(frames: 3)
        for t in 0..<3 {
            for label in 1...UInt32(1 + others) where label > 1 || t != 1 {
                try movie.square(t: t, x: 20 * Int(label), label: label)
            }
        }
        return movie
    }

    @Test("Objects of the others fill the gap, with all their pixels", arguments: 1...2)
    func gap(others: Int) throws {
        let movie = try movie(others: others)
        let before = try movie.tracks
        let nodes = (1...UInt32(1 + others)).map { TrackNode(t: 0, label: $0) }
        try movie.track(.merge(nodes, scope: .all))
        #expect(try movie.tracks == ["1: 0 1 2"])
        for (t, count) in [(0, others + 1), (1, others), (2, others + 1)] {
            let labels = try movie.project.labelImage(image: movie.image, t: t)
            #expect(labels.area(1) == 100 * count)
        }
        #expect(try movie.project.replay(movie.image).isEqual)
        #expect(try movie.project.check() == [])
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try movie.tracks == before)
    }
}
